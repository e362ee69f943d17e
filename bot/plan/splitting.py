"""Splitting a priority that proved too broad, and reopening one whose problem came back: the history goes with both."""

from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import Lettered, colleague, done_before, open_record, ref
from bot.plan.account import unverified
from bot.plan.actions import Action
from bot.plan.clocks import running
from bot.plan.fields import Form, OptionalText, Text, Title
from bot.plan.journal import note
from bot.plan.measures import Measure
from bot.plan.milestones import drop, waiting
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, PriorityStatus, Risk, carried_on, is_live, must_be_live
from bot.plan.saving import add, save
from bot.plan.says import local, refs, verb
from bot.plan.services import Service
from bot.plan.signals import Signal
from bot.work import Work

L = TypeVar("L", Action, Measure, Signal)


class Child(BaseModel):
    """One part of a split priority. What is left out is the parent's; `actions`, `measures` and `signals` name by
    reference what moves to it."""

    model_config = ConfigDict(frozen=True)

    title: Title
    problem_statement: Text
    rationale: OptionalText = ""
    affected_areas: OptionalText = ""
    theme: OptionalText = ""
    risk: Risk | None = None
    lead_id: str | None = None
    target_on: date | None = None
    actions: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


class SplitPriority(Form):
    """A priority that becomes two or more, and why."""

    priority: str
    reason: Text
    children: tuple[Child, ...] = Field(max_length=6)


class ReopenPriority(Form):
    """A closed priority whose problem came back, and what showed it; None stays as it was."""

    priority: str
    reason: Text
    problem_statement: Text | None = None
    risk: Risk | None = None
    lead_id: str | None = None
    target_on: date | None = None


