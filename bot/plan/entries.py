"""Implementation entries: what was done on which shift, and the evidence of it."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, Field

from bot.errors import BadInput, NotFound
from bot.ids import new_id
from bot.plan.access import done_before, open_record, parse_ref, ref
from bot.plan.actions import Action, ActionStatus
from bot.plan.fields import Form, OptionalText, Text, sentence
from bot.plan.journal import kind_of, note
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, is_live
from bot.plan.services import Service, Shift
from bot.work import Work


class EntryKind(StrEnum):
    BRIEFING = "briefing"
    FILE_SUPPORT = "file support"
    SUPERVISION = "supervision"
    OBSERVATION = "observation"
    WALK_ROUND = "walk-round"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One implementation entry (`E7`): `on` and `shift` say when it happened, `written_at` when it was written."""

    LETTER: ClassVar[str] = "E"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    action_id: str
    on: date
    shift: Shift
    what: str
    kind: EntryKind = EntryKind.OTHER
    attended: str = ""  # names of staff, as typed
    attended_count: int | None = None
    staff_response: str = ""
    barriers: str = ""
    person_id: str
    written_at: datetime
    withdrawn_at: datetime | None = None  # taken back by its writer; stays in the journal
    corrected_at: datetime | None = None
    version: int = 1


class EvidenceState(StrEnum):
    WAITING = "waiting to be fetched"
    KEPT = "kept"
    UNREADABLE = "could not be read"
    REMOVED = "removed by age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file, a message or a link that shows something happened, belonging to one record (`kind`, `record_id`).

    A file is kept under its SHA-256; `size` in bytes.
    """

    id: str
    workspace_id: str
    service_id: str
    record_kind: str
    record_id: str
    name: str
    state: EvidenceState
    slack_file_id: str | None = None
    mimetype: str = ""
    size: int | None = None
    sha256: str | None = None
    link: str = ""
    text: str = ""
    problem: str = ""
    person_id: str
    written_at: datetime
    version: int = 1


def _headcount(value: object) -> object:
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) <= 1000:
        raise sentence("Write a whole number of people from 1 to 1,000, or leave it empty.")
    return int(text)


class FileRef(BaseModel):
    """A file as Slack names it in a form, a message or an event; `size` in bytes."""

    id: str
    name: str = "file"
    mimetype: str = ""
    size: int = 0
    url: str = ""


class LogEntry(Form):
    """What a person on shift says was done. Day and shift are worked out from the clock where they are not given."""

    action: str
    what: Text
    on: date | None = None
    shift: Shift | None = None
    kind: EntryKind = EntryKind.OTHER
    attended: OptionalText = ""
    attended_count: Annotated[int | None, BeforeValidator(_headcount)] = None
    staff_response: OptionalText = ""
    barriers: OptionalText = ""
    files: tuple[FileRef, ...] = Field(default=(), max_length=10)
    link: str = ""
    message: OptionalText = ""


def log(
    work: Work, person: Person, form: LogEntry, now: datetime, clock: tuple[date, Shift]
) -> tuple[Entry, list[Evidence]]:
    """Keep an entry as it stands. `clock` is the local day and shift of now, a night being of the day it starts.

    Raises NotFound, NotAllowed, BadInput (a day to come, a cancelled action, a closed priority)."""
    action, service = open_record(work, person, Action, form.action, Right.LOG)
    if earlier := done_before(work, service, form.request_id, Entry):
        return earlier, work.all(Evidence, record_kind="entry", record_id=earlier.id)
    if action.status is ActionStatus.CANCELLED:
        raise BadInput(f"{ref(action)} was cancelled. Choose the action that took its place.", field="action")
    priority = work.get(Priority, action.priority_id)
    if priority is None or not is_live(priority):
        how = f"A Registered Manager can take it up again with /sip reopen {ref(priority)}." if priority else ""
        raise BadInput(f"The priority of {ref(action)} is closed. {how}".strip(), field="action")
    today, shift_now = clock
    on = form.on or today
    if on > today:
        raise BadInput("That day has not come yet. Choose the day on which it happened.", field="on")
    entry = Entry(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Entry.LETTER),
        priority_id=action.priority_id,
        action_id=action.id,
        on=on,
        shift=form.shift or shift_now,
        what=form.what,
        kind=form.kind,
        attended=form.attended,
        attended_count=form.attended_count,
        staff_response=form.staff_response,
        barriers=form.barriers,
        person_id=person.id,
        written_at=now,
    )
    work.add(entry)
    note(work, person, now, "log", after=entry, request_id=form.request_id)
    # Looked at again: two people may log on the same action at once, and only one of them starts it.
    action = work.get(Action, action.id) or action
    if action.status is ActionStatus.PLANNED:
        started = work.save(replace(action, status=ActionStatus.IN_PROGRESS, wake_at=now))
        note(work, person, now, "start action", before=action, after=started)
    return entry, attach(work, person, service, entry, now, files=form.files, link=form.link, message=form.message)


def attach(
    work: Work,
    person: Person,
    service: Service,
    record: Entry,
    now: datetime,
    *,
    files: tuple[FileRef, ...] = (),
    link: str = "",
    message: str = "",
) -> list[Evidence]:
    """Add evidence to a record: files still to be fetched from Slack, or a message with its link."""

    def evidence(name: str, state: EvidenceState, **more: str | int | None) -> Evidence:
        made = Evidence(
            id=new_id(now),
            workspace_id=service.workspace_id,
            service_id=service.id,
            record_kind=kind_of(record),
            record_id=record.id,
            name=name,
            state=state,
            person_id=person.id,
            written_at=now,
            **more,  # type: ignore[arg-type]  # the caller below names fields of Evidence only
        )
        work.add(made)
        note(work, person, now, "attach evidence", after=made)
        return made

    made = [
        evidence(f.name, EvidenceState.WAITING, slack_file_id=f.id, mimetype=f.mimetype, size=f.size, link=f.url)
        for f in files
    ]
    if link or message:
        made.append(evidence("Slack message", EvidenceState.KEPT, link=link, text=message))
    return made


def add_evidence(
    work: Work,
    person: Person,
    typed: str,
    now: datetime,
    *,
    files: tuple[FileRef, ...] = (),
    link: str = "",
    message: str = "",
    request_id: str | None = None,
) -> tuple[Entry, list[Evidence]]:
    """Evidence for an entry that already stands. Raises NotFound, NotAllowed, BadInput (nothing attached)."""
    entry, service = open_entry(work, person, typed)
    if request_id and (event := work.event_of(request_id)):
        return entry, work.all(Evidence, record_kind="entry", record_id=event.record_id)
    if entry.withdrawn_at:
        raise BadInput(f"{ref(entry)} was taken back. Log it again, then add the evidence.")
    if not files and not link and not message:
        raise BadInput("Choose at least one file.", field="files")
    note(work, person, now, "add evidence", before=entry, after=entry, request_id=request_id)
    return entry, attach(work, person, service, entry, now, files=files, link=link, message=message)


def open_entry(work: Work, person: Person, typed: str) -> tuple[Entry, Service]:
    """An entry by its reference (`E12`) or id that the person may add to: their own, or any of a service where they may
    log. Raises NotFound in the same words whether it is absent or out of the person's sight, NotAllowed."""
    number = parse_ref(typed, Entry)
    entry = work.one(Entry, workspace_id=person.workspace_id, number=number) if number else work.get(Entry, typed)
    shown = typed.strip().upper()[:20] if number else "such entry"
    absent = NotFound(f"There is no {shown} that you may see. /sip log correct lists yours.")
    if entry is None or entry.workspace_id != person.workspace_id:
        raise absent
    try:
        _, service = open_record(work, person, Action, entry.action_id, Right.LOG)
    except NotFound:
        raise absent from None
    return entry, service


