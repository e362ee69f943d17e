"""Milestones: the days on which the quality lead is asked to sample, of one action or of a whole priority."""

from dataclasses import replace
from datetime import date, datetime

from bot.errors import BadInput, NotFound
from bot.ids import new_id
from bot.plan.access import open_record, parse_ref, ref
from bot.plan.actions import Action, ActionStatus, Milestone
from bot.plan.fields import Form, OptionalText, Text
from bot.plan.journal import note
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, must_be_live
from bot.plan.says import day
from bot.plan.services import Service
from bot.work import Work


class AddMilestone(Form):
    """A review point of an action (`A12`) or of a priority as a whole (`P3`)."""

    of: str
    on: date
    note: OptionalText = ""


class MoveMilestone(Form):
    """Another day for a review point, and why."""

    milestone: str
    on: date
    reason: Text


class CancelMilestone(Form):
    """A review point that is no longer wanted, and why."""

    milestone: str
    reason: Text


def add(work: Work, person: Person, form: AddMilestone, now: datetime, today: date) -> Milestone:
    """Plan a review point. Raises NotFound, NotAllowed, BadInput (closed, cancelled, a day gone by)."""
    action = None
    if parse_ref(form.of, Action) is not None:
        action, service = open_record(work, person, Action, form.of, Right.PLAN)
        priority_id = action.priority_id
    else:
        priority, service = open_record(work, person, Priority, form.of, Right.PLAN)
        priority_id = priority.id
    if earlier := _done_before(work, service, form.request_id):
        return earlier
    _must_be_live(work, priority_id)
    if action and action.status is ActionStatus.CANCELLED:
        raise BadInput(f"{ref(action)} was cancelled. Choose the action that took its place.", field="of")
    _to_come(form.on, today)
    action_id = action.id if action else None
    if _planned(work, priority_id, action_id, form.on):
        raise BadInput(f"A review point on {day(form.on)} is planned already. Choose another day.", field="on")
    return new(work, person, service, priority_id, action_id, form.on, form.note, now, form.request_id)


def new(
    work: Work,
    person: Person,
    service: Service,
    priority_id: str,
    action_id: str | None,
    on: date,
    words: str,
    now: datetime,
    request_id: str | None = None,
) -> Milestone:
    """Keep a review point that was checked already."""
    milestone = Milestone(
        id=new_id(now),
        service_id=service.id,
        priority_id=priority_id,
        action_id=action_id,
        on=on,
        note=words,
        person_id=person.id,
        written_at=now,
        wake_at=now,
    )
    work.add(milestone)
    note(work, person, now, "add milestone", after=milestone, request_id=request_id)
    return milestone


def move(work: Work, person: Person, form: MoveMilestone, now: datetime, today: date) -> Milestone:
    """Move a review point to another day, with the reason. Raises NotFound, NotAllowed, BadInput."""
    milestone, service = open_milestone(work, person, form.milestone, Right.PLAN)
    if earlier := _done_before(work, service, form.request_id):
        return earlier
    _waits(milestone)
    _to_come(form.on, today)
    if form.on == milestone.on:
        raise BadInput(f"It is planned for {day(form.on)} already. Choose another day.", field="on")
    moved = work.save(replace(milestone, on=form.on, wake_at=now))
    note(
        work,
        person,
        now,
        "move milestone",
        before=milestone,
        after=moved,
        reason=form.reason,
        request_id=form.request_id,
    )
    return moved


def cancel(work: Work, person: Person, form: CancelMilestone, now: datetime) -> Milestone:
    """Give up a review point, with the reason. Raises NotFound, NotAllowed, BadInput."""
    milestone, service = open_milestone(work, person, form.milestone, Right.PLAN)
    if earlier := _done_before(work, service, form.request_id):
        return earlier
    _waits(milestone)
    return drop(work, person, milestone, now, form.reason, form.request_id)


def drop(
    work: Work, person: Person, milestone: Milestone, now: datetime, reason: str, request_id: str | None = None
) -> Milestone:
    """Cancel a review point together with what it belonged to."""
    gone = work.save(replace(milestone, cancelled_at=now, wake_at=None))
    note(work, person, now, "cancel milestone", before=milestone, after=gone, reason=reason, request_id=request_id)
    return gone


def waiting(work: Work, priority_id: str) -> list[Milestone]:
    """The review points of a priority and its actions that no sample has answered yet, the next one first."""
    return work.all(Milestone, order="on", sample_id=None, cancelled_at=None, priority_id=priority_id)


def open_milestone(work: Work, person: Person, id: str, right: Right) -> tuple[Milestone, Service]:
    """A milestone by id with its service, if the person may. Raises NotFound, NotAllowed."""
    milestone = work.get(Milestone, id)
    priority = work.get(Priority, milestone.priority_id) if milestone else None
    if milestone is None or priority is None or priority.workspace_id != person.workspace_id:
        raise NotFound("That review point does not exist here. Look at the action again.")
    _, service = open_record(work, person, Priority, priority.id, right)
    return milestone, service


def _done_before(work: Work, service: Service, request_id: str | None) -> Milestone | None:
    event = work.event_of(request_id) if request_id else None
    if event is None:
        return None
    found = work.get(Milestone, event.record_id)
    if found is None or found.service_id != service.id:
        raise BadInput("This form was already used for something else. Open it again.")
    return found


def _planned(work: Work, priority_id: str, action_id: str | None, on: date) -> bool:
    return any(m.on == on and m.action_id == action_id for m in waiting(work, priority_id))


def _must_be_live(work: Work, priority_id: str) -> None:
    priority = work.get(Priority, priority_id)
    if priority is not None:
        must_be_live(work, priority, "of")


def _waits(milestone: Milestone) -> None:
    if milestone.sample_id:
        raise BadInput("A sample has answered this review point already. Plan a new one.", field="milestone")
    if milestone.cancelled_at:
        raise BadInput("This review point was cancelled. Plan a new one.", field="milestone")


def _to_come(on: date, today: date) -> None:
    if on < today:
        raise BadInput(f"{day(on)} has passed. Choose today or a later day.", field="on")
