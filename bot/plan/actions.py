"""Actions: what will be done, by whom, by when, and how we will check that it happened."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from bot.errors import BadInput, Refusal, Stale
from bot.ids import new_id
from bot.plan.access import colleague, done_before, open_record, ref
from bot.plan.fields import Form, OptionalText, Text
from bot.plan.journal import note
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, must_be_live
from bot.plan.services import Service
from bot.work import Work


class ActionStatus(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in progress"
    DONE = "done, awaiting check"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


class Strength(StrEnum):
    """Tiers of the RCA2 action hierarchy (US Department of Veterans Affairs, National Center for Patient Safety)."""

    STRONG = "strong"
    INTERMEDIATE = "intermediate"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action (`A12`) of a priority. Owner, due date and check are compulsory."""

    LETTER: ClassVar[str] = "A"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    what: str
    owner_id: str
    due_on: date
    check: str
    strength: Strength | None = None
    status: ActionStatus = ActionStatus.PLANNED
    done_at: datetime | None = None
    done_by: str | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None
    verification: str = ""
    cancelled_reason: str = ""
    snoozed_until: date | None = None
    not_mine_at: datetime | None = None  # the owner said so; the deputy is asked who takes it
    person_id: str
    written_at: datetime
    wake_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One change of an action's due date, kept with its reason."""

    id: str
    service_id: str
    action_id: str
    from_on: date
    to_on: date
    reason: str
    person_id: str
    written_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One revision of an action: what it said, what it says now, and why. The owners are named where they changed."""

    id: str
    service_id: str
    action_id: str
    from_what: str
    to_what: str
    from_check: str
    to_check: str
    from_owner_id: str | None = None
    to_owner_id: str | None = None
    reason: str
    person_id: str
    written_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A review point: on this day the quality lead is asked to sample. action_id None: of the priority as a whole."""

    id: str
    service_id: str
    priority_id: str
    action_id: str | None = None
    on: date
    note: str = ""
    sample_id: str | None = None  # the sample that answered it
    cancelled_at: datetime | None = None  # with its action or priority
    person_id: str
    written_at: datetime
    wake_at: datetime | None = None
    version: int = 1


LONGEST = timedelta(days=731)  # a later date than this is a slip of the finger
OPEN_STATUSES = frozenset({ActionStatus.PLANNED, ActionStatus.IN_PROGRESS})


def is_open(action: Action) -> bool:
    """Whether the owner still has to do it."""
    return action.status in OPEN_STATUSES


class NewAction(Form):
    """What an action needs: an owner, a due date and a way of checking, none of them optional."""

    priority: str
    what: Text
    owner_id: str
    due_on: date
    check: Text
    strength: Strength | None = None


class Complete(Form):
    """The owner says that an action is done."""

    action: str
    note: OptionalText = ""


class MoreTime(Form):
    """The owner moves the due date, and says why."""

    action: str
    due_on: date
    reason: Text
    version: int | None = None


class NotMine(Form):
    """The owner says that an action is not theirs."""

    action: str
    reason: OptionalText = ""


def open_action(work: Work, person: Person, typed: str, right: Right) -> tuple[Action, Service]:
    """An action by reference (`A12`) or id with its service, if the person may. Raises NotFound, NotAllowed."""
    return open_record(work, person, Action, typed, right)


def create(work: Work, person: Person, form: NewAction, now: datetime, today: date) -> Action:
    """Add an action to a live priority. Raises NotFound, NotAllowed, BadInput (past date, owner who left, ...)."""
    priority, service = open_record(work, person, Priority, form.priority, Right.PLAN)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier
    must_be_live(work, priority)
    _not_past(form.due_on, today)
    owner = colleague(work, person, form.owner_id, "owner_id")
    action = Action(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Action.LETTER),
        priority_id=priority.id,
        what=form.what,
        owner_id=owner.id,
        due_on=form.due_on,
        check=form.check,
        strength=form.strength,
        person_id=person.id,
        written_at=now,
        wake_at=now,
    )
    work.add(action)
    note(work, person, now, "create action", after=action, request_id=form.request_id)
    return action


