"""A backup brings everything back on either engine, verified; a wrong one, or a full database, is refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bot.errors import Refusal
from bot.plan.account import load
from bot.plan.actions import Action
from bot.plan.entries import Evidence, EvidenceState
from bot.plan.journal import note
from bot.plan.people import Person
from bot.plan.services import Service
from bot.reports.inspection import inspect
from bot.reports.narrowing import asked
from handlers.desk import Answer
from handlers.views.inspect import answered
from storage.backup import LOST, backup, restore
from storage.files import FolderFiles
from storage.store import SqlStore, open_store
from storage.tables import metadata
from storage.verify import ALTERED
from tests.bot.plan.scene import Scene
from tests.bot.reports.pack.packed import told_with_evidence
from tests.postgres import Postgres
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


@pytest.fixture
def other_engine(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    """An empty database on the engine that the account is not on."""
    if engine_name == "postgresql":
        opened = open_store(f"sqlite:///{tmp_path}/other.db")
        yield opened
        opened.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.database()
    opened = open_store(url)
    yield opened
    opened.close()
    server.drop(url)


def test_a_backup_crosses_from_one_engine_to_the_other(
    account: SqlStore, other_engine: SqlStore, files: FolderFiles, tmp_path: Path
) -> None:
    backup(account, files, tmp_path / "grip.zip")
    elsewhere = FolderFiles(tmp_path / "elsewhere")
    assert restore(other_engine, elsewhere, tmp_path / "grip.zip") == []
    assert rows(other_engine) == rows(account)
    with other_engine.reading() as work:
        (photo,) = work.all(Evidence)
    assert elsewhere.get(photo.sha256 or "") == b"a photograph"


def inspected(store: SqlStore, scene: Scene) -> list[Answer]:
    """What `/sip inspect` answers of the whole plan and of its first priority, word for word."""
    with store.reading() as work:
        service = work.get(Service, scene.service.id)
        assert service
        account = load(work, service)
    return [answered(inspect(account, scene.today, asked(account, text)), text) for text in ("", "P1")]


def test_a_restored_backup_answers_an_inspector_as_before(
    store: SqlStore, other_engine: SqlStore, files: FolderFiles, tmp_path: Path
) -> None:
    scene = Scene(store)
    sha256 = told_with_evidence(scene, files)
    before = inspected(store, scene)
    assert "Handovers" in str(before[1].blocks)
    backup(store, files, tmp_path / "grip.zip")
    elsewhere = FolderFiles(tmp_path / "elsewhere")
    assert restore(other_engine, elsewhere, tmp_path / "grip.zip") == []
    assert inspected(other_engine, scene) == before
    assert elsewhere.check(sha256)


def test_a_full_database_is_left_alone(account: SqlStore, files: FolderFiles, tmp_path: Path) -> None:
    backup(account, files, tmp_path / "grip.zip")
    before = rows(account)
    with pytest.raises(Refusal, match="in use already"):
        restore(account, files, tmp_path / "grip.zip")
    assert rows(account) == before


def test_a_lost_file_is_named_and_found_broken_after(
    account: SqlStore, empty: SqlStore, files: FolderFiles, tmp_path: Path
) -> None:
    (lost,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    lost.unlink()
    assert backup(account, files, tmp_path / "grip.zip") == [(lost.name, LOST)]
    assert restore(empty, files, tmp_path / "grip.zip")


def test_an_altered_file_is_named_when_it_is_copied_and_when_it_comes_back(
    account: SqlStore, empty: SqlStore, files: FolderFiles, tmp_path: Path
) -> None:
    (photo,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    photo.write_bytes(b"another photograph")
    assert backup(account, files, tmp_path / "grip.zip") == [(photo.name, ALTERED)]
    (found,) = restore(empty, FolderFiles(tmp_path / "elsewhere"), tmp_path / "grip.zip")
    assert found.what.endswith("was altered: its SHA-256 is another")


def test_what_is_no_backup_is_refused(empty: SqlStore, files: FolderFiles, tmp_path: Path) -> None:
    (tmp_path / "words.zip").write_text("no archive")
    with ZipFile(tmp_path / "other.zip", "w") as made:
        made.writestr("a.txt", "something else")
    for name in ("words.zip", "other.zip", "missing.zip"):
        with pytest.raises(Refusal):
            restore(empty, files, tmp_path / name)
