"""A second workspace that looks like the first: the same references, channels, names and Slack ids, other records."""

import json
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import MetaData, select

from bot.plan.journal import Event
from bot.timing.outbox import Delivery
from bot.work import Store
from storage.tables import TABLES, metadata
from storage.work import SqlWork
from tests.handlers.town import OTHER, SECRET, TEAM, Json

TWIN_SECRET = "timbuktu"  # stands where the first workspace's texts have theirs
LEFT_OUT = (Event, Delivery)  # a journal of its own begins with what is done there
KEYS = {"fingerprint", "key"}  # made of ids
MARK = "x"  # what the ids of the copies begin with


def make(store: Store, ids: Json) -> Json:
    """Copy every record of the first workspace into the second; gives `ids` as they are there."""
    with store.reading() as work:
        found = [record for kind in _parents_first() for record in work.all(kind)]  # so far all of them are TEAM's
    known = {record.id for record in found}
    with store.transaction() as work:
        for record in found:
            kind = TypeAdapter[Any](type(record))
            work.add(kind.validate_python(_twin(kind.dump_python(record, mode="json"), known)))
        for letter in "PAMXSREWL":
            for _ in range(20):
                work.next_number(OTHER, letter)  # beyond the copied ones
    twin: Json = _twin(ids, known)
    return twin


def _parents_first() -> list[type[Any]]:
    kinds = {table.name: kind for kind, table in TABLES.items() if kind not in LEFT_OUT}
    return [kinds[table.name] for table in metadata.sorted_tables if table.name in kinds]


def _twin(value: Any, known: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: MARK + each if name in KEYS else _twin(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [_twin(each, known) for each in value]
    if isinstance(value, str):
        if value in known:
            return MARK + value
        return OTHER if value == TEAM else value.replace(SECRET, TWIN_SECRET)
    return value


def held(store: Store, workspace_id: str) -> dict[str, list[str]]:
    """Every row in every table that belongs to a workspace, by table, as text."""
    with store.reading() as work:
        assert isinstance(work, SqlWork)
        connection = work.connection
        reflected = MetaData()
        reflected.reflect(connection)
        services = {
            row.id for row in connection.execute(select(TABLES_BY_NAME["services"])) if row.workspace_id == workspace_id
        }
        mine = {*services, workspace_id}
        rows: dict[str, list[str]] = {}
        for name, table in sorted(reflected.tables.items()):
            owners = [column for column in ("workspace_id", "service_id", "chain") if column in table.c]
            if owners:
                every = connection.execute(select(table)).mappings()
                rows[name] = sorted(
                    json.dumps(dict(row), default=str) for row in every if any(row[owner] in mine for owner in owners)
                )
    return rows


TABLES_BY_NAME = {table.name: table for table in metadata.sorted_tables}
