"""The main story with real processes, and the bot killed between any two of its steps."""

import time
from pathlib import Path

import pytest

from bot.plan.journal import first_break
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryState
from playground import check
from playground.__main__ import BotBeside
from playground.actor import wait_for
from playground.server import Standin
from storage.store import open_store


def connected(slack: Standin) -> bool:
    """Whether the bot's socket is up."""
    return bool(slack.actor("U0RUTH").state()["app"]["connected"])


def left(folder: Path, *states: DeliveryState) -> list[Delivery]:
    """The deliveries in these states."""
    store = open_store(f"sqlite:///{folder / 'grip.db'}")
    with store.reading() as work:
        found = [d for d in work.all(Delivery) if d.state in states]
    store.close()
    return found


@pytest.mark.timeout(240)  # a start of the program for every step, on whatever machine
def test_killed_between_any_two_steps_nothing_is_lost_or_repeated(tmp_path: Path) -> None:
    with Standin(limits=False, clock_file=tmp_path / "clock") as slack:
        bot = BotBeside(slack, tmp_path)
        bot.env["LEASE_SECONDS"] = "6"  # so soon another process takes over what the dead one had in hand
        assert bot.seed() == 0, bot.tail()
        bot.start()
        kills = 0

        def kill() -> None:
            nonlocal kills
            before = bot.process
            bot.kill()
            kills += 1
            wait_for(lambda: bot.process is not before, 10)
            # The dead process's socket must be gone before "connected" means the new one.
            time.sleep(0.1)
            wait_for(lambda: connected(slack), 20)

        try:
            assert check.play(slack, between=kill), bot.tail(40)
            assert kills == len(check.STEPS) == bot.restarts
            wait_for(lambda: not left(tmp_path, DeliveryState.CLAIMED), 60)  # what the dead had in hand is taken over
        finally:
            bot.stop()
    store = open_store(f"sqlite:///{tmp_path / 'grip.db'}")
    with store.reading() as work:
        for service in work.all(Service):
            assert first_break(work.events(service.id)) is None
    store.close()
    assert left(tmp_path, DeliveryState.CLAIMED, DeliveryState.FAILED) == []
