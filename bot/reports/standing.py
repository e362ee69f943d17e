"""How each priority stands on a day: what moved, what is late, what has stalled, and how urgent that makes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from bot.insight.durability import Lens as Seen
from bot.insight.durability import paperwork_practice_mismatch
from bot.insight.movement import Standing as Mark
from bot.insight.movement import Verdict
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus, is_open
from bot.plan.escalations import Escalation, is_waiting
from bot.plan.findings import Finding
from bot.plan.priorities import Priority, Risk, is_live
from bot.plan.readings import Reading
from bot.plan.says import day
from bot.reports.register_parts import WHOLE_ACCOUNT, Filter, chosen, day_of
from bot.timing.workdays import months_later

SLOW_SLIPS = 2  # an action moved so often is slow (the rule "repeated slippage")


class Outcome(StrEnum):
    """What the samples of a priority say together, the worst first. *Improved* needs every measure to have a follow-up
    that improved; a follow-up too small or not comparable tells nothing."""

    WORSE = "worse than at the start"
    DRIFTED = "fell back after improving"
    NO_CHANGE = "no measurable change"
    UNKNOWN = "cannot be told yet"
    PARTLY = "partly improved"
    IMPROVED = "improved"


@dataclass(frozen=True)
class Standing:
    """One priority on one day. The actions are those not cancelled, by number."""

    account: Account
    priority: Priority
    today: date

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Its actions, the cancelled ones left out."""
        return tuple(a for a in self.account.actions_of(self.priority) if a.status is not ActionStatus.CANCELLED)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """What each of its measures says."""
        return self.account.readings_of(self.priority)

    @cached_property
    def outcome(self) -> Outcome:
        """What the measures say together."""
        return outcome_of(self.readings)

    @property
    def open_actions(self) -> list[Action]:
        """The actions that their owners still have to do."""
        return [a for a in self.actions if is_open(a)]

    @property
    def overdue(self) -> list[Action]:
        """Open actions past their date, the latest first."""
        return sorted((a for a in self.open_actions if a.due_on < self.today), key=lambda a: (a.due_on, a.number))

    @property
    def slipped(self) -> list[Action]:
        """Actions, not verified yet, whose date was moved at least once."""
        waiting = [a for a in self.actions if a.status is not ActionStatus.VERIFIED]
        return [a for a in waiting if self.account.slips_of(a)]

    @property
    def awaiting_check(self) -> list[Action]:
        """Actions marked done that nobody has checked yet."""
        return [a for a in self.actions if a.status is ActionStatus.DONE]

    @property
    def unanswered(self) -> tuple[Finding, ...]:
        """Findings that no action answers yet."""
        return self.account.findings_of(self.priority)

    @property
    def unheard(self) -> list[Escalation]:
        """Escalations for which leadership has still to choose a response."""
        return [e for e in self.account.escalations_of(self.priority) if is_waiting(e)]

    @cached_property
    def stalled(self) -> tuple[str, ...]:
        """Why a live priority has stalled, in words; empty where it has not."""
        if not is_live(self.priority):
            return ()
        cadence = self.account.service.cadence
        late = [a for a in self.overdue if (self.today - a.due_on).days >= cadence.overdue_provider_calendar_days]
        found = [f"{ref(a)} is overdue since {day(a.due_on)}" for a in late]
        changed = last_changed(self.account, self.priority)
        if months_later(changed, cadence.long_running_months) < self.today:
            found.append(f"neither its actions nor a target were revised since {day(changed)}")
        return tuple(found)

    @property
    def mismatch(self) -> bool:
        """Whether the records improved while practice or experience did not."""
        return paperwork_practice_mismatch(
            (Seen(reading.measure.lens.value), reading.verdict) for reading in self.readings if reading.verdict
        )

    @property
    def slow(self) -> bool:
        """Whether leadership should have answered: progress stalled, slipped again and again, or does not show."""
        shown = self.outcome in (Outcome.WORSE, Outcome.DRIFTED, Outcome.NO_CHANGE, Outcome.PARTLY)
        slips = any(len(self.account.slips_of(a)) >= SLOW_SLIPS for a in self.slipped)
        return bool(shown or slips or self.stalled or self.overdue or self.mismatch)

    @property
    def urgency(self) -> tuple[object, ...]:
        """Sorts what is least resolved to the front: live, by risk, by outcome, by what is overdue."""
        worst = list(Outcome).index(self.outcome)
        risk = -list(Risk).index(self.priority.risk)
        return not is_live(self.priority), risk, worst, -len(self.overdue), self.priority.number


def outcome_of(readings: Sequence[Reading]) -> Outcome:
    """What several readings say together."""
    verdicts = [reading.verdict for reading in readings]
    told = [v for v in verdicts if v in (Verdict.IMPROVED, Verdict.WORSE, Verdict.NO_CHANGE)]
    if any(reading.drift for reading in readings):
        return Outcome.DRIFTED
    if Verdict.WORSE in told:
        return Outcome.WORSE
    if not told:
        return Outcome.UNKNOWN
    if all(v is Verdict.IMPROVED for v in verdicts):
        return Outcome.IMPROVED
    return Outcome.PARTLY if Verdict.IMPROVED in told else Outcome.NO_CHANGE


def resolved(reading: Reading) -> bool:
    """Whether a measure improved, held it, and does not miss its target."""
    missed = reading.target is not None and reading.target.standing is Mark.NOT_MET
    return reading.verdict is Verdict.IMPROVED and reading.drift is None and not missed


def last_changed(account: Account, priority: Priority) -> date:
    """The last day on which the actions of a priority, their words or owners, its date or a target were changed."""
    days = [priority.opened_on, *(change.on for change in priority.extensions)]
    days += [change.on for measure in account.measures_of(priority) for change in measure.retargeted]
    written = [a.written_at for a in account.actions_of(priority)]
    written += [r.written_at for a in account.actions_of(priority) for r in account.revisions_of(a)]
    return max([*days, *(on for at in written if (on := day_of(at, account)))])


def standings(account: Account, today: date, only: Filter = WHOLE_ACCOUNT) -> list[Standing]:
    """The chosen priorities, the least resolved first."""
    found = [Standing(account, priority, today) for priority in chosen(account, only)]
    return sorted(found, key=lambda s: s.urgency)


def live(found: Iterable[Standing]) -> list[Standing]:
    """Those of priorities that are worked on."""
    return [standing for standing in found if is_live(standing.priority)]
