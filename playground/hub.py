"""The stand-in as a whole: its world, clock, limits, faults and traffic, and what every part needs of them."""

import asyncio
import secrets
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from playground.clock import Clock
from playground.faults import Faults
from playground.limits import Limits
from playground.live import Live
from playground.manifest import App
from playground.show import message_json
from playground.traffic import Traffic
from playground.world import Channel, Message, User, World

Json = dict[str, Any]


@dataclass
class Trigger:
    """One click's right to open one view: 3 seconds of real time, one use."""

    id: str
    user: str
    born: float
    view: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer up to 5 times within 30 minutes of the stand-in's clock."""

    key: str
    user: str
    channel: str
    born: float
    message_ts: str = ""
    thread_ts: str = ""
    from_command: bool = False
    uses: int = 0


@dataclass
class Reply:
    """How the bot answered a delivery; `error` is empty when it acknowledged in time."""

    body: Any = None
    ms: float = 0.0
    error: str = ""


class Hub:
    """Settings: `ack_seconds` is Slack's 3 seconds, `retry_delays` the waits (real seconds) before each redelivery
    of an event, `echo` whether the app hears its own messages in conversations that it listens to, as in Slack;
    `posts_to_leavers` whether a post to somebody deactivated is taken in silence (python-slack-sdk#1156 saw that)
    or refused with user_disabled."""

    def __init__(self, app: App, world: World, clock: Clock, limits: Limits) -> None:
        self.app = app
        self.world = world
        self.clock = clock
        self.limits = limits
        self.faults = Faults()
        self.traffic = Traffic()
        self.live = Live()
        self.base = ""
        self.ack_seconds = 3.0
        self.trigger_seconds = 3.0
        self.retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.echo = True
        self.posts_to_leavers = False
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.offered: dict[tuple[str, str, str], list[Json]] = {}
        self.codes: dict[str, tuple[str, set[str], str]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside the current request, holding on to it until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def record(self, direction: str, kind: str, summary: str, payload: Any, ms: float, status: str) -> None:
        self.traffic.add(self.clock.now(), direction, kind, summary, payload, round(ms, 2), status)
        self.live.tell({"type": "traffic"})

    def trigger(self, user: User, view: str = "") -> str:
        """A new trigger id for what this person just did."""
        now = time.monotonic()
        if len(self.triggers) > 500:
            self.triggers = {k: t for k, t in self.triggers.items() if now - t.born < 60}
        ident = f"{int(now * 1000)}.{len(self.triggers)}.{secrets.token_hex(16)}"
        self.triggers[ident] = Trigger(ident, user.id, now, view)
        return ident

    def response_url(self, user: User, channel: Channel, message: Message | None = None, command: bool = False) -> str:
        key = secrets.token_urlsafe(18)
        url = ResponseUrl(key, user.id, channel.id, self.clock.now(), from_command=command)
        if message is not None:
            url.message_ts, url.thread_ts = message.ts, message.thread_ts
        self.response_urls[key] = url
        return f"{self.base}/response/{user.team}/{key}"

    def say(self, message: Message) -> Message:
        """Put a message into its conversation and tell those who see it."""
        channel = self.world.channels[message.channel]
        channel.messages[message.ts] = message
        if message.thread_ts:
            channel.threads.setdefault(message.thread_ts, []).append(message)
        for ident in message.files:
            self.world.files[ident].channels.add(channel.id)
        self.tell_message("message", message)
        return message

    def remove(self, message: Message) -> None:
        channel = self.world.channels[message.channel]
        channel.messages.pop(message.ts, None)
        if message.thread_ts in channel.threads:
            channel.threads[message.thread_ts].remove(message)
        self.tell_message("message_deleted", message)

    def tell_message(self, kind: str, message: Message) -> None:
        seen_by = {message.ephemeral_to} if message.ephemeral_to else self.world.channels[message.channel].members
        hint: Json = {"type": kind, "channel": message.channel, "ts": message.ts}
        if message.thread_ts:
            hint["thread_ts"] = message.thread_ts
        self.live.tell(hint, seen_by)

    def json_of(self, message: Message, metadata: bool = True) -> Json:
        return message_json(self.world, message, self.base, metadata)

    def is_image(self, slack_file: Any) -> bool:
        """Does this `slack_file` ({id} or {url}) name an image that the app has, and that Slack has looked at?"""
        if not isinstance(slack_file, dict):
            return False
        ident = slack_file.get("id") or str(slack_file.get("url", "")).split("-F")[-1].split("/")[0]
        file = self.world.files.get(ident) or self.world.files.get(f"F{ident}")
        if file is None or not file.complete or self.clock.now() < file.looked_at:
            return False
        bot = self.world.bot_of(file.team).id
        own = file.given_to_app or any(bot in self.world.channels[c].members for c in file.channels)
        return own and file.mimetype in ("image/png", "image/jpeg", "image/gif")
