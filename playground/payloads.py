"""The payloads that Slack sends for what a person does: commands, clicks, forms, shortcuts, look-ups."""

from typing import Any

from playground.hub import Hub
from playground.show import view_json
from playground.world import Channel, Message, User, View

Json = dict[str, Any]


def user_part(user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}


def base(hub: Hub, kind: str, user: User) -> Json:
    """The fields that every interaction has."""
    space = hub.world.workspaces[user.team]
    enterprise = {"id": space.enterprise, "name": space.name} if space.enterprise else None
    return {
        "type": kind,
        "team": {"id": space.id, "domain": space.domain},
        "enterprise": enterprise,
        "is_enterprise_install": space.as_a_whole,
        "user": user_part(user),
        "api_app_id": hub.app.id,
        "token": hub.app.verification_token,
    }


def channel_name(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def view_of(hub: Hub, view: View) -> Json:
    return view_json(view, hub.app.id, hub.world.workspaces[view.team].bot_id)


def command(hub: Hub, user: User, channel: Channel, name: str, text: str) -> Json:
    """A slash command; every value is text because it travels as a form."""
    space = hub.world.workspaces[user.team]
    found: Json = {
        "token": hub.app.verification_token,
        "team_id": space.id,
        "team_domain": space.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": hub.app.id,
        "is_enterprise_install": str(space.as_a_whole).lower(),
        "response_url": hub.response_url(user, channel, command=True),
        "trigger_id": hub.trigger(user),
    }
    return found | ({"enterprise_id": space.enterprise, "enterprise_name": space.name} if space.enterprise else {})


def message_action(hub: Hub, user: User, channel: Channel, message: Message, action: Json, values: Json) -> Json:
    """A click on a message."""
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.ephemeral_to),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    found = base(hub, "block_actions", user) | {
        "container": container,
        "trigger_id": hub.trigger(user),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": values},
        "response_url": hub.response_url(user, channel, message),
        "actions": [action],
    }
    if not message.ephemeral_to:
        found["message"] = hub.json_of(message)
    return found


def view_action(hub: Hub, user: User, view: View, action: Json) -> Json:
    """A click in a modal or on Home."""
    shown = view_of(hub, view)
    in_modal = view.id if view.content["type"] == "modal" else ""
    return base(hub, "block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": hub.trigger(user, in_modal),
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def submission(hub: Hub, user: User, view: View) -> Json:
    return base(hub, "view_submission", user) | {
        "trigger_id": hub.trigger(user, view.id),
        "view": view_of(hub, view),
        "response_urls": response_urls(hub, user, view),
    }


def response_urls(hub: Hub, user: User, view: View) -> list[Json]:
    """For each conversation chosen in a select with `response_url_enabled`."""
    found: list[Json] = []
    for block in view.content["blocks"]:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        state = view.values.get(block["block_id"], {}).get(element["action_id"], {})
        chosen = state.get("selected_conversation") or state.get("selected_channel")
        if chosen:
            url = hub.response_url(user, hub.world.channels[chosen])
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            found.append(ids | {"channel_id": chosen, "response_url": url})
    return found


def closed(hub: Hub, user: User, view: View, cleared: bool) -> Json:
    return base(hub, "view_closed", user) | {"view": view_of(hub, view), "is_cleared": cleared}


def global_shortcut(hub: Hub, user: User, callback_id: str) -> Json:
    return base(hub, "shortcut", user) | {
        "callback_id": callback_id,
        "trigger_id": hub.trigger(user),
        "action_ts": f"{hub.clock.now():.6f}",
    }


def message_shortcut(hub: Hub, user: User, callback_id: str, channel: Channel, message: Message) -> Json:
    return base(hub, "message_action", user) | {
        "callback_id": callback_id,
        "trigger_id": hub.trigger(user),
        "action_ts": f"{hub.clock.now():.6f}",
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": hub.json_of(message),
        "response_url": hub.response_url(user, channel, message),
    }
