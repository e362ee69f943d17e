"""Installations on both engines: tokens are sealed, renewed once, destroyed on removal; keys can be changed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select

from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from storage.installations import Installation, Installations, told
from storage.store import SqlStore, open_store
from storage.tables import installations

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
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()


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
    with pytest.raises(InvalidToken):
        Installations(store, [KEY]).of("T1", None, NOW)


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


def test_many_processes_renew_a_token_once(kept: Installations, store: SqlStore) -> None:
    later, spent = NOW + timedelta(hours=11), []

    def renew(refresh_token: str) -> dict[str, Any]:
        spent.append(refresh_token)
        return {**MEADOW, "access_token": "xoxb-next", "refresh_token": "xoxe-2"}

    threads = [threading.Thread(target=lambda: Installations(store, [KEY]).renew_due(renew, later)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert spent == ["xoxe-1"]
    found = Installations(store, [KEY]).of("T1", None, later)
    assert found == Installation(
        "T1", "", "UBOT", "chat:write", "xoxb-next", "xoxe-2", later + timedelta(hours=12), NOW
    )


def test_a_token_with_hours_left_is_not_renewed(kept: Installations) -> None:
    assert kept.renew_due(lambda _: MEADOW, NOW + timedelta(hours=9)) == 0


def test_a_state_comes_back_once_and_in_time(kept: Installations) -> None:
    state = kept.new_state(NOW)
    assert not kept.spend_state("another", NOW)
    assert kept.spend_state(state, NOW + timedelta(minutes=9))
    assert not kept.spend_state(state, NOW + timedelta(minutes=9))
    assert not kept.spend_state(kept.new_state(NOW), NOW + timedelta(minutes=11))