def split(
    work: Work, person: Person, form: SplitPriority, now: datetime, today: date
) -> tuple[Priority, list[Priority]]:
    """Close a priority as split and open its children, which stand as old as it is.

    Statutory clocks that still run go with the first child. Raises NotFound, NotAllowed, BadInput (fewer than two
    children, an open action that no child takes, something named twice or not its own)."""
    parent, service = open_record(work, person, Priority, form.priority, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier, work.all(Priority, order="number", split_from=earlier.id)
    must_be_live(work, parent)
    if len(form.children) < 2:
        raise BadInput(
            f"A split makes at least two priorities of one. To change the words of {ref(parent)}, revise it instead.",
            field="children",
        )
    titles = [child.title.casefold() for child in form.children]
    if len(set(titles)) < len(titles):
        raise BadInput("Give each new priority a name of its own.", field="children")
    shares = [_share(work, person, parent, child) for child in form.children]
    _nothing_lost(work, parent, [record for share in shares for record in share])
    children = [_child(work, person, service, parent, child, now, today) for child in form.children]
    for child, share in zip(children, shares, strict=True):
        for record in share:
            _move(work, person, record, child, now)
    _move_milestones(
        work, person, parent, {r.id: c for c, share in zip(children, shares, strict=True) for r in share}, now
    )
    clocks = running(parent)
    if clocks:
        before = children[0]
        children[0] = save(
            work, person, now, "carry clocks", before, replace(before, clocks=clocks), reason=f"from {ref(parent)}"
        )
    ended = replace(
        parent,
        status=PriorityStatus.SPLIT,
        closed_on=today,
        clocks=tuple(c for c in parent.clocks if c.met_on),
        wake_at=None,
    )
    reason = f"{form.reason} (into {refs(children)})"
    closed = save(work, person, now, "split priority", parent, ended, reason=reason, request_id=form.request_id)
    return closed, children


def reopen(work: Work, person: Person, form: ReopenPriority, now: datetime, today: date) -> tuple[Priority, Priority]:
    """Open a new priority that carries a closed one on, with its measures and the signals since; both are given back.

    The closed one keeps its history and is marked as reopened. Raises NotFound, NotAllowed, BadInput (not closed)."""
    closed, service = open_record(work, person, Priority, form.priority, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier, work.all(Priority, reopened_from=earlier.id)[0]
    if is_live(closed):
        raise BadInput(f"{ref(closed)} is not closed, so there is nothing to reopen.", field="priority")
    carried_on(work, closed, "priority")
    _not_past(form.target_on, today)
    lead = colleague(work, person, form.lead_id, "lead_id").id if form.lead_id else _lead(work, person, closed)
    again = replace(
        closed,
        id=new_id(now),
        number=work.next_number(service.workspace_id, Priority.LETTER),
        problem_statement=form.problem_statement or closed.problem_statement,
        evidence_base=f"Reopened from {ref(closed)}: {form.reason}",
        risk=form.risk or closed.risk,
        lead_id=lead,
        opened_on=today,
        target_on=form.target_on,
        status=PriorityStatus.OPEN,
        closed_on=None,
        split_from=None,
        reopened_from=closed.id,
        clocks=(),
        extensions=(),
        person_id=person.id,
        written_at=now,
        wake_at=now,
        version=1,
    )
    add(work, person, now, "open priority", again)
    for measure in work.all(Measure, order="number", priority_id=closed.id):
        _move(work, person, measure, again, now)
    zone = ZoneInfo(service.zone)
    for signal in work.all(Signal, order="number", priority_id=closed.id, withdrawn_at=None):
        if closed.closed_on and max(signal.on, local(signal.written_at, zone)) > closed.closed_on:
            _move(work, person, signal, again, now)
    marked = replace(closed, status=PriorityStatus.REOPENED, wake_at=None)
    reason = f"{form.reason} (as {ref(again)})"
    return save(work, person, now, "reopen priority", closed, marked, reason=reason, request_id=form.request_id), again


def _share(work: Work, person: Person, parent: Priority, child: Child) -> list[Action | Measure | Signal]:
    """The records that a child takes. Raises BadInput for one that is not the parent's."""
    return [
        *(_own(work, person, parent, Action, typed) for typed in child.actions),
        *(_own(work, person, parent, Measure, typed) for typed in child.measures),
        *(_own(work, person, parent, Signal, typed) for typed in child.signals),
    ]


def _own(work: Work, person: Person, parent: Priority, kind: type[L], typed: str) -> L:
    record, _ = open_record(work, person, kind, typed, Right.READ)
    if record.priority_id != parent.id:
        raise BadInput(f"{ref(record)} does not belong to {ref(parent)}. Take it out of the list.", field="children")
    return record


def _nothing_lost(work: Work, parent: Priority, taken: list[Action | Measure | Signal]) -> None:
    ids = [record.id for record in taken]
    twice: list[Lettered] = [record for n, record in enumerate(taken) if record.id in ids[:n]]
    if twice:
        raise BadInput(f"{refs(twice)} can go to one of the new priorities only.", field="children")
    left = [a for a in unverified(work.all(Action, priority_id=parent.id)) if a.id not in ids]
    if left:
        raise BadInput(
            f"{refs(left)} {verb(left)} still open. Say which new priority {verb(left, 'takes it', 'takes each')}, or "
            "cancel first.",
            field="children",
        )


def _child(
    work: Work, person: Person, service: Service, parent: Priority, child: Child, now: datetime, today: date
) -> Priority:
    _not_past(child.target_on, today)
    lead = colleague(work, person, child.lead_id, "lead_id").id if child.lead_id else _lead(work, person, parent)
    made = Priority(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Priority.LETTER),
        title=child.title,
        problem_statement=child.problem_statement,
        rationale=child.rationale or parent.rationale,
        evidence_base=parent.evidence_base,
        affected_areas=child.affected_areas or parent.affected_areas,
        theme=(child.theme or child.title).lower(),
        risk=child.risk or parent.risk,
        quality_statement=parent.quality_statement,
        lead_id=lead,
        opened_on=parent.opened_on,  # a split must not make an old problem look new
        target_on=child.target_on or parent.target_on,
        split_from=parent.id,
        person_id=person.id,
        written_at=now,
        wake_at=now,
    )
    return add(work, person, now, "open priority", made)


def _move(work: Work, person: Person, record: Action | Measure | Signal, to: Priority, now: datetime) -> None:
    if isinstance(record, Action):
        save(work, person, now, "move action", record, replace(record, priority_id=to.id, wake_at=now))
    elif isinstance(record, Measure):
        save(work, person, now, "move measure", record, replace(record, priority_id=to.id))
    else:
        save(work, person, now, "move signal", record, replace(record, priority_id=to.id))


def _move_milestones(
    work: Work, person: Person, parent: Priority, taker_of: dict[str, Priority], now: datetime
) -> None:
    """Review points follow their action; those of the priority as a whole end with it."""
    for milestone in waiting(work, parent.id):
        taker = taker_of.get(milestone.action_id or "")
        if taker is None:
            drop(work, person, milestone, now, f"{ref(parent)} was split")
            continue
        moved = work.save(replace(milestone, priority_id=taker.id, wake_at=now))
        note(work, person, now, "move milestone", before=milestone, after=moved)


def _lead(work: Work, person: Person, priority: Priority) -> str:
    """The former lead, or whoever splits or reopens where the lead has left."""
    lead = work.get(Person, priority.lead_id)
    return priority.lead_id if lead and lead.active else person.id


def _not_past(target_on: date | None, today: date) -> None:
    if target_on and target_on < today:
        raise BadInput("The target date has passed. Choose a later one.", field="target_on")
