"""Several processes that tick and deliver over one PostgreSQL at the same time."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.app import Program, build
from bot.plan.actions import Action
from bot.plan.entries import Entry
from bot.timing.outbox import DeliveryState, ReminderState
from handlers.buckets import Buckets
from handlers.tick import tick
from playground.actor import wait_for, words
from tests.handlers.conftest import housed
from tests.handlers.oak import PEOPLE, Oak, at
from tests.postgres import Postgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server for these tests."""
    server = Postgres()
    server.start()
    yield server
    server.stop()


def test_complaint_01_same_reminder_twice_with_three_replicas(postgres: Postgres, tmp_path: Path) -> None:
    with Oak(tmp_path, database_url=postgres.database()) as oak:
        for name in PEOPLE:
            for number in range(4):
                oak.action("2027-05-26", owner=name, what=f"Change {number}")
        stores = [oak.open_store() for _ in range(3)]
        boxes = [oak.outbox(oak.desk_over(store), buckets=Buckets()) for store in stores]

        def replica(number: int) -> None:
            for _ in range(3):
                tick(oak.desk_over(stores[number]), oak.now)
                boxes[number].run_once(oak.now)

        for moment in ("2027-05-26 00:01", "2027-05-26 09:00", "2027-05-27 09:00"):
            oak.move(moment)
            threads = [threading.Thread(target=replica, args=(number,)) for number in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        for box, store in zip(boxes, stores, strict=True):
            box.stop()
            store.close()
        assert {name: len(oak.dm(name)) for name in PEOPLE} == dict.fromkeys(PEOPLE, 2)
        assert {d.state for d in oak.deliveries()} == {DeliveryState.SENT}
        assert ReminderState.WAITING not in {r.state for r in oak.reminders()}


def test_what_another_replica_is_still_looking_at_comes_in_the_same_message(postgres: Postgres, tmp_path: Path) -> None:
    """Two replicas come back at nine: while one works through what fell due, the other must not send half of it."""
    with Oak(tmp_path, database_url=postgres.database()) as oak:
        oak.action("2027-05-26", what="Use the 8-line sheet")
        second = oak.action("2027-05-26", what="Read the falls list aloud")
        with oak.store.transaction() as work:
            work.rewake(Action, second.id, at("2027-05-26 08:30"))
        oak.move("2027-05-26 00:01")
        oak.tick()
        oak.move("2027-05-26 09:00")
        busy = oak.open_store()
        with busy.transaction() as work:
            assert work.waking(Action, oak.now, 200)  # the other replica, in the middle of its tick
            oak.tick()
            oak.carry()
            assert oak.dm("amara") == []
        busy.close()
        oak.tick()
        oak.carry()
        (message,) = oak.dm("amara")
        assert message["blocks"][0]["text"]["text"] == "2 actions need you today"


def heard(program: Program) -> int:
    """How many requests of Slack it has answered."""
    (figure,) = program.acks.histogram.collect()
    return int(next(sample.value for sample in figure.samples if sample.name.endswith("_count")))


def test_what_slack_delivers_again_to_the_other_replica_is_kept_and_answered_once(
    postgres: Postgres, tmp_path: Path
) -> None:
    """One saves the entry, and its acknowledgement is lost together with its connection; the other hears it anew."""
    url = postgres.database()
    with housed(tmp_path, database_url=url, socket_connections=1, workers=4) as house, ExitStack() as ends:
        house.action(house.priority())
        one, other = house.program, build(house.program.desk.settings)
        ends.callback(other.stop)
        for program in (one, other):
            program.start()
        first, second = one.sockets(), other.sockets()
        ends.callback(second.close)
        first.connect()
        house.slack.hub.retry_delays = (0.5, 0.5, 0.5)
        house.slack.fault("events_api", "lose_ack", times=1)
        amara = house.actor("amara")
        amara.say("log A1 Briefed the shift")
        amara.see("Saved as E1")
        first.close()
        second.connect()
        wait_for(lambda: heard(other))
        (entry,) = house.all(Entry)
        assert entry.what == "Briefed the shift"
        assert sum("Saved as" in words(message) for message in amara.dm()) == 1
