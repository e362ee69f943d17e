"""files.*: uploads in three steps and looking files up; a file is the bot's to see only where it was shared with it."""

import asyncio
import mimetypes

from playground.show import file_json, image_json, shares_json
from playground.webapi.call import Call, Json, Method, SlackError
from playground.webapi.chat import content, thread
from playground.world import Channel, File, Message, World

SHARED_AFTER = 0.05
"""Seconds until a completed upload shows in its channel: in Slack, too, sharing happens after the reply."""

LOOKED_AT_AFTER = 0.3
"""Seconds until Slack has looked at an uploaded image: before that files.info tells nothing of it as an image, and no
block may name it."""


def visible(world: World, file: File, bot: str) -> bool:
    """May this bot read the file: given to the app, or shared in a conversation that the bot is in."""
    return file.complete and (file.given_to_app or any(bot in world.channels[c].members for c in file.channels))


def get_upload_url(call: Call) -> Json:
    name, world = call.text("filename"), call.hub.world
    length = call.number("length", 0, 1_000_000_000) if call.text("length", "0") != "0" else 0
    if length == 0:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] length must be above 0"]})
    if len(call.text("alt_txt", "")) > 1000:
        raise SlackError("alt_txt_too_large")
    ident = world.new_id("F")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(ident, call.grant.team, call.bot.id, name, kind, b"", int(call.hub.clock.now()), complete=False)
    file.alt_txt = call.text("alt_txt", "")
    world.files[ident] = file
    return {"upload_url": f"{call.hub.base}/upload/v1/{ident}", "file_id": ident}


def complete(call: Call) -> Json:
    wanted = call.value("files")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: files"]})
    world, files = call.hub.world, []
    for each in wanted:
        file = world.files.get(str(each.get("id")))
        if file is None or file.user != call.bot.id or not file.content:
            raise SlackError("file_not_found")
        file.title = each.get("title") or file.title
        files.append(file)
    names = [name for name in call.text("channels", call.text("channel_id", "")).split(",") if name]
    channels = []
    for name in names:
        call.args["channel"] = name
        channels.append(call.writable(call.channel()))
    shown = content(call) if call.value("blocks") else {"text": call.text("initial_comment", "")}
    messages = [(channel, thread(call, channel)) for channel in channels]
    for file in files:
        file.complete = file.given_to_app = True
        file.looked_at = call.hub.clock.now() + LOOKED_AT_AFTER
    for channel, thread_ts in messages:
        call.hub.background(_share(call, channel, thread_ts, files, shown))
    return {"files": [{"id": file.id, "title": file.title or file.name} for file in files]}


async def _share(call: Call, channel: Channel, thread_ts: str, files: list[File], shown: Json) -> None:
    await asyncio.sleep(SHARED_AFTER)
    message = Message(call.hub.clock.ts(), channel.id, call.bot.id, by_bot=True, subtype="file_share", **shown)
    message.files, message.thread_ts = [file.id for file in files], thread_ts
    call.hub.say(message)


def info(call: Call) -> Json:
    file = call.hub.world.files.get(call.text("file"))
    if file is None or file.team != call.grant.team or not visible(call.hub.world, file, call.bot.id):
        raise SlackError("file_not_found")
    found = file_json(call.hub.world, file, call.hub.base)
    if call.hub.clock.now() < file.looked_at:
        found |= {"mimetype": "", "filetype": ""}
    else:
        found |= image_json(file, call.hub.base)
    return {"file": found | {"shares": shares_json(call.hub.world, file)}, "comments": []}


METHODS = (
    Method("files.getUploadURLExternal", get_upload_url, "files:write"),
    Method("files.completeUploadExternal", complete, "files:write", json=True),
    Method("files.info", info, "files:read"),
)
