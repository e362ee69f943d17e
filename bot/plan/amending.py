"""What the writer of an entry may still do with it: say it differently, or take it back; the journal keeps both."""

from dataclasses import replace
from datetime import date, datetime

from bot.errors import BadInput, NotAllowed
from bot.plan.access import done_before, ref
from bot.plan.entries import Entry, EntryKind, headcount_in, open_entry
from bot.plan.fields import Form, OptionalText, Text
from bot.plan.journal import note
from bot.plan.people import Person
from bot.plan.services import Shift
from bot.work import Work


class Amend(Form):
    """A writer's own later words about an entry; the first ones stay in the journal."""

    entry: str
    what: Text
    on: date
    shift: Shift
    kind: EntryKind = EntryKind.OTHER
    attended: OptionalText = ""
    staff_response: OptionalText = ""
    barriers: OptionalText = ""


def amend(work: Work, person: Person, form: Amend, now: datetime, today: date) -> Entry:
    """Change one's own entry by a later event that names the first. Raises NotAllowed, BadInput."""
    entry, service = open_entry(work, person, form.entry)
    if earlier := done_before(work, service, form.request_id, Entry):
        return earlier
    must_be_own(person, entry)
    must_stand(entry)
    if form.on > today:
        raise BadInput("That day has not come yet. Choose the day on which it happened.", field="when")
    facts = form.model_dump(exclude={"entry", "request_id"})
    people = headcount_in(form.attended, form.what)
    changed = work.save(replace(entry, **facts, attended_count=people, corrected_at=now))
    first = next((e.id for e in work.events(entry.service_id, record_id=entry.id)), None)
    note(work, person, now, "amend", before=entry, after=changed, request_id=form.request_id, corrects=first)
    return changed


def change_back(work: Work, person: Person, typed: str, request_id: str | None, now: datetime, today: date) -> Entry:
    """Let one's own entry read again as it did before it was last amended, by a further event.

    Raises NotAllowed, BadInput (it was never amended)."""
    entry, _ = open_entry(work, person, typed)
    must_be_own(person, entry)
    must_stand(entry)
    amended = [e for e in work.events(entry.service_id, record_id=entry.id) if e.verb == "amend"]
    if not amended or not amended[-1].before:
        raise BadInput("It was never changed, so there is nothing to put back.")
    facts = {name: amended[-1].before[name] for name in Amend.model_fields if name in amended[-1].before}
    return amend(work, person, Amend(entry=entry.id, request_id=request_id, **facts), now, today)


def must_be_own(person: Person, entry: Entry) -> None:
    """Raise NotAllowed for somebody who did not write the entry."""
    if entry.person_id != person.id:
        raise NotAllowed("Only the person who wrote an entry can change it. Log your own entry beside it.")


def must_stand(entry: Entry) -> None:
    """Raise BadInput for an entry that was taken back."""
    if entry.withdrawn_at:
        raise BadInput(f"{ref(entry)} was taken back. Log it again instead.")


def withdraw(work: Work, person: Person, typed: str, request_id: str | None, now: datetime) -> Entry:
    """Take back one's own entry (Undo). It stays in the journal. Raises NotAllowed for somebody else's."""
    entry, service = open_entry(work, person, typed)
    if earlier := done_before(work, service, request_id, Entry):
        return earlier
    if entry.withdrawn_at:
        return entry
    if entry.person_id != person.id:
        raise NotAllowed("Only the person who wrote an entry can take it back. Log a correction instead.")
    back = work.save(replace(entry, withdrawn_at=now))
    note(work, person, now, "withdraw", before=entry, after=back, request_id=request_id)
    return back
