"""Units of work over the database: where transactions begin, end, and wait for one another."""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from bot.plan.journal import Event
from bot.timing.outbox import Delivery, DeliveryKind, Reminder
from storage import deliveries, journal, locks, paces, queries, records, search
from storage.engines import engines
from storage.queue import Turnstile
from storage.seen import Seen
from storage.together import Together

R = TypeVar("R")


class SqlWork:
    """One transaction; bot.work.Work says what each method does."""

    def __init__(self, connection: Connection, homes: locks.Homes) -> None:
        self.connection = connection
        self._seen = Seen()
        self._locks = locks.WorkspaceLocks(connection, homes, waited=self._seen.forget_all)

    def wait_for(self, workspace_id: str) -> None:
        """Until nobody else writes in this workspace."""
        self._locks.take(workspace_id)

    def add(self, record: Any) -> None:
        self._locks.take_for(record)
        self._seen.forget(type(record))
        records.add(self.connection, record)
        search.index(self.connection, record)

    def save(self, record: R) -> R:
        self._locks.take_for(record)
        self._seen.forget(type(record))
        saved = records.save(self.connection, record)
        search.index(self.connection, saved)
        return saved

    def remove(self, record: Any) -> None:
        self._locks.take_for(record)
        search.forget(self.connection, record)
        records.remove(self.connection, record)

    def get(self, kind: type[R], id: str | None) -> R | None:
        return None if id is None else self.one(kind, id=id)

    def one(self, kind: type[R], /, **equal: Any) -> R | None:
        found = self._seen.look(kind, equal, "", 2, lambda: records.fetch(self.connection, kind, equal, limit=2))
        if len(found) > 1:
            raise LookupError(f"more than one {kind.__name__} where {', '.join(equal)} match")
        return found[0] if found else None

    def all(self, kind: type[R], /, *, order: str = "id", limit: int | None = None, **equal: Any) -> list[R]:
        return self._seen.look(
            kind, equal, order, limit, lambda: records.fetch(self.connection, kind, equal, order, limit)
        )

    def count(self, kind: type[Any], /, **equal: Any) -> int:
        return records.count(self.connection, kind, equal)

    def next_number(self, workspace_id: str, letter: str) -> int:
        self._locks.take(workspace_id)
        return queries.next_number(self.connection, workspace_id, letter)

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
        self._locks.take_for_service(chain)
        self._seen.forget(Event)
        return journal.append(
            self.connection,
            {
                "id": id,
                "chain": chain,
                "at": at,
                "person_id": person_id,
                "verb": verb,
                "kind": kind,
                "record_id": record_id,
                "before": before,
                "after": after,
                "reason": reason,
                "corrects": corrects,
                "request_id": request_id,
            },
        )

    def take_out(self, event: Event, places: Collection[str] | None) -> None:
        self._locks.take_for_service(event.chain)
        journal.take_out(self.connection, event, places)

    def event_of(self, request_id: str) -> Event | None:
        return self.one(Event, request_id=request_id)

    def events(self, chain: str, *, after: int = 0, record_id: str | None = None) -> Iterator[Event]:
        return journal.events(self.connection, chain, after, record_id)

    def head(self, chain: str) -> tuple[int, str]:
        return journal.head(self.connection, chain)

    def waking(self, kind: type[R], now: datetime, limit: int) -> list[R]:
        if not self._locks.take_tick():
            return []
        found = queries.waking(self.connection, kind, now, limit)
        if self._locks.take_for_all(found):
            # Somebody may have changed one of them while we waited; nobody can from here on.
            ids = {record.id for record in found}  # type: ignore[attr-defined]
            found = [one for one in queries.waking(self.connection, kind, now, limit) if one.id in ids]  # type: ignore[attr-defined]
        return found

    def any_waking(self, kinds: Sequence[type[Any]], now: datetime) -> bool:
        return queries.any_waking(self.connection, kinds, now)

    def rewake(self, kind: type[Any], id: str, wake_at: datetime | None) -> None:
        self._seen.forget(kind)
        queries.rewake(self.connection, kind, id, wake_at)

    def rouse(self, kind: type[Any], id: str, now: datetime) -> None:
        self._locks.take_for_service(id)
        self._seen.forget(kind)
        queries.rouse(self.connection, kind, id, now)

    def offer(self, reminder: Reminder) -> bool:
        self._locks.take_for(reminder)
        self._seen.forget(Reminder)
        return deliveries.offer(self.connection, reminder)

    def enqueue(self, delivery: Delivery) -> bool:
        self._locks.take_for(delivery)
        self._seen.forget(Delivery)
        return deliveries.offer(self.connection, delivery)

    def recipients_due(self, now: datetime, limit: int) -> list[str]:
        return queries.recipients_due(self.connection, now, limit)

    def ready_kinds(self, now: datetime, kinds: Sequence[DeliveryKind]) -> set[DeliveryKind]:
        return deliveries.ready_kinds(self.connection, now, kinds)

    def claim(
        self,
        now: datetime,
        lease_until: datetime,
        holder: str,
        limit: int,
        kind: DeliveryKind,
        but: Collection[str] = (),
    ) -> list[Delivery]:
        self._seen.forget(Delivery)
        return deliveries.claim(self.connection, now, lease_until, holder, limit, kind, but)

    def in_doubt(self, limit: int) -> list[Delivery]:
        return deliveries.in_doubt(self.connection, limit)

    def turns(
        self, workspace_id: str, method: str, count: int, apart: timedelta, burst: float, now: datetime
    ) -> list[datetime]:
        return paces.turns(self.connection, workspace_id, method, count, apart, burst, now)

    def pause(
        self, workspace_id: str, method: str, until: datetime, apart: timedelta, burst: float, now: datetime
    ) -> None:
        paces.pause(self.connection, workspace_id, method, until, apart, burst, now)

    def search(self, service_ids: Sequence[str], words: str, limit: int = 50) -> list[tuple[str, str, str]]:
        return search.search(self.connection, service_ids, words, limit)


class SqlStore:
    """Memory on SQLite or PostgreSQL; bot.work.Store says what each method does.

    A thread has one transaction at a time: opening a second inside the first raises RuntimeError, since it would wait
    for itself."""

    def __init__(self, writing: Engine, reading: Engine, connections: int) -> None:
        self.engine = writing
        self._reading = reading
        self._homes: locks.Homes = {}
        self._mine = threading.local()
        # Waiting in order is quicker than contending for SQLite's file lock, and fairer than the pool's queue.
        self._turn = Turnstile(connections)
        self._together = Together(writing) if writing.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self, workspace_id: str | None = None) -> Iterator[SqlWork]:
        if getattr(self._mine, "open", False):
            raise RuntimeError("this thread has a transaction open already")
        self._mine.open = True
        try:
            with self._together.transaction() if self._together else self._alone() as connection:
                work = SqlWork(connection, self._homes)
                if workspace_id is not None:
                    work.wait_for(workspace_id)
                yield work
        finally:
            self._mine.open = False

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        with self._turn, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[SqlWork]:
        with self._reading.begin() as connection:
            yield SqlWork(connection, self._homes)

    def close(self) -> None:
        self.engine.dispose()
        self._reading.dispose()


def open_store(url: str, *, connections: int = 4) -> SqlStore:
    """The store at a database URL: `sqlite:///data/grip.db` (its folder is made) or `postgresql://...`.

    `connections` is how many PostgreSQL gives us for writing, and as many again for reading. Nothing is migrated
    here: storage.migrations.migrate(store) does that. Raises ValueError for another engine."""
    writing, reading = engines(url, connections)
    return SqlStore(writing, reading, connections)
