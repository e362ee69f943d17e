"""`./dev bench serve`: requests answered a second, and how soon, beside a Bolt app that only acknowledges.

Both are hosted alike, on the same machine, and asked by the same client; they take turns, and the best round of each
counts, since others may disturb a round. Every answer must tell of a saved entry, and every entry must be there."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.plan.actions import Action
from bot.plan.entries import Entry
from bot.plan.people import Person
from storage.migrations import migrate
from storage.store import open_store
from tests.bench import table
from tests.faults import scene
from tests.http.serving import free_port
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
SECRET = "bench-signing-secret"
SAYS = "log {action} Briefed six night staff on the eight-line handover sheet, number {serial}"
IN_FLIGHT = (1, 16, 64)
OWNERS = 200
STARTS = 3

Json = dict[str, Any]


@dataclass
class Served:
    """One bot under test with the Slack of its own that calls it."""

    name: str
    way: str  # http or socket
    wanted: str  # what stands in every right answer
    command: list[str]
    people: list[tuple[str, str]]
    database_url: str = ""
    port: int = 0
    caller: Any = None
    process: Any = None
    asked: int = 0
    rounds: dict[int, list[Json]] = field(default_factory=dict)

    def start(self) -> float:
        """Start it and give the seconds until it is ready."""
        self.port = free_port()
        folder = Path(tempfile.gettempdir())
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_APP_TOKEN": "xapp-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"http://127.0.0.1:{self.slack_port}/api/",
            "DATABASE_URL": self.database_url,
            "FILES": str(folder / "files"),
            "HTTP_ADDRESS": f"127.0.0.1:{self.port}",
            "LOG_LEVEL": "WARNING",
        }
        began = time.perf_counter()
        self.process = subprocess.Popen([sys.executable, "-m", *self.command], cwd=ROOT, env=clean | settings)
        while not self._ready():
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} did not start")
            time.sleep(0.005)
        return time.perf_counter() - began

    def _ready(self) -> bool:
        if self.way == "socket":
            return bool(self.told({"do": "count"})["links"] >= 1)
        return _answers(self.port)

    def stop(self) -> None:
        """End it as a supervisor would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def call(self) -> None:
        """Start the client."""
        command = [sys.executable, "-m", "tests.bench.beside.caller"]
        self.caller = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.slack_port = json.loads(self.caller.stdout.readline())["port"]

    def told(self, wish: Json) -> Json:
        """What the client answers to a wish."""
        self.caller.stdin.write(json.dumps(wish) + "\n")
        self.caller.stdin.flush()
        line = self.caller.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: the client ended")
        found: Json = json.loads(line)
        return found

    def ask(self, count: int, in_flight: int) -> Json:
        """Have so many requests made, so many at a time."""
        wish = {
            "do": self.way,
            "port": self.port,
            "secret": SECRET,
            "count": count,
            "first": self.asked,
            "in_flight": in_flight,
            "people": self.people,
            "team": scene.TEAM,
            "text": SAYS,
            "wanted": self.wanted,
        }
        self.asked += count
        told = self.told(wish)
        if told["wrong"]:
            raise SystemExit(f"{self.name}: {told['wrong']} of {count} answers are wrong: {told['first_wrong']}")
        return told

    def memory(self) -> float:
        """Resident memory in MB of the process that answers: gunicorn's worker, or the only one."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = Path(f"/proc/{children[0] if children else self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _answers(port: int) -> bool:
    """Whether something listens there and answers a request."""
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return line.recv(12)[9:10] in (b"2", b"4")
    except OSError:
        return False


def main() -> None:
    """Measure and print the figures."""
    options = table.options(__doc__ or "")
    options.add_argument("--seconds", type=float, default=4.0, help="of each round, about")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--requests", type=int, default=100_000, help="before memory is looked at again")
    options.add_argument("--ways", nargs="+", default=["http", "socket"])
    given = options.parse_args()
    figures: list[table.Figure] = []
    for way in given.ways:
        with ExitStack() as stack:
            served = [stack.enter_context(one) for one in _all(way, stack)]
            figures += starts(served[2:])
            for one in served:
                one.start()
            figures += throughput(served, given.seconds, given.rounds)
            figures += memory(served[2], given.requests)
            for one in served:
                one.stop()
            for one in served[2:]:
                _all_there(one)
    table.report(figures, given.json)


def _all(way: str, stack: ExitStack) -> Iterator[Any]:
    """The bare apps, then the bot on each engine."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grip-bench-")))
    server = Postgres(durable=True)
    server.start()
    stack.callback(server.stop)
    bare = ["tests.bench.beside.bare", way]
    run = ["bot", "serve" if way == "http" else "run"]
    yield _with_caller(Served("bare ack(), as we run Bolt", way, "", bare, [("U0", "A0")]))
    yield _with_caller(Served("bare ack(), Bolt's defaults", way, "", [*bare, "default"], [("U0", "A0")]))
    for engine, url in (("SQLite", f"sqlite:///{folder}/grip.db"), ("PostgreSQL", server.database())):
        yield _with_caller(Served(f"/sip log, {engine}", way, "Saved as E", run, _planted(url), url))


