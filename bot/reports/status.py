"""Where a service stands on one day, and beside a month earlier, counted from its records alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from bot.insight.durability import months_after
from bot.plan.account import Account, load, load_all
from bot.plan.actions import Action, ActionStatus, is_open
from bot.plan.entries import Entry
from bot.plan.priorities import Priority, Risk
from bot.plan.readings import Reading
from bot.plan.services import Service
from bot.reports.earlier import account_on
from bot.reports.register_parts import WHOLE_ACCOUNT, Filter, each
from bot.reports.standing import Outcome, Standing, live, standings
from bot.work import Work

SOON_DAYS = 7  # calendar days before its date from which an action counts as due


@dataclass(frozen=True, slots=True)
class Figures:
    """What managers compare. Live priorities: open, at high risk, stalled, improved, fallen back; of their actions
    those overdue, and those not verified yet whose date was moved."""

    open: int
    high_risk: int
    overdue: int
    slipped: int
    stalled: int
    improved: int
    drifted: int


FIGURE_WORDS: dict[str, str] = {
    "open": "Open priorities",
    "high_risk": "High risk",
    "overdue": "Overdue actions",
    "slipped": "Slipped actions",
    "stalled": "Stalled",
    "improved": "Improved",
    "drifted": "Fell back",
}


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its owner's name and one word for its state on the day."""

    action: Action
    owner: str
    word: str
    slips: int


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """A live priority with its actions: numbers overdue and slipped, and what its samples say, measure by measure."""

    priority: Priority
    actions: tuple[ActionRow, ...]
    overdue: int
    slips: int
    outcome: Outcome
    stalled: bool
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """What one person owns: open actions, overdue ones, those that slipped, those awaiting a check."""

    person_id: str
    name: str
    open: int
    overdue: int
    slipped: int
    awaiting_check: int


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """What a manager wants to see. `week`: entries whose shift lies in the seven days up to today."""

    service: Service
    today: date
    priorities: tuple[PriorityRow, ...]
    open_actions: tuple[ActionRow, ...]
    counts: dict[str, int]
    week: tuple[Entry, ...]
    with_evidence: int
    figures: Figures
    before: Figures
    before_on: date
    compared: bool
    """Whether anything was on record on `before_on`; where nothing was, there is nothing to compare with."""


WORDS = ("overdue", "due", "on time", "awaiting check", "verified")


def word_for(action: Action, today: date) -> str:
    """on time, due, overdue, awaiting check, verified or cancelled."""
    if action.status is ActionStatus.DONE:
        return "awaiting check"
    if not is_open(action):
        return str(action.status)
    if action.due_on < today:
        return "overdue"
    return "due" if (action.due_on - today).days <= SOON_DAYS else "on time"


def status_of(work: Work, service: Service, today: date) -> ServiceStatus:
    """Read one service's plan and count it."""
    return status(load(work, service), today)


def status(account: Account, today: date, only: Filter = WHOLE_ACCOUNT) -> ServiceStatus:
    """Count a plan, or the part of it that the filter lets through."""
    found = standings(account, today, only)
    worked_on = sorted(live(found), key=lambda s: s.priority.number)
    rows = [_row(account, a, today) for s in found for a in s.actions]
    rows = sorted({row.action.id: row for row in rows}.values(), key=lambda r: (r.action.due_on, r.action.id))
    week = _week(account, only, today)
    before_on = months_after(today, -1)
    then = account_on(account, before_on)
    return ServiceStatus(
        service=account.service,
        today=today,
        priorities=tuple(_priority(s, rows) for s in worked_on),
        open_actions=tuple(r for r in rows if is_open(r.action) or r.action.status is ActionStatus.DONE),
        counts={word: sum(r.word == word for r in rows) for word in WORDS},
        week=tuple(week),
        with_evidence=sum(bool(account.evidence_of(e)) for e in week),
        figures=figures(found),
        before=figures(standings(then, before_on, only)),
        before_on=before_on,
        compared=bool(then.priorities or then.signals or then.actions),
    )


def figures(found: Sequence[Standing]) -> Figures:
    """The figures of some priorities; those no longer worked on do not count."""
    worked_on = live(found)
    return Figures(
        open=len(worked_on),
        high_risk=sum(s.priority.risk is Risk.HIGH for s in worked_on),
        overdue=sum(len(s.overdue) for s in worked_on),
        slipped=sum(len(s.slipped) for s in worked_on),
        stalled=sum(bool(s.stalled) for s in worked_on),
        improved=sum(s.outcome is Outcome.IMPROVED for s in worked_on),
        drifted=sum(s.outcome is Outcome.DRIFTED for s in worked_on),
    )


def change_words(status: ServiceStatus) -> list[str]:
    """What is different from a month earlier, one phrase each: "overdue actions 5 (2 a month ago)"."""
    found = []
    for field in fields(Figures):
        now, then = getattr(status.figures, field.name), getattr(status.before, field.name)
        if now != then:
            found.append(f"{FIGURE_WORDS[field.name].lower()} {now} ({then} a month ago)")
    return found


def owners(status: ServiceStatus) -> list[OwnerRow]:
    """Who owns what is not finished, those with the most overdue first."""
    found: dict[str, list[ActionRow]] = {}
    for row in status.open_actions:
        found.setdefault(row.action.owner_id, []).append(row)
    listed = [_owner(person_id, rows) for person_id, rows in found.items()]
    return sorted(listed, key=lambda o: (-o.overdue, -o.open, o.name))


def _owner(person_id: str, rows: Sequence[ActionRow]) -> OwnerRow:
    words = Counter(row.word for row in rows)
    waiting = words["awaiting check"]
    slipped = sum(row.slips > 0 for row in rows)
    return OwnerRow(person_id, rows[0].owner, len(rows) - waiting, words["overdue"], slipped, waiting)


def side_by_side(work: Work, services: Sequence[tuple[Service, date]]) -> list[tuple[Service, Figures]]:
    """The figures of several services, each on its own local day; those with the most overdue and stalled first."""
    accounts = load_all(work, [service for service, _ in services])
    found = [
        (service, figures(standings(account, today)))
        for account, (service, today) in zip(accounts, services, strict=True)
    ]
    return sorted(found, key=lambda pair: (-pair[1].stalled, -pair[1].overdue, pair[0].name))


def _week(account: Account, only: Filter, today: date) -> list[Entry]:
    since = today - timedelta(days=6)
    found = [e for e in each(account, only, account.entries_of) if since <= e.on <= today]
    return sorted(found, key=lambda e: (e.on, e.number), reverse=True)


def _row(account: Account, action: Action, today: date) -> ActionRow:
    owner = account.name(action.owner_id) or "nobody"
    return ActionRow(action, owner, word_for(action, today), len(account.slips_of(action)))


def _priority(standing: Standing, rows: Sequence[ActionRow]) -> PriorityRow:
    own = tuple(r for r in rows if r.action.priority_id == standing.priority.id)
    return PriorityRow(
        standing.priority,
        own,
        overdue=sum(r.word == "overdue" for r in own),
        slips=len(standing.slipped),
        outcome=standing.outcome,
        stalled=bool(standing.stalled),
        readings=standing.readings,
    )
