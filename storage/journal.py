"""The journal's rows: events at the end of their chain, and the head of each chain kept beside them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.plan.journal import GENESIS, Event, digest, without
from bot.plan.sealing import new_seal
from storage import prepared, records
from storage.later import Put
from storage.tables import TABLES, chains

_events = TABLES[Event]
_head = select(chains.c.number, chains.c.head).where(chains.c.chain == bindparam("this"))
_locked_head = _head.with_for_update()
Head = tuple[int, str]  # number and hash of the last event of a chain
_start = insert(chains)
_advance = update(chains).where(chains.c.chain == bindparam("this"))
_keep = update(_events).where(_events.c.id == bindparam("this"))
_after = (
    select(_events)
    .where(_events.c.chain == bindparam("this"), _events.c.number > bindparam("after"))
    .order_by(_events.c.number)
)


def head(connection: Connection, chain: str) -> Head:
    """Number and hash of the last event, as kept apart from the events; (0, GENESIS) for an empty chain."""
    number, last = prepared.row(connection, _head, {"this": chain}) or (0, GENESIS)
    return number, last


def lock(connection: Connection, chain: str) -> Head | None:
    """The head of a chain, which stays locked until the transaction ends; None for an empty chain."""
    found = prepared.row(connection, _locked_head, {"this": chain})
    return (found[0], found[1]) if found else None


def append(put: Put, last: Head | None, fields: Mapping[str, Any]) -> Event:
    """Add an event behind `last`, the locked head of its chain."""
    chain: str = fields["chain"]
    at: datetime = fields["at"]
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    number, previous = last or (0, GENESIS)
    # In UTC before it is hashed, as it will be read back.
    given = dict(fields) | {"at": at.astimezone(UTC), "number": number + 1, "previous_hash": previous}
    event = Event(**given, hash="", seal=new_seal())
    event = replace(event, hash=digest(previous, event))
    records.add(put, event)
    moved = {"number": event.number, "head": event.hash}
    if last:
        put(_advance, moved | {"this": chain})
    else:
        put(_start, moved | {"chain": chain})
    return event


def events(connection: Connection, chain: str, after: int = 0, record_id: str | None = None) -> Iterator[Event]:
    """The chain in order of number, a thousand rows at a time."""
    statement = _after if record_id is None else _after.where(_events.c.record_id == record_id)
    where = {"this": chain, "after": after}
    for row in connection.execute(statement, where, execution_options={"yield_per": 1000}):
        yield records.from_row(Event, row)


def take_out(connection: Connection, event: Event, places: Collection[str] | None) -> None:
    """Destroy the values of an event at these places (None: all) and their salts; its hash stays and holds.

    The caller appends the event that tells of it. Raises ValueError for an event without a seal."""
    left = without(event, places)
    kept = {"before": left.before, "after": left.after, "reason": left.reason, "seal": left.seal}
    connection.execute(_keep, {"this": event.id, **kept})
