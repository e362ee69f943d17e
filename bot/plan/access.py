"""The only doors to the plan: fetching a record is asking whether this person may."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Protocol, TypeVar

from bot.errors import BadInput, NotAllowed, NotFound
from bot.plan.people import OWNER_RIGHTS, ROLE_NAMES, Person, Right, Role, RoleHolding, UserGroup, may, who_may
from bot.plan.services import Service
from bot.work import Work


class Lettered(Protocol):
    """A record that people call by a letter and a number."""

    LETTER: ClassVar[str]

    @property
    def id(self) -> str: ...
    @property
    def workspace_id(self) -> str: ...
    @property
    def service_id(self) -> str: ...
    @property
    def number(self) -> int: ...


T = TypeVar("T", bound=Lettered)

NOUNS = {"W": "early warning"}  # where the class has another name than people say
HOW_TO_FIND = {
    "A": "/sip mine lists your actions.",
    "E": "/sip log correct lists yours; /sip priority P3 shows what was logged for a priority.",
    "L": "/sip escalations lists those that wait.",
    "M": "/sip measures lists what is measured.",
    "P": "/sip status lists what there is.",
    "R": "/sip priority P3 shows the reviews of a priority.",
    "S": "/sip signals lists those that wait; /sip find looks through all.",
    "W": "/sip warnings lists those that stand.",
    "X": "/sip measures M4 lists the samples of a measure.",
}
_REF = re.compile(r"^\s*([A-Za-z])\s*-?\s*(\d{1,9})\s*$")


def ref(record: Lettered) -> str:
    """How people call a record: `A12`."""
    return f"{record.LETTER}{record.number}"


def parse_ref(typed: str, kind: type[Lettered]) -> int | None:
    """The number in what was typed for a record of this kind (`a12`, `A 12`), or None."""
    match = _REF.match(typed)
    return int(match[2]) if match and match[1].upper() == kind.LETTER else None


def holdings(work: Work, person: Person) -> list[RoleHolding]:
    """Every role the person holds in their workspace, in person or through a user group."""
    groups = [g.id for g in work.all(UserGroup, workspace_id=person.workspace_id) if person.slack_id in g.members]
    held = work.all(RoleHolding, workspace_id=person.workspace_id, person_id=person.id, ended_at=None)
    if groups:
        held += work.all(RoleHolding, workspace_id=person.workspace_id, group_id=groups, ended_at=None)
    return held


def roles_in(work: Work, person: Person, service_id: str) -> frozenset[Role]:
    """The person's roles in one service; guests and people who left have none."""
    if person.guest or not person.active:
        return frozenset()
    return frozenset(h.role for h in holdings(work, person) if h.service_id in (None, service_id))


def rights_in(work: Work, person: Person, service: Service) -> frozenset[Right]:
    """Everything that the person's roles in a service let them do."""
    roles = roles_in(work, person, service.id)
    return frozenset(right for right in Right if may(roles, right))


def services_of(work: Work, person: Person, right: Right = Right.READ) -> list[Service]:
    """The services in which the person has this right by role, by name."""
    if person.guest or not person.active:
        return []
    held = [h for h in holdings(work, person) if may({h.role}, right)]
    if any(h.service_id is None for h in held):
        return work.all(Service, order="name", workspace_id=person.workspace_id)
    ids = sorted({h.service_id for h in held if h.service_id})
    return work.all(Service, order="name", workspace_id=person.workspace_id, id=ids) if ids else []


def holders(work: Work, service: Service, roles: Sequence[Role]) -> list[Person]:
    """The active people who hold one of these roles in a service, by name."""
    found = [person for held in holders_by_role(work, service, roles).values() for person in held]
    return sorted({p.id: p for p in found}.values(), key=lambda p: (p.name, p.id))


