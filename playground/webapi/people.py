"""users.*, usergroups.*, team.info: who is in the workspace."""

from playground.show import user_json
from playground.webapi.call import Call, Json, Method, SlackError
from playground.world import UserGroup


def info(call: Call) -> Json:
    person = call.user()
    return {"user": user_json(person, "users:read.email" in call.grant.scopes, call.flag("include_locale"))}


def listing(call: Call) -> Json:
    email, locale = "users:read.email" in call.grant.scopes, call.flag("include_locale")
    people = [user for user in call.hub.world.users.values() if user.team == call.grant.team]
    shown, metadata = call.page(people, 1000) if call.text("limit", "") else (people, {})
    found = {"members": [user_json(user, email, locale) for user in shown], "cache_ts": int(call.hub.clock.now())}
    return found | metadata


def group_json(group: UserGroup, users: bool) -> Json:
    found: Json = {
        "id": group.id,
        "team_id": group.team,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "date_delete": 0,
        "user_count": len(group.users),
    }
    return found | ({"users": group.users} if users else {})


def groups(call: Call) -> Json:
    users = call.flag("include_users")
    found = [group_json(g, users) for g in call.hub.world.groups.values() if g.team == call.grant.team]
    return {"usergroups": found}


def group_users(call: Call) -> Json:
    group = call.hub.world.groups.get(call.text("usergroup"))
    if group is None or group.team != call.grant.team:
        raise SlackError("no_such_subteam")
    return {"users": [u for u in group.users if not call.hub.world.users[u].deleted]}


def team(call: Call) -> Json:
    return {"team": {"id": call.space.id, "name": call.space.name, "domain": call.space.domain}}


METHODS = (
    Method("users.info", info, "users:read"),
    Method("users.list", listing, "users:read"),
    Method("usergroups.list", groups, "usergroups:read"),
    Method("usergroups.users.list", group_users, "usergroups:read"),
    Method("team.info", team, "team:read"),
)
