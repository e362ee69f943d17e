"""`./dev soak`: three replicas on PostgreSQL under load and faults for as long as wanted; exit code 0 if all held."""

import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import text

from playground.server import Standin
from storage.files import open_files
from storage.migrations import migrate
from storage.store import SqlStore, open_store
from storage.verify import verify
from tests.bench import table
from tests.bench.table import Figure, told, under
from tests.faults import scene
from tests.postgres import Postgres
from tests.soak import check, town
from tests.soak.load import Load
from tests.soak.replicas import Fleet

SHORTEST_DAY = 75.0  # real seconds that a day of the town takes at least
LONG_RUN = 20.0  # minutes from which on the replicas tick once a minute, as they are shipped
PATIENCE = 420.0  # real seconds without any progress after which a day's messages are given up
PUBLIC = ("morning", "digest", "warning", "post")
OWED = text(
    "SELECT count(*) FROM deliveries WHERE kind = ANY(:kinds) AND (state = 'claimed' OR (state = 'waiting' "
    "AND next_at <= CAST(:now AS timestamptz) + interval '20 minutes'))"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One soak. `owners` of each service; `rate` requests a second."""

    minutes: float
    services: int
    owners: int
    rate: float
    replicas: int
    seed: int

    @property
    def tick(self) -> float:
        """Seconds between two ticks."""
        return 60.0 if self.minutes >= LONG_RUN else 10.0


class Soak:
    """A soak that runs: the stand-in, the database, the replicas, the load, and who troubles them."""

    def __init__(self, plan: Plan, folder: Path, slack: Standin, server: Postgres, store: SqlStore) -> None:
        self.plan, self.slack, self.server, self.store = plan, slack, server, store
        self.dice = random.Random(plan.seed)
        homes, self.owed = town.plant(store, plan.services, plan.owners, max(3, int(plan.minutes / 6)), self.dice)
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
            "FILES": str(folder / "files"),
            "CLOCK_FILE": str(folder / "clock"),
            "TICK_SECONDS": str(plan.tick),
            "LOG_LEVEL": "WARNING",
        }
        self.fleet = Fleet(plan.replicas, settings, folder, random.Random(plan.seed + 1))
        self.load = Load([r.url for r in self.fleet.replicas], slack.signing_secret, homes, plan.rate, plan.seed + 2)
        self.files = open_files(str(folder / "files"))
        self.days: list[date] = []
        self.ended, self.calm = threading.Event(), threading.Event()
        self.seconds = 0.0
        self.troubles: Counter[str] = Counter()

    def run(self) -> None:
        """Play it all."""
        self._slack_is_troubled()
        self.fleet.start()
        self.load.start()
        began = time.monotonic()
        trouble = threading.Thread(target=self._trouble, name="trouble", daemon=True)
        trouble.start()
        try:
            self._live(began + self.plan.minutes * 60)
        finally:
            self.ended.set()
            self.calm.wait()
            self.seconds = time.monotonic() - began
            self.load.stop()
        self._wait_until_told()

    def _live(self, until: float) -> None:
        """Day after day of the town, each of which lasts until its messages are out."""
        while True:
            day = self.days[-1] if self.days else scene.FIRST
            if not self.days:
                self._morning(day)
            self._pass(min(SHORTEST_DAY, max(0.0, until - time.monotonic())))
            if time.monotonic() >= until:
                return
            self._wait_until_told(until)
            if until - time.monotonic() < SHORTEST_DAY + self.plan.tick * 2:
                self._pass(max(0.0, until - time.monotonic()))
                return
            following = next(d for d in scene.mornings(len(self.days) + 5) if d > day)
            self.slack.move_clock(to=town.instant(following, 0, 5).astimezone(UTC).isoformat())
            self._morning(following)

    def _morning(self, day: date) -> None:
        """What is due this day is worked out, and the day's hours begin."""
        self._pass(self.plan.tick * 1.2 + 3)
        self.slack.move_clock(to=town.instant(day, 9, 0).astimezone(UTC).isoformat())
        self.days.append(day)
        self._tell(f"the morning of {day}")

    def _wait_until_told(self, until: float = float("inf")) -> None:
        """Wait until nothing is on its way to anybody; the clock must not leap over a lease."""
        self._pass(self.plan.tick + 2)
        self.load.hushed.set()
        least, since = self._open(), time.monotonic()
        while least and time.monotonic() < until and time.monotonic() - since < PATIENCE:
            self._pass(2.0)
            now = self._open()
            if now < least:
                least, since = now, time.monotonic()
        self.load.hushed.clear()
        if least:
            self._tell(f"{least} messages were not out")

    def _open(self) -> int:
        now = datetime.fromtimestamp(self.slack.hub.clock.now(), UTC)
        try:
            with self.store.reading() as work:
                return int(work.connection.execute(OWED, {"kinds": list(PUBLIC), "now": now}).scalar_one())
        except Exception:  # noqa: BLE001 - the database is away at times, and then nothing is known
            return 1 << 30

    def _pass(self, seconds: float) -> None:
        time.sleep(seconds)

    def _slack_is_troubled(self) -> None:
        self.slack.clear_faults(seed=self.plan.seed)
        for kind in ("drop_reply", "drop_request", "http_500", "http_500_after", "rate_limited"):
            self.slack.fault("chat.postMessage", kind, probability=0.01)

    def _trouble(self) -> None:
        """Trouble until the load ends. This thread lives on: the server that it started again would end with it."""
        try:
            self._cause_trouble()
        finally:
            self.calm.set()
            threading.Event().wait()

    def _cause_trouble(self) -> None:
        """Kills, and now and then a deployment or an absence of the database; at least one of these."""
        quiet = 20.0 if self.plan.minutes < LONG_RUN else 60.0
        while not self.ended.wait(self.dice.uniform(0.5, 1.5) * quiet):
            choice = self.dice.choices(("kill", "deploy", "absence"), (12, 2, 3))[0]
            if not self.troubles["absence"] and self.troubles.total() >= 3:
                choice = "absence"
            self.troubles[choice] += 1
            if choice == "kill":
                self.fleet.kill_one()
            elif choice == "deploy":
                self.fleet.restart_last()
            else:
                self._database_away()

    def _database_away(self) -> None:
        with self.load.ledger.absence():
            self.server.kill()
            self.ended.wait(self.dice.uniform(1.0, 8.0))
            self.server.start()

    def _tell(self, what: str) -> None:
        ledger = self.load.ledger
        print(
            f"{time.monotonic() - self.load.began:7.0f} s  {what}: {len(ledger.acknowledged):,} entries acknowledged, "
            f"{len(ledger.unexplained)} unexplained failures, {self.fleet.kills} kills, "
            f"{len(ledger.absences)} absences of the database",
            flush=True,
        )


def figures(soak: Soak) -> list[Figure]:
    """The count at the end."""
    plan, ledger = soak.plan, soak.load.ledger
    messages = check.said(soak.slack)
    _, reminded = check.reminded(soak.owed, soak.days, messages)
    # The town was planted without events; what was written since has one for each record.
    broken = [each for each in verify(soak.store, soak.files) if each.number or "entry" in each.what]
    return [
        told("minutes of load", soak.seconds / 60, "min"),
        told("services", plan.services, "count"),
        told("days of the town", len(soak.days), "count"),
        told("kills", soak.fleet.kills, "count"),
        told("graceful restarts", soak.fleet.restarts, "count"),
        told("absences of the database", len(ledger.absences), "count"),
        told("requests not sent, every sender waiting", ledger.held, "count"),
        *check.answered(ledger, soak.seconds),
        *check.entries(soak.store, ledger),
        *reminded,
        *check.posted(soak.store, plan.services, soak.days, messages),
        under("breaks found by verify", len(broken), check.NONE, "count"),
        *check.weighed(soak.fleet, soak.seconds),
    ]


def explain(soak: Soak) -> None:
    """What a reader wants to see where something did not hold."""
    ledger = soak.load.ledger
    outcome, _ = check.reminded(soak.owed, soak.days, check.said(soak.slack))
    for name in ("lost", "doubled", "strange"):
        print(f"{name}: {getattr(outcome, name)[:10]}")
    print("failures:", Counter((f.kind, f.how) for f in ledger.unexplained).most_common(20))
    print("answers:", ledger.answers)


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 0 if every figure met its goal."""
    options = table.options(__doc__ or "")
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--services", type=int, default=300)
    options.add_argument("--owners", type=int, default=1, help="of each service")
    options.add_argument("--rate", type=float, default=50, help="requests a second")
    options.add_argument("--replicas", type=int, default=3)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options.add_argument("--logs", type=Path, help="keep the replicas' logs in this folder")
    given = options.parse_args(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is ended, however this run ends
    plan = Plan(given.minutes, given.services, given.owners, given.rate, given.replicas, given.seed)
    print(f"seed {plan.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="grip-soak-") as name:
        folder = given.logs or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        return _run(plan, folder, given.json)


def _run(plan: Plan, folder: Path, json_file: Path | None) -> int:
    server = Postgres()
    server.start()
    store = open_store(server.database(), connections=1)
    try:
        migrate(store)
        starts = town.instant(scene.FIRST, 0, 5)
        with Standin(town.world(plan.services, plan.owners), clock_file=folder / "clock", starts=starts) as slack:
            soak = Soak(plan, folder, slack, server, store)
            try:
                soak.run()
            finally:
                soak.fleet.stop()
            found = figures(soak)
            table.report(found, json_file)
            if all(figure.met for figure in found):
                return 0
            explain(soak)
            return 1
    finally:
        store.close()
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