def holders_by_role(work: Work, service: Service, roles: Sequence[Role] = tuple(Role)) -> dict[Role, list[Person]]:
    """The active people who hold each of these roles in a service, by name."""
    asked: dict[str, Any] = {"workspace_id": service.workspace_id, "role": list(roles), "ended_at": None}
    # Two questions: among hundreds of services, nobody should read the roles of all of them.
    held = work.all(RoleHolding, service_id=service.id, **asked) + work.all(RoleHolding, service_id=None, **asked)
    ids = sorted({h.person_id for h in held if h.person_id})
    people = {p.id: p for p in work.all(Person, id=ids, active=True)} if ids else {}
    groups = sorted({h.group_id for h in held if h.group_id})
    members = {g.id: g.members for g in work.all(UserGroup, id=groups)} if groups else {}
    slack_ids = sorted({each for group in members.values() for each in group})
    met = work.all(Person, workspace_id=service.workspace_id, slack_id=slack_ids, active=True) if slack_ids else []
    by_slack_id = {p.slack_id: p for p in met}
    found: dict[Role, list[Person]] = {}
    for role in roles:
        mine = [h for h in held if h.role is role]
        named = [people.get(h.person_id or "") for h in mine]
        named += [by_slack_id.get(each) for h in mine for each in members.get(h.group_id or "", ())]
        unique = {p.id: p for p in named if p and not p.guest}
        found[role] = sorted(unique.values(), key=lambda p: (p.name, p.id))
    return found


def ask_whom(work: Work, service: Service, right: Right, *, without: str = "") -> str:
    """Whom to turn to for a right: "Ask Rosa Diaz (Registered Manager)."; never the person of that id themselves."""
    for role in (Role.DEPUTY, Role.REGISTERED_MANAGER, Role.QUALITY_LEAD, Role.AUDIT_LEAD, Role.PROVIDER_OVERSIGHT):
        if may({role}, right) and (found := [p for p in holders(work, service, [role]) if p.id != without]):
            return f"Ask {found[0].name} ({ROLE_NAMES[role]})."
    return f"Ask a {who_may(right)}."


def require(
    work: Work,
    person: Person,
    service: Service,
    right: Right,
    *,
    owner_id: str | None = None,
    roles: frozenset[Role] | None = None,
) -> None:
    """Raise NotFound for somebody with no standing in the service, NotAllowed for one whose role lacks the right.

    `roles`: the person's roles in the service, where they were looked up already."""
    if service.workspace_id != person.workspace_id or person.guest or not person.active:
        raise NotFound(f"You have no role in a service here, so there is nothing to show. {no_role(work, person)}")
    roles = roles_in(work, person, service.id) if roles is None else roles
    owns = owner_id is not None and owner_id == person.id
    if may(roles, right) or (owns and right in OWNER_RIGHTS):
        return
    if not roles and right is Right.READ:
        raise NotAllowed(f"You have no role in {service.name}. {no_role(work, person, service)}")
    whom = ask_whom(work, service, right)
    if owner_id is not None and right in OWNER_RIGHTS and not may(roles, right):
        owner = work.get(Person, owner_id)
        who = f"its owner, {owner.name}," if owner else "its owner"
        raise NotAllowed(f"Only {who} or a {who_may(right)} may {right.value}. {whom}")
    raise NotAllowed(f"Only a {who_may(right)} may {right.value} in {service.name}. {whom}")


def no_role(work: Work, person: Person, service: Service | None = None) -> str:
    """What somebody without a role, in a service or at all, should do next."""
    asked = [service] if service else work.all(Service, order="name", workspace_id=person.workspace_id, limit=3)
    managers = [p.name for each in asked for p in holders(work, each, [Role.REGISTERED_MANAGER]) if p.id != person.id]
    if person.admin:
        return "As a workspace admin you may give roles with /sip setup."
    if managers:
        return f"Ask {' or '.join(dict.fromkeys(managers))} to give you a role with /sip setup."
    return "Ask your Registered Manager to give you a role with /sip setup."


def service_of_channel(work: Work, person: Person, channel_id: str | None) -> Service | None:
    """The service whose own channel this is, whoever may read it."""
    return work.one(Service, workspace_id=person.workspace_id, channel_id=channel_id) if channel_id else None


