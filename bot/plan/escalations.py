"""Escalations: why leadership was called on, and which response it chose."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.errors import BadInput, NotAllowed
from bot.ids import new_id
from bot.plan.access import done_before, holders, open_record, ref, roles_in
from bot.plan.fields import Form, OptionalText, Text
from bot.plan.people import ROLE_NAMES, Person, Right, Role
from bot.plan.priorities import Priority, must_be_live
from bot.plan.saving import add, save
from bot.plan.services import Service
from bot.work import Work


class Response(StrEnum):
    TIGHTEN = "tighten the actions"
    EXTEND = "extend the review period"
    OBSERVE = "more management observation"
    SAMPLE_WIDER = "wider sampling"
    SUPERVISE = "stronger supervision"
    DEEPER = "deeper practice review"
    CHALLENGE = "provider challenge"
    REVISE_TARGET = "revise the target"
    SPLIT = "split the priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One escalation (`L2`) of one priority: raised by a person, or by an early-warning rule (`rule`)."""

    LETTER: ClassVar[str] = "L"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    why: str
    rule: str = ""
    to: Role
    response: Response | None = None
    how: str = ""  # how the response will be carried out
    responded_by: str | None = None
    responded_at: datetime | None = None
    outcome: str = ""
    outcome_at: datetime | None = None
    review_id: str | None = None  # the review that raised it
    person_id: str | None  # None: raised by a rule
    written_at: datetime
    wake_at: datetime | None = None
    version: int = 1


# Leadership that can be called on.
LEADERS = (Role.REGISTERED_MANAGER, Role.PROVIDER_OVERSIGHT)


class RaiseEscalation(Form):
    """Call on leadership for a priority, and say why."""

    priority: str
    why: Text
    to: Role = Role.PROVIDER_OVERSIGHT


class RespondEscalation(Form):
    """The response that leadership chose, and how it will be carried out."""

    escalation: str
    response: Response
    how: OptionalText = ""


class ConcludeEscalation(Form):
    """What came of an escalation."""

    escalation: str
    outcome: Text


def raise_by_person(work: Work, person: Person, form: RaiseEscalation, now: datetime) -> Escalation:
    """Escalate a live priority. Raises NotFound, NotAllowed, BadInput (closed, not to leadership)."""
    priority, service = open_record(work, person, Priority, form.priority, Right.ESCALATE)
    if earlier := done_before(work, service, form.request_id, Escalation):
        return earlier
    must_be_live(work, priority)
    if form.to not in LEADERS:
        raise BadInput("Escalate to the Registered Manager or to provider oversight.", field="to")
    return keep(work, person, priority, form.why, form.to, now, request_id=form.request_id)


def raise_by_rule(work: Work, priority: Priority, rule: str, why: str, to: Role, now: datetime) -> Escalation:
    """Escalate because an early-warning rule fired; while one of the same rule waits for an answer, that one stands."""
    for earlier in work.all(Escalation, priority_id=priority.id, rule=rule):
        if is_waiting(earlier):
            return earlier
    return keep(work, None, priority, why, to, now, rule=rule)


def keep(
    work: Work,
    person: Person | None,
    priority: Priority,
    why: str,
    to: Role,
    now: datetime,
    *,
    rule: str = "",
    review_id: str | None = None,
    request_id: str | None = None,
) -> Escalation:
    """Store an escalation whose right was asked already (by a review that raises it, or by a rule)."""
    escalation = Escalation(
        id=new_id(now),
        workspace_id=priority.workspace_id,
        service_id=priority.service_id,
        number=work.next_number(priority.workspace_id, Escalation.LETTER),
        priority_id=priority.id,
        why=why,
        rule=rule,
        to=to,
        review_id=review_id,
        person_id=person.id if person else None,
        written_at=now,
        wake_at=now,
    )
    return add(work, person, now, "raise escalation", escalation, request_id)


def respond(work: Work, person: Person, form: RespondEscalation, now: datetime) -> Escalation:
    """Choose the response; only those called on may. Raises NotFound, NotAllowed, BadInput (answered already)."""
    escalation, service = open_record(work, person, Escalation, form.escalation, Right.ESCALATE)
    if earlier := done_before(work, service, form.request_id, Escalation):
        return earlier
    _called_on(work, person, service, escalation)
    if escalation.outcome:
        raise BadInput(f"{ref(escalation)} is concluded: {escalation.outcome}", field="escalation")
    if escalation.response is form.response and escalation.how == form.how:
        raise BadInput(f"{ref(escalation)} has that response already: {form.response}.", field="response")
    answered = replace(
        escalation, response=form.response, how=form.how, responded_by=person.id, responded_at=now, wake_at=now
    )
    return save(work, person, now, "respond to escalation", escalation, answered, request_id=form.request_id)


def conclude(work: Work, person: Person, form: ConcludeEscalation, now: datetime) -> Escalation:
    """Write down what came of it. Raises NotFound, NotAllowed, BadInput (no response yet, concluded already)."""
    escalation, service = open_record(work, person, Escalation, form.escalation, Right.ESCALATE)
    if earlier := done_before(work, service, form.request_id, Escalation):
        return earlier
    if escalation.response is None:
        raise BadInput(f"{ref(escalation)} has no response yet. Choose one first.", field="escalation")
    if escalation.outcome:
        raise BadInput(f"{ref(escalation)} is concluded already: {escalation.outcome}", field="escalation")
    over = replace(escalation, outcome=form.outcome, outcome_at=now, wake_at=None)
    return save(work, person, now, "conclude escalation", escalation, over, request_id=form.request_id)


def is_waiting(escalation: Escalation) -> bool:
    """Whether leadership has still to choose a response."""
    return escalation.response is None and not escalation.outcome


def _called_on(work: Work, person: Person, service: Service, escalation: Escalation) -> None:
    """An escalation past the manager is not the manager's to answer."""
    if not {escalation.to, Role.PROVIDER_OVERSIGHT} & roles_in(work, person, service.id):
        asked = holders(work, service, [escalation.to])
        whom = f" Ask {asked[0].name}." if asked else ""
        raise NotAllowed(f"{ref(escalation)} went to {ROLE_NAMES[escalation.to]}, who chooses the response.{whom}")
