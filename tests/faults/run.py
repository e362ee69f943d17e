"""`python -m tests.faults.run`: the fault harness, for as many kills and reminders as wanted, replayed by its seed."""

import argparse
import random
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
LEASE = 130.0  # seconds of the moved clock after which a dead process's work is free again
PATIENCE = 90.0  # real seconds without any new message after which a day is given up


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: engine, how many replicas, how many kills in all, the size of the scene, and the seed of all chance."""

    engine: str
    replicas: int
    kills: int
    owners: int
    actions: int
    days: int
    seed: int
    slack_faults: bool = True
    leaps: float = 0.3  # how often the clock leaps over a lease right after a kill


def run(plan: Plan) -> Outcome:
    """Play the run and let the checker compare."""
    dice = random.Random(plan.seed)
    with tempfile.TemporaryDirectory(prefix="grip-faults-") as name, _database(plan, Path(name)) as (url, server):
        folder = Path(name)
        store = open_store(url)
        migrate(store)
        owed_by = scene.plant(store, plan.owners, plan.actions, plan.days, dice)
        store.close()
        mornings = scene.mornings(plan.days + 3)
        with Standin(scene.world(plan.owners), limits=False, clock_file=folder / "clock") as slack:
            slack.move_clock(to=_local(mornings[0], 0, 1).isoformat())
            _trouble(slack, plan)
            settings = {
                "slack_bot_token": slack.bot_token,
                "slack_app_token": slack.app_token,
                "slack_api_url": slack.api_url,
                "database_url": url,
                "files": str(folder / "files"),
                "clock_file": str(folder / "clock"),
                "tick_seconds": 0.5,
            }
            bots = Replicas(plan.replicas, settings, folder, dice)
            try:
                for number, day in enumerate(mornings):
                    share = plan.kills * (number + 1) // len(mornings) - bots.kills
                    _morning(
                        slack, bots, day, share, len(expected(owed_by, mornings[0], day)), dice, server, plan.leaps
                    )
            finally:
                bots.stop()
            outcome = check(expected(owed_by, mornings[0], mornings[-1]), _taken_in(slack))
            _tell(plan, outcome, bots.kills, folder)
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
    """Slack itself is troubled now and then: lost replies and requests, 429, 500 before and after the work."""
    if not plan.slack_faults:
        return
    slack.clear_faults(seed=plan.seed)
    for kind in ("drop_reply", "drop_request", "http_500", "http_500_after", "rate_limited"):
        slack.fault("chat.postMessage", kind, probability=0.01)


def _morning(
    slack: Standin,
    bots: Replicas,
    day: date,
    kills: int,
    wanted: int,
    dice: random.Random,
    server: Postgres | None,
    leaps: float,
) -> None:
    """One working day: bots are killed at random instants while the reminders of the morning go out."""
    slack.move_clock(to=_local(day, 0, 5).isoformat())
    time.sleep(1.5)  # the night passes: what is due that day is worked out before the morning
    slack.move_clock(to=_local(day, 9, 0).isoformat())
    taken_in = TakenIn(slack)
    closes = _local(day, 16, 45)
    for number in range(kills):
        time.sleep(dice.uniform(0.0, 0.5))
        bots.kill_one()
        if server and number == kills // 2:
            server.kill()
            time.sleep(dice.uniform(0.0, 0.3))
            server.start()
        if dice.random() < leaps and _now(slack) < closes:
            time.sleep(0.5)  # a leap while others are in the middle of a call is another story (test_outbox)
            slack.move_clock(advance_seconds=LEASE)
    last, since = -1, time.monotonic()
    while (told := taken_in.told()) < wanted and time.monotonic() - since < PATIENCE:
        if told != last:
            last, since = told, time.monotonic()
        time.sleep(0.3)
        bots.tend()
        if _now(slack) < closes:
            slack.move_clock(advance_seconds=20)


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


def _tell(plan: Plan, outcome: Outcome, kills: int, folder: Path) -> None:
    say = sys.stdout.write
    say(f"{plan.engine}, {plan.replicas} process(es), seed {plan.seed}, {kills} kills: ")
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
    parser.add_argument("--kills", type=int, default=250)
    parser.add_argument("--owners", type=int, default=400)
    parser.add_argument("--actions", type=int, default=5)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    replicas = given.replicas or (1 if given.engine == "sqlite" else 3)
    plan = Plan(given.engine, replicas, given.kills, given.owners, given.actions, given.days, given.seed)
    return 0 if run(plan).clean else 1


if __name__ == "__main__":
    sys.exit(main())
