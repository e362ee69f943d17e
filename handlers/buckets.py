"""How fast one process calls Slack: a token bucket for each workspace and method, and for each channel's posts.

What all processes together may call is kept in the store (bot.work.Work.turns); these see to it that turns which were
held up, by a slow machine or a 429, do not then come in a rush."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` calls at once, then `per_second`."""

    per_second: float
    burst: float


# docs.slack.dev/apis/web-api/rate-limits: chat.postMessage one a second in a channel and "several hundred a minute" in
# a workspace; tier 3 is 50 a minute, tier 4 is 100. Ours stay a little below, since requests bunch up on their way.
CHANNEL = Rate(0.97, 1)
RATES = {
    "chat.postMessage": Rate(290 / 60, 15),
    "chat.update": Rate(48 / 60, 20),
    "views.publish": Rate(96 / 60, 40),
    "users.info": Rate(96 / 60, 40),
    "conversations.open": Rate(48 / 60, 20),
    "conversations.history": Rate(48 / 60, 20),
    "conversations.replies": Rate(48 / 60, 20),
    "usergroups.users.list": Rate(19 / 60, 10),
}
# What looking for a message of unknown fate calls.
LOOKING = ("conversations.history", "conversations.open")


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    next_free: float = 0.0  # when the bucket will be full again (the "theoretical arrival time" of GCRA, ITU-T I.371)
    paused_until: float = 0.0

    def opens(self, now: float) -> float:
        """The first instant at which one more call fits."""
        room = (self.rate.burst - 1) / self.rate.per_second
        return max(now, self.next_free - room, self.paused_until)

    def take(self, now: float) -> None:
        self.next_free = max(self.next_free, now) + 1 / self.rate.per_second


@dataclass(slots=True)
class _Slot:
    at: float
    keys: Sequence[Key]


@dataclass(slots=True)
class Buckets:
    """Reserves a place in line for each job, on a clock that nobody can move; safe to use from several threads.

    `pace`: how many times as fast as Slack allows; anything but 1 is for measurements against a stand-in."""

    monotonic: Callable[[], float] = time.monotonic
    pace: float = 1.0
    _buckets: dict[Key, _Bucket] = field(default_factory=dict)
    _slots: dict[str, _Slot] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rate(self, method: str) -> Rate | None:
        """How fast a method may be called in one workspace; None where nobody counts."""
        rate = RATES.get(method)
        return Rate(rate.per_second * self.pace, rate.burst) if rate else None

    def wait(self, job: str, workspace: str, methods: Sequence[str], channel: str = "") -> float:
        """Seconds until this job may call these methods, the last of them in a channel where one is named; its place is
        kept until it is 0, and then given up."""
        keys: list[Key] = [(workspace, method) for method in methods if method in RATES]
        if not keys:
            return 0.0
        if channel:
            keys.append((workspace, methods[-1], channel))
        with self._lock:
            now = self.monotonic()
            slot = self._slots.get(job)
            if slot is None:
                buckets = [self._bucket(key) for key in keys]
                slot = _Slot(max(bucket.opens(now) for bucket in buckets), keys)
                for bucket in buckets:
                    bucket.take(now)
            left = slot.at - now
            if left > 0:
                self._slots[job] = slot
                self._forget(now)
                return left
            self._slots.pop(job, None)
            return 0.0

    def pause(self, workspace: str, method: str, seconds: float) -> None:
        """Slack said 429: nobody calls this method of this workspace for so long, and then not in a rush."""
        key: Key = (workspace, method)
        with self._lock:
            bucket = self._bucket(key)
            bucket.paused_until = self.monotonic() + seconds
            bucket.next_free = bucket.paused_until + (bucket.rate.burst - 1) / bucket.rate.per_second
            # Places that were kept before would all come due in the same moment.
            self._slots = {job: slot for job, slot in self._slots.items() if key not in slot.keys}

    def _forget(self, now: float) -> None:
        """Places of jobs that never came back, and buckets that are full anyway, are let go."""
        if len(self._slots) > 20_000:
            self._slots = {job: slot for job, slot in self._slots.items() if slot.at > now - 600}
        if len(self._buckets) > 20_000:
            self._buckets = {k: b for k, b in self._buckets.items() if max(b.next_free, b.paused_until) > now}

    def _bucket(self, key: Key) -> _Bucket:
        if key not in self._buckets:
            rate = CHANNEL if len(key) == 3 else RATES.get(key[1], Rate(1.0, 1))
            self._buckets[key] = _Bucket(Rate(rate.per_second * self.pace, rate.burst))
        return self._buckets[key]
