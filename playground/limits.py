"""Slack's rate limits: token buckets on real time for each method and, for posted messages, each channel."""

import math
import time
from dataclasses import dataclass, field

TIERS = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}
"""Requests a minute, per method and workspace (docs.slack.dev/apis/web-api/rate-limits; 5 are the special ones)."""

TIER_OF = {
    "chat.postEphemeral": 4,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
    "users.info": 4,
    "conversations.members": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "files.info": 4,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.open": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "reactions.add": 3,
    "team.info": 3,
    "apps.connections.open": 3,
    "users.list": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
}


@dataclass
class Bucket:
    """`burst` requests at once, then `per_second`."""

    per_second: float
    burst: float
    level: float = -1.0
    seen: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one request would fit (0 when it fits now)."""
        if self.level < 0:
            self.level = self.burst
        else:
            self.level = min(self.burst, self.level + (now - self.seen) * self.per_second)
        self.seen = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.per_second

    def take(self) -> None:
        self.level -= 1


@dataclass
class Refusal:
    """One 429: when (monotonic seconds), of what, and whether it came before the previous Retry-After was over."""

    at: float
    key: str
    retry_after: int
    again: bool


@dataclass
class Limits:
    """Settings: `channel_per_second` and `channel_burst` for chat.postMessage in one channel, `posts_per_minute` and
    `posts_burst` for all of a workspace ("several hundred a minute"); `scale` multiplies every rate (for benches)."""

    on: bool = True
    channel_per_second: float = 1.0
    channel_burst: float = 3
    posts_per_minute: float = 300.0
    posts_burst: float = 20
    scale: float = 1.0
    refused: list[Refusal] = field(default_factory=list)
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)

    def check(self, team: str, method: str, channel: str = "") -> int:
        """0 when the call may run (and is counted), otherwise the whole seconds for `Retry-After`."""
        if not self.on:
            return 0
        now = time.monotonic()
        wanted = [self._bucket(f"{team}:{method}", *self._rate(method))]
        if method == "chat.postMessage" and channel:
            rate = self.channel_per_second * self.scale
            wanted.append(self._bucket(f"{team}:{method}:{channel}", rate, self.channel_burst))
        wait = max(bucket.wait(now) for bucket in wanted)
        if wait <= 0:
            for bucket in wanted:
                bucket.take()
            return 0
        retry_after = max(1, math.ceil(wait))
        key = f"{team}:{method}" + (f":{channel}" if channel else "")
        self.refused.append(Refusal(now, key, retry_after, again=now < self._until.get(key, 0.0)))
        self._until[key] = now + retry_after
        return retry_after

    def _rate(self, method: str) -> tuple[float, float]:
        if method == "chat.postMessage":
            return self.posts_per_minute * self.scale / 60, self.posts_burst
        per_minute = TIERS[TIER_OF.get(method, 5)]
        return per_minute * self.scale / 60, per_minute

    def _bucket(self, key: str, per_second: float, burst: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(per_second, burst)
        return bucket
