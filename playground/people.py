"""What people do among themselves and what befalls a workspace: messages, uploads, leaving, archiving."""

import mimetypes
from typing import Any

from playground.delivery import Delivery
from playground.hub import Hub
from playground.show import channel_json, user_json
from playground.typed import encoded
from playground.webapi.people import group_json
from playground.world import Channel, File, Message, User

Json = dict[str, Any]


class People:
    """Messages and files of people, with the events that the app hears of them."""

    def __init__(self, hub: Hub, delivery: Delivery) -> None:
        self.hub = hub
        self.delivery = delivery

    def upload(self, user: User, name: str, content: bytes, mimetype: str = "") -> File:
        """A file of this person; it is shared with nobody until a message or a form carries it."""
        kind = mimetype or mimetypes.guess_type(name)[0] or "application/octet-stream"
        ident = self.hub.world.new_id("F")
        file = File(ident, user.team, user.id, name, kind, content, int(self.hub.clock.now()))
        self.hub.world.files[ident] = file
        return file

    def say(self, user: User, channel: Channel, text: str, thread_ts: str, file_ids: list[str]) -> Message:
        """A message, its text encoded as Slack does; the app hears of a mention and of words in its own conversation.

        Raises ValueError when the conversation, thread or a file is not this person's to use.
        """
        world = self.hub.world
        if user.id not in channel.members:
            raise ValueError("You are not in this conversation.")
        if channel.archived:
            raise ValueError("This channel is archived.")
        if thread_ts and thread_ts not in channel.messages:
            raise ValueError("There is no such thread here.")
        if any(f not in world.files or world.files[f].user != user.id for f in file_ids):
            raise ValueError("This file was not uploaded by you.")
        if not text.strip() and not file_ids:
            raise ValueError("Write something first.")
        message = Message(self.hub.clock.ts(), channel.id, user.id, encoded(world, user.team, text, labels=False))
        message.thread_ts, message.files = thread_ts, list(file_ids)
        message.subtype = "file_share" if file_ids else ""
        self.hub.say(message)
        self._events(channel, message)
        return message

    def _events(self, channel: Channel, message: Message) -> None:
        bot = self.hub.world.bot_of(channel.team)
        if bot.id not in channel.members:
            return
        kinds = {"im": ("im", "im"), "group": ("groups", "group")}
        plural, one = kinds.get(channel.kind, ("channels", "channel"))
        said = self.hub.json_of(message) | {"channel": channel.id, "client_msg_id": message.ts, "event_ts": message.ts}
        self.delivery.event(channel.team, said | {"channel_type": one}, f"message.{plural}")
        if channel.kind != "im" and f"<@{bot.id}>" in message.text:
            left_out = {"subtype", "files"} if self.hub.faults.bare_mentions else {"subtype"}
            mention = {k: v for k, v in said.items() if k not in left_out} | {"type": "app_mention"}
            self.delivery.event(channel.team, mention)

    def open_home(self, user: User, tab: str) -> None:
        """Tell the app that its Home (or Messages) tab was opened, with the view that it published last."""
        from playground.payloads import view_of

        channel = self.hub.world.open_im(user.id, self.hub.world.bot_of(user.team).id, self.hub.clock.now())
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": tab}
        home = self.hub.world.homes.get(user.id)
        if home is not None and tab == "home":
            event["view"] = view_of(self.hub, home)
        self.delivery.event(user.team, event)


