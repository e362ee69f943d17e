"""Migrated is what the tables say, once, whoever starts first; a newer schema is refused."""

import threading
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from bot.errors import NewerSchema
from bot.plan.people import Person
from storage import beyond
from storage.migrations import HERE, migrate, newest, oldest_beside, schema_version
from storage.store import open_store
from storage.tables import metadata

SQLITE = (
    """SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
    FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'""",
    """SELECT m.name, f."from", f."table", f."to" FROM sqlite_master m, pragma_foreign_key_list(m.name) f""",
    """SELECT tbl_name, name, replace(replace(sql, char(10), ' '), '  ', '') FROM sqlite_master
    WHERE type IN ('index', 'trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'""",
    """SELECT m.name, i.name, i."unique", i.partial, c.name
    FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c""",
)
POSTGRESQL = (
    """SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
    WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT relname, array_to_string(reloptions, ' ') FROM pg_class WHERE relnamespace = 'public'::regnamespace",
)


def described(engine: Engine) -> list[str]:
    """All that the database itself says about its schema, except Alembic's own table."""
    questions = SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL
    with engine.begin() as connection:
        found = [str(tuple(row)) for question in questions for row in connection.execute(text(question))]
    return sorted(line for line in found if "alembic" not in line)


def built(url: str) -> list[str]:
    """The schema made from the tables alone."""
    assert beyond.STATEMENTS
    store = open_store(url)
    with store.engine.begin() as connection:
        metadata.create_all(connection)
    found = described(store.engine)
    store.close()
    return found


def test_migrated_is_built(url: str, empty_url: str) -> None:
    store = open_store(url)
    migrated = described(store.engine)
    store.close()
    assert len(migrated) > 200
    assert migrated == built(empty_url)


def test_many_processes_start_at_once_and_one_migrates(empty_url: str) -> None:
    stores = [open_store(empty_url) for _ in range(4)]
    ran: list[Any] = []

    def start(one: Any) -> None:
        ran.append(migrate(one))

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == [False, False, False, True]
    assert schema_version(stores[0]) == "0006"
    with stores[3].transaction() as work:
        work.add(Person(id="p", workspace_id="T1", slack_id="U1", name="Rosa"))
    for store in stores:
        store.close()


def test_a_database_of_a_newer_release_is_left_alone(url: str) -> None:
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE alembic_beside SET oldest = '9999'"))
    before = described(store.engine)
    for look in (migrate, schema_version):
        with pytest.raises(NewerSchema, match="9999"):
            look(store)
    assert described(store.engine) == before
    store.close()


def test_a_release_goes_on_beside_a_newer_schema_that_says_so(url: str) -> None:
    store = open_store(url)
    with store.engine.begin() as connection:
        known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE alembic_beside SET oldest = :known"), {"known": known})
    before = described(store.engine)
    assert migrate(store) is False
    assert schema_version(store) == "9999"
    assert described(store.engine) == before
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_beside SET oldest = '9998'"))
    with pytest.raises(NewerSchema, match="9999"):
        migrate(store)
    store.close()


@dataclass
class Script:
    """A migration as Alembic tells of it: its number and its module."""

    revision: str
    module: SimpleNamespace


@pytest.mark.parametrize(
    ("named", "oldest"),
    [
        ({}, "4"),
        ({"4": "3"}, "3"),
        ({"4": "1"}, "3"),  # the third lets nobody stay who is older than itself
        ({"4": "2", "3": "2"}, "2"),
        ({"4": "3", "3": "1", "2": "1"}, "3"),
        ({"4": "1", "3": "1", "2": "1"}, "1"),
    ],
)
def test_every_migration_on_the_way_has_to_let_an_older_release_stay(named: dict[str, str], oldest: str) -> None:
    scripts = [
        Script(number, SimpleNamespace(**({"oldest_beside": named[number]} if number in named else {})))
        for number in "4321"
    ]
    assert oldest_beside(scripts) == oldest  # type: ignore[arg-type]  # the two fields that it reads


def test_a_migration_that_fails_leaves_nothing(empty_url: str) -> None:
    store = open_store(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE deliveries (id TEXT)"))  # stands in the way of the second migration
    before = described(store.engine)
    with pytest.raises(Exception, match="deliveries"):
        migrate(store)
    assert described(store.engine) == before
    assert schema_version(store) is None
    store.close()


def test_an_empty_database_has_no_version(empty_url: str) -> None:
    store = open_store(empty_url)
    assert schema_version(store) is None
    store.close()


def test_the_newest_version_is_told_without_alembic() -> None:
    scripts = ScriptDirectory(str(HERE))
    assert newest() == scripts.get_current_head()
