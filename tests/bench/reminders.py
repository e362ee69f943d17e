"""`./dev bench reminders`: what a tick costs among ever more actions, and how near to the limits reminders go out."""

import logging
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog
from slack_sdk import WebClient
from sqlalchemy import inspect, text

from bot.plan.actions import Action
from bot.settings import Settings
from handlers.buckets import Buckets
from handlers.desk import Desk
from handlers.outbox import Outbox
from handlers.tick import tick
from playground.limits import Limits
from playground.server import Standin
from storage.files import open_files
from storage.migrations import migrate
from storage.store import SqlStore, open_store
from tests.bench import table
from tests.faults import scene
from tests.postgres import Postgres, in_memory

DUE = 1_000
OWNERS = 100
ROUNDS = 8
NOW = datetime(2027, 1, 13, 9, 0, tzinfo=UTC)
FAR = datetime(2035, 1, 1, tzinfo=UTC)
TEMPLATE = "template"
SERIES = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :many)",
    "postgresql": "WITH series AS (SELECT n FROM generate_series(1, :many) AS n)",
}


def main() -> None:
    """Measure both and print the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    options = table.options(__doc__ or "")
    options.add_argument("--sizes", type=int, nargs="+", default=[3_000, 300_000, 3_000_000])
    options.add_argument("--reminders", type=int, default=10_000)
    options.add_argument("--only", choices=("ticks", "deliveries"))
    options.add_argument("--pace", type=float, default=5.0, help="how many times as fast as Slack the stand-in allows")
    given = options.parse_args()
    figures: list[table.Figure] = []
    if given.only != "deliveries":
        figures += [figure for engine in ("sqlite", "postgresql") for figure in ticks(engine, given.sizes)]
    if given.only != "ticks":
        figures += deliveries(given.reminders, given.pace, 1)
        figures += deliveries(given.reminders // 5, given.pace, 3)
    table.report(figures, given.json)


def ticks(engine: str, sizes: list[int]) -> Iterator[table.Figure]:
    """The cost of a tick with the same reminders due in stores of different sizes.

    They take turns, so that a machine that is busy for a while is so for all of them; the least cost of each is the one
    that was least disturbed."""
    with ExitStack() as stack:
        stores = []
        for _ in sizes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grip-bench-", dir=in_memory())))
            stores.append((stack.enter_context(_store(engine, folder)), folder))
        for (store, _), size in zip(stores, sizes, strict=True):
            _fill(store, size)
        costs: list[list[float]] = [[] for _ in sizes]
        for _ in range(ROUNDS):
            for (store, folder), spent in zip(stores, costs, strict=True):
                spent.append(_tick_cost(store, folder))
    least = [min(spent[1:]) for spent in costs]
    for size, cost in zip(sizes, least, strict=True):
        yield table.told(f"{engine}: tick, {DUE:,} due of {size:,}", cost * 1000, "ms")
    yield table.under(f"{engine}: tick, largest to smallest cost", max(least) / min(least), 1.3)


@contextmanager
def _store(engine: str, folder: Path) -> Iterator[SqlStore]:
    server = Postgres() if engine == "postgresql" else None
    if server:
        server.start()
    store = open_store(server.database() if server else f"sqlite:///{folder}/grip.db")
    try:
        migrate(store)
        yield store
    finally:
        store.close()
        if server:
            server.stop()


def _fill(store: SqlStore, size: int) -> None:
    """The reminders that are due, and so many actions more that are not."""
    scene.plant(store, OWNERS, DUE // OWNERS, scene.due_days(1), random.Random(1))
    with store.transaction() as work:
        action = work.all(Action, limit=1)[0]
        work.add(replace(action, id=TEMPLATE, number=900_000_000, wake_at=FAR))
    with store.engine.begin() as connection:
        columns = [column["name"] for column in inspect(connection).get_columns("actions")]
        given = {"id": "'x' || s.n", "number": "10000000 + s.n"}
        chosen = ", ".join(given.get(name, f't."{name}"') for name in columns)
        dialect = store.engine.dialect.name
        series, many = SERIES[dialect], size - DUE - 1
        select = f"SELECT {chosen} FROM actions t CROSS JOIN series s WHERE t.id = '{TEMPLATE}'"  # noqa: S608 - our own names
        names = ", ".join(f'"{name}"' for name in columns)
        connection.execute(text(f"{series} INSERT INTO actions ({names}) {select}"), {"many": many})
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _tick_cost(store: SqlStore, folder: Path) -> float:
    """Seconds of one tick that finds the reminders due."""
    desk = Desk(store, Settings(_env_file=None), lambda: NOW, open_files(str(folder / "files")), lambda _: WebClient())
    with store.transaction() as work:
        for action in work.all(Action, due_on=date(2027, 1, 14), number=list(range(1, DUE + 1))):
            work.rewake(Action, action.id, NOW - timedelta(hours=9))
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM reminders"))
        connection.execute(text("DELETE FROM deliveries"))
    began = time.perf_counter()
    found = tick(desk, NOW)
    cost = time.perf_counter() - began
    if found.looked < DUE:
        raise SystemExit(f"the tick looked at {found.looked} of {DUE} actions")
    return cost


def deliveries(people: int, pace: float, replicas: int) -> Iterator[table.Figure]:
    """Time to deliver so many people's mornings, beside the least time that the stand-in's limits allow.

    `pace` speeds up the stand-in's limits and the outbox's turns alike, so that the ratio stays as it is at Slack's."""
    limits = Limits(scale=pace)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grip-bench-", dir=in_memory())))
        slack = stack.enter_context(Standin(scene.world(people), limits=limits))
        stores = [open_store(f"sqlite:///{folder}/grip.db") for _ in range(replicas)]
        migrate(stores[0])
        scene.plant(stores[0], people, 1, scene.due_days(1), random.Random(1))
        boxes = [Outbox(desk, buckets=Buckets(pace=pace)) for desk in _desks(stores, slack, folder)]
        began = time.perf_counter()
        for box in boxes:
            box.start()
        while _delivered(slack) < people:
            time.sleep(0.05)
        took = time.perf_counter() - began
        for box, store in zip(boxes, stores, strict=True):
            box.stop()
            store.close()
    least = (people - limits.posts_burst) / (limits.posts_per_minute * pace / 60)
    what = f"{people:,} mornings by {replicas} at {pace:g} times Slack's pace"
    yield table.told(what, took, "s")
    yield table.told("  least time that the limits allow", least, "s")
    yield table.under("  delivery, to the least time", took / least, 1.1)
    twice = sum(refusal.again for refusal in limits.refused)
    yield table.under("  429s earned again before their Retry-After", twice, 1, "count")
    yield table.told("  429s in all", len(limits.refused), "count")


def _desks(stores: list[SqlStore], slack: Standin, folder: Path) -> list[Desk]:
    """A desk for each store, on a clock that begins in the morning; the mornings are made."""
    now, start = datetime(2027, 1, 11, 9, 30, tzinfo=UTC), time.monotonic()
    client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=10)
    settings = Settings(_env_file=None, slack_api_url=slack.api_url)
    files = open_files(str(folder))
    while tick(Desk(stores[0], settings, lambda: now, files, lambda _: client), now).looked:
        pass
    return [
        Desk(store, settings, lambda: now + timedelta(seconds=time.monotonic() - start), files, lambda _: client)
        for store in stores
    ]


def _delivered(slack: Standin) -> int:
    return sum(len(c.messages) for c in list(slack.hub.world.channels.values()) if c.kind == "im")


if __name__ == "__main__":
    main()
