"""Reminders and deliveries: offered once, claimed by one, each in its turn."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import Stale
from bot.plan.actions import Action
from bot.plan.people import Person
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder, ReminderState
from storage.store import SqlStore
from tests.storage.plan import NOW, add_action, delivery, plant, reminder
from tests.storage.threads import together

MINUTE = timedelta(minutes=1)
POST = DeliveryKind.POST


def test_a_key_is_offered_once_by_any_number_of_processes(opened: Callable[[], SqlStore]) -> None:
    stores = [opened() for _ in range(3)]
    with stores[0].transaction() as work:
        plant(work)
    new: list[bool] = []

    def offer(store: SqlStore) -> None:
        for number in range(20):
            with store.transaction() as work:
                ours = threading.get_ident()
                new.append(work.offer(reminder(f"overdue:A1:{number}", id=f"r{number}-{ours}")))
                new.append(work.enqueue(delivery(f"morning:{number}", id=f"d{number}-{ours}")))

    together(offer, stores)
    assert Counter(new) == {True: 40, False: 80}
    with stores[0].reading() as work:
        assert work.count(Reminder) == work.count(Delivery) == 20


def test_an_offer_that_exists_leaves_the_rest_of_the_block_alone(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        assert work.offer(reminder("k"))
        assert not work.offer(reminder("k", id="another"))
        add_action(work, id="after")
    with store.reading() as work:
        assert work.get(Action, "after") is not None


def test_who_is_owed_a_reminder(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        for name in ("late", "later", "told", "future"):
            work.add(Person(id=name, workspace_id="T1", slack_id=name, name=name))
        work.offer(reminder("1", person_id="later", due_at=NOW - MINUTE))
        work.offer(reminder("2", person_id="late", due_at=NOW - 2 * MINUTE))
        work.offer(reminder("3", person_id="late", due_at=NOW))
        work.offer(reminder("4", person_id="told", due_at=NOW, delivery_id="d1"))
        work.offer(reminder("5", person_id="told", due_at=NOW, state=ReminderState.SENT))
        work.offer(reminder("6", person_id="future", due_at=NOW + timedelta(microseconds=1)))
        assert work.recipients_due(NOW, 10) == ["late", "later"]
        assert work.recipients_due(NOW, 1) == ["late"]
        assert work.recipients_due(NOW + MINUTE, 10) == ["late", "later", "future"]


def test_a_claim_takes_what_is_ready_oldest_first(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        work.enqueue(delivery("soon", next_at=NOW + MINUTE))
        work.enqueue(delivery("second", next_at=NOW))
        work.enqueue(delivery("first", next_at=NOW - MINUTE))
        work.enqueue(delivery("another kind", next_at=NOW - MINUTE, kind=DeliveryKind.FETCH))
        work.enqueue(delivery("in doubt", next_at=NOW - MINUTE, doubtful=True))
        work.enqueue(delivery("sent", state=DeliveryState.SENT))
        work.enqueue(delivery("failed", state=DeliveryState.FAILED))
    with store.transaction() as work:
        taken = work.claim(NOW, NOW + MINUTE, "one", 10, POST)
    assert [d.key for d in taken] == ["first", "second"]
    for one in taken:
        assert (one.state, one.holder, one.lease_until, one.attempts, one.doubtful, one.version) == (
            DeliveryState.CLAIMED,
            "one",
            NOW + MINUTE,
            1,
            False,
            2,
        )
    with store.transaction() as work:
        assert work.get(Delivery, taken[0].id) == taken[0]
        assert work.claim(NOW, NOW + MINUTE, "two", 10, POST) == []
        done = work.save(replace(taken[0], state=DeliveryState.SENT, ts="1.2"))
    with store.transaction() as work:
        # What "one" holds is nobody else's, however late it is.
        again = work.claim(NOW + 9 * MINUTE, NOW + 10 * MINUTE, "two", 10, POST)
        assert [(d.key, d.attempts) for d in again] == [("soon", 1)]
        assert work.get(Delivery, done.id) == done


def test_what_is_held_or_doubtful_is_in_doubt_and_taken_over_by_one(opened: Callable[[], SqlStore]) -> None:
    one, other = opened(), opened()
    with one.transaction() as work:
        plant(work)
        work.enqueue(delivery("held"))
        work.claim(NOW, NOW + MINUTE, "one", 1, POST)
        work.enqueue(delivery("doubtful", doubtful=True, next_at=NOW + MINUTE))
        work.enqueue(delivery("waiting"))
        work.enqueue(delivery("sent", state=DeliveryState.SENT))
    with other.reading() as work:
        seen = work.in_doubt(10)
        assert sorted(d.key for d in seen) == ["doubtful", "held"]
        assert [d.key for d in work.in_doubt(0)] == ["held"]
    held = next(d for d in seen if d.key == "held")
    with one.transaction() as work:
        work.save(replace(held, holder="two"))
    with pytest.raises(Stale), other.transaction() as work:
        work.save(replace(held, holder="three"))


def test_a_claim_takes_one_kind_so_many_and_leaves_the_workspaces_that_are_full(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        plant(work, "T2", "-other")
        for number in range(6):
            kind = DeliveryKind.FETCH if number % 2 else POST
            work.enqueue(delivery(str(number), kind=kind, next_at=NOW - number * MINUTE))
        work.enqueue(delivery("elsewhere", workspace_id="T2", next_at=NOW - 9 * MINUTE))
        kinds = list(DeliveryKind)
        assert work.ready_kinds(NOW, kinds) == {POST, DeliveryKind.FETCH}
        assert work.ready_kinds(NOW - 6 * MINUTE, kinds) == {POST}
        assert [d.key for d in work.claim(NOW, NOW + MINUTE, "me", 2, DeliveryKind.FETCH)] == ["5", "3"]
        assert [d.key for d in work.claim(NOW, NOW + MINUTE, "me", 9, DeliveryKind.FETCH)] == ["1"]
        assert work.claim(NOW, NOW + MINUTE, "me", 9, DeliveryKind.HOME) == []
        assert [d.key for d in work.claim(NOW, NOW + MINUTE, "me", 9, POST, ["T2"])] == ["4", "2", "0"]
        assert [d.key for d in work.claim(NOW, NOW + MINUTE, "me", 9, POST)] == ["elsewhere"]
        assert work.ready_kinds(NOW, kinds) == set()


APART = timedelta(seconds=1)


def test_turns_are_a_burst_and_then_one_by_one_for_all_processes_together(opened: Callable[[], SqlStore]) -> None:
    one, other = opened(), opened()
    with one.transaction() as work:
        first = work.turns("T1", "chat.postMessage", 4, APART, 3, NOW)
    with other.transaction() as work:
        more = work.turns("T1", "chat.postMessage", 2, APART, 3, NOW)
        assert work.turns("T2", "chat.postMessage", 1, APART, 3, NOW) == [NOW]
        assert work.turns("T1", "chat.update", 1, APART, 3, NOW) == [NOW]
    assert [(at - NOW).total_seconds() for at in (*first, *more)] == [0, 0, 0, 1, 2, 3]
    with one.transaction() as work:
        later = NOW + timedelta(hours=1)
        assert work.turns("T1", "chat.postMessage", 3, APART, 3, later) == [later] * 3


def test_after_a_pause_turns_come_one_by_one(store: SqlStore) -> None:
    with store.transaction() as work:
        work.pause("T1", "chat.postMessage", NOW + MINUTE, APART, 3, NOW)
        turns = work.turns("T1", "chat.postMessage", 3, APART, 3, NOW)
        assert turns == [NOW + MINUTE + number * APART for number in range(3)]


def test_a_clock_that_was_ahead_for_a_while_holds_nobody_up(store: SqlStore) -> None:
    with store.transaction() as work:
        work.turns("T1", "chat.postMessage", 3, APART, 3, NOW + timedelta(days=365))
        assert work.turns("T1", "chat.postMessage", 1, APART, 3, NOW) <= [NOW + APART]


def test_many_claimers_never_hold_the_same_delivery(opened: Callable[[], SqlStore]) -> None:
    stores = [opened() for _ in range(4)]
    with stores[0].transaction() as work:
        plant(work)
        for number in range(120):
            work.enqueue(delivery(f"{number:03}", next_at=NOW - number * MINUTE))
    held: list[str] = []

    def take(store: SqlStore) -> None:
        while True:
            with store.transaction() as work:
                taken = work.claim(NOW, NOW + MINUTE, str(threading.get_ident()), 7, POST)
            if not taken:
                return
            held.extend(d.key for d in taken)

    together(take, stores * 2)
    assert sorted(held) == [f"{number:03}" for number in range(120)]