class Happenings:
    """Changes to the workspace itself, by name, each with its event. Every method takes JSON fields as keywords."""

    def __init__(self, hub: Hub, delivery: Delivery) -> None:
        self.hub = hub
        self.delivery = delivery

    def happen(self, name: str, fields: Json) -> Json:
        """Let it happen. ValueError for an unknown name; KeyError for unknown ids."""
        known = {
            "deactivate_user": self._deactivate,
            "change_user": self._change_user,
            "add_user": self._add_user,
            "archive_channel": self._archive,
            "unarchive_channel": self._unarchive,
            "create_channel": self._create_channel,
            "join": self._join,
            "leave": self._leave,
            "change_group": self._change_group,
            "grant_scopes": self._grant_scopes,
            "uninstall": self._uninstall,
            "revoke_access": self._revoke_access,
        }
        if name not in known:
            raise ValueError(f"There is {', '.join(sorted(known))}; not {name}.")
        return known[name](fields)

    def _user_event(self, kind: str, user: User) -> Json:
        user.updated = int(self.hub.clock.now())
        shown = user_json(user, email=False)
        self.delivery.event(user.team, {"type": kind, "user": shown, "cache_ts": user.updated})
        return {"user": shown}

    def _deactivate(self, fields: Json) -> Json:
        user = self.hub.world.users[fields["user"]]
        user.deleted = True
        for channel in self.hub.world.channels.values():
            if channel.kind != "im":
                channel.members.discard(user.id)
        return self._user_event("user_change", user)

    def _change_user(self, fields: Json) -> Json:
        user = self.hub.world.users[fields["user"]]
        for name, value in fields.items():
            if name not in ("user", "do"):
                setattr(user, name, value)
        return self._user_event("user_change", user)

    def _add_user(self, fields: Json) -> Json:
        wanted = {k: v for k, v in fields.items() if k not in ("channels", "do")}
        wanted.setdefault("team", next(iter(self.hub.world.workspaces)))
        wanted.setdefault("name", wanted["real_name"].split()[0].lower())
        wanted.setdefault("id", self.hub.world.new_id("U"))
        user = User(**wanted)
        self.hub.world.users[user.id] = user
        for channel in fields.get("channels", []):
            self.hub.world.channels[channel].members.add(user.id)
        return self._user_event("team_join", user)

    def _archive(self, fields: Json) -> Json:
        return self._set_archived(fields, "channel_archive", archived=True)

    def _unarchive(self, fields: Json) -> Json:
        return self._set_archived(fields, "channel_unarchive", archived=False)

    def _set_archived(self, fields: Json, event: str, archived: bool) -> Json:
        channel = self.hub.world.channels[fields["channel"]]
        channel.archived = archived
        self.delivery.event(channel.team, {"type": event, "channel": channel.id, "user": fields.get("user", "")})
        return {"channel": channel_json(channel, self.hub.world.bot_of(channel.team).id)}

    def _create_channel(self, fields: Json) -> Json:
        team = fields.get("team") or next(iter(self.hub.world.workspaces))
        bot = self.hub.world.bot_of(team).id
        ident = fields.get("id") or self.hub.world.new_id("C")
        kind = "group" if fields.get("private") else "channel"
        members = set(fields.get("members", [])) | ({bot} if fields.get("bot") else set())
        channel = Channel(ident, team, fields["name"], kind, members, shared=bool(fields.get("shared")))
        channel.created = int(self.hub.clock.now())
        self.hub.world.channels[ident] = channel
        return {"channel": channel_json(channel, bot)}

    def _member(self, fields: Json) -> tuple[Channel, str]:
        channel = self.hub.world.channels[fields["channel"]]
        user = fields.get("user") or self.hub.world.bot_of(channel.team).id
        return channel, self.hub.world.users[user].id

    def _join(self, fields: Json) -> Json:
        """`user` joins `channel`, brought by `inviter` if one is named; without a user the app itself is invited."""
        channel, user = self._member(fields)
        channel.members.add(user)
        self._membership("member_joined_channel", channel, user, fields.get("inviter", ""))
        return {}

    def _leave(self, fields: Json) -> Json:
        """`user` leaves `channel`; without a user the app itself is removed."""
        channel, user = self._member(fields)
        self._membership("member_left_channel", channel, user)
        channel.members.discard(user)
        if user == self.hub.world.bot_of(channel.team).id:
            self.delivery.event(channel.team, {"type": "channel_left", "channel": channel.id})
        return {}

    def _membership(self, kind: str, channel: Channel, user: str, inviter: str = "") -> None:
        if self.hub.world.bot_of(channel.team).id in channel.members:
            letter = "G" if channel.kind == "group" else "C"
            event = {"user": user, "channel": channel.id, "channel_type": letter, "team": channel.team}
            brought = {"inviter": inviter} if inviter else {}
            self.delivery.event(channel.team, event | brought | {"type": kind})

    def _change_group(self, fields: Json) -> Json:
        """Other members (`users`), or another `name`, of a user `group`."""
        group = self.hub.world.groups[fields["group"]]
        if "name" in fields:
            group.name = str(fields["name"])
            self.delivery.event(group.team, {"type": "subteam_updated", "subteam": group_json(group, users=True)})
        if "users" not in fields:
            return {}
        before, group.users = set(group.users), list(fields["users"])
        event: Json = {"subteam_id": group.id, "team_id": group.team, "date_update": int(self.hub.clock.now())}
        event |= {"added_users": sorted(set(group.users) - before), "removed_users": sorted(before - set(group.users))}
        self.delivery.event(group.team, event | {"type": "subteam_members_changed"})
        return {}

    def _grant_scopes(self, fields: Json) -> Json:
        """A reinstallation in which the installer grants exactly these scopes."""
        team = fields.get("team") or next(iter(self.hub.world.workspaces))
        grant = self.hub.world.grants[self.hub.world.workspaces[team].bot_token]
        grant.scopes = set(fields["scopes"])
        return {}

    def _uninstall(self, fields: Json) -> Json:
        """The app is removed from `team`, with its whole organisation where it came that way."""
        team = fields.get("team") or next(iter(self.hub.world.workspaces))
        space = self.hub.world.workspaces[team]
        self.hub.world.grants[space.bot_token].revoked = True
        for each in self.hub.world.workspaces_of(space.enterprise) if space.as_a_whole else [space]:
            each.installed = False
        self.delivery.event(team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [space.bot_user]}})
        self.delivery.event(team, {"type": "app_uninstalled"})
        return {}

    def _revoke_access(self, fields: Json) -> Json:
        """An organisation takes its app out of one workspace, `team`; the others keep it."""
        space = self.hub.world.workspaces[fields["team"]]
        space.installed = False
        self.delivery.event(space.id, {"type": "team_access_revoked", "team_ids": [space.id]})
        return {}
