"""Every record is a table, every field a column of its type, and every value comes back as it was."""

from dataclasses import fields, replace
from typing import Any, get_type_hints

import pytest
from sqlalchemy import inspect

import bot.plan
from bot.plan.journal import Event
from bot.timing import outbox
from storage.store import SqlStore
from storage.tables import (
    KINDS,
    TABLES,
    chains,
    counters,
    installations,
    metadata,
    oauth_states,
    paces,
    search_documents,
)
from storage.types import column_type
from tests.storage.plan import filled, plant

KIND_LIST = list(TABLES.items())
NAMES = [kind.__name__ for kind in TABLES]


def records() -> set[str]:
    """Every dataclass with an id and a version in the modules of the plan and the outbox."""
    import importlib
    import pkgutil

    modules = [importlib.import_module(f"bot.plan.{info.name}") for info in pkgutil.iter_modules(bot.plan.__path__)]
    found = {Event.__name__}
    for module in (*modules, outbox):
        for name, thing in vars(module).items():
            if isinstance(thing, type) and {"id", "version"} <= set(getattr(thing, "__dataclass_fields__", {})):
                found.add(name)
    return found


def test_every_record_has_a_table() -> None:
    assert records() == set(NAMES)
    assert set(metadata.tables) == {
        t.name for t in (*TABLES.values(), chains, counters, paces, search_documents, installations, oauth_states)
    }
    assert KINDS["roleholding"].__name__ == "RoleHolding"


@pytest.mark.parametrize(("kind", "table"), KIND_LIST, ids=NAMES)
def test_columns_are_the_fields(kind: type[Any], table: Any) -> None:
    hints = get_type_hints(kind)
    assert [column.name for column in table.columns] == [field.name for field in fields(kind)]
    for column in table.columns:
        expected, nullable = column_type(hints[column.name])
        assert repr(column.type) == repr(expected), column.name
        assert column.nullable == nullable, column.name
    assert [column.name for column in table.primary_key.columns] == ["id"]


@pytest.mark.parametrize(("kind", "table"), KIND_LIST, ids=NAMES)
def test_every_foreign_key_has_an_index(kind: type[Any], table: Any) -> None:
    led = {next(iter(index.columns)).name for index in table.indexes}
    for column in table.columns:
        if column.foreign_keys and column.name not in {"person_id", "lead_id"}:
            assert column.name in led, f"{kind.__name__}.{column.name}"


@pytest.mark.parametrize("bare", [False, True], ids=["filled", "bare"])
def test_what_is_added_and_saved_comes_back_equal(store: SqlStore, bare: bool) -> None:
    kinds = [kind for kind in TABLES if kind is not Event]  # events have their own door: tests/storage/test_journal.py
    added = [filled(kind, bare=bare, id="this", **numbered(kind)) for kind in kinds]
    with store.transaction() as work:
        plant(work)
        for record in added:
            work.add(record)
            assert work.get(type(record), "this") == record
    with store.transaction() as work:
        saved = [work.save(record) for record in added]
    assert saved == [replace(record, version=record.version + 1) for record in added]
    with store.reading() as work:
        assert [work.get(kind, "this") for kind in kinds] == saved


def numbered(kind: type[Any]) -> dict[str, int]:
    return {"number": 99} if "number" in kind.__dataclass_fields__ else {}


def test_the_database_knows_the_same_columns(store: SqlStore) -> None:
    seen = inspect(store.engine)
    for table in metadata.tables.values():
        assert {column["name"] for column in seen.get_columns(table.name)} == set(table.columns.keys())
