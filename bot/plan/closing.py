"""The closure gate: what stands in the way of closing a priority, and what may be closed over with a written reason."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.insight.movement import Verdict
from bot.plan.access import ref
from bot.plan.account import Account, unverified
from bot.plan.actions import ActionStatus
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.readings import told
from bot.plan.samples import Sample
from bot.plan.says import day, local, refs, verb


@dataclass(frozen=True)
class Obstacle:
    """One thing that must be put right before the priority can close; `field` names the form field it belongs to."""

    sentence: str
    field: str


def obstacles(account: Account, priority: Priority, decider: Person, sample: Sample | None) -> tuple[Obstacle, ...]:
    """What forbids closing on this sample (None: on none yet), whatever the reasons: the account must be put right."""
    found = []
    if left := unverified(account.actions_of(priority)):
        first = verb(left, "is not verified yet. Verify or cancel it", "are not verified yet. Verify or cancel them")
        found.append(Obstacle(f"{refs(left)} {first} first.", "decision"))
    if sample is None:
        return (
            *found,
            Obstacle("Name the sample that shows it: one taken after the last action was verified.", "sample"),
        )
    if sentence := _unfit(account, priority, sample):
        found.append(Obstacle(sentence, "sample"))
    if sample.person_id == decider.id and not sample.with_ids:
        found.append(
            Obstacle(
                f"You took {ref(sample)} alone, and whoever decides closure may not judge on their own sample. Ask "
                "somebody else to sample, or to decide.",
                "sample",
            )
        )
    return tuple(found)


def closable_on(account: Account, priority: Priority, decider: Person) -> tuple[Sample, ...]:
    """The samples on which this person could close the priority now, the newest first."""
    fit = [s for s in account.samples_of(priority) if not obstacles(account, priority, decider, s)]
    return tuple(reversed(fit))


def unresolved(account: Account, priority: Priority) -> tuple[str, ...]:
    """What closing now would close over: it wants a written reason, and provider oversight hears of it."""
    lines = [told(r) for r in account.readings_of(priority) if r.verdict is not Verdict.IMPROVED or r.drift is not None]
    if not any(a.status is ActionStatus.VERIFIED for a in account.actions_of(priority)):
        lines.append("No action of it was ever verified.")
    if waiting := account.findings_of(priority):
        lines.append(f"{refs(waiting)} {verb(waiting, 'is a finding', 'are findings')} without an answer.")
    return tuple(lines)


def pass_gate(
    account: Account, priority: Priority, decider: Person, sample: Sample | None, override_reason: str
) -> tuple[str, ...]:
    """Let a closure through; give back what it closes over. Raises BadInput with every obstacle, or for want of a
    written reason."""
    blocked = obstacles(account, priority, decider, sample)
    if blocked:
        said = " ".join(o.sentence for o in blocked)
        raise BadInput(f"{ref(priority)} cannot be closed yet. {said}", field=blocked[0].field)
    over = unresolved(account, priority)
    if over and not override_reason:
        raise BadInput(
            f"Closing {ref(priority)} now would close over this: {' '.join(over)} Write why it closes all the same; "
            "provider oversight is told.",
            field="override_reason",
        )
    return over


def _unfit(account: Account, priority: Priority, sample: Sample) -> str:
    """Why a sample proves nothing for the closure; empty where it does."""
    if sample not in account.samples_of(priority):
        return f"{ref(sample)} is no sample of {ref(priority)}. Choose one of its own."
    if sample.baseline:
        return f"{ref(sample)} is the baseline. Choose a follow-up."
    siblings = [s for s in account.samples if s.measure_id == sample.measure_id and not s.withdrawn_at]
    newer = [s for s in siblings if (s.on, s.number) > (sample.on, sample.number)]
    if newer:
        return f"{refs(newer)} {verb(newer)} newer than {ref(sample)}. Close on the newest sample of a measure."
    checked = [(a.verified_at, a.number, a) for a in account.actions_of(priority) if a.verified_at]
    if not checked:
        return ""
    at, _, last = max(checked)
    if _taken_after(sample, at, account.service.zone):
        return ""
    return (
        f"{ref(sample)} was taken on {day(sample.on)}, and the last action, {ref(last)}, was verified on "
        f"{day(local(at, ZoneInfo(account.service.zone)))}. Take a sample after that."
    )


def _taken_after(sample: Sample, at: datetime, zone: str) -> bool:
    """A sample of a later day; of the same day only where it was also written down later."""
    on = local(at, ZoneInfo(zone))
    return sample.on > on or (sample.on == on and sample.written_at >= at)
