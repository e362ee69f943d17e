"""`python -m tests.faults.run`: the fault harness, for as many kills and reminders as wanted, replayed by its seed."""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playground.server import Standin
from storage.migrations import migrate
from storage.store import open_store
from tests.faults import scene
from tests.faults.expected import Outcome, check, expected, received
from tests.faults.processes import Replicas
from tests.postgres import Postgres

LONDON = ZoneInfo("Europe/London")
LEAP = 130.0  # seconds by which the clock leaps in the middle of everything: longer than a lease in service
PATIENCE = 240.0  # real seconds without any new message after which a day is given up: a busy machine is no fault
# Of each kind of trouble with Slack, how many calls in a hundred meet it. Delays are in leases.
TROUBLE: dict[str, tuple[tuple[str, float, float], ...]] = {
    "chat.postMessage": (
        ("drop_reply", 1.0, 0),
        ("drop_request", 1.0, 0),
        ("http_500", 1.0, 0),
        ("http_500_after", 1.0, 0),
        ("error_after", 0.5, 0),
        ("rate_limited", 0.5, 0),
        ("timeout", 0.2, 0.25),
        ("timeout_after", 0.2, 0.25),
        ("slow", 0.3, 0.2),  # it lands when whoever called has given up
    ),
    "conversations.history": (("drop_reply", 2.0, 0), ("http_500", 2.0, 0), ("rate_limited", 1.0, 0)),
    "conversations.open": (("http_500", 2.0, 0),),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: engine, how many replicas, how many kills in all, the size of the scene, and the seed of all chance.

    `days` is how many days in a row actions fall due; 0 means the days of scene.CALENDAR instead. `lease` is in
    seconds; `leaps` is how often the clock leaps right after a kill, and `nights` how often the bots are awake while a
    day begins, rather than find it begun."""

    engine: str
    replicas: int
    kills: int
    owners: int
    actions: int
    days: int
    seed: int
    slack_faults: bool = True
    leaps: float = 0.3
    nights: float = 0.5
    lease: float = 6.0

    @property
    def mornings(self) -> list[date]:
        """The days on which anybody is told anything."""
        return scene.mornings(self.days + 2) if self.days else list(scene.CALENDAR)

    @property
    def due(self) -> list[date]:
        """The days on which actions fall due."""
        return scene.due_days(self.days) if self.days else list(scene.CALENDAR[3:])


def run(plan: Plan) -> Outcome:
    """Play the run and let the checker compare."""
    dice = random.Random(plan.seed)
    with tempfile.TemporaryDirectory(prefix="grip-faults-") as name, _database(plan, Path(name)) as (url, server):
        folder = Path(name)
        store = open_store(url)
        migrate(store)
        owed_by = scene.plant(store, plan.owners, plan.actions, plan.due, dice)
        store.close()
        mornings = plan.mornings
        starts = _local(mornings[0], 0, 1)
        with Standin(scene.world(plan.owners), limits=False, clock_file=folder / "clock", starts=starts) as slack:
            _trouble(slack, plan)
            settings = {
                "slack_bot_token": slack.bot_token,
                "slack_app_token": slack.app_token,
                "slack_api_url": slack.api_url,
                "database_url": url,
                "files": str(folder / "files"),
                "clock_file": str(folder / "clock"),
                "tick_seconds": 0.5,
                "lease_seconds": plan.lease,
            }
            bots = Replicas(plan.replicas, settings, folder, dice)
            game = Game(slack, bots, server, dice, plan)
            try:
                for number, day in enumerate(mornings):
                    share = plan.kills * (number + 1) // len(mornings) - bots.kills
                    game.morning(day, share, expected(owed_by, mornings[: number + 1]).total())
            finally:
                bots.stop()
            outcome = check(expected(owed_by, mornings), _taken_in(slack))
            _tell(plan, outcome, bots.kills, slack, folder)
            return outcome


@contextmanager
def _database(plan: Plan, folder: Path) -> Iterator[tuple[str, Postgres | None]]:
    if plan.engine == "sqlite":
        yield f"sqlite:///{folder}/grip.db", None
        return
    server = Postgres()
    server.start()
    try:
        yield server.database(), server
    finally:
        server.stop()


def _trouble(slack: Standin, plan: Plan) -> None:
    """Slack itself is troubled now and then: lost replies and requests, 429, 500 before and after the work, silence."""
    if not plan.slack_faults:
        return
    slack.clear_faults(seed=plan.seed)
    for method, kinds in TROUBLE.items():
        for kind, percent, delay in kinds:
            slack.fault(method, kind, probability=percent / 100, delay=delay * plan.lease)


@dataclass(slots=True)
class Game:
    """What is played with."""

    slack: Standin
    bots: Replicas
    server: Postgres | None
    dice: random.Random
    plan: Plan

    def morning(self, day: date, kills: int, wanted: int) -> None:
        """One working day: bots are killed at random instants while the reminders of the morning go out.

        `wanted`: how many things should have been told when it ends, since the beginning."""
        if self.dice.random() < self.plan.nights:
            self.slack.move_clock(to=_local(day, 0, 5).isoformat())
            time.sleep(0.6)
        self.slack.move_clock(to=_local(day, 9, 0).isoformat())
        taken_in, closes = TakenIn(self.slack), _local(day, 16, 45)
        for number in range(kills):
            time.sleep(self.dice.uniform(0.0, 0.5))
            self.bots.kill_one()
            if self.server and number == kills // 2:
                self.server.kill()
                time.sleep(self.dice.uniform(0.0, 0.3))
                self.server.start()
            if self.dice.random() < self.plan.leaps and _now(self.slack) < closes:
                self.slack.move_clock(advance_seconds=LEAP)
        last, since = -1, time.monotonic()
        while (told := taken_in.told()) < wanted and time.monotonic() - since < PATIENCE:
            if told != last:
                last, since = told, time.monotonic()
            time.sleep(0.2)
            self.bots.tend()
            if _now(self.slack) < closes:
                self.slack.move_clock(advance_seconds=20)


class TakenIn:
    """Counts what Slack took in so far, reading each message once."""

    def __init__(self, slack: Standin) -> None:
        self._slack = slack
        self._read: set[tuple[str, str]] = set()
        self._told: set[object] = set()

    def told(self) -> int:
        """How many different things were told to somebody on some day."""
        fresh = [m for m in _taken_in(self._slack) if m[:2] not in self._read]
        self._read.update(m[:2] for m in fresh)
        self._told.update(received(fresh)[0])
        return len(self._told)


def _taken_in(slack: Standin) -> list[tuple[str, str, str]]:
    found = []
    for channel in list(slack.hub.world.channels.values()):
        if channel.kind == "im":
            person = next(p for p in channel.members if p != slack.bot_user)
            found += [(person, m.ts, m.text) for m in list(channel.messages.values()) if m.by_bot]
    return found


def _now(slack: Standin) -> datetime:
    return datetime.fromtimestamp(slack.hub.clock.now(), UTC)


def _local(day: date, hour: int, minute: int) -> datetime:
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
    return at.astimezone(UTC)


def _tell(plan: Plan, outcome: Outcome, kills: int, slack: Standin, folder: Path) -> None:
    say = sys.stdout.write
    say(f"{plan.engine}, {plan.replicas} process(es), seed {plan.seed}, {kills} kills, ")
    say(f"{len(slack.hub.faults.struck)} troubles with Slack: ")
    say(f"{outcome.owed} reminders owed in {outcome.messages} messages; {len(outcome.lost)} lost, ")
    say(f"{len(outcome.doubled)} doubled, {len(outcome.strange)} strange\n")
    if not outcome.clean:
        for name in ("lost", "doubled", "strange"):
            say(f"  {name}: {getattr(outcome, name)[:10]}\n")
        say("  the end of the bots' log:\n" + (folder / "bots.log").read_text(errors="replace")[-6000:])


def main() -> int:
    """Exit code 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.run", description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--replicas", type=int)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--owners", type=int, default=400)
    parser.add_argument("--actions", type=int, default=5)
    parser.add_argument("--days", type=int, default=10, help="0: clock changes, month ends, New Year, a leap day")
    parser.add_argument("--lease", type=float, default=12.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever ends the run ends the bots as well
    replicas = given.replicas or (1 if given.engine == "sqlite" else 3)
    size = (given.kills, given.owners, given.actions, given.days, given.seed)
    return 0 if run(Plan(given.engine, replicas, *size, lease=given.lease)).clean else 1


if __name__ == "__main__":
    sys.exit(main())