def _planted(url: str) -> list[tuple[str, str]]:
    """A plan of ten services; who logs on which action."""
    store = open_store(url)
    migrate(store)
    scene.plant(store, OWNERS, 2, scene.due_days(20), random.Random(1))
    with store.reading() as work:
        people = {person.id: person.slack_id for person in work.all(Person)}
        found = [(people[action.owner_id], f"A{action.number}") for action in work.all(Action, order="number")]
    store.close()
    return found


@contextmanager
def _with_caller(one: Served) -> Iterator[Served]:
    one.call()
    try:
        yield one
    finally:
        if one.process and one.process.poll() is None:
            one.process.kill()
        one.caller.kill()


def starts(ours: list[Served]) -> Iterator[table.Figure]:
    """Start to ready, on a database that is there."""
    for one in ours:
        took = []
        for _ in range(STARTS):
            took.append(one.start())
            one.stop()
        yield table.under(f"{one.way}: {one.name}: start to ready", min(took), 2.0, "s")


def throughput(served: list[Served], seconds: float, rounds: int) -> Iterator[table.Figure]:
    """Each in turn, at each number of requests in flight."""
    pace = {one.name: one.ask(300, 16)["rate"] for one in served}
    for many in IN_FLIGHT:
        best: dict[str, Json] = {}
        for _ in range(rounds):
            for one in served:
                told = one.ask(max(50, int(pace[one.name] * seconds * (0.5 if many == 1 else 1))), many)
                one.rounds.setdefault(many, []).append(told)
                if told["rate"] > best.get(one.name, {"rate": 0})["rate"]:
                    best[one.name] = told
        for one in served:
            where = f"{one.way}, {many} in flight: {one.name}"
            yield table.told(f"{where}: rate", best[one.name]["rate"], "1/s")
            yield table.told(f"{where}: p50", best[one.name]["p50"], "ms")
            judge: Callable[..., table.Figure] = table.told
            if many == 64 and one in served[2:]:
                yield table.under(f"{where}: p99", best[one.name]["p99"], 100, "ms")
            else:
                yield judge(f"{where}: p99", best[one.name]["p99"], "ms")
        for one in served[2:]:
            for other in served[:2]:
                ratio = best[one.name]["rate"] / best[other.name]["rate"]
                name = f"{one.way}, {many} in flight: {one.name} to {other.name}"
                yield table.at_least(name, ratio, 0.5) if many == 16 else table.told(name, ratio, "ratio")


def memory(one: Served, requests: int) -> Iterator[table.Figure]:
    """Resident memory after so many requests, against after a thousand; counted from a fresh start."""
    one.stop()
    one.start()
    one.ask(1_000, 16)
    first = one.memory()
    for _ in range(max(1, requests // 10_000)):
        one.ask(min(requests, 10_000), 16)
    last = one.memory()
    yield table.told(f"{one.way}: {one.name}: memory after 1,000 requests", first, "MB")
    yield table.under(f"{one.way}: {one.name}: memory after {requests:,}, to that", last / first, 1.1)


def _all_there(one: Served) -> None:
    """Every answer told of a saved entry; here they are looked for."""
    store = open_store(one.database_url)
    with store.reading() as work:
        kept = work.count(Entry)
    store.close()
    if kept != one.asked:
        raise SystemExit(f"{one.name}: {one.asked} entries were answered and {kept} are kept")


if __name__ == "__main__":
    main()