_KIND_WORDS = (
    (EntryKind.BRIEFING, r"brief|handover talk|told (the )?(team|staff)|huddle"),
    (EntryKind.SUPERVISION, r"supervis|one.to.one|1:1"),
    (EntryKind.OBSERVATION, r"observ|shadow|watched"),
    (EntryKind.WALK_ROUND, r"walk.?(round|about)|spot.?check"),
    (EntryKind.FILE_SUPPORT, r"\bfiles?\b|care plans?|care notes?|records? with"),
)


def kind_in(words: str) -> EntryKind:
    """The kind that the words themselves name ("Briefed 6 night staff" is a briefing); other where they name none."""
    return next((kind for kind, pattern in _KIND_WORDS if re.search(pattern, words, re.IGNORECASE)), EntryKind.OTHER)


def headcount_in(*texts: str) -> int | None:
    """How many people attended, where the words say so ("6", "6 night staff")."""
    for text in texts:
        whole = re.fullmatch(r"\s*(\d{1,3})\s*", text)
        named = re.search(
            r"\b(\d{1,3})\s+(?:[a-z-]+\s+){0,2}(?:staff|carers?|seniors?|colleagues?|nurses?)\b", text, re.IGNORECASE
        )
        if match := whole or named:
            return int(match[1]) or None
    return None
