"""Verify finds every way in which the account could have been altered behind the program's back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.plan.actions import Action
from bot.plan.entries import Evidence, EvidenceState
from bot.plan.journal import Break, note
from bot.plan.people import Person
from storage.files import FolderFiles
from storage.store import SqlStore
from storage.verify import verify
from tests.storage.plan import NOW, add_action, filled, plant

PHOTO = b"a photograph"


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


@pytest.fixture
def account(store: SqlStore, files: FolderFiles) -> SqlStore:
    """Two workspaces with a chain each, a changed action and a kept file."""
    with store.transaction() as work:
        before = plant(work)
        plant(work, "T2", "2")
        person = work.get(Person, "person")
        london = datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Europe/London"))
        after = work.save(replace(before, done_at=london, done_by="person"))
        note(work, person, NOW, "complete", before=before, after=after, reason="All briefed")
        work.save(replace(after, wake_at=NOW))  # the machinery's own, in no event
        sha256, size = files.put([PHOTO], 1000)
        kept = filled(
            Evidence,
            id="photo",
            record_kind="entry",
            record_id="E1",
            state=EvidenceState.KEPT,
            sha256=sha256,
            size=size,
        )
        work.add(kept)
        note(work, person, NOW, "attach evidence", after=kept)
    return store


def tamper(store: SqlStore, *statements: str) -> None:
    """What somebody with the database's own password could do."""
    sqlite = store.engine.dialect.name == "sqlite"
    off = ["DROP TRIGGER events_keep_update", "DROP TRIGGER events_keep_delete"]
    with store.engine.begin() as connection:
        for statement in (*(off if sqlite else ["ALTER TABLE events DISABLE TRIGGER ALL"]), *statements):
            connection.execute(text(statement))


def found(store: SqlStore, files: FolderFiles) -> list[tuple[str, int, str]]:
    return [(one.chain, one.number, one.what) for one in verify(store, files)]


def test_an_account_that_nobody_touched_holds(account: SqlStore, files: FolderFiles) -> None:
    assert verify(account, files) == []


def test_an_empty_database_holds(store: SqlStore, files: FolderFiles) -> None:
    assert verify(store, files) == []


@pytest.mark.parametrize(
    ("change", "number", "what"),
    [
        ("UPDATE events SET reason = 'None briefed' WHERE number = 4", 4, "its content was altered"),
        ("UPDATE events SET at = '2026-01-01 00:00:00' WHERE number = 2", 2, "its content was altered"),
        ("DELETE FROM events WHERE number = 2", 2, "event 2 is missing"),
        ("DELETE FROM events WHERE number = 5", 5, "event 5 is missing: the chain should end with event 5"),
        ("UPDATE events SET number = number + 10 WHERE number = 5", 5, "event 5 is missing"),
        ("DELETE FROM chains WHERE number > 0", 5, "the chain ends otherwise than was written down"),
        ("UPDATE chains SET head = 'x' WHERE number > 0", 5, "the chain ends otherwise than was written down"),
    ],
)
def test_a_broken_chain(account: SqlStore, files: FolderFiles, change: str, number: int, what: str) -> None:
    tamper(account, f"{change} AND chain = 'service'")
    assert ("service", number, what) in found(account, files)
    assert [one for one in verify(account, files) if one.chain == "service2"] == []


def test_only_the_first_break_of_each_chain_is_named(account: SqlStore, files: FolderFiles) -> None:
    tamper(account, "UPDATE events SET verb = 'x' WHERE number < 4")
    assert found(account, files) == [
        ("service", 1, "its content was altered"),
        ("service2", 1, "its content was altered"),
    ]


def test_events_that_changed_places(account: SqlStore, files: FolderFiles) -> None:
    moved = ("number = 99 WHERE number = 3", "number = 3 WHERE number = 4", "number = 4 WHERE number = 99")
    tamper(account, *(f"UPDATE events SET {change} AND chain = 'service'" for change in moved))  # noqa: S608 - our own words
    assert ("service", 3, "does not follow from the event before it") in found(account, files)


def test_two_files_that_were_swapped(account: SqlStore, files: FolderFiles, tmp_path: Path) -> None:
    sha256, size = files.put([b"another photograph"], 1000)
    with account.transaction() as work:
        work.add(replace(filled(Evidence, state=EvidenceState.KEPT), id="other", sha256=sha256, size=size))
    one, two = sorted(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)
    assert sum(what.endswith("was altered: its SHA-256 is another") for _, _, what in found(account, files)) == 2


def test_a_chain_that_was_taken_away_whole(account: SqlStore, files: FolderFiles) -> None:
    tamper(account, "DELETE FROM events WHERE chain = 'service2'")
    assert ("service2", 1, "event 1 is missing: the chain should end with event 3") in found(account, files)
    with account.engine.begin() as connection:
        connection.execute(text("DELETE FROM chains WHERE chain = 'service2'"))
    assert ("service2", 0, "no event tells of the action action2") in found(account, files)


def test_a_record_that_is_not_as_it_was_left(account: SqlStore, files: FolderFiles) -> None:
    with account.engine.begin() as connection:
        connection.execute(text("UPDATE actions SET due_on = '2027-01-01', owner_id = 'person2' WHERE id = 'action'"))
    (one,) = verify(account, files)
    assert (one.chain, one.number) == ("service", 4)
    assert one.what == "the action action is not as this event left it: owner_id, due_on"


def test_a_record_that_is_gone(account: SqlStore, files: FolderFiles) -> None:
    with account.engine.begin() as connection:
        connection.execute(text("DELETE FROM evidence WHERE id = 'photo'"))
    assert found(account, files) == [("service", 5, "the evidence photo is gone")]


def test_a_record_that_nobody_told_of(account: SqlStore, files: FolderFiles) -> None:
    with account.transaction() as work:
        action = work.get(Action, "action")
        assert action
        work.add(replace(action, id="smuggled", number=work.next_number("T1", "A")))
    assert found(account, files) == [("service", 0, "no event tells of the action smuggled")]


def test_a_file_that_was_altered_or_is_gone(account: SqlStore, files: FolderFiles, tmp_path: Path) -> None:
    (kept,) = (path for path in (tmp_path / "files").rglob("*") if path.is_file())
    kept.write_bytes(b"another photograph")
    (altered,) = verify(account, files)
    assert (altered.chain, altered.number) == ("service", 0)
    assert altered.what.endswith("of entry E1 was altered: its SHA-256 is another")
    kept.unlink()
    (gone,) = verify(account, files)
    assert gone.what.endswith("of entry E1 is gone")


def test_a_clock_that_was_set_back_alters_nothing(account: SqlStore, files: FolderFiles) -> None:
    with account.transaction() as work:
        before = work.get(Action, "action")
        assert before
        after = work.save(replace(before, what="Brief everybody"))
        note(work, None, NOW - timedelta(days=1), "revise", before=before, after=after)
    assert verify(account, files) == []


def test_more_records_than_a_page(opened: Callable[[], SqlStore], files: FolderFiles) -> None:
    store = opened()
    with store.transaction() as work:
        plant(work)
        for number in range(210):
            add_action(work, id=f"a{number:04}")
    assert verify(store, files) == []
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE actions SET what = 'x' WHERE id = 'a0207'"))
    assert [type(one) for one in verify(store, files)] == [Break]
