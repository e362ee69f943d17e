"""Many threads, many processes and sudden deaths: numbers stay unique, chains whole, blocks all or nothing."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import Stale
from bot.ids import new_id
from bot.plan import entries
from bot.plan.actions import Action, ActionStatus
from bot.plan.entries import Entry, LogEntry
from bot.plan.journal import first_break, note
from bot.plan.people import Person
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.services import Shift
from bot.timing.outbox import DeliveryKind
from playground.actor import wait_for
from storage.files import FolderFiles
from storage.store import SqlStore
from storage.verify import verify
from tests.storage.cutting import cut_all
from tests.storage.plan import NOW, add_action, plant

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from storage.store import open_store
from tests.storage.plan import add_action

store = open_store(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with store.transaction() as work:
        add_action(work)
store.close()
"""

DOOMED = """
import sys, time
from dataclasses import replace
from bot.plan.actions import Action
from storage.store import open_store
from tests.storage.plan import add_action, delivery, NOW

store = open_store(sys.argv[1])
with store.transaction() as work:
    add_action(work, id="half")
    work.enqueue(delivery("half"))
    work.save(replace(work.get(Action, "action"), what="half"))
    print("in the middle", flush=True)
    time.sleep(60)
"""


def run(script: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_processes_number_and_journal_side_by_side(store: SqlStore, url: str) -> None:
    with store.transaction() as work:
        plant(work)
    writers = [run(WRITER, url, "12") for _ in range(3)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    with store.reading() as work:
        assert [action.number for action in work.all(Action, order="number")] == list(range(1, 38))
        assert first_break(work.events("service")) is None
        assert work.head("service")[0] == 39


def test_a_process_killed_in_the_middle_leaves_nothing(store: SqlStore, url: str, tmp_path: Path) -> None:
    with store.transaction() as work:
        plant(work)
        before = work.get(Action, "action"), work.head("service")
    doomed = run(DOOMED, url)
    assert doomed.stdout
    assert doomed.stdout.readline().strip() == "in the middle"
    doomed.send_signal(signal.SIGKILL)
    doomed.wait(timeout=10)
    with store.transaction() as work:  # nor does it hold anybody up
        assert (work.get(Action, "action"), work.head("service")) == before
        assert work.get(Action, "half") is None
        assert work.search(["service"], "half") == []
        assert work.claim(NOW, NOW, "me", 10, DeliveryKind.POST) == []
        assert work.next_number("T1", "A") == 2
    assert verify(store, FolderFiles(tmp_path)) == []


def test_of_many_who_change_one_action_each_change_is_kept_or_refused(opened: Callable[[], SqlStore]) -> None:
    """The verbs touch counters, chains and rows in different orders; nobody may deadlock or overwrite."""
    stores = [opened() for _ in range(3)]
    with stores[0].transaction() as work:
        plant(work)
    kept: list[str] = []
    refused: list[str] = []
    failed: list[BaseException] = []

    def change(place: int, store: SqlStore) -> None:
        for turn in range(8):
            word = f"{place}-{turn}"
            try:
                with store.transaction() as work:
                    action, person = work.get(Action, "action"), work.get(Person, "person")
                    assert action
                    if place % 2:
                        work.next_number("T1", "E")
                        saved = work.save(replace(action, verification=f"{action.verification} {word}"))
                        note(work, person, NOW, "change", before=action, after=saved)
                    else:
                        note(work, person, NOW, "look", before=action, after=action)
                        saved = work.save(replace(action, verification=f"{action.verification} {word}"))
                        note(work, person, NOW, "change", before=action, after=saved)
                        work.next_number("T1", "E")
                kept.append(word)
            except Stale:
                refused.append(word)
            except Exception as error:  # noqa: BLE001 - it is looked at below
                failed.append(error)

    threads = [threading.Thread(target=change, args=(place, stores[place % 3])) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(kept) + len(refused) == 48
    with stores[0].reading() as work:
        action = work.get(Action, "action")
        assert action
        assert sorted(action.verification.split()) == sorted(kept)
        assert action.version == 1 + len(kept)
        assert first_break(work.events("service")) is None
    with stores[0].transaction() as work:
        assert work.next_number("T1", "E") == len(kept) + 1


def test_two_workspaces_in_opposite_order_do_not_corrupt_each_other(opened: Callable[[], SqlStore]) -> None:
    stores = [opened() for _ in range(2)]
    with stores[0].transaction() as work:
        plant(work)
        plant(work, "T2", "2")

    def write(store: SqlStore, workspace: str, tail: str) -> None:
        for _ in range(20):
            with store.transaction() as work:
                add_action(work, workspace=workspace, tail=tail, id=new_id(NOW))

    sides = [("T1", ""), ("T2", "2")]
    threads = [threading.Thread(target=write, args=(store, *side)) for store in stores for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].reading() as work:
        for workspace, tail in sides:
            numbers = [a.number for a in work.all(Action, order="number", workspace_id=workspace)]
            assert numbers == list(range(1, 42))
            assert first_break(work.events(f"service{tail}")) is None


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_two_who_log_on_a_planned_action_at_once_are_both_kept(opened: Callable[[], SqlStore]) -> None:
    first, second = opened(), opened()
    with first.transaction() as work:
        plant(work)
        priority = work.get(Priority, "priority")
        assert priority
        work.save(replace(priority, status=PriorityStatus.OPEN))

    def log(store: SqlStore, words: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        with store.transaction() as work:
            person = work.get(Person, "person")
            assert person
            if words == "first":
                work.next_number("T1", "E")  # from here on the other one waits, having seen a planned action
            meanwhile()
            entries.log(work, person, LogEntry(action="A1", what=words), NOW, (NOW.date(), Shift.LATE))

    other = threading.Thread(target=log, args=(second, "second"))

    def let_the_other_wait() -> None:
        other.start()
        with opened().reading() as work:
            waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            wait_for(lambda: work.connection.execute(waiting).scalar_one(), 10)

    log(first, "first", let_the_other_wait)
    other.join()
    with first.reading() as work:
        assert [entry.what for entry in work.all(Entry, order="number")] == ["first", "second"]
        started = work.get(Action, "action")
        assert started
        assert (started.status, started.version) == (ActionStatus.IN_PROGRESS, 2)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_database_server_that_crashes_and_comes_back_is_used_again(
    opened: Callable[[], SqlStore], engine_name: str
) -> None:
    store = opened()
    with store.transaction() as work:
        plant(work)
    with store.reading() as work:
        assert work.count(Action) == 1
    cut_all(store)
    with store.transaction() as work:
        add_action(work)
    with store.reading() as work:
        assert work.count(Action) == 2