def complete(work: Work, person: Person, form: Complete, now: datetime) -> Action:
    """Mark an action done; it then awaits a check by somebody else. Raises NotFound, NotAllowed, BadInput."""
    action, service = open_action(work, person, form.action, Right.UPDATE)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier
    must_be_open(action)
    done = replace(action, status=ActionStatus.DONE, done_at=now, done_by=person.id, snoozed_until=None, wake_at=now)
    return _save(work, person, now, "mark done", action, done, form.note, form.request_id)


def undo_complete(work: Work, person: Person, typed: str, request_id: str | None, now: datetime) -> Action:
    """Take back a "done" that nobody has verified yet; both stay in the journal."""
    action, service = open_action(work, person, typed, Right.UPDATE)
    if earlier := done_before(work, service, request_id, Action):
        return earlier
    if action.status is not ActionStatus.DONE:
        raise BadInput(f"{ref(action)} is {action.status}; there is nothing to take back.")
    again = replace(action, status=ActionStatus.IN_PROGRESS, done_at=None, done_by=None, wake_at=now)
    return _save(work, person, now, "take back done", action, again, "", request_id)


def more_time(work: Work, person: Person, form: MoreTime, now: datetime, today: date) -> tuple[Action, Slip]:
    """Move the due date, mostly to a later day, and keep the slip with its reason; moving again mends a mistake.

    Raises NotFound, NotAllowed, BadInput, Stale."""
    action, service = open_action(work, person, form.action, Right.UPDATE)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier, work.all(Slip, action_id=earlier.id, order="-written_at", limit=1)[0]
    if form.version is not None and form.version != action.version:
        now_it_is = f"It is {action.status} now, due {action.due_on:%d %b %Y}."
        raise Stale(f"{ref(action)} was changed since you opened this form. {now_it_is}")
    must_be_open(action)
    _not_past(form.due_on, today)
    if form.due_on == action.due_on:
        raise BadInput(f"{ref(action)} is due on {action.due_on:%d %b %Y} already. Choose another day.", field="due_on")
    if form.due_on > today + LONGEST:
        raise BadInput("That is more than two years away. Choose an earlier day.", field="due_on")
    slip = Slip(
        id=new_id(now),
        service_id=action.service_id,
        action_id=action.id,
        from_on=action.due_on,
        to_on=form.due_on,
        reason=form.reason,
        person_id=person.id,
        written_at=now,
    )
    work.add(slip)
    note(work, person, now, "record slip", after=slip)
    moved = replace(action, due_on=form.due_on, snoozed_until=None, wake_at=now)
    return _save(work, person, now, "more time", action, moved, form.reason, form.request_id), slip


def not_mine(work: Work, person: Person, form: NotMine, now: datetime) -> Action:
    """The owner disowns the action; it stays theirs on record until the deputy names another owner."""
    action, service = open_action(work, person, form.action, Right.UPDATE)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier
    must_be_open(action)
    if action.owner_id != person.id:
        raise Refusal(f"{ref(action)} is not yours. Only its owner can say so.")
    return _save(
        work,
        person,
        now,
        "not mine",
        action,
        replace(action, not_mine_at=now, wake_at=now),
        form.reason,
        form.request_id,
    )


def snooze(work: Work, person: Person, typed: str, until: date, request_id: str | None, now: datetime) -> Action:
    """Be quiet about an action until a day; its due date does not move. Raises BadInput for a closed action."""
    action, service = open_action(work, person, typed, Right.UPDATE)
    if earlier := done_before(work, service, request_id, Action):
        return earlier
    must_be_open(action)
    return _save(work, person, now, "snooze", action, replace(action, snoozed_until=until, wake_at=now), "", request_id)


def must_be_open(action: Action) -> None:
    """Raise BadInput unless the owner still has it to do."""
    if not is_open(action):
        raise BadInput(f"{ref(action)} is {action.status} already. Nothing was changed.")


def _not_past(due_on: date, today: date) -> None:
    if due_on < today:
        raise BadInput(f"{due_on:%d %b %Y} has passed. Choose today or a later date.", field="due_on")


def _save(
    work: Work,
    person: Person,
    now: datetime,
    verb: str,
    before: Action,
    after: Action,
    reason: str,
    request: str | None,
) -> Action:
    saved = work.save(after)
    note(work, person, now, verb, before=before, after=saved, reason=reason, request_id=request)
    return saved