def service_in(work: Work, person: Person, channel_id: str | None, right: Right) -> Service:
    """The service meant by where the person speaks: the channel's own, else their only one.

    Raises NotAllowed where the channel's own is closed to them, with whom to ask and the way to those that are not;
    NotFound with the way on where neither tells."""
    if found := service_of_channel(work, person, channel_id):
        roles = roles_in(work, person, found.id)
        try:
            for asked in (Right.READ, right):  # who has no role here is told that first
                require(work, person, found, asked, roles=roles)
        except NotAllowed as refusal:
            raise NotAllowed(f"{refusal.sentence}{_elsewhere(services_of(work, person, right))}") from None
        return found
    mine = services_of(work, person, right)
    if len(mine) == 1:
        return mine[0]
    if not mine:
        readable = services_of(work, person)
        if readable:
            require(work, person, readable[0], right)
        raise NotFound(f"This channel belongs to no service, and you have no role in one. {no_role(work, person)}")
    names = ", ".join(s.name for s in mine)
    raise NotFound(f"This channel belongs to no service. Say it in the channel of the one you mean: {names}.")


def _elsewhere(services: Sequence[Service]) -> str:
    if not services:
        return ""
    if len(services) == 1:
        return f" For {services[0].name}, say it in its own channel or in a message to Grip."
    names = ", ".join(s.name for s in services[:3]) + ("" if len(services) < 4 else f" and {len(services) - 3} more")
    return f" You have your say in {names}: say it in the channel of the one you mean."


def open_service(work: Work, person: Person, service_id: str, right: Right) -> Service:
    """A service by id, if the person may."""
    service = work.get(Service, service_id)
    if service is None or service.workspace_id != person.workspace_id:
        raise NotFound("That service does not exist here.")
    require(work, person, service, right)
    return service


def open_record(work: Work, person: Person, kind: type[T], typed: str, right: Right) -> tuple[T, Service]:
    """A record of a lettered kind by its reference (`P3`) or id, with its service, if the person may.

    Raises NotFound in the same words whether it is absent or out of the person's sight."""
    number = parse_ref(typed, kind)
    if number is not None:
        record = work.one(kind, workspace_id=person.workspace_id, number=number)
    else:
        record = work.get(kind, typed) if typed else None
    shown = typed.strip().upper()[:20] if number is not None else typed.strip()[:20]
    noun = NOUNS.get(kind.LETTER) or kind.__name__.lower()
    absent = partial(_absent, work, person, f"There is no {noun} {shown} that you may see.", HOW_TO_FIND[kind.LETTER])
    if record is None or record.workspace_id != person.workspace_id:
        raise absent()
    service = work.get(Service, record.service_id)
    if service is None:
        raise absent()
    owner_id = getattr(record, "owner_id", None)
    roles = roles_in(work, person, service.id)
    if not roles and owner_id != person.id:
        raise absent()
    require(work, person, service, right, owner_id=owner_id, roles=roles)
    return record, service


def _absent(work: Work, person: Person, words: str, where: str) -> NotFound:
    """The same words for what is not there and for what is out of sight: who has a role hears where to look."""
    holds = services_of(work, person)
    return NotFound(f"{words} {where if holds else f'You have no role in a service here. {no_role(work, person)}'}")


def done_before(work: Work, service: Service, request_id: str | None, kind: type[T]) -> T | None:
    """The record that this very request already made or changed, so that a double click changes nothing."""
    event = work.event_of(request_id) if request_id else None
    if event is None:
        return None
    record = work.get(kind, event.record_id)
    if record is None or record.service_id != service.id:
        raise BadInput("This form was already used for something else. Open it again.")
    return record


def colleague(work: Work, person: Person, person_id: str, field: str) -> Person:
    """Somebody of the same workspace who can be given work. Raises BadInput under `field` otherwise."""
    found = work.get(Person, person_id)
    if found is None or found.workspace_id != person.workspace_id:
        raise BadInput("That person is not known here. Choose somebody from the list.", field=field)
    if not found.active:
        raise BadInput(f"{found.name} has left the workspace. Choose somebody who works here.", field=field)
    if found.guest:
        raise BadInput(f"{found.name} is a guest or an app. Choose a member of the workspace.", field=field)
    return found
