"""What the app says back to one person or channel: in an acknowledgement, or through a response_url."""

from typing import Any

from playground.blockkit import Refused, check_message
from playground.hub import Hub, ResponseUrl
from playground.world import Channel, Message, User

Json = dict[str, Any]
MOST_USES = 5
LIFE = 30 * 60
"""A response_url works five times within half an hour (docs: handling user interaction)."""


def composed(hub: Hub, answer: Json) -> Json:
    """text and blocks of an answer, checked. Raises Refused (no_text, invalid_blocks)."""
    blocks, text = answer.get("blocks"), answer.get("text") or ""
    if not isinstance(text, str) or not (text or blocks or answer.get("attachments")):
        raise Refused("no_text", [])
    checked = check_message(blocks, hub.is_image, hub.faults.reject_blocks) if blocks else None
    return {"text": text[:40_000], "blocks": checked, "attachments": answer.get("attachments")}


def say(hub: Hub, user: User, channel: Channel, answer: Json, thread_ts: str = "") -> Message:
    """Post an answer as the app: for this person alone unless it is `in_channel`."""
    bot = hub.world.bot_of(user.team)
    message = Message(hub.clock.ts(), channel.id, bot.id, by_bot=True, **composed(hub, answer))
    message.thread_ts = thread_ts
    if answer.get("response_type", "ephemeral") != "in_channel":
        message.ephemeral_to = user.id
    return hub.say(message)


def change(hub: Hub, message: Message, answer: Json) -> None:
    """Replace a message's content by an answer."""
    new = composed(hub, answer)
    message.text, message.blocks, message.attachments = new["text"], new["blocks"], new["attachments"]
    message.state = {}
    message.edited = {"user": message.user, "ts": hub.clock.ts()}
    hub.tell_message("message_changed", message)


def through_url(hub: Hub, url: ResponseUrl | None, answer: Json) -> str:
    """Carry out one use of a response_url; the error that Slack would answer, or an empty string."""
    if url is None:
        return "invalid_response_url"
    if hub.clock.now() - url.born > LIFE:
        return "expired_url"
    if url.uses >= MOST_USES:
        return "used_url"
    channel = hub.world.channels[url.channel]
    original = channel.messages.get(url.message_ts)
    thread_ts = str(answer.get("thread_ts") or url.thread_ts)
    if answer.get("thread_ts") and answer.get("replace_original") is not False:
        return "invalid_thread_ts"
    try:
        if answer.get("delete_original"):
            if url.from_command or original is None:
                return "cant_delete_message"
            hub.remove(original)
        elif answer.get("replace_original") and original is not None:
            change(hub, original, answer)
        else:
            say(hub, hub.world.users[url.user], channel, answer, thread_ts)
    except Refused as refused:
        return refused.error
    url.uses += 1
    return ""
