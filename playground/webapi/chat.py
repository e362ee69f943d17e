"""chat.*, reactions.add and views of a message's text: posting, changing and deleting what people read."""

import json
from typing import Any

from playground.blockkit import Refused, check_message
from playground.webapi.call import Call, Json, Method, SlackError, invalid
from playground.world import Channel, Message

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000
LARGEST_METADATA = 16_000


def target(call: Call) -> Channel:
    """The conversation named by `channel`; a person's id opens the app's direct conversation with them."""
    ident = call.text("channel", "")
    if not ident:
        raise SlackError("channel_not_found")
    world = call.hub.world
    person = world.users.get(ident)
    if person is None:
        return call.writable(call.channel())
    if person.team != call.grant.team:
        raise SlackError("channel_not_found")
    if person.deleted and not call.hub.posts_to_leavers:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    return call.writable(world.open_im(call.bot.id, person.id, call.hub.clock.now()))


def content(call: Call) -> Json:
    """text, blocks, attachments and metadata, checked; no_text when there is nothing to read."""
    blocks, attachments = call.value("blocks"), call.value("attachments")
    markdown = call.text("markdown_text", "")
    text = call.text("text", "")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    if attachments and len(attachments) > 100:
        raise SlackError("too_many_attachments")
    if not (text or markdown or blocks or attachments):
        raise SlackError("no_text")
    try:
        checked = check_message(blocks, call.hub.is_image, call.hub.faults.reject_blocks) if blocks else None
    except Refused as refused:
        raise SlackError(refused.error, response_metadata={"messages": refused.messages}) from None
    return {
        "text": (text or markdown)[:LONGEST_TEXT],
        "blocks": checked,
        "attachments": attachments,
        "metadata": metadata(call),
    }


def metadata(call: Call) -> Json | None:
    found: Any = call.value("metadata")
    if found is None:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(found.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(found)) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": found["event_type"], "event_payload": found["event_payload"]}


def thread(call: Call, channel: Channel) -> str:
    """The thread to answer in: the parent's timestamp, or nothing."""
    ts = call.text("thread_ts", "")
    if not ts:
        return ""
    parent = channel.messages.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def post_message(call: Call) -> Json:
    channel = target(call)
    message = Message(call.hub.clock.ts(), channel.id, call.bot.id, by_bot=True, **content(call))
    message.thread_ts = thread(call, channel)
    if message.thread_ts and call.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    call.hub.say(message)
    echo(call, channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": call.hub.json_of(message)}


def echo(call: Call, channel: Channel, message: Message) -> None:
    """As in Slack, the app hears its own messages in the conversations that it listens to."""
    if call.hub.echo:
        kind = {"im": "im", "group": "groups"}.get(channel.kind, "channels")
        channel_type = {"im": "im", "group": "group"}.get(channel.kind, "channel")
        if f"message.{kind}" in call.hub.app.events:
            event = call.hub.json_of(message) | {"channel": channel.id, "channel_type": channel_type}
            call.delivery.event(channel.team, event, f"message.{kind}")


def post_ephemeral(call: Call) -> Json:
    channel = call.writable(call.channel())
    person = call.hub.world.users.get(call.text("user"))
    if person is None or person.id not in channel.members or person.deleted:
        raise SlackError("user_not_in_channel")
    message = Message(
        call.hub.clock.ts(), channel.id, call.bot.id, by_bot=True, ephemeral_to=person.id, **content(call)
    )
    message.thread_ts = thread(call, channel)
    call.hub.say(message)
    return {"message_ts": message.ts}


def own(call: Call, error: str) -> Message:
    """The bot's own message named by channel and ts; ephemeral ones cannot be named."""
    channel = call.channel()
    message = channel.messages.get(call.text("ts"))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    if message.user != call.bot.id:
        raise SlackError(error)
    if channel.archived:
        raise SlackError("is_archived" if error == "cant_delete_message" else "cant_update_message")
    return message


def update(call: Call) -> Json:
    """Blocks stay only when neither text nor blocks are given; attachments stay unless given (docs: chat.update)."""
    message = own(call, "cant_update_message")
    new = content(call)
    if new["text"] or new["blocks"] is not None:
        message.text, message.blocks = new["text"], new["blocks"]
    if new["attachments"] is not None:
        message.attachments = new["attachments"]
    if new["metadata"] is not None:
        message.metadata = new["metadata"]
    message.state = {}
    message.edited = {"user": call.bot.id, "ts": call.hub.clock.ts()}
    call.hub.tell_message("message_changed", message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": call.hub.json_of(message)}


def delete(call: Call) -> Json:
    message = own(call, "cant_delete_message")
    call.hub.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = channel.messages.get(call.text("message_ts"))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    link = f"{call.hub.base}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(call: Call) -> Json:
    channel = call.writable(call.channel())
    message = channel.messages.get(call.text("timestamp"))
    name = call.text("name").strip(":")
    if message is None:
        raise SlackError("message_not_found")
    given = message.reactions.setdefault(name, [])
    if call.bot.id in given:
        raise SlackError("already_reacted")
    given.append(call.bot.id)
    call.hub.tell_message("message_changed", message)
    return {}


def validate_blocks(call: Call) -> Json:
    """blocks.validate: no token; answers with the JSON pointers of what Slack would refuse."""
    blocks = call.value("blocks")
    if blocks is None:
        raise invalid("[ERROR] missing required field: blocks")
    try:
        check_message(blocks, lambda _: True, set())
    except Refused as refused:
        raise SlackError(refused.error, response_metadata={"messages": refused.messages}) from None
    return {}


METHODS = (
    Method("chat.postMessage", post_message, "chat:write", json=True),
    Method("chat.postEphemeral", post_ephemeral, "chat:write", json=True),
    Method("chat.update", update, "chat:write", json=True),
    Method("chat.delete", delete, "chat:write", json=True),
    Method("chat.getPermalink", get_permalink),
    Method("reactions.add", add_reaction, "reactions:write", json=True),
    Method("blocks.validate", validate_blocks, token="none", json=True),
)
