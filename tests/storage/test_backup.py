"""A backup brings everything back on either engine, verified; a wrong one, or a full database, is refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bot.errors import Refusal
from bot.plan.actions import Action
from bot.plan.entries import Evidence, EvidenceState
from bot.plan.journal import note
from bot.plan.people import Person
from storage.backup import backup, restore
from storage.files import FolderFiles
from storage.store import SqlStore, open_store
from storage.tables import metadata
from tests.storage.plan import NOW, filled, plant


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


@pytest.fixture
def account(store: SqlStore, files: FolderFiles) -> SqlStore:
    """A plan with a chain and a kept file."""
    with store.transaction() as work:
        before = plant(work)
        person = work.get(Person, "person")
        after = work.save(replace(before, done_at=NOW, done_by="person"))
        note(work, person, NOW, "complete", before=before, after=after, reason="All briefed")
        sha256, size = files.put([b"a photograph"], 1000)
        photo = filled(Evidence, id="photo", sha256=sha256, size=size, state=EvidenceState.KEPT, version=1)
        work.add(photo)
        note(work, person, NOW, "keep", after=photo)
    return store


@pytest.fixture
def empty(empty_url: str) -> Iterator[SqlStore]:
    opened = open_store(empty_url)
    yield opened
    opened.close()


def rows(store: SqlStore) -> dict[str, list[str]]:
    with store.reading() as work:
        return {
            table.name: sorted(str(tuple(row)) for row in work.connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def test_everything_comes_back_and_verifies(
    account: SqlStore, empty: SqlStore, files: FolderFiles, tmp_path: Path
) -> None:
    assert backup(account, files, tmp_path / "grip.zip") == []
    elsewhere = FolderFiles(tmp_path / "elsewhere")
    assert restore(empty, elsewhere, tmp_path / "grip.zip") == []
    assert rows(empty) == rows(account)
    with empty.transaction() as work:  # and life goes on
        work.save(replace(work.all(Action)[0], what="Brief night staff again"))


def test_a_backup_crosses_from_one_engine_to_the_other(account: SqlStore, files: FolderFiles, tmp_path: Path) -> None:
    backup(account, files, tmp_path / "grip.zip")
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    try:
        assert restore(other, FolderFiles(tmp_path / "elsewhere"), tmp_path / "grip.zip") == []
        assert rows(other) == rows(account)
    finally:
        other.close()


def test_a_full_database_is_left_alone(account: SqlStore, files: FolderFiles, tmp_path: Path) -> None:
    backup(account, files, tmp_path / "grip.zip")
    before = rows(account)
    with pytest.raises(Refusal, match="not empty"):
        restore(account, files, tmp_path / "grip.zip")
    assert rows(account) == before


def test_a_lost_file_is_named_and_found_broken_after(
    account: SqlStore, empty: SqlStore, files: FolderFiles, tmp_path: Path
) -> None:
    (lost,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    lost.unlink()
    assert backup(account, files, tmp_path / "grip.zip") == [lost.name]
    assert restore(empty, files, tmp_path / "grip.zip")


def test_what_is_no_backup_is_refused(empty: SqlStore, files: FolderFiles, tmp_path: Path) -> None:
    (tmp_path / "words.zip").write_text("no archive")
    with ZipFile(tmp_path / "other.zip", "w") as made:
        made.writestr("a.txt", "something else")
    for name in ("words.zip", "other.zip", "missing.zip"):
        with pytest.raises(Refusal):
            restore(empty, files, tmp_path / name)
