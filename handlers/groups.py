"""Roles of Slack user groups: chosen in a form; membership comes with events and is never asked for again and again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.errors import SlackClientError

from bot.errors import Refusal
from bot.ids import new_id
from bot.plan import groups, roster
from bot.plan.people import Person, Role, UserGroup
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryKind
from bot.work import Work
from handlers.desk import Answer, Button, Call, Desk, Feature, Form, Show
from handlers.origins import workspace_of_event
from handlers.setup import ROLES_REFUSED
from handlers.views import groups as views
from handlers.views import parts
from handlers.views.groups import Offered

log = structlog.get_logger(__name__)


def open_form(call: Call) -> Answer | None:
    """{"service"}: the groups are listed once, as the form opens, which brings those that hold a role up to date."""
    with call.desk.store.reading() as work:
        _to_set_up(work, call.person, str(call.value["service"]))
    listed = _listed(call)
    with call.transaction() as work:
        service = _to_set_up(work, call.person, str(call.value["service"]))
        for each in listed:
            group = work.one(UserGroup, workspace_id=call.person.workspace_id, slack_id=each["id"])
            if group:
                told(work, group, each.get("users") or [], call.now, str(each.get("name") or ""))
        held = groups.groups_given(work, call.person, service)
    offered = [
        Offered(g["id"], g.get("name") or g["id"], g.get("handle") or "", int(g.get("user_count") or 0)) for g in listed
    ]
    gone = {g.slack_id: g for found in held.values() for g in found if g.slack_id not in {o.slack_id for o in offered}}
    offered += [Offered(g.slack_id, g.name, "", len(g.members)) for g in gone.values()]
    if not offered:
        return views.none()
    call.open(views.form(service, offered, {role: [g.slack_id for g in found] for role, found in held.items()}))
    return None


def _to_set_up(work: Work, person: Person, service_id: str) -> Service:
    service = work.get(Service, service_id)
    if service is None or not roster.may_set_up(work, person, service):
        raise Refusal(ROLES_REFUSED)
    return service


def _listed(call: Call) -> Sequence[Mapping[str, Any]]:
    """Every user group of the workspace; none where Slack does not tell."""
    try:
        found: Sequence[Mapping[str, Any]] = call.client.usergroups_list(include_users=True)["usergroups"]
    except (SlackClientError, OSError) as error:
        log.warning("no user groups", error=type(error).__name__)
        return ()
    return found


def submit(call: Call) -> Show:
    """Groups were chosen: each role is held by exactly these groups from now on."""
    names = call.meta.get("names") or {}
    with call.transaction() as work:
        service = _to_set_up(work, call.person, str(call.meta["service_id"]))
        wanted: dict[Role, list[UserGroup]] = {}
        new = False
        for role in groups.GROUP_ROLES:
            wanted[role] = []
            for slack_id in call.values.get(role.value) or []:
                name = str(names.get(slack_id) or slack_id)
                group, first = groups.known_group(work, call.person.workspace_id, slack_id, name, call.now)
                if first:
                    new = True
                    ask(work, group, call.now)
                wanted[role].append(group)
        groups.set_groups(work, call.person, service, wanted, call.now)
    answer = views.kept(service, {role: [g.name for g in found] for role, found in wanted.items()}, new)
    return Show(parts.said("Saved", answer.text, answer.blocks))


def ask(work: Work, group: UserGroup, now: datetime) -> None:
    """Let Slack be asked who is in a group."""
    work.enqueue(
        Delivery(
            id=new_id(now),
            key=f"group:{group.id}:{now.isoformat()}",
            workspace_id=group.workspace_id,
            kind=DeliveryKind.GROUP,
            payload={"group": group.id},
            next_at=now,
        )
    )


def told(work: Work, group: UserGroup, members: Sequence[str], now: datetime, name: str = "") -> None:
    """Keep who is in a group, and let Slack be asked who the new faces are."""
    for person in groups.members_told(work, group, members, now, name):
        work.enqueue(
            Delivery(
                id=new_id(now),
                key=f"profile:{person.id}:{group.id}",
                workspace_id=group.workspace_id,
                kind=DeliveryKind.PROFILE,
                payload={},
                person_id=person.id,
                next_at=now,
            )
        )


def members_changed(desk: Desk, body: Mapping[str, Any]) -> None:
    """A user group that holds a role gained or lost members."""
    event = body["event"]
    with desk.store.transaction() as work:
        group = work.one(UserGroup, workspace_id=workspace_of_event(body), slack_id=event["subteam_id"])
        if group:
            left = [m for m in group.members if m not in set(event.get("removed_users", []))]
            told(work, group, [*left, *event.get("added_users", [])], desk.clock())


def updated(desk: Desk, body: Mapping[str, Any]) -> None:
    """A user group was renamed, disabled or enabled; in a disabled one nobody holds its role."""
    group_told = body["event"]["subteam"]
    with desk.store.transaction() as work:
        group = work.one(UserGroup, workspace_id=workspace_of_event(body), slack_id=group_told["id"])
        if group:
            members = [] if group_told.get("date_delete") else group_told.get("users", group.members)
            told(work, group, members, desk.clock(), str(group_told.get("name") or ""))


FEATURE = Feature(name="groups", buttons=(Button("setup.groups", open_form),), forms=(Form("setup.groups", submit),))
