"""Who is known, and who is given or loses a role."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import require
from bot.plan.journal import note
from bot.plan.people import Person, Right, Role, RoleHolding, UserGroup
from bot.plan.services import Service
from bot.work import Work


def known(work: Work, workspace_id: str, slack_id: str, name: str, now: datetime) -> tuple[Person, bool]:
    """The person of that Slack id, met for the first time if need be; whether they are new."""
    person = work.one(Person, workspace_id=workspace_id, slack_id=slack_id)
    if person:
        return person, False
    person = Person(id=new_id(now), workspace_id=workspace_id, slack_id=slack_id, name=name)
    work.add(person)
    return person, True


def profile_told(work: Work, person: Person, *, name: str, zone: str, active: bool, guest: bool, admin: bool) -> Person:
    """Keep what Slack says about a person now."""
    told = replace(person, name=name or person.name, zone=zone or person.zone, active=active, guest=guest, admin=admin)
    return work.save(told) if told != person else person


def may_set_up(work: Work, person: Person, service: Service | None) -> bool:
    """Whether the person may set up this service (None: a new one).

    A workspace admin may; so may provider oversight, and a service's own Registered Manager. Where nobody holds any
    role yet, whoever runs set-up first may: somebody has to."""
    if person.guest or not person.active or (service and service.workspace_id != person.workspace_id):
        return False
    if person.admin or work.count(RoleHolding, workspace_id=person.workspace_id) == 0:
        return True
    held = work.all(RoleHolding, workspace_id=person.workspace_id, person_id=person.id, ended_at=None)
    for holding in held:
        if holding.role is Role.PROVIDER_OVERSIGHT:
            return True
        if service and holding.role is Role.REGISTERED_MANAGER and holding.service_id in (None, service.id):
            return True
    return False


def unmanaged(work: Work, workspace_id: str) -> list[Service]:
    """The services of a workspace in which nobody who still works there is Registered Manager, by name."""
    held = work.all(RoleHolding, workspace_id=workspace_id, role=Role.REGISTERED_MANAGER, ended_at=None)
    ids = sorted({h.person_id for h in held if h.person_id})
    here = {p.id for p in work.all(Person, id=ids, active=True)} if ids else set()
    managed = {h.service_id for h in held if h.person_id in here}
    every = [] if None in managed else work.all(Service, order="name", workspace_id=workspace_id)
    return [service for service in every if service.id not in managed]


def to_be_staffed(work: Work, person: Person) -> list[Service]:
    """The services without a Registered Manager that wait for this person to name one, by name."""
    if person.guest or not person.active:
        return []
    overseen = {"person_id": person.id, "role": Role.PROVIDER_OVERSIGHT, "ended_at": None}
    if not (person.admin or work.count(RoleHolding, workspace_id=person.workspace_id, **overseen)):
        return []
    return unmanaged(work, person.workspace_id)


def give_role(
    work: Work,
    giver: Person,
    service: Service,
    role: Role,
    now: datetime,
    *,
    person: Person | None = None,
    group: UserGroup | None = None,
    request_id: str | None = None,
) -> RoleHolding:
    """Give a role in a service to a person or a user group; giving it twice changes nothing.

    Raises NotAllowed unless the giver may set up the service, BadInput for a guest or somebody who left."""
    if not may_set_up(work, giver, service):
        require(work, giver, service, Right.SETUP)
    if person and (person.guest or not person.active):
        raise BadInput(
            f"{person.name} is a guest or has left the workspace and cannot hold a role. Choose a member.",
            field="people",
        )
    person_id, group_id = (person.id if person else None), (group.id if group else None)
    held = work.one(
        RoleHolding, service_id=service.id, role=role, person_id=person_id, group_id=group_id, ended_at=None
    )
    if held:
        return held
    holding = RoleHolding(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        role=role,
        person_id=person_id,
        group_id=group_id,
    )
    work.add(holding)
    note(work, giver, now, "give role", after=holding, chain=service.id, request_id=request_id)
    return holding


def set_holders(
    work: Work, giver: Person, service: Service, role: Role, people: Sequence[Person], now: datetime
) -> None:
    """Let a role of a service be held by exactly these people (user groups keep theirs). Raises as `give_role`.

    The last Registered Manager of a service cannot be taken away without naming another."""
    held = [h for h in work.all(RoleHolding, service_id=service.id, role=role, ended_at=None) if h.person_id]
    wanted = {p.id: p for p in people}
    if role is Role.REGISTERED_MANAGER and held and not wanted:
        raise BadInput("A service needs a Registered Manager. Name the new one here first.", field=role.value)
    for holding in held:
        if holding.person_id not in wanted:
            ended = work.save(replace(holding, ended_at=now))
            note(work, giver, now, "end role", before=holding, after=ended, chain=service.id)
    for person in wanted.values():
        give_role(work, giver, service, role, now, person=person)


def roles_given(work: Work, person: Person, service: Service) -> dict[Role, list[RoleHolding]]:
    """Every role of a service with its holders, for somebody who may set it up. Raises NotAllowed."""
    if not may_set_up(work, person, service):
        require(work, person, service, Right.SETUP)
    held: dict[Role, list[RoleHolding]] = {role: [] for role in Role}
    for holding in work.all(RoleHolding, workspace_id=service.workspace_id, service_id=service.id, ended_at=None):
        held[holding.role].append(holding)
    return held
