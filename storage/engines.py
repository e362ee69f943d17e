"""How each engine is opened: pools, isolation, and the settings without which it loses or blocks work."""

import select
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError

IDLE_SECONDS = 10.0  # after which a connection is asked whether it still works, before anybody works with it
BUSY_SECONDS = 10.0  # how long a write waits for another process before it fails
# Of each connection: 8 MB, since a plan of many services does not fit into the 2 MB that SQLite keeps in memory by
# default, and no more, since the system keeps the file in memory as well, once for all of them.
CACHE = "cache_size=-8192"
# What is read may not change in between, and nothing is written.
ONE_VIEW = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
# How long a PostgreSQL is believed in that says nothing (libpq's names and units). None of these ends a statement that
# takes long: the host of a server that works answers for it, and packs, verify, backup and migrations use these engines
# as well as people do. So there is no statement_timeout either.
SILENCE = {
    "connect_timeout": 5,  # seconds, as far as a loaded server may take to let somebody in; Slack waits three anyway
    "keepalives_idle": 10,  # seconds without a word after which the host is asked whether it is still there
    "keepalives_interval": 3,  # seconds between two such questions
    "keepalives_count": 3,  # left unanswered; a host that vanished while we wait for it is given up after 19 seconds
    "tcp_user_timeout": 10_000,  # milliseconds that the host may leave unacknowledged what we sent: as long as a lock
}
DISCREET = {"hide_parameters": True}  # an error of the database names the statement, never what somebody typed


def engines(url: str, connections: int) -> tuple[Engine, Engine]:
    """An engine to write with and one to read with. Raises ValueError for an engine that we do not speak."""
    address = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    backend = address.get_backend_name()
    if backend == "sqlite":
        return _sqlite(address)
    if backend == "postgresql":
        return _postgresql(address, connections)
    raise ValueError(f"{backend} is not supported; use sqlite:///a/path.db or postgresql://...")


def _sqlite(address: URL) -> tuple[Engine, Engine]:
    file = address.database
    if not file or file == ":memory:":
        raise ValueError("SQLite needs a file, such as sqlite:///data/grip.db")
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    common: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}, "pool_timeout": 60, **DISCREET}
    writing = create_engine(address, pool_size=1, max_overflow=0, **common)
    reading = create_engine(address, pool_size=8, max_overflow=24, **common)
    _on_connect(writing, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", CACHE)
    _on_connect(reading, "query_only=ON", CACHE)
    # A transaction that reads first and writes later would fail at once when another wrote between.
    _on_begin(writing, "BEGIN IMMEDIATE")
    _on_begin(reading, "BEGIN")
    return writing, reading


def _on_connect(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions by its own lights
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")


def _on_begin(engine: Engine, words: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(words)


def _postgresql(address: URL, connections: int) -> tuple[Engine, Engine]:
    # A process that hangs in a transaction must not hold up everybody else for ever.
    settings = f"-c timezone=UTC -c lock_timeout={int(BUSY_SECONDS)}s -c idle_in_transaction_session_timeout=60s"
    common: dict[str, Any] = {
        **DISCREET,
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": 60,
        # What the address says itself stands: whoever runs the program knows their network.
        "connect_args": {
            "options": settings,
            **{name: value for name, value in SILENCE.items() if name not in address.query},
        },
    }
    writing = create_engine(address, **common)
    reading = create_engine(address, execution_options=ONE_VIEW, **common)
    for engine in (writing, reading):
        _ask_after_rest(engine)
    return writing, reading


def at_once(reading: Engine) -> Engine:
    """The same connections for a single question, which needs no transaction around it."""
    return reading.execution_options(isolation_level="AUTOCOMMIT") if reading.dialect.name == "postgresql" else reading


def _ask_after_rest(engine: Engine) -> None:
    """Replace connections that the server has ended. It then has told so, which shows without asking it: that would
    take as long as a statement. Who has rested for long is asked."""

    @event.listens_for(engine, "checkin")
    def rest(_: Any, record: Any) -> None:
        record.info["since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(driver: Any, record: Any, _: Any) -> None:
        rested = time.monotonic() - record.info.get("since", -IDLE_SECONDS)
        try:
            if rested > IDLE_SECONDS or select.select([driver.fileno()], [], [], 0)[0]:
                engine.dialect.do_ping(driver)
        except (engine.dialect.loaded_dbapi.Error, ValueError) as error:
            raise InvalidatePoolError from error
