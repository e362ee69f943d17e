"""The early-warning rules at work beside a tick: what changes while they look is looked at again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Taken
from bot.plan.people import Person
from bot.plan.warnings import EarlyWarning
from bot.work import Work
from handlers.carriers.people import wake_for
from handlers.tick import tick
from handlers.watching import watch
from storage.store import SqlStore
from tests.handlers.oak import Oak


class Between:
    """A store before whose second transaction something happens, as another process would do it."""

    def __init__(self, store: SqlStore, happens: Callable[[], None]) -> None:
        self._store, self._happens, self._count = store, happens, 0
        self.reading, self.find, self.close = store.reading, store.find, store.close

    def transaction(self, workspace_id: str | None = None) -> AbstractContextManager[Work]:
        self._count += 1
        if self._count == 2:
            self._happens()
        return self._store.transaction(workspace_id)


def test_somebody_who_leaves_while_the_rules_look_is_seen_at_the_next_tick(tmp_path: Path) -> None:
    """The rules have read the account, the tick has not yet looked at the service: its next look is tomorrow's else."""
    with Oak(tmp_path) as oak:
        oak.action("2027-07-30")

        def leaves() -> None:
            with oak.store.transaction() as work:
                person = work.get(Person, oak.people["amara"].id)
                assert person
                wake_for(work, work.save(replace(person, active=False)), oak.now)

        tick(replace(oak.desk, store=Between(oak.open_store(), leaves)), oak.now)
        with oak.store.reading() as work:
            assert work.count(EarlyWarning) == 0
        oak.wait(60)
        oak.tick()
        with oak.store.reading() as work:
            (warning,) = work.all(EarlyWarning)
        assert "Amara Osei, who owns A1, has left the workspace." in warning.sentence


def test_what_another_process_found_first_is_no_fault_and_what_a_lost_database_hides_is_asked_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Oak(tmp_path) as oak:
        oak.action("2027-07-30")
        with oak.store.transaction() as work:
            person = work.get(Person, oak.people["amara"].id)
            assert person
            work.save(replace(person, active=False))

        def lost() -> None:
            raise ConnectionError("gone")

        oak.another_service("Elm House", "C0ELMHOUSE", wake_at=oak.now)
        desk = replace(oak.desk, store=Between(oak.store, lost), away=lambda error: isinstance(error, OSError))
        with pytest.raises(ConnectionError):
            tick(desk, oak.now)
        assert "not watched" not in capsys.readouterr().out

        def quicker() -> None:
            watch(oak.desk, oak.service, oak.now)
            raise Taken  # as the store does where both are between their look and their commit

        tick(replace(oak.desk, store=Between(oak.open_store(), quicker)), oak.now)
        told = capsys.readouterr().out
        assert "watched by another process" in told
        assert "Traceback" not in told
        oak.wait(60)
        oak.tick()
        with oak.store.reading() as work:
            assert work.count(EarlyWarning, service_id=oak.service.id) == 1
