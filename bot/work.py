"""What the rules ask of memory: a unit of work over records, journal, reminders and outbox."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from bot.plan.journal import Event
from bot.timing.outbox import Delivery, DeliveryKind, Reminder

R = TypeVar("R")  # a record: a frozen dataclass with `id` and `version`


class Work(Protocol):
    """One transaction. Nothing is kept unless the block that opened it ends without an error."""

    def add(self, record: Any) -> None:
        """Insert a new record of any kind."""

    def save(self, record: R) -> R:
        """Write a changed record where its `version` is still the stored one; give it back with version + 1.

        Raises Stale when someone else saved it first."""
        ...

    def remove(self, record: Any) -> None:
        """Delete a record and what is indexed of it. Whoever calls it tells the chain by `journal.note_removal`."""

    def get(self, kind: type[R], id: str | None) -> R | None:
        """The record with that id."""
        ...

    def one(self, kind: type[R], /, **equal: Any) -> R | None:
        """The only record whose fields equal these; None if there is none."""
        ...

    def all(self, kind: type[R], /, *, order: str = "id", limit: int | None = None, **equal: Any) -> list[R]:
        """The records whose fields equal these (a list, tuple or set means: one of; None means: is null). `order` is
        a field, "-field" for descending."""
        ...

    def count(self, kind: type[Any], /, **equal: Any) -> int:
        """How many records match."""
        ...

    def next_number(self, workspace_id: str, letter: str) -> int:
        """The next number of a letter (`A` for A12) in a workspace; a number is never given twice."""
        ...

    def append(
        self,
        *,
        id: str,
        chain: str,
        at: datetime,
        person_id: str | None,
        verb: str,
        kind: str,
        record_id: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        reason: str = "",
        corrects: str | None = None,
        request_id: str | None = None,
    ) -> Event:
        """Add an event at the end of its chain (which is locked until the transaction ends)."""
        ...

    def take_out(self, event: Event, places: Collection[str] | None) -> None:
        """Destroy what an event says at these places (None: all); its hash stays and the chain holds. Whoever calls it
        tells the chain by `journal.note_removal`. Raises ValueError for an event without a seal."""

    def event_of(self, request_id: str) -> Event | None:
        """The event that this request already caused."""
        ...

    def events(self, chain: str, *, after: int = 0, record_id: str | None = None) -> Iterator[Event]:
        """The chain in order of number."""
        ...

    def head(self, chain: str) -> tuple[int, str]:
        """Number and hash of the chain's last event as kept apart from the events; (0, GENESIS) for an empty one."""
        ...

    def waking(self, kind: type[R], now: datetime, limit: int) -> list[R]:
        """Records whose `wake_at` has come, oldest first; those that another process is looking at are left out."""
        ...

    def any_waking(self, kinds: Sequence[type[Any]], now: datetime) -> bool:
        """Whether any record of these kinds is still to be looked at, those that another process is at included."""
        ...

    def rewake(self, kind: type[Any], id: str, wake_at: datetime | None) -> None:
        """Set when the tick looks at a record again. It is no change of the record: its version stays."""

    def rouse(self, kind: type[Any], id: str, now: datetime) -> None:
        """Have the tick look at a record now, unless it is to already; nothing happens where there is no such one."""
        ...

    def offer(self, reminder: Reminder) -> bool:
        """Insert the reminder unless its key exists; whether it was new."""
        ...

    def enqueue(self, delivery: Delivery) -> bool:
        """Insert the delivery unless its key exists; whether it was new."""
        ...

    def recipients_due(self, now: datetime, limit: int) -> list[str]:
        """Ids of people who have a waiting reminder, in no delivery yet, with `due_at <= now`."""
        ...

    def ready_kinds(self, now: datetime, kinds: Sequence[DeliveryKind]) -> set[DeliveryKind]:
        """Those of the kinds of which a delivery is waiting with `next_at <= now` and in no doubt."""
        ...

    def claim(
        self,
        now: datetime,
        lease_until: datetime,
        holder: str,
        limit: int,
        kind: DeliveryKind,
        but: Collection[str] = (),
    ) -> list[Delivery]:
        """Take deliveries of a kind that are waiting with `next_at <= now` and in no doubt, longest waiting first, by
        one conditional UPDATE; `attempts` counts up. Those of the workspaces in `but` stay."""
        ...

    def in_doubt(self, limit: int) -> list[Delivery]:
        """Everything that is claimed, by whomever, and up to `limit` deliveries that are waiting and `doubtful`. To
        take one over, save it as claimed: its version tells whether it stood still meanwhile."""
        ...

    def turns(
        self, workspace_id: str, method: str, count: int, apart: timedelta, burst: float, now: datetime
    ) -> list[datetime]:
        """The instants at which the next `count` calls of a method of Slack may be made in a workspace, by all
        processes together: `burst` at once, then one every `apart`."""
        ...

    def pause(
        self, workspace_id: str, method: str, until: datetime, apart: timedelta, burst: float, now: datetime
    ) -> None:
        """Give no turn of this method in this workspace before `until`, and then no burst."""
        ...

    def search(self, service_ids: Sequence[str], words: str, limit: int = 50) -> list[tuple[str, str, str]]:
        """Full text over the account: (kind, record id, excerpt), best first."""
        ...


class Store(Protocol):
    """Memory as a whole."""

    def transaction(self, workspace_id: str | None = None) -> AbstractContextManager[Work]:
        """A unit of work that is committed at the end of the block and undone by an error.

        Where it is known to write in one workspace alone, it waits for others who write there before it reads."""
        ...

    def reading(self) -> AbstractContextManager[Work]:
        """A consistent view for reading alone; it waits for no writer."""
        ...

    def find(self, kind: type[R], /, **equal: Any) -> R | None:
        """A record whose fields equal these, where nothing else is asked."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...
