"""The journal: a chain for each service, one event for each request, and no way back."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import AlreadyDone
from bot.ids import new_id
from bot.plan.journal import GENESIS, Event, digest, first_break, note_removal
from bot.work import Work
from storage.files import FolderFiles
from storage.store import SqlStore
from storage.verify import verify
from tests.storage.plan import NOW, plant

AWKWARD = {
    "n": 0.1,
    "big": 12345678901234567890,
    "text": '£ \u0000 \U0001f600 \\ "',
    "list": [1, None, True],
    "deep": {"z": 1, "a": 2},
}


def append(work: Work, chain: str = "service", **given: Any) -> Event:
    facts: dict[str, Any] = {
        "id": new_id(NOW),
        "at": NOW,
        "person_id": "person",
        "verb": "change action",
        "kind": "action",
        "record_id": "action",
        "before": None,
        "after": AWKWARD,
    }
    return work.append(chain=chain, **facts | given)


def test_events_come_back_as_they_were_hashed(store: SqlStore) -> None:
    london = datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=ZoneInfo("Europe/London"))
    with store.transaction() as work:
        plant(work)
        start = work.head("service")[0]
        made = [append(work, at=london, request_id="r1"), append(work, before=AWKWARD, after=None, corrects="x")]
    with store.reading() as work:
        assert list(work.events("service", after=start)) == made
        assert work.event_of("r1") == made[0]
        assert work.event_of("r2") is None
        assert work.head("service") == (start + 2, made[1].hash)
        assert first_break(work.events("service")) is None
    assert [event.number for event in made] == [start + 1, start + 2]
    assert made[1].previous_hash == made[0].hash == digest(made[0].previous_hash, made[0])


def test_each_chain_starts_at_one(store: SqlStore) -> None:
    with store.transaction() as work:
        assert work.head("T9") == (0, GENESIS)
        for chain in ("T9", "T8"):
            assert append(work, chain).number == 1
        assert append(work, "T9").number == 2
        assert [event.number for event in work.events("T9", record_id="action")] == [1, 2]
        assert list(work.events("T9", record_id="other")) == []


def test_a_request_causes_one_event_however_often_it_comes(opened: Callable[[], SqlStore]) -> None:
    stores = [opened() for _ in range(3)]
    with stores[0].transaction() as work:
        plant(work)
        start = work.head("service")[0]
    outcomes: list[str] = []

    def press(store: SqlStore) -> None:
        try:
            with store.transaction() as work:
                append(work, request_id="one-click")
        except AlreadyDone:
            outcomes.append("already done")
        else:
            outcomes.append("done")

    threads = [threading.Thread(target=press, args=(store,)) for store in stores * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already done"] * 11 + ["done"]
    with stores[1].reading() as work:
        assert work.head("service")[0] == start + 1
        assert first_break(work.events("service")) is None


def test_a_refused_repeat_leaves_nothing_of_its_block(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        append(work, request_id="r1")
    with pytest.raises(AlreadyDone, match="nothing was changed twice"), store.transaction() as work:
        append(work, request_id=f"r{work.next_number('T1', 'R')}")
    with store.transaction() as work:
        assert work.next_number("T1", "R") == 1


@pytest.mark.parametrize(
    "words", ["UPDATE events SET reason = 'nicer'", "DELETE FROM events", "DELETE FROM events WHERE number = 1"]
)
def test_the_database_itself_refuses_to_change_an_event(store: SqlStore, words: str) -> None:
    with store.transaction() as work:
        plant(work)
        before = list(work.events("service"))
    with pytest.raises(DBAPIError, match="the journal only grows"), store.engine.begin() as connection:
        connection.execute(text(words))
    with store.reading() as work:
        assert list(work.events("service")) == before


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="no time zone"), store.transaction() as work:
        append(work, at=NOW.replace(tzinfo=None))


def test_an_altered_event_is_found(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        events = list(work.events("service"))
    events[1] = replace(events[1], reason="nicer")
    found = first_break(events)
    assert found
    assert (found.number, found.what) == (2, "its content was altered")


def test_words_can_be_taken_out_and_nothing_else_of_an_event_changed(store: SqlStore, tmp_path: Path) -> None:
    with store.transaction() as work:
        plant(work)
        event = append(work, reason="Rosa Diaz asked", chain="T1", kind="form")
        work.take_out(event, {"after.text", "reason"})
        note_removal(work, NOW, "erase person", chain="T1", record_id="person", parts={1: ["after.text", "reason"]})
    with store.reading() as work:
        kept = next(work.events("T1"))
        assert (kept.hash, kept.reason, kept.after) == (event.hash, "", {k: AWKWARD[k] for k in AWKWARD if k != "text"})
        assert first_break(work.events("T1")) is None
    assert verify(store, FolderFiles(tmp_path)) == []
    for words in ("verb = 'x'", "hash = 'x'", "number = 9", "at = '2020-01-01 00:00:00'", "after = NULL"):
        with pytest.raises(DBAPIError, match="the journal only grows"), store.engine.begin() as connection:
            connection.execute(text(f"UPDATE events SET {words}"))  # noqa: S608 - our own words
    with pytest.raises(DBAPIError, match="the journal only grows"), store.engine.begin() as connection:
        connection.execute(text("UPDATE events SET seal = '{}', verb = 'x'"))


def test_a_removed_record_is_told_of_or_missed(store: SqlStore, tmp_path: Path) -> None:
    with store.transaction() as work:
        action = plant(work)
        assert work.search(["service"], "night staff")
        work.remove(action)
        assert work.search(["service"], "night staff") == []
    (gone,) = verify(store, FolderFiles(tmp_path))
    assert gone.what == "the action action is gone"
    with store.transaction() as work:
        records = {"action": ["action"]}
        note_removal(work, NOW, "apply retention", chain="service", record_id="service", records=records)
    assert verify(store, FolderFiles(tmp_path)) == []
