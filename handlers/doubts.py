"""When a message of unknown fate may be looked for: not while a call that carries it may still be under way.

Slack knows no key by which a second post of the same message would be refused. So a delivery that another process
holds, or whose answer never came, is looked up and perhaps sent again, and a call that lands after that look-up would
double it. No clock on the wall can tell when that is over: it leaps when a machine sleeps, is set, or differs from the
neighbour's. Instead each process watches for itself, on a clock that only counts: a row whose version has stood still
for a whole lease is held by nobody who may still begin a call, because holders count from before their claim and stop
well before. Watchers count the seconds in which their machine is awake (a call that sleeps with it goes on with it),
holders also those in which it sleeps. What is left is a holder that freezes between its last look at its clock and its
call, for longer than a lease, and then goes on."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.timing.outbox import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in seconds, a holder keeps a delivery (`lease`), waits for an answer of Slack (`call`), and how long a
    call that was given up may still be at work in Slack (`doubt`)."""

    lease: float = 120.0

    @property
    def call(self) -> float:
        """Never more than ten seconds: a person may be waiting behind it."""
        return min(10.0, self.lease / 6)

    @property
    def doubt(self) -> float:
        """A quarter of the lease."""
        return self.lease / 4

    @property
    def last_call(self) -> float:
        """After so long a holder begins no call: it would not be surely over when the lease ends."""
        return self.lease - self.call - self.doubt


def asleep_too() -> float:
    """Seconds on a clock that nobody can set and that goes on while the machine sleeps (on Linux)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(slots=True)
class Watch:
    """What one process has seen standing still, and since when. `holding` is the clock for what it holds itself."""

    patience: Patience = field(default_factory=Patience)
    monotonic: Callable[[], float] = time.monotonic
    holding: Callable[[], float] = asleep_too
    _looked_at: float = float("-inf")
    _since: dict[tuple[str, int], float] = field(default_factory=dict)

    def is_time(self) -> bool:
        """Whether to look at all: a few times in the shortest span that is waited for."""
        counted = self.monotonic()
        if counted - self._looked_at < min(1.0, self.patience.doubt / 4):
            return False
        self._looked_at = counted
        return True

    def ripe(self, seen: Sequence[Delivery], flying: Collection[str], now: datetime) -> list[Delivery]:
        """Those among all deliveries in doubt that may be taken over; `flying` are those at work in this process."""
        counted = self.monotonic()
        self._since = {key: self._since.get(key, counted) for key in ((one.id, one.version) for one in seen)}
        return [one for one in seen if one.id not in flying and self._stood(one, counted) and one.next_at <= now]

    def _stood(self, delivery: Delivery, counted: float) -> bool:
        held = delivery.state is DeliveryState.CLAIMED
        enough = self.patience.lease if held else self.patience.doubt
        return counted - self._since[delivery.id, delivery.version] >= enough
