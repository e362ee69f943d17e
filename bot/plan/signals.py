"""Signals: what first said that something is wrong, before or after a priority exists for it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import done_before, open_record, open_service, ref
from bot.plan.fields import Form, OptionalText, Text
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, carried_on
from bot.plan.saving import add, save
from bot.work import Work


class Source(StrEnum):
    COMPLAINT = "complaint"
    INCIDENT = "incident"
    AUDIT = "audit finding"
    FEEDBACK = "feedback"
    OBSERVATION = "observation"
    RECORD = "record-level finding"


# A finding stays open until an action answers it or a person says why none is needed.
FINDINGS = frozenset({Source.AUDIT, Source.RECORD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One complaint, incident, finding or piece of feedback (`S5`). A finding stays open until an action answers it
    or a person says why none is needed."""

    LETTER: ClassVar[str] = "S"

    id: str
    workspace_id: str
    service_id: str
    number: int
    on: date
    source: Source
    theme: str
    summary: str
    reference: str = ""
    priority_id: str | None = None
    answered_by: str | None = None  # the action that answers a finding
    answered_reason: str = ""  # or why none is needed
    person_id: str
    written_at: datetime
    withdrawn_at: datetime | None = None
    corrected_at: datetime | None = None
    version: int = 1


class LogSignal(Form):
    """What somebody noticed. The theme is that of the priority where one is named; `on` is today unless given."""

    service_id: str
    source: Source
    summary: Text
    theme: OptionalText = ""
    on: date | None = None
    reference: OptionalText = ""
    priority: str = ""


class LinkSignal(Form):
    """Make a signal part of a priority's evidence base."""

    signal: str
    priority: str


class UnlinkSignal(Form):
    """Take a signal out of a priority's evidence base, with the reason."""

    signal: str
    reason: Text


def log(work: Work, person: Person, form: LogSignal, now: datetime, today: date) -> Signal:
    """Keep a signal. Raises NotAllowed, NotFound (no such priority), BadInput (a day to come, no theme)."""
    service = open_service(work, person, form.service_id, Right.SIGNAL)
    if earlier := done_before(work, service, form.request_id, Signal):
        return earlier
    on = form.on or today
    if on > today:
        raise BadInput("That day has not come yet. Choose the day on which it happened.", field="on")
    priority = None
    if form.priority:
        priority, _ = open_record(work, person, Priority, form.priority, Right.SIGNAL)
        _may_link(work, priority, service.id)
    theme = form.theme.lower() or (priority.theme if priority else "")
    if not theme:
        raise BadInput("Give it a theme in a word or two, for example: handovers.", field="theme")
    signal = Signal(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Signal.LETTER),
        on=on,
        source=form.source,
        theme=theme,
        summary=form.summary,
        reference=form.reference,
        priority_id=priority.id if priority else None,
        person_id=person.id,
        written_at=now,
    )
    return add(work, person, now, "log signal", signal, form.request_id)


def link(work: Work, person: Person, form: LinkSignal, now: datetime) -> Signal:
    """Link a signal to a priority of its service. Raises NotFound, NotAllowed, BadInput (linked elsewhere, ...)."""
    signal, service = open_record(work, person, Signal, form.signal, Right.EVIDENCE)
    if earlier := done_before(work, service, form.request_id, Signal):
        return earlier
    _stands(signal)
    priority, _ = open_record(work, person, Priority, form.priority, Right.EVIDENCE)
    _may_link(work, priority, service.id)
    if signal.priority_id == priority.id:
        return signal
    if signal.priority_id:
        linked = work.get(Priority, signal.priority_id)
        where = ref(linked) if linked else "another priority"
        raise BadInput(f"{ref(signal)} is evidence for {where} already. Unlink it there first.", field="priority")
    linked_now = replace(signal, priority_id=priority.id)
    return save(work, person, now, "link signal", signal, linked_now, request_id=form.request_id)


def unlink(work: Work, person: Person, form: UnlinkSignal, now: datetime) -> Signal:
    """Take a signal out of a priority; it stays in the account. Raises NotFound, NotAllowed, BadInput."""
    signal, service = open_record(work, person, Signal, form.signal, Right.EVIDENCE)
    if earlier := done_before(work, service, form.request_id, Signal):
        return earlier
    _stands(signal)
    if signal.priority_id is None:
        raise BadInput(f"{ref(signal)} is linked to no priority. Nothing was changed.", field="signal")
    loose = replace(signal, priority_id=None, answered_by=None, answered_reason="")
    return save(work, person, now, "unlink signal", signal, loose, reason=form.reason, request_id=form.request_id)


def _stands(signal: Signal) -> None:
    if signal.withdrawn_at:
        raise BadInput(f"{ref(signal)} was withdrawn. Log it again if it does count.", field="signal")


def _may_link(work: Work, priority: Priority, service_id: str) -> None:
    """A closed priority still gathers signals, since that is how a recurrence shows; a carried-on one does not."""
    if priority.service_id != service_id:
        raise BadInput(f"{ref(priority)} belongs to another service. Choose one of this service.", field="priority")
    carried_on(work, priority, "priority")
