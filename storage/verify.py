"""Whether the account can be trusted: the journal's chains, the records it tells of, and the evidence files."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, select

from bot.errors import StorageTrouble
from bot.plan.entries import Evidence, EvidenceState
from bot.plan.journal import REMOVAL, Break, Event, as_json, first_break, from_json
from bot.plan.people import Person, UserGroup
from bot.timing.outbox import Delivery, Reminder
from storage import journal
from storage.files import FileStore
from storage.records import from_row
from storage.store import SqlStore
from storage.tables import KINDS, TABLES, chains

_events = TABLES[Event]
# Not part of the account: the journal itself, what Slack tells us of people, and what is on its way to Slack.
_NO_ACCOUNT = frozenset({Event, Person, UserGroup, Reminder, Delivery})
_PAGE = 200  # records compared at a time


ALTERED = "was altered: its SHA-256 is another"


def verify(store: SqlStore, files: FileStore, altered: Collection[str] = ()) -> list[Break]:
    """Every break that can be found: the first in each chain, then each record and each file that is not as told.
    `altered`: digests of files that are not there because they were altered on the way (see storage.backup.restore).

    An empty list means that all of it holds. Whoever can write the database and knows this program can still make a
    new chain; the head printed in a pack, or kept elsewhere, is what tells."""
    with store.reading() as work:
        connection = work.connection
        removed = _told_removed(connection)
        broken = [found for chain in _chains(connection) if (found := _chain_break(connection, chain))]
        for name, kind in KINDS.items():
            if kind not in _NO_ACCOUNT:
                broken += _record_breaks(connection, name, kind, removed.get(name, set()))
        return broken + list(_file_breaks(connection, files, altered))


def _chains(connection: Connection) -> list[str]:
    told = connection.execute(select(_events.c.chain).distinct()).scalars()
    return sorted({*told, *connection.execute(select(chains.c.chain)).scalars()})


def _chain_break(connection: Connection, chain: str) -> Break | None:
    number, head = journal.head(connection, chain)
    last: list[Event] = []

    def walked() -> Iterator[Event]:
        for event in journal.events(connection, chain):
            last[:] = [event]
            yield event

    found = first_break(walked())
    if found:
        return found
    end = last[0] if last else None
    reached = end.number if end else 0
    if reached < number:
        return Break(
            chain, reached + 1, "", f"event {reached + 1} is missing: the chain should end with event {number}"
        )
    if reached > number or (end and end.hash != head):
        return Break(chain, reached, end.id if end else "", "the chain ends otherwise than was written down")
    return None


def _told_removed(connection: Connection) -> dict[str, set[str]]:
    """The ids of the records of which the journal tells that they were removed, by kind."""
    found: dict[str, set[str]] = {}
    for event in _read(connection, select(_events).where(_events.c.kind == REMOVAL)):
        for name, ids in (event.after or {}).get("records", {}).items():
            found.setdefault(name, set()).update(ids)
    return found


def _record_breaks(connection: Connection, name: str, kind: type[Any], removed: Collection[str]) -> Iterator[Break]:
    """Records that do not read as their last event left them, and records that are gone untold."""
    table, after = TABLES[kind], ""
    while rows := connection.execute(select(table).where(table.c.id > after).order_by(table.c.id).limit(_PAGE)).all():
        records = {record.id: record for record in (from_row(kind, row) for row in rows)}
        told = _last_told(connection, name, list(records))
        for record in records.values():
            event = told.get(record.id)
            if event is None and hasattr(record, "number"):
                yield Break(record.service_id, 0, "", f"no event tells of the {name} {record.id}")
            elif event is not None and (differing := _differing(kind, record, event)):
                what = f"the {name} {record.id} is not as this event left it: {', '.join(differing)}"
                yield Break(event.chain, event.number, event.id, what)
        after = rows[-1].id
    gone = select(_events).where(_events.c.kind == name, _events.c.record_id.not_in(select(table.c.id)))
    lost = {event.record_id: event for event in _read(connection, gone) if event.record_id not in removed}
    for event in lost.values():
        yield Break(event.chain, event.number, event.id, f"the {name} {event.record_id} is gone")


def _last_told(connection: Connection, name: str, ids: list[str]) -> dict[str, Event]:
    told = select(_events).where(_events.c.kind == name, _events.c.record_id.in_(ids), _events.c.after.is_not(None))
    last: dict[str, Event] = {}
    for event in _read(connection, told):
        kept = last.get(event.record_id)
        # In one chain the number tells what came later, even where a clock was set back.
        if kept is None or kept.chain == event.chain or kept.at <= event.at:
            last[event.record_id] = event
    return last


def _read(connection: Connection, statement: Any) -> Iterator[Event]:
    for row in connection.execute(statement.order_by(_events.c.number)):
        yield from_row(Event, row)


def _differing(kind: type[Any], record: Any, event: Event) -> list[str]:
    """The fields in which the record and the event differ. The event is read as a record first, so that two spellings
    of one instant are equal and a field that came with a later release does not count."""
    told, present = event.after or {}, as_json(record)
    names = [name for name in told if name in present]
    then = from_json(kind, {**present, **{name: told[name] for name in names}})
    return [name for name in names if getattr(then, name) != getattr(record, name)]


def _file_breaks(connection: Connection, files: FileStore, altered: Collection[str]) -> Iterator[Break]:
    table = TABLES[Evidence]
    kept = select(table).where(table.c.state == EvidenceState.KEPT, table.c.sha256.is_not(None)).order_by(table.c.id)
    checked: dict[str, str] = {}
    for row in connection.execute(kept):
        evidence = from_row(Evidence, row)
        sha256 = evidence.sha256 or ""
        if sha256 not in checked:
            checked[sha256] = _file_fault(files, sha256, altered)
        if checked[sha256]:
            what = f"the file {evidence.name!r} of {evidence.record_kind} {evidence.record_id} {checked[sha256]}"
            yield Break(evidence.service_id, 0, "", what)


def _file_fault(files: FileStore, sha256: str, altered: Collection[str]) -> str:
    try:
        return "" if files.check(sha256) else ALTERED
    except FileNotFoundError:
        return ALTERED if sha256 in altered else "is gone"
    except StorageTrouble as trouble:
        return f"could not be read: {trouble}"
