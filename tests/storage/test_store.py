"""Units of work: all or nothing, versions, questions, and who waits for whom."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.errors import Refusal, Stale, Taken
from bot.plan.actions import Action
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryState
from bot.work import Store, Work
from storage.store import SqlStore, open_store
from tests.storage.cutting import cut_all
from tests.storage.plan import NOW, add_action, filled, plant


def test_it_is_what_the_rules_ask_for(store: SqlStore) -> None:
    asked: Store = store
    with asked.transaction() as opened:
        work: Work = opened
        assert work.count(Service) == 0


def test_an_error_undoes_the_whole_block(store: SqlStore) -> None:
    with pytest.raises(KeyError, match="half_way"), store.transaction() as work:
        work.all(Action, id=plant(work).id, half_way=True)
    with store.transaction() as work:
        assert work.count(Service) == work.count(Person) == work.count(Action) == 0
        assert work.head("service")[0] == 0
        assert work.search(["service"], "night") == []
        assert work.next_number("T1", "A") == 1


def test_save_counts_the_version_up_and_refuses_an_old_one(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
    with store.transaction() as work:
        read = work.get(Action, "action")
        assert read is not None
        saved = work.save(replace(read, what="Brief all staff"))
        assert saved.version == read.version + 1
    with pytest.raises(Stale, match="Open it again"), store.transaction() as work:
        work.save(replace(read, what="Something else"))
    with store.reading() as work:
        assert work.get(Action, "action") == saved


def test_saving_what_was_never_added_is_refused(store: SqlStore) -> None:
    with pytest.raises(Stale), store.transaction() as work:
        work.save(replace(plant(work), id="nobody"))


def test_questions(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        for day, note in ((3, "b"), (1, "a"), (2, "c")):
            add_action(work, id=f"n{day}", due_on=date(2026, 11, day), done_by=note if day > 1 else None)
    with store.reading() as work:
        assert [a.id for a in work.all(Action, order="due_on", id={"n1", "n2", "n3"})] == ["n1", "n2", "n3"]
        assert [a.id for a in work.all(Action, order="-due_on", id=("n1", "n2", "n3"))] == ["n3", "n2", "n1"]
        assert [a.id for a in work.all(Action, order="-due_on", limit=1, service_id="service")] == ["n3"]
        assert [a.id for a in work.all(Action, done_by=None)] == ["action", "n1"]
        assert work.all(Action, id=[]) == []
        assert work.count(Action, service_id="service", done_by=["b", "c"]) == 2
        assert work.one(Action, workspace_id="T1", number=99) is None
        assert work.get(Action, None) is None
        with pytest.raises(LookupError):
            work.one(Action, service_id="service")
        with pytest.raises(KeyError):
            work.all(Action, colour="blue")


@pytest.mark.parametrize("order", ["done_by", "-done_by"])
def test_nulls_stand_last_on_both_engines(store: SqlStore, order: str) -> None:
    with store.transaction() as work:
        plant(work)
        add_action(work, id="n1", done_by="x")
    with store.reading() as work:
        assert [a.id for a in work.all(Action, order=order)] == ["n1", "action"]


def test_unique_keys_say_that_somebody_was_quicker(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
    for twin in (
        Person(id="other", workspace_id="T1", slack_id="U1", name="Rosa again"),
        Service(id="other", workspace_id="T1", channel_id="C1", name="Elm again"),
    ):
        with pytest.raises(Taken), store.transaction() as work:
            work.add(twin)
    with store.transaction() as work:
        work.add(Person(id="other", workspace_id="T2", slack_id="U1", name="Another workspace"))
        assert work.count(Person) == 2


def test_a_record_of_a_service_that_does_not_exist_is_refused(store: SqlStore) -> None:
    holding = RoleHolding(id="h", workspace_id="T1", service_id="nowhere", role=Role.DEPUTY)
    with pytest.raises(IntegrityError), store.transaction() as work:
        work.add(holding)


def test_a_transaction_inside_a_transaction_is_refused_at_once(store: SqlStore) -> None:
    with store.transaction() as outer:
        with pytest.raises(RuntimeError, match="open already"), store.transaction():
            pass
        plant(outer)
    with store.transaction() as work:
        assert work.count(Service) == 1


def test_reading_cannot_write(store: SqlStore) -> None:
    with pytest.raises(SQLAlchemyError), store.reading() as work:
        work.add(Person(id="p", workspace_id="T1", slack_id="U9", name="Nobody"))
    with store.reading() as work:
        assert work.count(Person) == 0


def test_reading_is_one_view_and_waits_for_no_writer(opened: Callable[[], SqlStore]) -> None:
    store, elsewhere = opened(), opened()
    with store.transaction() as work:
        plant(work)
    with store.reading() as before:
        assert before.count(Action) == 1
        with elsewhere.transaction() as work:
            add_action(work, id="later")
            with store.reading() as beside:  # while the writer holds its locks
                assert beside.count(Action) == 1
        assert before.count(Action) == 1
        assert before.get(Action, "later") is None
    with store.reading() as after:
        assert after.count(Action) == 2


def test_writers_in_one_process_take_turns_in_the_order_they_came(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
    served: list[int] = []

    def write(place: int) -> None:
        with store.transaction() as work:
            work.next_number("T1", "E")
            served.append(place)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(8)]
    with store.transaction() as work:
        work.next_number("T1", "E")
        for thread in threads:
            thread.start()
            time.sleep(0.02)
    for thread in threads:
        thread.join()
    # PostgreSQL lets four of them reach its own queue, and keeps the order only there.
    assert sorted(served) == list(range(8))
    if store.engine.dialect.name == "sqlite":
        assert served == list(range(8))


def test_workspaces_do_not_wait_for_one_another_on_postgresql(opened: Callable[[], SqlStore], engine_name: str) -> None:
    store, elsewhere = opened(), opened()
    order: list[str] = []
    with store.transaction() as work:
        plant(work)
        plant(work, "T2", "2")

    def other() -> None:
        with elsewhere.transaction() as work:
            add_action(work, workspace="T2", tail="2")
        order.append("other workspace")

    thread = threading.Thread(target=other)
    with store.transaction() as work:
        add_action(work)
        thread.start()
        thread.join(timeout=0.3)
        order.append("this workspace")
    thread.join()
    expected = ["this workspace", "other workspace"]
    assert order == (expected if engine_name == "sqlite" else expected[::-1])


def test_sqlite_is_kept_safe(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a' / 'b' / 'grip.db'}")
    with store.transaction() as work:
        settings = {
            name: work.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://root@localhost/grip"])
def test_other_databases_are_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        open_store(url)


def test_the_short_name_of_postgresql_is_understood(tmp_path: Path) -> None:
    store = open_store("postgres://grip@127.0.0.1:1/nothing")
    assert store.engine.dialect.name == "postgresql"
    assert store.engine.dialect.driver == "psycopg"
    store.close()
    assert NOW.tzinfo is not None
    assert not list(tmp_path.iterdir())


def test_a_wake_that_has_come_is_not_put_off_by_a_change(store: SqlStore) -> None:
    given = {"due": NOW - timedelta(days=3), "later": NOW + timedelta(days=3), "never": None}
    with store.transaction() as work:
        plant(work)
        for number, (name, wake_at) in enumerate(given.items(), start=50):
            add_action(work, id=name, number=number, wake_at=wake_at)
    with store.transaction() as work:
        for action in work.all(Action, id=list(given)):
            work.save(replace(action, what="Something else", wake_at=NOW))
    with store.reading() as work:
        wakes = {action.id: action.wake_at for action in work.all(Action, id=list(given))}
    assert wakes == {"due": NOW - timedelta(days=3), "later": NOW, "never": NOW}


def test_who_carries_is_told_of_what_was_left_once_it_is_kept(store: SqlStore) -> None:
    told: list[int] = []

    def count() -> None:
        with store.reading() as work:
            told.append(work.count(Delivery))

    store.told = count
    with store.transaction() as work:
        plant(work)
    assert told == []
    with store.transaction("T1") as work:
        work.enqueue(filled(Delivery, key="one", state=DeliveryState.WAITING))
    assert told == [1]
    with store.transaction("T1") as work:
        work.enqueue(filled(Delivery, key="one", id="other", state=DeliveryState.WAITING))
    with suppress(Refusal), store.transaction("T1") as work:
        work.enqueue(filled(Delivery, key="two", id="two", state=DeliveryState.WAITING))
        raise Refusal("No.")
    assert told == [1]


def test_what_waits_to_be_written_is_read_and_found(store: SqlStore) -> None:
    with store.transaction("T1") as work:
        plant(work)
        work.add(Person(id="late", workspace_id="T1", slack_id="U77", name="Late"))
        assert work.count(Person, slack_id="U77") == 1
    person = store.find(Person, workspace_id="T1", slack_id="U77")
    assert person
    assert person.name == "Late"
    assert store.find(Person, workspace_id="T2", slack_id="U77") is None


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_connection_that_rests_and_that_the_server_ended_is_noticed_before_it_is_used(store: SqlStore) -> None:
    with store.transaction("T1") as work:
        plant(work)
    cut_all(store)
    with store.transaction("T1") as work:
        assert work.get(Service, "service")
    cut_all(store)
    assert store.find(Service, id="service")
