"""The soak's own count sees what it is there to see; the soak itself is `./dev soak`."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.plan.entries import LogEntry, log
from bot.plan.people import Person
from bot.plan.services import Shift
from storage.store import SqlStore, open_store
from tests.bench.table import Figure
from tests.databases import migrated
from tests.faults.scene import FIRST
from tests.soak import check, town
from tests.soak.load import Failure, Ledger

NOW = town.instant(FIRST, 9, 30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store."""
    opened = open_store(migrated(tmp_path / "grip.db"))
    yield opened
    opened.close()


def failed(figures: list[Figure]) -> list[str]:
    return [figure.name for figure in figures if not figure.met]


def test_what_is_lost_doubled_or_nobodys_is_counted(store: SqlStore) -> None:
    (home, *_), _ = town.plant(store, 2, 1, 3, random.Random(1))
    ledger = Ledger(tried={"sheet1x", "sheet2x"})
    with store.transaction() as work:
        leader = work.one(Person, slack_id=home.leader)
        assert leader
        for words in ("Briefed the seniors on sheet1x", "Observed them on sheet2x"):
            form = LogEntry(action=home.action, what=words)
            entry, _ = log(work, leader, form, NOW, (date(2027, 1, 11), Shift.EARLY))
            ledger.acknowledged[words.rsplit(" ", 1)[-1]] = entry.number
    assert failed(check.entries(store, ledger)) == []
    ledger.acknowledged["sheet9x"] = 9
    assert failed(check.entries(store, ledger)) == ["acknowledged entries that are not stored"]
    del ledger.acknowledged["sheet9x"]
    ledger.tried.remove("sheet2x")
    with store.transaction() as work:
        form = LogEntry(action=home.action, what="Observed them again on sheet1x")
        log(work, leader, form, NOW, (date(2027, 1, 11), Shift.EARLY))
    assert failed(check.entries(store, ledger)) == ["entries stored more than once", "entries that nobody wrote"]


def test_a_delivery_posted_twice_and_a_missing_digest_are_counted(store: SqlStore) -> None:
    said = (("C1", "one"), ("C2", "two"))
    once = [check.Said(channel, "", "1799658000.0", "a week", delivery) for channel, delivery in said]
    assert failed(check.posted(store, 0, [FIRST], once)) == []
    assert failed(check.posted(store, 0, [FIRST], [*once, once[0]])) == ["deliveries posted twice"]
    assert failed(check.posted(store, 2, [FIRST], once)) == ["digests missing or doubled"]


def test_only_the_absence_of_the_database_excuses_a_failure() -> None:
    ledger = Ledger(failures=[Failure(10.0, "log", "500"), Failure(31.0, "log", "500")], absences=[(8.0, 12.0)])
    assert [failure.at for failure in ledger.unexplained] == [31.0]
