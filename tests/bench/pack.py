"""`./dev bench pack`: the document beside WeasyPrint's of the same content; inspect and status among many services."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from sqlalchemy import text

from bot.plan.access import ref
from bot.plan.account import load
from bot.plan.services import Service
from bot.reports.inspection import inspect
from bot.reports.narrowing import WHOLE
from bot.reports.pack.document import Journal, Maker, document
from bot.reports.pack.exhibits import evidence_in, exhibits
from bot.reports.pack.making import gathered
from bot.reports.pack.threads import Picture
from bot.reports.pack.typeset import TEMPLATE
from bot.reports.pack.wanted import Wanted
from bot.reports.status import status
from handlers.views import inspect as inspect_views
from handlers.views import status as status_views
from storage.migrations import migrate
from storage.store import SqlStore, open_store
from tests.bench import table
from tests.bench.beside import large_plan
from tests.bench.beside.large_plan import NOW
from tests.postgres import Postgres

ROUNDS, ASKED = 2, 15
OTHERS = 29_999
LEAST_PAGES = 30
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure both and print the figures."""
    given = table.options(__doc__ or "").parse_args()
    with tempfile.TemporaryDirectory(prefix="grip-bench-") as name:
        folder = Path(name)
        alone = open_store(f"sqlite:///{folder}/alone.db")
        migrate(alone)
        service = large_plan.plant(alone)
        figures = list(documents(alone, service, folder))
        alone.close()
        for engine in ("sqlite", "postgresql"):
            with _stores(engine, folder) as (one, many):
                figures += answers(engine, one, many)
    table.report(figures, given.json)


@contextmanager
def _stores(engine: str, folder: Path) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two empty stores on one engine."""
    server = Postgres() if engine == "postgresql" else None
    if server:
        server.start()
    urls = [server.database() if server else f"sqlite:///{folder}/{name}.db" for name in ("one", "many")]
    one, many = map(open_store, urls)
    try:
        migrate(one)
        migrate(many)
        yield one, many
    finally:
        one.close()
        many.close()
        if server:
            server.stop()


def documents(store: SqlStore, service: Service, folder: Path) -> Iterator[table.Figure]:
    """The same content set by both, in processes of their own, each from its start; the best of some rounds."""
    body, pictures = _content(store, service)
    (folder / "document.json").write_text(json.dumps(body), encoding="utf-8")
    (folder / "template.typ").write_bytes(TEMPLATE.read_bytes())
    for picture in pictures:
        (folder / picture.name).write_text(picture.svg, encoding="utf-8")
    ours = ["bot.reports.pack.typesetter", str(folder), "0", "3000"]
    theirs = ["tests.bench.beside.weasy", str(folder)]
    found = {"typst": [_run(ours) for _ in range(ROUNDS)], "WeasyPrint": [_run(theirs) for _ in range(ROUNDS)]}
    pages = {
        "typst": len(PdfReader(folder / "pack.pdf").pages),
        "WeasyPrint": len(PdfReader(folder / "weasy.pdf").pages),
    }
    for engine, runs in found.items():
        yield table.told(f"{engine}: document", min(seconds for seconds, _ in runs), "s")
        yield table.told(f"{engine}: peak memory", min(memory for _, memory in runs), "MB")
        yield table.at_least(f"{engine}: pages", pages[engine], LEAST_PAGES, "pages")
    quick, small = (min(run[i] for run in found["typst"]) / min(run[i] for run in found["WeasyPrint"]) for i in (0, 1))
    yield table.under("typst to WeasyPrint: time", quick, 1.0)
    yield table.told("typst to WeasyPrint: peak memory", small, "ratio")


def _content(store: SqlStore, service: Service) -> tuple[dict[str, Any], list[Picture]]:
    with store.reading() as work:
        found = gathered(work, service, Wanted(), NOW)
    chosen = found.chosen
    listed = exhibits(evidence_in(chosen.account, chosen.only), names=True, limit=0)
    number, head = found.head
    return document(chosen, Maker("Ruth Callaghan", NOW, names=True), listed, Journal(number, head, number))


def _run(words: list[str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of `python -m words`."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT)
    _, status_, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status_):
        raise SystemExit(f"{words[0]} failed")
    return took, usage.ru_maxrss / 1024


def answers(engine: str, alone: SqlStore, among: SqlStore) -> Iterator[table.Figure]:
    """What `/sip inspect` and `/sip status` cost one service, alone and among 30,000; they take turns."""
    service, same = large_plan.plant(alone), large_plan.plant(among)
    large_plan.surround(among, same, OTHERS)
    with alone.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    for name, ask in (("inspect", _inspect), ("status", _status)):
        costs: tuple[list[float], list[float]] = ([], [])
        for _ in range(ASKED):
            costs[0].append(_cost(ask, alone, service))
            costs[1].append(_cost(ask, among, same))
        one, many = (statistics.median(cost[1:]) for cost in costs)
        yield table.told(f"{engine}: /sip {name}, one service alone", one * 1000, "ms")
        yield table.told(f"{engine}: /sip {name}, among {OTHERS + 1:,}", many * 1000, "ms")
        yield table.under(f"{engine}: /sip {name}, among many to alone", many / one, 1.3)


def _cost(ask: Callable[[SqlStore, Service], str], store: SqlStore, service: Service) -> float:
    began = time.perf_counter()
    said = ask(store, service)
    took = time.perf_counter() - began
    if "P1" not in said:
        raise SystemExit(f"that was no answer: {said[:200]}")
    return took


def _inspect(store: SqlStore, service: Service) -> str:
    with store.reading() as work:
        found = inspect(load(work, service), NOW.date())
    return inspect_views.answered(found, "").text


def _status(store: SqlStore, service: Service) -> str:
    with store.reading() as work:
        account = load(work, service)
    found = status(account, NOW.date())
    return status_views.summary(found, account, WHOLE).text + ref(account.priorities[0])


if __name__ == "__main__":
    main()
