"""What the tick is woken for: whose moment has come, looked at by one, and never put off by what is noted meanwhile."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.plan import actions, reviewing, revisions, setup
from bot.plan.actions import Action, Milestone
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import Decision, ReviewKind
from bot.plan.revisions import AssignAction
from bot.plan.services import Service
from bot.plan.setup import SetUp
from storage.store import SqlStore
from tests.bot.plan.scene import DEPUTY, MANAGER, Scene
from tests.storage.plan import NOW, add_action, plant
from tests.storage.threads import together

MINUTE = timedelta(minutes=1)


def test_whether_anything_is_still_to_be_looked_at(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        add_action(work, id="due", wake_at=NOW)
        assert work.any_waking([Milestone, Action], NOW)
        assert not work.any_waking([Milestone, Action], NOW - MINUTE)
        assert not work.any_waking([Milestone], NOW)


def test_waking_gives_what_is_due_oldest_first(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        add_action(work, id="second", wake_at=NOW)
        add_action(work, id="first", wake_at=NOW - MINUTE)
        add_action(work, id="not yet", wake_at=NOW + timedelta(microseconds=1))
        assert [a.id for a in work.waking(Action, NOW, 10)] == ["first", "second"]
        assert [a.id for a in work.waking(Action, NOW, 1)] == ["first"]
        assert work.waking(Milestone, NOW, 10) == []


def test_whatever_is_noted_rouses_its_service_and_hides_no_earlier_wake(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        work.rewake(Service, "service", NOW + timedelta(days=3))
        add_action(work, id="noted")
        assert [s.wake_at for s in work.waking(Service, NOW, 10)] == [NOW]
        work.rewake(Service, "service", NOW - timedelta(days=2))
        work.rouse(Service, "service", NOW)
        assert [s.wake_at for s in work.waking(Service, NOW, 10)] == [NOW - timedelta(days=2)]
        work.rewake(Service, "service", None)
        work.rouse(Service, "service", NOW)
        work.rouse(Service, "no such service", NOW)
        assert [(s.wake_at, s.version) for s in work.waking(Service, NOW, 10)] == [(NOW, 1)]


def test_two_ticks_do_not_look_at_the_same_records(opened: Callable[[], SqlStore], engine_name: str) -> None:
    one, other = opened(), opened()
    with one.transaction() as work:
        plant(work)
        for number in range(10):
            add_action(work, id=f"a{number}", wake_at=NOW)
    woken: Counter[str] = Counter()
    both_in = threading.Barrier(2, timeout=20)

    def tick(store: SqlStore) -> None:
        both_in.wait()
        while True:
            with store.transaction() as work:
                due = work.waking(Action, NOW, 3)
                for action in due:
                    work.save(replace(action, wake_at=None))
            woken.update(action.id for action in due)
            if not due:
                return

    together(tick, [one, other])
    with one.reading() as work:
        left = work.waking(Action, NOW, 100) if engine_name == "sqlite" else []
    assert left == []
    assert set(woken.values()) == {1}


def test_waking_again_is_no_change_of_the_record(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        action = add_action(work, id="due", wake_at=NOW)
        work.rewake(Action, "due", NOW + MINUTE)
        assert work.waking(Action, NOW, 10) == []
        assert work.get(Action, "due") == replace(action, wake_at=NOW + MINUTE)
        work.rewake(Action, "due", None)
        assert work.waking(Action, NOW + MINUTE, 10) == []
    with store.transaction() as work:
        work.save(replace(action, what="Something else", wake_at=NOW))
        assert [a.what for a in work.waking(Action, NOW, 10)] == ["Something else"]


def test_a_change_made_while_the_tick_waits_is_what_the_tick_sees(opened: Callable[[], SqlStore]) -> None:
    one, other = opened(), opened()
    with one.transaction() as work:
        plant(work)
        action = add_action(work, id="due", wake_at=NOW)
    seen: list[str] = []

    def tick() -> None:
        with other.transaction() as work:
            for due in work.waking(Action, NOW, 10):
                seen.append(due.what)
                work.rewake(Action, due.id, None)

    thread = threading.Thread(target=tick)
    with one.transaction() as work:
        work.save(replace(action, what="Changed meanwhile"))
        thread.start()
        thread.join(timeout=0.2)
        assert seen == []
    thread.join()
    assert seen == ["Changed meanwhile"]


@pytest.mark.parametrize("kind", [Service, Action])
def test_a_tick_on_postgresql_leaves_what_another_is_looking_at(
    opened: Callable[[], SqlStore], engine_name: str, kind: type[Service] | type[Action]
) -> None:
    one, other = opened(), opened()
    with one.transaction() as work:
        plant(work)
        add_action(work, id="due", wake_at=NOW)
    seen: list[int] = []

    def look() -> None:
        with other.transaction() as work:
            seen.append(len(work.waking(Action, NOW, 10)))

    thread = threading.Thread(target=look)
    with one.transaction() as work:
        work.waking(kind, NOW, 10)
        thread.start()
        thread.join(timeout=0.3)
        # PostgreSQL answers at once with nothing; on SQLite the other waits for its turn.
        assert seen == ([] if engine_name == "sqlite" else [0])
    thread.join()
    assert seen == ([1] if engine_name == "sqlite" else [0])


def test_a_change_made_before_the_tick_has_looked_puts_off_nothing(store: SqlStore) -> None:
    """The bot was away for two days. What fell due meanwhile is still to be told, whoever is quicker than the tick."""
    scene = Scene(store)
    priority, day = scene.priority(), scene.today
    action, measure = scene.action(priority), scene.measure(priority)
    scene.sample(measure, 9, 20, baseline=True, on=day - timedelta(days=7))
    missed = scene.now - timedelta(days=2)
    decided = RecordReview(priority=priority.id, kind=ReviewKind.GOVERNANCE, decision=Decision.KEEP_OPEN)
    improved = decided.model_copy(update={"decision": Decision.PARTIALLY_IMPROVED, "on": day - timedelta(days=1)})
    assigned = AssignAction(action=action.id, owner_id=scene.people[DEPUTY].id, reason="On leave")
    later = actions.MoreTime(action=action.id, due_on=day + timedelta(days=20), reason="Two are off sick")
    opening = SetUp(channel_id="C1", name="Oak House", opens=time(10))
    changes: list[tuple[Any, str, Callable[[], object]]] = [
        (priority, "a sample", lambda: scene.sample(measure, 17, 20)),
        (priority, "a review", lambda: scene.do(MANAGER, reviewing.record, decided)),
        (priority, "a decision", lambda: scene.do(MANAGER, reviewing.record, improved)),
        (action, "another owner", lambda: scene.do(DEPUTY, revisions.assign, assigned)),
        (action, "another day", lambda: scene.do(DEPUTY, actions.more_time, later)),
        (action, "an entry", lambda: scene.entry(action)),
        (scene.service, "other hours", lambda: scene.do(MANAGER, setup.set_up, opening)),
    ]
    for record, change, make in changes:
        with store.transaction() as work:
            work.rewake(type(record), record.id, missed)
        make()
        assert scene.get(record).wake_at == missed, change
