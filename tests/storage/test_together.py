"""Transactions that a database is given together: each whole or undone, none answered before all are on the disk."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from bot.errors import AlreadyDone, Refusal
from bot.plan.journal import first_break, note
from bot.plan.services import Service
from playground.actor import wait_for
from storage.queue import Turnstile
from storage.store import SqlStore, open_store
from storage.together import Together
from storage.work import SqlWork
from tests.storage.plan import NOW, plant

ROOT = Path(__file__).parents[2]
LONG = 60.0  # seconds that a batch may stay open here, so that a busy machine does not cut it in two

DOOMED = """
import sys, threading, time
from sqlalchemy import text
from storage.queue import Turnstile
from storage.store import open_store
from storage.work import SqlWork
from tests.storage.plan import NOW, plant
from storage.together import Together

together = Together(open_store(sys.argv[1]).engine, Turnstile(1), lambda connection: SqlWork(connection, {}), 60.0)

def second():
    with together.transaction() as work:
        work.connection.execute(text("INSERT INTO kept VALUES ('second')"))
        print("in the middle", flush=True)
        time.sleep(60)

with together.transaction() as work:
    work.connection.execute(text("INSERT INTO kept VALUES ('first')"))
    threading.Thread(target=second, daemon=True).start()
    while not together.turn.awaited:
        time.sleep(0.001)
