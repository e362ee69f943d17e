"""Erasing a person and removing by age, on both engines: what is left verifies, and what went is gone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.keeping.erasure import erase
from bot.keeping.records import ACCOUNT
from bot.keeping.retention import apply, set_years
from bot.plan.journal import note
from bot.plan.people import RoleHolding
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.services import Retention, Service
from bot.timing.outbox import Delivery, Reminder
from storage.files import FolderFiles
from storage.scrubbing import scrub
from storage.store import SqlStore, open_store
from storage.tables import TABLES, metadata
from storage.verify import verify
from tests.bot.keeping.leaving import ends_roles, named_everywhere
from tests.bot.plan.scene import MANAGER, Scene
from tests.databases import migrated
from tests.storage.plan import plant


def everything(store: SqlStore) -> str:
    """Every value of every table."""
    with store.reading() as work:
        return "\n".join(
            str(tuple(row)) for table in metadata.sorted_tables for row in work.connection.execute(select(table))
        )


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


def test_erased_then_removed_by_age(store: SqlStore, files: FolderFiles) -> None:
    scene = Scene(store)
    tess = named_everywhere(scene, files)
    ends_roles(scene, tess)
    with store.transaction() as work:
        erase(work, tess, scene.now, in_texts=True)
    assert scrub(store) == ""
    assert verify(store, files) == []
    assert "Tess Lane" not in everything(store)
    assert "T. Lane" not in everything(store)
    with store.transaction() as work:
        (priority,) = work.all(Priority)
        closed = work.save(replace(priority, status=PriorityStatus.CLOSED, closed_on=scene.today))
        note(work, scene.people[MANAGER], scene.now, "close", before=priority, after=closed)
        set_years(work, scene.service, Retention(plan=8), scene.now)
    later = scene.now + timedelta(days=8 * 366)
    with store.transaction() as work:
        service = work.get(type(scene.service), scene.service.id)
        assert service
        due = apply(work, service, later)
    assert {p.id for p in due.priorities} == {priority.id}
    assert verify(store, files) == []
    assert "Printer broke" not in everything(store)
    with store.reading() as work:
        assert work.all(Priority) == []
        assert work.search([scene.service.id], "photographed") == []


def test_what_was_removed_does_not_lie_in_the_file_any_more(tmp_path: Path) -> None:
    store = open_store(migrated(tmp_path / "grip.db"))
    with store.transaction() as work:
        action = plant(work)
        long = work.save(replace(action, what="Brief Tess Lane. " * 5_000))
    with store.transaction() as work:
        work.remove(long)

    def on_disk() -> bool:
        return any(b"Brief Tess Lane. " in file.read_bytes() for file in tmp_path.glob("grip.db*"))

    assert on_disk()
    assert scrub(store) == ""
    assert not on_disk()
    store.close()


def test_every_kind_of_record_of_a_service_is_looked_at_parents_first() -> None:
    apart = {Service, RoleHolding, Reminder, Delivery}  # seen to by themselves
    of_services = {kind for kind, table in TABLES.items() if "service_id" in table.c}
    assert of_services - apart == set(ACCOUNT)
    ranks = {TABLES[kind].name: rank for rank, kind in enumerate(ACCOUNT)}
    for kind in ACCOUNT:
        for key in TABLES[kind].foreign_keys:
            assert ranks.get(key.column.table.name, -1) < ranks[TABLES[kind].name], (kind, key)
