"""conversations.*: looking at, opening and reading conversations as the bot."""

from playground.show import channel_json
from playground.webapi.call import HISTORY, READ, Call, Json, Method, SlackError
from playground.world import Channel, Message


def readable(call: Call, scopes: dict[str, str]) -> Channel:
    channel = call.channel()
    call.need(scopes[channel.kind])
    return channel


def open_im(call: Call) -> Json:
    if call.text("channel", ""):
        channel = call.channel()
        if channel.kind != "im":
            raise SlackError("channel_not_found")
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    wanted = [each.strip() for each in call.text("users", "").split(",") if each.strip()]
    if not wanted:
        raise SlackError("users_list_not_supplied")
    if len(wanted) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = call.hub.world.users.get(wanted[0])
    if person is None or person.team != call.grant.team:
        raise SlackError("user_not_found")
    if person.is_stranger:
        raise SlackError("user_not_visible")
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    known = call.hub.world.im(call.bot.id, person.id)
    if known is None and call.flag("prevent_creation"):
        raise SlackError("channel_not_found")
    channel = call.hub.world.open_im(call.bot.id, person.id, call.hub.clock.now())
    found: Json = {"channel": {"id": channel.id}}
    if call.flag("return_im"):
        found["channel"] = channel_json(channel, call.bot.id)
    return found | ({"no_op": True, "already_open": True} if known else {})


def info(call: Call) -> Json:
    channel = readable(call, READ)
    found = channel_json(channel, call.bot.id)
    if not call.flag("include_num_members"):
        found.pop("num_members", None)
    if call.flag("include_locale"):
        found["locale"] = "en-GB"
    return {"channel": found}


def members(call: Call) -> Json:
    channel = readable(call, READ)
    found, metadata = call.page(channel.people, 100)
    return {"members": found} | metadata


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if call.bot.id not in channel.members:
        channel.members.add(call.bot.id)
        joined = {"type": "member_joined_channel", "user": call.bot.id, "channel": channel.id, "channel_type": "C"}
        call.delivery.event(channel.team, joined | {"team": channel.team})
    return {"channel": channel_json(channel, call.bot.id)}


def window(call: Call, found: list[Message]) -> list[Message]:
    """Messages between `oldest` and `latest`, whose edges count only with `inclusive`."""
    oldest, latest, inclusive = call.text("oldest", ""), call.text("latest", ""), call.flag("inclusive")
    try:
        low, high = float(oldest or 0), float(latest or "inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    edges = {low, high} if inclusive else set()
    return [m for m in found if not m.ephemeral_to and (low < float(m.ts) < high or float(m.ts) in edges)]


def history(call: Call) -> Json:
    channel = readable(call, HISTORY)
    if call.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    top = [m for m in reversed(channel.messages.values()) if not m.thread_ts or m.subtype == "thread_broadcast"]
    shown, metadata = call.page(window(call, top), 100, 999)
    whole = call.flag("include_all_metadata")
    more = bool(metadata["response_metadata"]["next_cursor"])
    found: Json = {"messages": [call.hub.json_of(m, whole) for m in shown], "has_more": more, "pin_count": 0}
    return found | (metadata if more else {})


def replies(call: Call) -> Json:
    channel = readable(call, HISTORY)
    if call.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    named = channel.messages.get(call.text("ts"))
    if named is None:
        raise SlackError("thread_not_found")
    parent = channel.messages.get(named.thread_ts or named.ts, named)
    found = [parent, *window(call, channel.threads.get(parent.ts, []))]
    shown, metadata = call.page(found, 1000)
    whole = call.flag("include_all_metadata")
    more = bool(metadata["response_metadata"]["next_cursor"])
    answer: Json = {"messages": [call.hub.json_of(m, whole) for m in shown], "has_more": more}
    return answer | (metadata if more else {})


METHODS = (
    Method("conversations.open", open_im, "im:write", json=True),
    Method("conversations.info", info),
    Method("conversations.members", members),
    Method("conversations.join", join, "channels:join", json=True),
    Method("conversations.history", history),
    Method("conversations.replies", replies),
)
