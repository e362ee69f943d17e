"""Priorities: what the plan responds to, and why it matters."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import colleague, done_before, open_record, open_service, ref
from bot.plan.fields import Form, OptionalText, Text, Title
from bot.plan.people import Person, Right
from bot.plan.saving import add, save, unchanged
from bot.plan.says import day, refs, verb
from bot.plan.services import Service
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
    return add(work, person, now, "open priority", priority, form.request_id)


class RevisePriority(Form):
    """What of the problem statement changes, and why; what is left out (None) stays as it is."""

    priority: str
    reason: Text
    title: Title | None = None
    problem_statement: Text | None = None
    rationale: Text | None = None
    evidence_base: Text | None = None
    affected_areas: OptionalText | None = None
    theme: Text | None = None
    quality_statement: OptionalText | None = None
    lead_id: str | None = None
    version: int | None = None


class ChangeRisk(Form):
    """A new risk, and why."""

    priority: str
    risk: Risk
    reason: Text


class ExtendPriority(Form):
    """A later target date, and why."""

    priority: str
    target_on: date
    reason: Text


def open_live(work: Work, person: Person, typed: str, right: Right) -> tuple[Priority, Service]:
    """A priority that is still worked on, with its service. Raises NotFound, NotAllowed, BadInput (it is closed)."""
    priority, service = open_record(work, person, Priority, typed, right)
    must_be_live(work, priority)
    return priority, service


def must_be_live(work: Work, priority: Priority, field: str = "priority") -> None:
    """Raise BadInput with the way on for a priority that is closed, split or reopened as another."""
    carried_on(work, priority, field)
    if not is_live(priority):
        closed = f" on {day(priority.closed_on)}" if priority.closed_on else ""
        raise BadInput(
            f"{ref(priority)} was closed{closed}. Reopen it first: /sip reopen {ref(priority)}.", field=field
        )


def carried_on(work: Work, priority: Priority, field: str) -> None:
    """Raise BadInput that names the priorities which carry on a split or reopened one."""
    if priority.status is PriorityStatus.SPLIT:
        children = work.all(Priority, split_from=priority.id)
        raise BadInput(f"{ref(priority)} was split: {refs(children)} carry it on. Choose one of them.", field=field)
    if priority.status is PriorityStatus.REOPENED:
        after = work.all(Priority, reopened_from=priority.id)
        raise BadInput(
            f"{ref(priority)} was reopened: {refs(after)} {verb(after, 'carries', 'carry')} it on. Choose that one.",
            field=field,
        )


def revise(work: Work, person: Person, form: RevisePriority, now: datetime) -> Priority:
    """Change the words, theme or lead of a live priority. Raises NotFound, NotAllowed, BadInput, Stale."""
    priority, service = open_record(work, person, Priority, form.priority, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier
    must_be_live(work, priority)
    unchanged(work, priority, form.version)
    given = form.model_dump(exclude={"priority", "reason", "version", "request_id"}, exclude_none=True)
    if "theme" in given:
        given["theme"] = given["theme"].lower()
    if form.lead_id and form.lead_id != priority.lead_id:
        colleague(work, person, form.lead_id, "lead_id")
    revised = replace(priority, **given, wake_at=now)
    if replace(revised, wake_at=priority.wake_at) == priority:
        raise BadInput(f"Nothing of {ref(priority)} was changed. Change a field, or close the form.", field="title")
    return save(work, person, now, "revise priority", priority, revised, reason=form.reason, request_id=form.request_id)


def change_risk(work: Work, person: Person, form: ChangeRisk, now: datetime) -> Priority:
    """Set another risk, with the reason. Raises NotFound, NotAllowed, BadInput (closed, the same risk)."""
    priority, service = open_record(work, person, Priority, form.priority, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier
    must_be_live(work, priority)
    if form.risk is priority.risk:
        raise BadInput(f"The risk of {ref(priority)} is {priority.risk} already. Choose another.", field="risk")
    changed = replace(priority, risk=form.risk, wake_at=now)
    return save(work, person, now, "change risk", priority, changed, reason=form.reason, request_id=form.request_id)


def extend(work: Work, person: Person, form: ExtendPriority, now: datetime, today: date) -> Priority:
    """Move the target date to a later day and keep what it was. Raises NotFound, NotAllowed, BadInput."""
    priority, service = open_record(work, person, Priority, form.priority, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier
    must_be_live(work, priority)
    later = extended(priority, person, form.target_on, form.reason, today)
    return save(work, person, now, "extend priority", priority, later, reason=form.reason, request_id=form.request_id)


def extended(priority: Priority, person: Person, target_on: date | None, reason: str, today: date) -> Priority:
    """The priority with a later target date and the change on record. Raises BadInput under `target_on`."""
    if target_on is None:
        raise BadInput("Choose the new target date.", field="target_on")
    if target_on < today:
        raise BadInput(f"{day(target_on)} has passed. Choose a later date.", field="target_on")
    if priority.target_on and target_on <= priority.target_on:
        raise BadInput(
            f"{ref(priority)} is to be reached by {day(priority.target_on)} already. Choose a later date.",
            field="target_on",
        )
    change = Extension(on=today, was=priority.target_on, now=target_on, reason=reason, person_id=person.id)
    return replace(priority, target_on=target_on, extensions=(*priority.extensions, change))


def first_target(priority: Priority) -> date | None:
    """The first target date that a priority ever had."""
    dates = [*(change.was for change in priority.extensions), priority.target_on]
    return next((each for each in dates if each), None)
