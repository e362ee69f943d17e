"""Setting up a service: its channel, name, hours and who holds which role there."""

import re
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

from bot.errors import BadInput, NotAllowed
from bot.frameworks.catalogue import FRAMEWORKS
from bot.ids import new_id
from bot.plan.access import require
from bot.plan.actions import Action, Milestone
from bot.plan.fields import Form, Title, sentence
from bot.plan.journal import note
from bot.plan.people import Person, Right, Role, RoleHolding, who_may
from bot.plan.priorities import Priority
from bot.plan.roster import give_role, may_set_up
from bot.plan.services import Nation, Service
from bot.work import Work

_SCHEDULED: tuple[type[Any], ...] = (Action, Milestone, Priority)
_LOCATION = re.compile(r"^1-\d{6,12}$")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise sentence("That is no time zone. Write it like Europe/London.") from error
    return value


def _location(value: object) -> str:
    text = str(value or "").strip()
    if text and not _LOCATION.match(text):
        raise sentence("A CQC location id looks like 1-123456789. Leave it empty if you do not have it at hand.")
    return text


class SetUp(Form):
    """What `/sip setup` asks for; hours are local times of the service."""

    channel_id: str
    name: Title
    location_id: Annotated[str, BeforeValidator(_location)] = ""
    nation: Nation = Nation.ENGLAND
    zone: Annotated[str, AfterValidator(_zone)] = "Europe/London"
    opens: time = time(9, 0)
    closes: time = time(17, 0)


def set_up(work: Work, person: Person, form: SetUp, now: datetime) -> Service:
    """Create the service of a channel, or change it. Whoever sets up a new one with no Registered Manager becomes it.

    Raises NotAllowed, or BadInput where the hours do not make a working day."""
    service = work.one(Service, workspace_id=person.workspace_id, channel_id=form.channel_id)
    if form.request_id and work.event_of(form.request_id) and service:
        return service
    if not may_set_up(work, person, service):
        raise NotAllowed(
            f"Only a workspace admin, provider oversight or the service's {who_may(Right.SETUP)} may set up a service."
        )
    namesake = work.one(Service, workspace_id=person.workspace_id, name=form.name)
    if namesake and namesake.channel_id != form.channel_id:
        raise BadInput(f"{form.name} is set up in another channel already. Choose another name.", field="name")
    if (form.closes.hour, form.closes.minute) <= (form.opens.hour, form.opens.minute):
        raise BadInput("The closing time must be later than the opening time.", field="closes")
    facts = form.model_dump(exclude={"request_id"})
    if service is None:
        service = Service(id=new_id(now), workspace_id=person.workspace_id, **facts, wake_at=now)
        work.add(service)
        note(work, person, now, "set up service", after=service, chain=service.id, request_id=form.request_id)
        first = work.count(RoleHolding, workspace_id=person.workspace_id) == 0
        if first:
            give_role(work, replace(person, admin=True), service, Role.REGISTERED_MANAGER, now, person=person)
        return service
    changed = replace(service, **facts, wake_at=now)
    if replace(changed, wake_at=service.wake_at) == service:
        return service
    return changed_service(work, person, now, service, changed, form.request_id)


def choose_framework(
    work: Work, person: Person, service: Service, key: str, now: datetime, request_id: str | None = None
) -> Service:
    """Set the version of CQC's framework that a service is assessed against; tags of the other one still find their
    way through the map between the two. Raises NotFound, NotAllowed, BadInput (no such framework)."""
    require(work, person, service, Right.SETUP)
    if key not in {known.key for known in FRAMEWORKS}:
        raise BadInput("Choose one of CQC's frameworks from the list.", field="framework")
    if key == service.framework:
        return service
    return changed_service(work, person, now, service, replace(service, framework=key), request_id)


def changed_service(
    work: Work, person: Person, now: datetime, before: Service, after: Service, request_id: str | None
) -> Service:
    """Save a service's new facts; what they schedule is worked out anew at the next tick."""
    saved = work.save(replace(after, wake_at=now))
    note(work, person, now, "change service", before=before, after=saved, chain=saved.id, request_id=request_id)
    for kind in _SCHEDULED:
        for record in work.all(kind, service_id=saved.id):
            # A verified action or a taken sample has nothing to schedule anew; a closed priority may have.
            if record.wake_at is not None or kind is Priority:
                work.rouse(kind, record.id, now)
    return saved
