"""Slack user groups that hold a role: which, in which service, and who is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.ids import new_id
from bot.plan import roster
from bot.plan.journal import note
from bot.plan.people import Person, Role, RoleHolding, UserGroup
from bot.plan.services import Service
from bot.work import Work

# CQC registers one person as manager of a service, so that role is never held by a group.
GROUP_ROLES = tuple(role for role in Role if role is not Role.REGISTERED_MANAGER)


def known_group(work: Work, workspace_id: str, slack_id: str, name: str, now: datetime) -> tuple[UserGroup, bool]:
    """The user group of that Slack id, kept for the first time if need be, and whether it is new; it has no members
    until Slack tells them."""
    group = work.one(UserGroup, workspace_id=workspace_id, slack_id=slack_id)
    if group:
        return group, False
    group = UserGroup(id=new_id(now), workspace_id=workspace_id, slack_id=slack_id, name=name)
    work.add(group)
    return group, True


def groups_given(work: Work, person: Person, service: Service) -> dict[Role, list[UserGroup]]:
    """The groups that hold each role of a service, for somebody who may set it up. Raises NotAllowed."""
    held = roster.roles_given(work, person, service)
    ids = {h.group_id for holdings in held.values() for h in holdings if h.group_id}
    found = {g.id: g for g in work.all(UserGroup, order="name", id=sorted(ids))} if ids else {}
    return {role: [found[h.group_id] for h in held[role] if h.group_id in found] for role in GROUP_ROLES}


def set_groups(
    work: Work, giver: Person, service: Service, wanted: Mapping[Role, Sequence[UserGroup]], now: datetime
) -> None:
    """Let each of these roles of a service be held by exactly these groups (people keep theirs). Raises NotAllowed."""
    for role, groups in wanted.items():
        ids = {group.id for group in groups}
        for holding in work.all(RoleHolding, service_id=service.id, role=role, ended_at=None):
            if holding.group_id and holding.group_id not in ids:
                ended = work.save(replace(holding, ended_at=now))
                note(work, giver, now, "end role", before=holding, after=ended, chain=service.id)
        for group in groups:
            roster.give_role(work, giver, service, role, now, group=group)


def members_told(work: Work, group: UserGroup, members: Sequence[str], now: datetime, name: str = "") -> list[Person]:
    """Keep who is in a group now, and what it is called; gives the people who are met for the first time."""
    told = replace(group, members=tuple(dict.fromkeys(members)), name=name or group.name)
    if told != group:
        work.save(told)
    found = [roster.known(work, group.workspace_id, slack_id, "", now) for slack_id in told.members]
    return [person for person, new in found if new]