print("answered", flush=True)
"""


@pytest.fixture
def alone(empty_url: str) -> Iterator[SqlStore]:
    store = open_store(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (word TEXT PRIMARY KEY)"))
        later = "DEFERRABLE INITIALLY DEFERRED"
        connection.execute(text(f"CREATE TABLE hung (word TEXT REFERENCES kept (word) {later})"))
    yield store
    store.close()


def kept(store: SqlStore) -> list[str]:
    with store.reading() as work:
        return list(work.connection.execute(text("SELECT word FROM kept ORDER BY word")).scalars())


def write(word: str) -> Callable[[Connection], None]:
    def insert(connection: Connection) -> None:
        connection.execute(text("INSERT INTO kept VALUES (:word)"), {"word": word})

    return insert


def refused(connection: Connection) -> None:
    write("refused")(connection)
    raise Refusal("No.")


def orphan(connection: Connection) -> None:
    """What the database finds wrong at the commit alone."""
    connection.execute(text("INSERT INTO hung VALUES ('nobody')"))


def ended(connection: Connection) -> None:
    """As SQLite does by itself where the disk is full."""
    connection.execute(text("ROLLBACK"))


def lane_of(store: SqlStore, longest: float) -> Together[SqlWork]:
    return Together(store.engine, Turnstile(1), lambda connection: SqlWork(connection, {}), longest)


def together(store: SqlStore, *bodies: Callable[[Connection], None]) -> tuple[list[Exception | None], list[int]]:
    """Run the bodies as `in_turn` does, over the connection alone."""
    return in_turn(store, *(lambda work, body=body: body(work.connection) for body in bodies))


def in_turn(store: SqlStore, *bodies: Callable[[SqlWork], None]) -> tuple[list[Exception | None], list[int]]:
    """Run the bodies in one batch, in order: what each ended with, and how many were out at each commit."""
    lane, commits, out = lane_of(store, LONG), list[int](), dict[int, Exception | None]()
    event.listen(store.engine, "commit", lambda _: commits.append(len(out)))

    def one(place: int) -> None:
        try:
            with lane.transaction() as work:
                if place + 1 < len(bodies):
                    threads[place + 1].start()
                    wait_for(lambda: lane.turn.awaited)
                bodies[place](work)
        except Exception as error:  # noqa: BLE001 - looked at by the test
            out[place] = error
        else:
            out[place] = None

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(bodies))]
    threads[0].start()
    for thread in threads:
        wait_for(lambda: thread.ident)  # noqa: B023 - asked for now
        thread.join(30)
    return [out[place] for place in range(len(bodies))], commits


def test_one_commit_keeps_them_all_and_nobody_is_out_before_it(alone: SqlStore) -> None:
    assert together(alone, *(write(word) for word in "abc")) == ([None, None, None], [0])
    assert kept(alone) == ["a", "b", "c"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_refusal_undoes_its_own_writes_alone(alone: SqlStore, place: int) -> None:
    bodies = [write("a"), write("b")]
    bodies.insert(place, refused)
    ends, commits = together(alone, *bodies)
    assert [str(end) if end else "" for end in ends] == ["No." if here == place else "" for here in range(3)]
    assert commits == [0 if place else 1]  # where the first one fails, the others begin anew
    assert kept(alone) == ["a", "b"]


def test_a_broken_rule_of_the_database_undoes_its_own_writes_alone(alone: SqlStore) -> None:
    ends, _ = together(alone, write("a"), write("a"), write("b"))
    assert [type(end) for end in ends] == [type(None), IntegrityError, type(None)]
    assert kept(alone) == ["a", "b"]


@pytest.mark.parametrize("bad", [orphan, ended])
def test_where_the_commit_fails_nobody_is_told_of_success(alone: SqlStore, bad: Callable[[Connection], None]) -> None:
    ends, _ = together(alone, write("a"), refused, bad)
    assert all(isinstance(end, SQLAlchemyError) for end in ends), ends
    assert kept(alone) == []
    assert together(alone, write("c"))[0] == [None]
    assert kept(alone) == ["c"]


def test_what_waits_too_long_is_committed_before_the_next_comes_in(alone: SqlStore) -> None:
    lane, commits = lane_of(alone, 0.0), list[int]()
    event.listen(alone.engine, "commit", lambda _: commits.append(1))

    def second() -> None:
        with lane.transaction() as work:
            assert commits == [1]
            write("b")(work.connection)

    thread = threading.Thread(target=second)
    with lane.transaction() as work:
        write("a")(work.connection)
        thread.start()
        wait_for(lambda: lane.turn.awaited)
    thread.join(30)
    assert kept(alone) == ["a", "b"]


def test_where_none_can_begin_those_who_waited_are_told_at_once_and_the_next_one_tries_again(alone: SqlStore) -> None:
    tried: list[int] = []
    waiting = threading.Event()

    def make(connection: Connection) -> SqlWork:
        tried.append(1)
        if len(tried) == 1:
            assert waiting.wait(30)
            wait_for(lambda: lane.turn.awaited)
            raise OperationalError("lock", None, Exception("timeout"))
        return SqlWork(connection, {})

    lane, out = Together(alone.engine, Turnstile(1), make), list[Exception]()

    def one() -> None:
        try:
            with lane.transaction():
                pass
        except OperationalError as error:
            out.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    waiting.set()
    for thread in threads:
        thread.join(30)
    assert (len(out), len(tried)) == (2, 1)
    with lane.transaction() as work:
        write("a")(work.connection)
    assert kept(alone) == ["a"]


def test_what_is_undone_leaves_no_trace_in_what_the_next_one_knows(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)

    def rename(work: SqlWork, name: str) -> Service:
        service = work.get(Service, "service")
        assert service
        saved = work.save(replace(service, name=name))
        note(work, None, NOW, name, before=service, after=saved, chain="service")
        return saved

    def undone(work: SqlWork) -> None:
        assert rename(work, "undone").version == 3
        raise Refusal("No.")

    def last(work: SqlWork) -> None:
        service = work.get(Service, "service")
        assert service
        assert (service.name, service.version) == ("first", 2)
        rename(work, "last")

    ends, commits = in_turn(store, lambda work: (rename(work, "first"), None)[1], undone, last)
    assert ([type(end) for end in ends], commits) == ([type(None), Refusal, type(None)], [0])
    with store.reading() as work:
        assert first_break(work.events("service")) is None
        assert [event.verb for event in work.events("service")][-2:] == ["first", "last"]
        assert work.head("service")[0] == len(list(work.events("service")))


def test_a_request_told_twice_in_one_batch_is_done_once(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)

    def told(work: SqlWork) -> None:
        note(work, None, NOW, "told", after=work.get(Service, "service"), chain="service", request_id="one")

    ends, _ = in_turn(store, told, told, SqlWork.finish)
    assert [type(end) for end in ends] == [type(None), AlreadyDone, type(None)]
    with store.reading() as work:
        assert [event.verb for event in work.events("service")].count("told") == 1


def test_a_death_before_the_common_commit_leaves_nothing_and_nobody_answered(alone: SqlStore, empty_url: str) -> None:
    doomed = subprocess.Popen([sys.executable, "-c", DOOMED, empty_url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert doomed.stdout
    assert doomed.stdout.readline().strip() == "in the middle"
    doomed.kill()
    assert doomed.stdout.read() == ""
    doomed.wait(30)
    assert kept(alone) == []
