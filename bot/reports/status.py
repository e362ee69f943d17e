"""The status of one service on one day, counted from its records alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.plan.actions import Action, ActionStatus, Slip, is_open
from bot.plan.entries import Entry, Evidence
from bot.plan.people import Person
from bot.plan.priorities import Priority, is_live
from bot.plan.services import Service
from bot.work import Work

SOON_DAYS = 7  # calendar days before its date from which an action counts as due


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its owner's name and one word for its state on the day."""

    action: Action
    owner: str
    word: str
    slips: int


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """A priority that is not closed with its actions: numbers overdue and slipped."""

    priority: Priority
    actions: tuple[ActionRow, ...]
    overdue: int
    slips: int


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


def word_for(action: Action, today: date) -> str:
    """on time, due, overdue, awaiting check, verified or cancelled."""
    if action.status is ActionStatus.DONE:
        return "awaiting check"
    if not is_open(action):
        return str(action.status)
    if action.due_on < today:
        return "overdue"
    return "due" if (action.due_on - today).days <= SOON_DAYS else "on time"


WORDS = ("overdue", "due", "on time", "awaiting check", "verified")


def status_of(work: Work, service: Service, today: date) -> ServiceStatus:
    """Read one service's plan and count it."""
    live = [
        p for p in work.all(Priority, order="number", service_id=service.id) if is_live(p)
    ]
    actions = [
        a for a in work.all(Action, order="due_on", service_id=service.id) if a.status is not ActionStatus.CANCELLED
    ]
    people = {p.id: p for p in work.all(Person, id=sorted({a.owner_id for a in actions}))} if actions else {}
    slips: dict[str, int] = {}
    for slip in work.all(Slip, service_id=service.id):
        slips[slip.action_id] = slips.get(slip.action_id, 0) + 1
    rows = [_row(a, people, slips, today) for a in actions]
    since = today - timedelta(days=6)
    entries = work.all(Entry, order="-on", service_id=service.id, withdrawn_at=None)
    week = [e for e in entries if since <= e.on <= today]
    ids = [e.id for e in week]
    backed = {e.record_id for e in work.all(Evidence, record_kind="entry", record_id=ids)} if ids else set()
    return ServiceStatus(
        service=service,
        today=today,
        priorities=tuple(_priority(p, rows) for p in live),
        open_actions=tuple(r for r in rows if is_open(r.action) or r.action.status is ActionStatus.DONE),
        counts={word: sum(r.word == word for r in rows) for word in WORDS},
        week=tuple(week),
        with_evidence=len(backed),
    )


def _row(action: Action, people: dict[str, Person], slips: dict[str, int], today: date) -> ActionRow:
    owner = people.get(action.owner_id)
    return ActionRow(action, owner.name if owner else "nobody", word_for(action, today), slips.get(action.id, 0))


def _priority(priority: Priority, rows: Sequence[ActionRow]) -> PriorityRow:
    own = tuple(r for r in rows if r.action.priority_id == priority.id)
    return PriorityRow(priority, own, sum(r.word == "overdue" for r in own), sum(r.slips > 0 for r in own))
