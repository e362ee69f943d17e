"""The state of the stand-in: workspaces, people, channels, messages, files, views and tokens as plain values."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.clock import real

Json = dict[str, Any]


@dataclass
class User:
    id: str
    team: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Europe/London"
    locale: str = "en-GB"
    email: str = ""
    roles: list[Json] = field(default_factory=list)
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    enterprise: str = ""
    teams: list[str] = field(default_factory=list)  # further workspaces of that Enterprise organisation
    updated: int = 0


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    files: list[str] = field(default_factory=list)
    thread_ts: str = ""
    metadata: Json | None = None
    edited: Json | None = None
    subtype: str = ""
    ephemeral_to: str = ""
    by_bot: bool = False
    bot_profile_name: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    state: Json = field(default_factory=dict)


@dataclass
class Channel:
    id: str
    team: str
    name: str
    kind: str = "channel"  # channel, group (private) or im
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared: bool = False
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[Message]] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.kind != "channel"

    @property
    def people(self) -> list[str]:
        return sorted(self.members)


@dataclass
class File:
    id: str
    team: str
    user: str
    name: str
    mimetype: str
    content: bytes
    created: int
    title: str = ""
    alt_txt: str = ""
    channels: set[str] = field(default_factory=set)
    given_to_app: bool = False  # through a file_input, or because the app uploaded it
    complete: bool = True
    looked_at: float = 0.0  # seconds on the clock from which Slack knows it as an image, and shows it in blocks


@dataclass
class View:
    id: str
    team: str
    user: str
    content: (
        Json  # type, title, submit, close, blocks, callback_id, private_metadata, external_id, clear_/notify_on_close
    )
    hash: str
    root: str
    previous: str | None = None
    values: Json = field(default_factory=dict)  # block_id -> action_id -> state, as last known


@dataclass
class UserGroup:
    id: str
    team: str
    handle: str
    name: str
    users: list[str]


@dataclass
class Grant:
    """What one token is good for. `expires` is seconds on the stand-in's clock, 0 for never; `organisation` is that of
    a token for a whole Enterprise organisation, which acts in whichever of its workspaces a call is about."""

    token: str
    team: str
    kind: str = "bot"  # bot or app
    scopes: set[str] = field(default_factory=set)
    expires: float = 0.0
    revoked: bool = False
    refresh_token: str = ""
    organisation: str = ""


@dataclass
class Workspace:
    id: str
    name: str
    domain: str
    bot_user: str
    bot_id: str
    bot_token: str
    enterprise: str = ""
    installed: bool = True
    as_a_whole: bool = False  # the app came with its organisation


@dataclass
class World:
    """Everything, by id. User, channel, file and view ids are unique across workspaces."""

    workspaces: dict[str, Workspace] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    _number: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _start: str = field(default_factory=lambda: base36(int(real() * 1000))[-6:])

    def new_id(self, prefix: str) -> str:
        """An id as Slack's (capital letters and digits), unique across restarts too."""
        return f"{prefix}0{self._start}{base36(next(self._number)).rjust(4, '0')}"

    def new_hash(self) -> str:
        return f"{int(real())}.{secrets.token_hex(4)}"

    def workspaces_of(self, organisation: str) -> list[Workspace]:
        """The workspaces of an Enterprise organisation."""
        return [space for space in self.workspaces.values() if organisation and space.enterprise == organisation]

    def bot_of(self, team: str) -> User:
        return self.users[self.workspaces[team].bot_user]

    def im(self, one: str, other: str) -> Channel | None:
        """The direct conversation between two people, if it has been opened."""
        return self.channels.get(self.im_id(one, other))

    def open_im(self, one: str, other: str, now: float) -> Channel:
        """The direct conversation between two people of one workspace, made when missing."""
        channel = self.im(one, other)
        if channel is None:
            ident = self.im_id(one, other)
            team = self.users[one].team
            channel = Channel(ident, team, "directmessage", "im", {one, other}, created=int(now))
            self.channels[ident] = channel
        return channel

    def im_id(self, one: str, other: str) -> str:
        """Stable across restarts: D and the person's id for the app's own conversations, both ids otherwise."""
        bots = {workspace.bot_user for workspace in self.workspaces.values()}
        people = sorted({one, other} - bots) or [one]
        return "D" + "".join(person[1:] for person in people)


def base36(number: int) -> str:
    """The number in capital letters and digits."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text or "0"


def load(described: Json, bot_name: str, scopes: set[str]) -> World:
    """The world that a JSON file describes: `workspaces: [{id, name, domain, people, channels, user_groups}]`.

    A person: `{id, name, real_name, title, tz, locale, email, roles, is_restricted...}`;
    a channel: `{id, name, private, members (ids, default everybody but guests), bot (default false)}`;
    a user group: `{id, handle, name, users}`.
    Raises KeyError for a missing id or name and TypeError for an unknown field of a person.
    """
    world = World()
    for each in described["workspaces"]:
        team = each["id"]
        short = team[1:]
        token = each.get("bot_token", f"xoxb-{team}-standin")
        bot = User(f"U{short}BOT", team, bot_name.lower().replace(" ", ""), bot_name, is_bot=True)
        space = Workspace(team, each["name"], each.get("domain", short.lower()), bot.id, f"B{short}", token)
        space.enterprise = each.get("enterprise", "")
        world.workspaces[team] = space
        world.users[bot.id] = bot
        world.grants[token] = Grant(token, team, scopes=set(each.get("scopes", scopes)))
        for person in each["people"]:
            world.users[person["id"]] = User(team=team, **person)
        everybody = {u.id for u in world.users.values() if u.team == team and not u.is_restricted and not u.is_bot}
        for channel in each["channels"]:
            members = set(channel.get("members", everybody)) | ({bot.id} if channel.get("bot") else set())
            kind = "group" if channel.get("private") else "channel"
            world.channels[channel["id"]] = Channel(channel["id"], team, channel["name"], kind, members)
        for group in each.get("user_groups", []):
            world.groups[group["id"]] = UserGroup(team=team, **group)
    return world
