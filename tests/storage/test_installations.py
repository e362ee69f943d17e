"""Installations on both engines: tokens are sealed, renewed once, destroyed on removal; keys can be changed."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from bot.errors import SealedToken
from bot.plan.actions import Action
from bot.plan.people import Person
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from storage.installations import Installation, Installations, told
from storage.store import SqlStore
from storage.tables import installations
from tests.storage.plan import delivery, plant, reminder

NOW = datetime(2027, 1, 13, 10, 0, tzinfo=UTC)
KEY, OTHER_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()
MEADOW: dict[str, Any] = {
    "ok": True,
    "access_token": "xoxb-meadow",
    "refresh_token": "xoxe-1",
    "expires_in": 43_200,
    "bot_user_id": "UBOT",
    "scope": "chat:write",
    "team": {"id": "T1"},
    "enterprise": None,
}


@pytest.fixture
def kept(store: SqlStore) -> Installations:
    found = Installations(store, [KEY])
    found.keep(told(MEADOW, NOW))
    return found


def rows(store: SqlStore) -> list[Any]:
    with store.reading() as work:
        return list(work.connection.execute(select(installations)).all())


def test_a_workspace_finds_its_own_token_and_no_other(kept: Installations) -> None:
    found = kept.of("T1", None, NOW)
    assert found
    assert found.token == "xoxb-meadow"
    assert kept.of("T2", None, NOW) is None
    assert kept.of(None, None, NOW) is None
    assert "xoxb" not in repr(found)


def test_the_database_holds_no_token_in_clear(kept: Installations, store: SqlStore) -> None:
    assert kept.of("T1", None, NOW)
    assert "xox" not in str(rows(store))


def test_an_organisation_answers_for_its_workspaces(store: SqlStore) -> None:
    kept = Installations(store, [KEY])
    kept.keep(told({**MEADOW, "is_enterprise_install": True, "team": None, "enterprise": {"id": "E1"}}, NOW))
    found = kept.of("T9", "E1", NOW)
    assert found
    assert found.id == "E1"
    assert kept.of("T9", "E2", NOW) is None


def test_the_keys_can_be_changed(kept: Installations, store: SqlStore) -> None:
    both = Installations(store, [OTHER_KEY, KEY])
    assert both.encrypt_anew() == 1
    fresh = Installations(store, [OTHER_KEY]).of("T1", None, NOW)
    assert fresh
    assert fresh.token == "xoxb-meadow"
    with pytest.raises(SealedToken):
        Installations(store, [KEY]).of("T1", None, NOW)
    both.keep(replace(fresh, id="T2"))
    Installations(store, [KEY]).keep(replace(fresh, id="T3"))
    held = Installations(store, [KEY]).all()
    assert [(name, one and one.token) for name, one in held.items()] == [
        ("T1", None),
        ("T2", None),
        ("T3", fresh.token),
    ]


def test_what_is_removed_has_no_token_left_and_is_told_nothing(kept: Installations, store: SqlStore) -> None:
    with store.transaction() as work:
        for team in ("T1", "T2"):
            work.add(
                Delivery(
                    id=team, key=team, workspace_id=team, kind=DeliveryKind.POST, payload={}, channel="C", next_at=NOW
                )
            )
    assert kept.remove("T1", NOW + timedelta(hours=1))
    assert kept.of("T1", None, NOW) is None
    (row,) = rows(store)
    assert (row.token, row.refresh_token) == ("", "")
    with store.reading() as work:
        states = {d.id: d.state for d in work.all(Delivery)}
    assert states == {"T1": DeliveryState.DROPPED, "T2": DeliveryState.WAITING}


def test_a_late_word_of_a_removal_leaves_the_new_installation(kept: Installations) -> None:
    assert not kept.remove("T1", NOW - timedelta(seconds=5))
    assert kept.of("T1", None, NOW)


def test_of_five_replicas_one_renews_a_token_and_nobody_waits_for_slack(
    kept: Installations, store: SqlStore, opened: Callable[[], SqlStore]
) -> None:
    later, spent = NOW + timedelta(hours=11), []
    asked, answered = threading.Event(), threading.Event()

    def renew(refresh_token: str) -> dict[str, Any]:
        spent.append(refresh_token)
        asked.set()
        assert answered.wait(20)
        return {**MEADOW, "access_token": "xoxb-next", "refresh_token": "xoxe-2"}

    replicas = [Installations(opened(), [KEY]) for _ in range(5)]
    threads = [threading.Thread(target=replica.renew_due, args=(renew, later)) for replica in replicas]
    for thread in threads:
        thread.start()
    assert asked.wait(20)
    with store.transaction() as work:  # while Slack takes its time
        work.add(Person(id="p", workspace_id="T1", slack_id="U1", name="Rosa"))
    answered.set()
    for thread in threads:
        thread.join()
    assert spent == ["xoxe-1"]
    found = Installations(store, [KEY]).of("T1", None, later)
    assert found == Installation(
        "T1", "", "UBOT", "chat:write", "xoxb-next", "xoxe-2", later + timedelta(hours=12), NOW
    )


def test_a_token_with_hours_left_is_not_renewed(kept: Installations) -> None:
    assert kept.renew_due(lambda _: MEADOW, NOW + timedelta(hours=9)) == 0


def test_a_token_that_slack_does_not_renew_leaves_the_others_theirs_and_is_tried_again(kept: Installations) -> None:
    kept.keep(told({**MEADOW, "team": {"id": "T2"}, "refresh_token": "xoxe-other"}, NOW))
    tried: list[str] = []

    def renew(refresh_token: str) -> dict[str, Any]:
        tried.append(refresh_token)
        if refresh_token == "xoxe-1":
            raise OSError("Slack is away")
        return {**MEADOW, "access_token": "xoxb-2", "refresh_token": "xoxe-3"}

    later = NOW + timedelta(hours=11)
    with pytest.raises(OSError, match="away"):
        kept.renew_due(renew, later)
    assert sorted(tried) == ["xoxe-1", "xoxe-other"]
    kept.renew_due(renew, later + timedelta(seconds=30))  # not in every process's every tick
    assert len(tried) == 2
    with pytest.raises(OSError, match="away"):
        kept.renew_due(renew, later + timedelta(seconds=61))
    assert tried[2:] == ["xoxe-1"]


def test_a_token_of_a_workspace_that_left_meanwhile_is_not_kept(kept: Installations, store: SqlStore) -> None:
    later = NOW + timedelta(hours=11)

    def renew(_: str) -> dict[str, Any]:
        kept.remove("T1", later)
        return {**MEADOW, "access_token": "xoxb-next", "refresh_token": "xoxe-2"}

    kept.renew_due(renew, later)
    assert kept.of("T1", None, later) is None
    assert [row.token for row in rows(store)] == [""]


def test_what_was_owed_when_the_app_was_removed_is_owed_again_once_it_is_back(
    kept: Installations, store: SqlStore
) -> None:
    with store.transaction() as work:
        plant(work)
        work.enqueue(delivery("morning"))
        work.offer(reminder("owed", delivery_id="d-morning"))
    for _ in ("app_uninstalled", "tokens_revoked"):  # either may come first, and either twice
        kept.remove("T1", NOW + timedelta(hours=1))
    with store.reading() as work:
        assert work.recipients_due(NOW, 10) == []
    kept.keep(told(MEADOW, NOW + timedelta(days=1)))
    with store.reading() as work:
        assert work.recipients_due(NOW, 10) == ["person"]


def test_the_plan_of_a_workspace_that_left_rests_and_goes_on_where_it_stood(
    kept: Installations, store: SqlStore
) -> None:
    moment = NOW - timedelta(hours=3, microseconds=1)
    with store.transaction() as work:
        for team, tail in (("T1", ""), ("T2", "2")):
            plant(work, team, tail)
            work.rewake(Action, f"action{tail}", moment)
        work.offer(reminder("owed", due_at=NOW + timedelta(minutes=30)))
    kept.remove("T1", NOW + timedelta(hours=1))
    for later in (NOW + timedelta(hours=2), NOW + timedelta(days=30)):
        kept.rest(later)
        with store.reading() as work:
            assert [action.id for action in work.waking(Action, later, 10)] == ["action2"]
            assert work.recipients_due(later, 10) == []
    kept.keep(told(MEADOW, later))
    kept.rest(later)
    with store.reading() as work:
        assert {a.id: a.wake_at for a in work.waking(Action, later, 10)} == {"action": moment, "action2": moment}
        assert work.recipients_due(later, 10) == ["person"]

    kept.remove("T1", later + timedelta(hours=1))
    kept.rest(later)
    with store.transaction() as work:  # by a release that wakes nobody
        work.connection.execute(update(installations).values(removed_at=None))
    Installations(store, [KEY]).rest(later)
    with store.reading() as work:
        assert {a.id: a.wake_at for a in work.waking(Action, later, 10)} == {"action": moment, "action2": moment}


def test_a_workspace_of_an_organisation_is_known_by_itself_and_leaves_alone_or_with_all(
    store: SqlStore, opened: Callable[[], SqlStore]
) -> None:
    kept = Installations(store, [KEY])
    kept.keep(told({**MEADOW, "is_enterprise_install": True, "team": None, "enterprise": {"id": "E1"}}, NOW))
    for team in ("T8", "T9"):
        assert kept.of(team, "E1", NOW)
    assert kept.encrypt_anew() == 1  # one token, that of the organisation
    elsewhere = Installations(opened(), [KEY])
    found = elsewhere.of("T9", None, NOW)  # a reminder is sent: no request names the organisation
    assert found
    assert (found.id, found.token) == ("E1", "xoxb-meadow")
    later = NOW + timedelta(hours=1)
    assert kept.remove("T8", later)
    assert kept.of("T8", None, later) is None
    assert kept.of("T9", None, later)
    assert kept.remove("E1", later)
    assert kept.of("T9", None, later) is None
    assert all((row.token, row.removed_at) == ("", later) for row in rows(store))


def test_a_workspace_with_an_installation_of_its_own_keeps_it_beside_its_organisation(kept: Installations) -> None:
    answer = {**MEADOW, "access_token": "xoxb-whole", "is_enterprise_install": True, "enterprise": {"id": "E1"}}
    kept.keep(told(answer, NOW))
    for organisation in ("E1", None):
        found = kept.of("T1", organisation, NOW)
        assert found
        assert found.token == "xoxb-meadow"
    kept.remove("T1", NOW + timedelta(hours=1))
    found = kept.of("T1", "E1", NOW + timedelta(hours=1))
    assert found
    assert found.token == "xoxb-whole"


def test_a_state_comes_back_once_and_in_time(kept: Installations) -> None:
    state = kept.new_state(NOW)
    assert not kept.spend_state("another", NOW)
    assert kept.spend_state(state, NOW + timedelta(minutes=9))
    assert not kept.spend_state(state, NOW + timedelta(minutes=9))
    assert not kept.spend_state(kept.new_state(NOW), NOW + timedelta(minutes=11))
