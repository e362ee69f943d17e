"""Bots as real processes that can be killed at any instant and started again in a few milliseconds."""

import multiprocessing
import os
import random
import signal
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

# The parts are imported once; each bot is then a process of its own, forked from a server that holds nothing else.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.app", "scipy.stats", "tests.faults.processes"])

PACE = 40.0  # times as fast as Slack allows: the stand-in has no limits here, and at Slack's pace a run takes hours


def live(settings: dict[str, Any], log: str) -> None:
    """What one process does: build the bot, tick and deliver, until it is killed."""
    from bot.app import build
    from bot.settings import Settings
    from handlers.buckets import Buckets
    from handlers.outbox import Outbox
    from handlers.ticker import Ticker

    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    program = build(Settings(_env_file=None, **settings))
    outbox = Outbox(program.desk, buckets=Buckets(pace=PACE))
    replace(program, outbox=outbox, ticker=Ticker(program.desk, after=outbox.poke)).start()
    signal.pause()


class Replicas:
    """So many bots over one store; any of them may be killed, and is replaced at once."""

    def __init__(self, count: int, settings: dict[str, Any], folder: Path, dice: random.Random) -> None:
        self._settings = settings
        self._log = str(folder / "bots.log")
        self._dice = dice
        self._running: list[BaseProcess] = []
        self.kills = 0
        for _ in range(count):
            self._start()

    def _start(self) -> None:
        process = _FORKS.Process(target=live, args=(self._settings, self._log), daemon=True)
        process.start()
        self._running.append(process)

    def kill_one(self) -> None:
        """SIGKILL to one of them, and another in its place."""
        victim = self._running.pop(self._dice.randrange(len(self._running)))
        self._end(victim)
        self.kills += 1
        self._start()

    def tend(self) -> None:
        """Start those again that ended by themselves, as a supervisor does: their database was away."""
        for process in [p for p in self._running if not p.is_alive()]:
            self._running.remove(process)
            self._start()

    def stop(self) -> None:
        """End them all."""
        for process in self._running:
            self._end(process)
        self._running.clear()

    def _end(self, process: BaseProcess) -> None:
        process.kill()
        process.join()
