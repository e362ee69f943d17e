"""Writing a changed record together with its line in the journal, and refusing a change made on stale sight."""

from datetime import datetime
from typing import TypeVar

from bot.errors import Stale
from bot.plan.access import Lettered, ref
from bot.plan.journal import Event, note
from bot.plan.people import Person
from bot.work import Work

L = TypeVar("L", bound=Lettered)


def add(work: Work, person: Person | None, now: datetime, verb: str, record: L, request_id: str | None = None) -> L:
    """Insert a record and note it."""
    work.add(record)
    note(work, person, now, verb, after=record, request_id=request_id)
    return record


def save(
    work: Work,
    person: Person | None,
    now: datetime,
    verb: str,
    before: L,
    after: L,
    *,
    reason: str = "",
    request_id: str | None = None,
    corrects: str | None = None,
) -> L:
    """Write a changed record and note what it was and is. Raises Stale when someone else saved it first."""
    saved = work.save(after)
    note(work, person, now, verb, before=before, after=saved, reason=reason, request_id=request_id, corrects=corrects)
    return saved


def unchanged(work: Work, record: Lettered, seen: int | None) -> None:
    """Raise Stale when the record is no longer the version that a form was opened on; None: the form did not say."""
    if seen is None or seen == getattr(record, "version", seen):
        return
    last = last_event(work, record)
    who = work.get(Person, last.person_id) if last else None
    by = f" by {who.name}" if who else ""
    raise Stale(f"{ref(record)} was changed{by} since you opened this form. Open it again to see it as it is now.")


def last_event(work: Work, record: Lettered) -> Event | None:
    """The newest event of a record."""
    newest = None
    for event in work.events(record.service_id, record_id=record.id):
        newest = event
    return newest
