"""A unit of work over the database: what the rules ask of memory, asked of tables, journal, locks and index."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.plan.journal import Event
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder
from storage import deliveries, journal, locks, paces, queries, records, search
from storage.later import Later
from storage.seen import ONE, Seen
from storage.tables import TABLES, chains

R = TypeVar("R")


class SqlWork:
    """One transaction; bot.work.Work says what each method does.

    Several who write in one workspace may follow each other in it (storage/together.py): what one of them read or wrote
    is known to the next. `workspace_id`: where they all write."""

    def __init__(self, connection: Connection, homes: locks.Homes, workspace_id: str | None = None) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._seen = Seen()
        self._heads: dict[str, journal.Head | None] = {}
        self.left = False  # whether a delivery waits now that did not before
        self._later = Later(connection)
        self._locks = locks.WorkspaceLocks(connection, homes, waited=self._forget)
        if workspace_id is not None:
            self._locks.take(workspace_id)

    @property
    def connection(self) -> Connection:
        """The connection, once everything is written that waited to be."""
        self._later.flush()
        return self._connection

    def begin(self) -> None:
        """Another one follows. Reminders and deliveries also change under those who hold no lock of a workspace."""
        self._seen.forget(Reminder)
        self._seen.forget(Delivery)

    def finish(self, closing: Any = None) -> None:
        """Write what waits to be written, then run `closing`. Raises AlreadyDone and Taken."""
        self._later.flush(closing)

    def undone(self) -> None:
        """What was written and locked since `begin` has been undone."""
        self._later.drop()
        self._locks.only(self._workspace_id)
        self._forget()

    def _forget(self) -> None:
        self._seen.forget_all()
        self._heads.clear()

    def add(self, record: Any) -> None:
        self._locks.take_for(record)
        self._seen.forget(type(record))
        records.add(self._later.put, record)
        search.index(self._later.put, self._connection.dialect.name, record)

    def save(self, record: R) -> R:
        self._locks.take_for(record)
        self._seen.forget(type(record))
        saved = records.save(self.connection, record)
        self.left |= isinstance(record, Delivery) and record.state is DeliveryState.WAITING
        search.index(self._later.put, self._connection.dialect.name, saved)
        return saved

    def remove(self, record: Any) -> None:
        self._locks.take_for(record)
        self._seen.forget(type(record))
        search.forget(self._later.put, record)
        records.remove(self.connection, record)

    def get(self, kind: type[R], id: str | None) -> R | None:
        return None if id is None else self.one(kind, id=id)

    def one(self, kind: type[R], /, **equal: Any) -> R | None:
        found = self._seen.look(kind, equal, "", ONE, lambda: self._fetch(kind, equal, "", ONE))
        if len(found) > 1:
            raise LookupError(f"more than one {kind.__name__} where {', '.join(equal)} match")
        return found[0] if found else None

    def all(self, kind: type[R], /, *, order: str = "id", limit: int | None = None, **equal: Any) -> list[R]:
        return self._seen.look(kind, equal, order, limit, lambda: self._fetch(kind, equal, order, limit))

    def _fetch(self, kind: type[R], equal: Mapping[str, Any], order: str, limit: int | None) -> list[R]:
        self._later.before(TABLES[kind])
        return records.fetch(self._connection, kind, equal, order, limit)

    def count(self, kind: type[Any], /, **equal: Any) -> int:
        return records.count(self.connection, kind, equal)

    def next_number(self, workspace_id: str, letter: str) -> int:
        self._locks.take(workspace_id)
        return queries.next_number(self._connection, workspace_id, letter)

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
        if chain not in self._heads:
            self._later.before(chains)
            self._heads[chain] = journal.lock(self._connection, chain)
        event = journal.append(
            self._later.put,
            self._heads[chain],
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
        self._heads[chain] = (event.number, event.hash)
        return event

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
        queries.rewake(self._later.put, kind, id, wake_at)

    def rouse(self, kind: type[Any], id: str, now: datetime) -> None:
        self._locks.take_for_service(id)
        if self._seen.rouse(kind, id):
            queries.rouse(self._later.put, kind, id, now)

    def offer(self, reminder: Reminder) -> bool:
        self._locks.take_for(reminder)
        self._seen.forget(Reminder)
        return deliveries.offer(self.connection, reminder)

    def enqueue(self, delivery: Delivery) -> bool:
        self._locks.take_for(delivery)
        self._seen.forget(Delivery)
        new = deliveries.offer(self.connection, delivery)
        self.left |= new
        return new

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
