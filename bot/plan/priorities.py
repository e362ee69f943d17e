"""Priorities: what the plan responds to, and why it matters."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import colleague, done_before, open_service
from bot.plan.fields import Form, OptionalText, Text, Title
from bot.plan.journal import note
from bot.plan.people import Person, Right
from bot.work import Work


class Risk(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class PriorityStatus(StrEnum):
    OPEN = "open"
    PARTIALLY_IMPROVED = "partially improved"
    READY_TO_CLOSE = "ready to close"
    CLOSED = "closed"
    SPLIT = "split"  # closed: its children carry it on
    REOPENED = "reopened"  # closed, and carried on by the priority that names it in `reopened_from`


LIVE_STATUSES = frozenset({PriorityStatus.OPEN, PriorityStatus.PARTIALLY_IMPROVED, PriorityStatus.READY_TO_CLOSE})


class ClockKind(StrEnum):
    REGULATION_17 = "written report and improvement plan to CQC"
    REMEDIAL_PLAN = "commissioner's remedial plan"
    FACTUAL_ACCURACY = "factual-accuracy comments"
    RE_AUDIT = "re-audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryClock:
    """A deadline set by law or by a commissioner, counted from the day on which it started."""

    kind: ClockKind
    started_on: date
    due_on: date
    met_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One change of a priority's target date, kept with its reason."""

    on: date
    was: date | None
    now: date | None
    reason: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One priority (`P3`), the head of one golden thread."""

    LETTER: ClassVar[str] = "P"

    id: str
    workspace_id: str
    service_id: str
    number: int
    title: str
    problem_statement: str
    rationale: str
    evidence_base: str
    affected_areas: str
    theme: str
    risk: Risk
    quality_statement: str
    lead_id: str
    opened_on: date
    target_on: date | None = None
    status: PriorityStatus = PriorityStatus.OPEN
    closed_on: date | None = None
    split_from: str | None = None
    reopened_from: str | None = None
    clocks: tuple[StatutoryClock, ...] = ()
    extensions: tuple[Extension, ...] = ()
    person_id: str
    written_at: datetime
    wake_at: datetime | None = None
    version: int = 1


def is_live(priority: Priority) -> bool:
    """Whether the priority is still being worked on."""
    return priority.status in LIVE_STATUSES


class NewPriority(Form):
    """What a priority needs before it can be opened."""

    service_id: str
    title: Title
    problem_statement: Text
    rationale: Text
    evidence_base: Text
    affected_areas: OptionalText = ""
    theme: OptionalText = ""
    risk: Risk
    quality_statement: OptionalText = ""
    lead_id: str | None = None
    opened_on: date | None = None
    target_on: date | None = None


def open_new(work: Work, person: Person, form: NewPriority, now: datetime, today: date) -> Priority:
    """Open a priority. `today` is the service's local date. Raises NotAllowed, BadInput."""
    service = open_service(work, person, form.service_id, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier
    opened_on = form.opened_on or today
    if opened_on > today:
        raise BadInput("A priority cannot be opened in the future. Choose today or an earlier day.", field="opened_on")
    if form.target_on and form.target_on < opened_on:
        raise BadInput("The target date lies before the day it was opened. Choose a later one.", field="target_on")
    lead = colleague(work, person, form.lead_id, "lead_id") if form.lead_id else person
    priority = Priority(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Priority.LETTER),
        title=form.title,
        problem_statement=form.problem_statement,
        rationale=form.rationale,
        evidence_base=form.evidence_base,
        affected_areas=form.affected_areas,
        theme=(form.theme or form.title).lower(),
        risk=form.risk,
        quality_statement=form.quality_statement,
        lead_id=lead.id,
        opened_on=opened_on,
        target_on=form.target_on,
        person_id=person.id,
        written_at=now,
        wake_at=now,
    )
    work.add(priority)
    note(work, person, now, "open priority", after=priority, request_id=form.request_id)
    return priority
