"""Saying that a reminder was seen: nothing changes by it, but the journal shows that somebody knew."""

from datetime import datetime

from bot.plan.access import open_record
from bot.plan.actions import Action, open_action
from bot.plan.journal import note
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority
from bot.work import Work

SEEN = "acknowledge"


def acknowledge(
    work: Work, person: Person, typed: str, kind: type[Action] | type[Priority], request_id: str | None, now: datetime
) -> Action | Priority:
    """Note that the person has seen a reminder of an action or priority. Raises NotFound for those who may not read."""
    record: Action | Priority
    if kind is Action:
        record, _ = open_action(work, person, typed, Right.READ)
    else:
        record, _ = open_record(work, person, Priority, typed, Right.READ)
    if not (request_id and work.event_of(request_id)):
        note(work, person, now, SEEN, before=record, after=record, request_id=request_id)
    return record


def seen_at(work: Work, person: Person, record: Action | Priority, since: datetime) -> datetime | None:
    """When the person said so, at `since` or later; None where they did not."""
    events = work.events(record.service_id, record_id=record.id)
    return max((e.at for e in events if e.verb == SEEN and e.person_id == person.id and e.at >= since), default=None)
