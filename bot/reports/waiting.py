"""What waits for a person in one service: samples, checks, judgements, decisions, and what slipped."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus, is_open
from bot.plan.escalations import is_waiting
from bot.plan.people import Person, Right, Role, may
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.reviews import ReviewKind

SLIPS_MANY = 2  # moved so often, an action is leadership's business
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that a person can do now. `step` names what would be done; `record_id` is the record it is done to,
    `since` the day from which it waits."""

    step: str
    words: str
    priority_id: str
    record_id: str
    since: date | None = None


def waiting_for(account: Account, person: Person, roles: Collection[Role], today: date) -> list[Waiting]:
    """What the roles of a person ask of them now, what waits longest first; nobody is asked to check their own work.

    A Registered Manager may do everything in a service, but is asked here for what only they decide."""
    found: list[Waiting] = []
    for priority in account.live:
        if {Role.QUALITY_LEAD, Role.AUDIT_LEAD} & set(roles):
            found += _samples(account, priority, today)
        if Role.QUALITY_LEAD in roles:
            found += _checks(account, priority, person)
            found += _judgements(account, priority)
        if may(roles, Right.PLAN):
            found += _unowned(account, priority)
        if may(roles, Right.DECIDE):
            found += _decisions(account, priority, today)
        found += _escalated(account, priority, roles)
    return sorted(found, key=lambda w: (w.since or today, w.words))


def _samples(account: Account, priority: Priority, today: date) -> Iterator[Waiting]:
    for milestone in account.milestones_of(priority):
        if milestone.sample_id is None and milestone.on <= today:
            words = f"Sample due for {ref(priority)} {priority.title}" + (
                f": {milestone.note}" if milestone.note else ""
            )
            yield Waiting("sample", words, priority.id, milestone.id, milestone.on)


def _checks(account: Account, priority: Priority, person: Person) -> Iterator[Waiting]:
    for action in account.actions_of(priority):
        if action.status is ActionStatus.DONE and person.id not in (action.owner_id, action.done_by):
            since = action.done_at.date() if action.done_at else None
            yield Waiting("verify", f"Check {ref(action)}: {action.what}", priority.id, action.id, since)


def _judgements(account: Account, priority: Priority) -> Iterator[Waiting]:
    follow_ups = [s for s in account.samples_of(priority) if not s.baseline]
    judged = [r.on for r in account.reviews_of(priority) if r.kind is ReviewKind.ASSURANCE]
    open_ = [s for s in follow_ups if not judged or s.on > max(judged)]
    if open_:
        words = f"Judge the samples of {ref(priority)} {priority.title}"
        yield Waiting("judge", words, priority.id, priority.id, min(s.on for s in open_))


def _unowned(account: Account, priority: Priority) -> Iterator[Waiting]:
    for action in account.actions_of(priority):
        owner = account.people.get(action.owner_id)
        if is_open(action) and (action.not_mine_at or owner is None or not owner.active):
            why = "its owner says it is not theirs" if action.not_mine_at else "its owner left"
            yield Waiting("assign", f"Who takes {ref(action)}? {action.what} ({why})", priority.id, action.id)


def _decisions(account: Account, priority: Priority, today: date) -> Iterator[Waiting]:
    if priority.status is PriorityStatus.READY_TO_CLOSE:
        yield Waiting(
            "close", f"Close {ref(priority)} {priority.title}? It is ready to close", priority.id, priority.id
        )
    planned = [r.next_review_on for r in account.reviews_of(priority) if r.next_review_on]
    if planned and planned[-1] <= today:
        words = f"Review of {ref(priority)} {priority.title} was planned"
        yield Waiting("review", words, priority.id, priority.id, planned[-1])
    for action in account.actions_of(priority):
        if is_open(action) and (late := _slipped(account, action, today)):
            words = f"{ref(action)} {action.what.rstrip('.')}: {late}"
            yield Waiting("look", words, priority.id, action.id, action.due_on)


def _slipped(account: Account, action: Action, today: date) -> str:
    slips = len(account.slips_of(action))
    if today - action.due_on >= 2 * WEEK:
        return f"{(today - action.due_on).days} days overdue"
    return f"its date moved {slips} times" if slips >= SLIPS_MANY else ""


def _escalated(account: Account, priority: Priority, roles: Collection[Role]) -> Iterator[Waiting]:
    for escalation in account.escalations_of(priority):
        if escalation.to in roles and is_waiting(escalation):
            words = f"{ref(escalation)} on {ref(priority)} {priority.title} wants a response: {escalation.why}"
            yield Waiting("respond", words, priority.id, escalation.id, escalation.written_at.date())
