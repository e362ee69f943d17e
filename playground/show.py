"""How Slack writes its values as JSON: messages, files, users, channels, views."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playground.clock import real
from playground.world import Channel, File, Message, User, View, World

Json = dict[str, Any]
FILE_NAMES = {
    "png": "PNG",
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "pdf": "PDF",
    "xlsx": "Excel Spreadsheet",
    "docx": "Word Document",
    "csv": "CSV",
    "txt": "Plain Text",
}


def extension(file: File) -> str:
    return file.name.rsplit(".", 1)[-1].lower() if "." in file.name else "binary"


def file_json(world: World, file: File, base: str) -> Json:
    """A file object; `url_private*` need the bot's token."""
    kind = extension(file)
    path = f"{base}/files-pri/{file.team}-{file.id}"
    spoken = world.channels
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": kind,
        "pretty_type": FILE_NAMES.get(kind, kind.upper()),
        "user": file.user,
        "user_team": file.team,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(not spoken[c].private for c in file.channels),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{path}/{file.name}",
        "url_private_download": f"{path}/download/{file.name}",
        "permalink": f"{base}/files/{file.user}/{file.id}/{file.name}",
        "alt_txt": file.alt_txt,
        "channels": sorted(c for c in file.channels if spoken[c].kind == "channel"),
        "groups": sorted(c for c in file.channels if spoken[c].kind == "group"),
        "ims": sorted(c for c in file.channels if spoken[c].kind == "im"),
        "file_access": "visible",
    }


def image_json(file: File, base: str) -> Json:
    """What Slack tells besides of an image that it has looked at: its size, and a smaller copy of it."""
    size = png_size(file.content)
    if size is None:
        return {}
    thumb = f"{base}/files-tmb/{file.team}-{file.id}/{file.name}"
    return {"original_w": size[0], "original_h": size[1], "thumb_360": thumb}


def png_size(content: bytes) -> tuple[int, int] | None:
    """Width and height that a PNG says it has, in pixels; None for anything else."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def shares_json(world: World, file: File) -> Json:
    """Where a file was shared, as files.info tells: {public|private: {channel: [{ts}]}}."""
    shares: Json = {}
    for ident in sorted(file.channels):
        channel = world.channels[ident]
        found = [m for m in channel.messages.values() if file.id in m.files]
        key = "private" if channel.private else "public"
        shares.setdefault(key, {})[ident] = [
            {"ts": m.ts, "channel_name": channel.name, "team_id": file.team}
            | ({"thread_ts": m.thread_ts} if m.thread_ts else {})
            for m in found
        ]
    return shares


def message_json(world: World, message: Message, base: str, metadata: bool = True) -> Json:
    """A message as conversations.history gives it; `metadata` whole, or only its event type."""
    author = world.users[message.user]
    found: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": author.team}
    if message.by_bot:
        space = world.workspaces[author.team]
        found["bot_id"] = space.bot_id
        found["bot_profile"] = {"id": space.bot_id, "name": author.real_name, "team_id": author.team}
    if message.subtype:
        found["subtype"] = message.subtype
    if message.blocks:
        found["blocks"] = message.blocks
    if message.attachments:
        found["attachments"] = message.attachments
    if message.files:
        found["files"] = [file_json(world, world.files[f], base) for f in message.files]
    if message.edited:
        found["edited"] = message.edited
    if message.metadata:
        found["metadata"] = message.metadata if metadata else {"event_type": message.metadata["event_type"]}
    if message.reactions:
        found["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in message.reactions.items()]
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    replies = world.channels[message.channel].threads.get(message.ts, [])
    if replies:
        found |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
        found["reply_users"] = sorted({m.user for m in replies})
    return found


def user_json(user: User, email: bool, locale: bool = False) -> Json:
    """A user as users.info gives it; the e-mail only with its scope."""
    zone = datetime.fromtimestamp(real(), ZoneInfo(user.tz)) if user.tz else None
    offset = zone.utcoffset() if zone else None
    profile = {
        "title": user.title,
        "real_name": user.real_name,
        "display_name": user.name,
        "real_name_normalized": user.real_name,
        "display_name_normalized": user.name,
        "team": user.team,
    }
    if email and user.email:
        profile["email"] = user.email
    found: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if user.is_stranger:
        found["is_stranger"] = True
    if user.enterprise:
        found["enterprise_user"] = {"id": user.id, "enterprise_id": user.enterprise, "teams": [user.team, *user.teams]}
    if user.deleted:
        return found
    found |= {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": zone.tzname() if zone else "",
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
    }
    if locale:
        found["locale"] = user.locale
    return found


def channel_json(channel: Channel, bot: str) -> Json:
    """A conversation as conversations.info gives it to the bot."""
    if channel.kind == "im":
        other = next(iter(channel.members - {bot}), bot)
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "user": other,
            "is_archived": channel.archived,
            "is_org_shared": False,
            "context_team_id": channel.team,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "group",
        "created": channel.created,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "is_member": bot in channel.members,
        "context_team_id": channel.team,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def view_json(view: View, app_id: str, bot_id: str) -> Json:
    """A view as Slack sends it in payloads and replies."""
    content = view.content
    found: Json = {
        "id": view.id,
        "team_id": view.team,
        "type": content["type"],
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata") or "",
        "callback_id": content.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": app_id,
        "external_id": content.get("external_id") or "",
        "app_installed_team_id": view.team,
        "bot_id": bot_id,
    }
    return found
