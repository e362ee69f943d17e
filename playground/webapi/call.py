"""One Web API call: its token, scopes and arguments, and the refusals that Slack would answer."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.delivery import Delivery
from playground.hub import Hub
from playground.world import Channel, Grant, User, Workspace

Json = dict[str, Any]
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}


class SlackError(Exception):
    """A refusal: the error's name and further fields of the reply."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass
class Call:
    """What a method gets to work with."""

    hub: Hub
    delivery: Delivery
    method: str
    args: Json
    grant: Grant

    @property
    def space(self) -> Workspace:
        return self.hub.world.workspaces[self.grant.team]

    @property
    def bot(self) -> User:
        return self.hub.world.users[self.space.bot_user]

    def need(self, scope: str) -> None:
        """Refuse with missing_scope unless the token holds the scope."""
        if scope not in self.grant.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.grant.scopes)))

    def text(self, name: str, default: str | None = None) -> str:
        """A string argument; without a default it is required."""
        value = self.args.get(name)
        if value is None or value == "":
            if default is None:
                raise invalid(f"[ERROR] missing required field: {name}")
            return default
        if isinstance(value, dict | list | bool):
            raise invalid(f"[ERROR] must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int = 1000) -> int:
        value = self.args.get(name, default)
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise invalid(f"[ERROR] must be an integer [json-pointer:/{name}]") from None
        if not 0 < number <= most:
            raise SlackError("invalid_limit")
        return number

    def value(self, name: str) -> Any:
        """An object or list, given as such or as JSON text; None when absent."""
        value = self.args.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value) if value else None
            except ValueError:
                kind = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
                raise SlackError(kind.get(name, "invalid_arguments")) from None
        return value

    def user(self, name: str = "user") -> User:
        """A person of this workspace by id, or somebody from elsewhere who is in one of its channels."""
        user = self.hub.world.users.get(self.text(name))
        if user is None or not (self.grant.team in {user.team, *user.teams} or self._shares_a_channel(user)):
            raise SlackError("user_not_found")
        return user

    def _shares_a_channel(self, user: User) -> bool:
        return any(c.team == self.grant.team and user.id in c.members for c in self.hub.world.channels.values())

    def channel(self, name: str = "channel") -> Channel:
        """A conversation that the bot can see: public ones, its own private ones and its own direct ones."""
        channel = self.hub.world.channels.get(self.text(name))
        if channel is None or channel.team != self.grant.team:
            raise SlackError("channel_not_found")
        if channel.private and self.bot.id not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def writable(self, channel: Channel) -> Channel:
        """Refuse where the bot may not post."""
        if channel.archived:
            raise SlackError("is_archived")
        if channel.kind == "im":
            other = next(iter(channel.members - {self.bot.id}), self.bot.id)
            if self.hub.world.users[other].deleted and not self.hub.posts_to_leavers:
                raise SlackError("user_disabled")
            if not self.hub.app.home.get("messages_tab_enabled", True):
                raise SlackError("messages_tab_disabled")
        elif self.bot.id not in channel.members and not self._may_post_anywhere(channel):
            raise SlackError("not_in_channel")
        return channel

    def _may_post_anywhere(self, channel: Channel) -> bool:
        return channel.kind == "channel" and "chat:write.public" in self.grant.scopes

    def page(self, found: list[Any], default: int, most: int = 1000) -> tuple[list[Any], Json]:
        """One page of a list by `limit` and `cursor`, and the response_metadata with the next cursor."""
        limit, start = self.number("limit", default, most), 0
        if cursor := self.text("cursor", ""):
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
            except ValueError:
                raise SlackError("invalid_cursor") from None
        end = start + limit
        following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(found) else ""
        return found[start:end], {"response_metadata": {"next_cursor": following}}


def invalid(*messages: str) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": list(messages)})


Run = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """A Web API method: what runs, the scope that it always needs, the kind of token, whether it reads JSON bodies."""

    name: str
    run: Run
    scope: str = ""
    token: str = "bot"  # bot, app or none
    json: bool = False
