"""A whole Grip in one ZIP, taken while it runs: tables as JSON lines, evidence files; either engine reads it."""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import JSON, Connection, Date, DateTime, MetaData, Table, Time, func, select, text

from bot.errors import NotFound, Refusal
from bot.plan.entries import Evidence, EvidenceState
from bot.plan.journal import Break
from storage.files import FileStore
from storage.migrations import migrate, schema_version
from storage.store import SqlStore
from storage.tables import TABLES, metadata
from storage.verify import ALTERED, verify

PAGE = 500  # rows written at a time
FORMAT = 1
LOST = "is named in the account and not in FILES"


def backup(store: SqlStore, files: FileStore, path: Path) -> list[tuple[str, str]]:
    """Write the backup; the digest of each file that the account names and that is lost or altered, and which of both.

    All tables are read in one snapshot while others go on writing; files never change once written. The ZIP appears
    under its name only when it is whole. Raises OSError."""
    part = path.with_name(path.name + ".part")
    version = schema_version(store)
    try:
        with ZipFile(part, "w", ZIP_DEFLATED) as made, store.reading() as work:
            connection = work.connection
            counts = {table.name: _write(made, connection, table) for table in raw_tables(connection)}
            unsound = list(_write_files(made, connection, files))
            lost = [sha256 for sha256, what in unsound if what == LOST]
            told = {"format": FORMAT, "schema": version, "rows": counts, "lost": lost}
            made.writestr("backup.json", json.dumps(told))
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        part.chmod(0o600)  # it holds what people wrote, and sealed tokens
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return unsound


def restore(store: SqlStore, files: FileStore, path: Path) -> list[Break]:
    """Fill an empty database from a backup and verify it; what is broken, so nothing where all is well.

    Rows go in whole or not at all. Raises Refusal where the database holds something, or the backup is another
    release's or no backup at all."""
    migrate(store)
    altered = set()
    try:
        with ZipFile(path) as made:
            told = json.loads(made.read("backup.json"))
            _fits(store, told)
            for name in made.namelist():
                if name.startswith("files/"):
                    with made.open(name) as file:
                        found, _ = files.put(iter(lambda: file.read(1 << 20), b""), limit=1 << 40)
                    if found != (named := name.removeprefix("files/")):
                        altered.add(named)
            with store.transaction() as work:
                for table in raw_tables(work.connection):
                    read = _read(made, work.connection, table)
                    if read != told["rows"].get(table.name):
                        raise Refusal(f"The backup is incomplete: {table.name} has {read} rows.")
                _count_on(work.connection)
    except (BadZipFile, KeyError, ValueError) as error:
        raise Refusal(f"{path} is no backup of Grip, or it is damaged ({type(error).__name__}).") from error
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.") from error
    return verify(store, files, altered)


def raw_tables(connection: Connection) -> list[Table]:
    """The tables as the database tells them, parents first: values pass as they are kept, without being understood."""
    found = MetaData()
    names = [table.name for table in metadata.sorted_tables]
    found.reflect(connection, only=names)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return [found.tables[name] for name in names]


def _write(made: ZipFile, connection: Connection, table: Table) -> int:
    count = 0
    with made.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in connection.execution_options(yield_per=PAGE).execute(select(table).order_by(*table.primary_key)):
            out.write(json.dumps(list(row), default=_plain).encode() + b"\n")
            count += 1
    return count


def _write_files(made: ZipFile, connection: Connection, files: FileStore) -> Iterator[tuple[str, str]]:
    """Copy each file that the account names; gives those that are gone or altered."""
    table = TABLES[Evidence]
    column = table.c.sha256
    held = (column.is_not(None), column != "", table.c.state != EvidenceState.REMOVED)
    named = connection.execute(select(column).where(*held).distinct().order_by(column))
    for sha256 in named.scalars():
        if not files.exists(sha256):
            yield sha256, LOST
            continue
        digest = hashlib.sha256()
        with made.open(f"files/{sha256}", "w", force_zip64=True) as out:
            for block in files.blocks(sha256):
                digest.update(block)
                out.write(block)
        if digest.hexdigest() != sha256:
            yield sha256, ALTERED


def _read(made: ZipFile, connection: Connection, table: Table) -> int:
    count, page = 0, []
    columns = list(table.columns)
    with made.open(f"tables/{table.name}.jsonl") as lines:
        for line in lines:
            values = json.loads(line)
            page.append({c.name: _typed(c.type, v, connection) for c, v in zip(columns, values, strict=True)})
            if len(page) == PAGE:
                connection.execute(table.insert(), page)
                count, page = count + len(page), []
    if page:
        connection.execute(table.insert(), page)
    return count + len(page)


def _plain(value: Any) -> str:
    """Instants always with their offset: SQLite keeps UTC without one."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _typed(kind: Any, value: Any, connection: Connection) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        instant = datetime.fromisoformat(value)
        return instant.replace(tzinfo=None) if connection.dialect.name == "sqlite" else instant
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return time.fromisoformat(value) if isinstance(kind, Time) else value


def _fits(store: SqlStore, told: dict[str, Any]) -> None:
    if told["format"] != FORMAT or told["schema"] != schema_version(store):
        raise Refusal(
            f"The backup was made at schema {told['schema']} and this release is at {schema_version(store)}. "
            "Restore it with the release that made it, then upgrade."
        )
    with store.reading() as work:
        for table in metadata.sorted_tables:
            if work.connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise Refusal(f"The database is in use already ({table.name} holds rows). Restore into a new one.")


def _count_on(connection: Connection) -> None:
    """PostgreSQL gives out numbers of its own for search documents: it goes on after those restored."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('search_documents', 'number'), max(number)) "
                "FROM search_documents HAVING max(number) IS NOT NULL"
            )
        )
