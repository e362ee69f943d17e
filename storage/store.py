"""Units of work over the database: where transactions begin, end, and wait for one another."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine

from storage import locks, records
from storage.engines import at_once, engines
from storage.queue import Turnstile
from storage.together import Together
from storage.work import SqlWork

R = TypeVar("R")


class SqlStore:
    """Memory on SQLite or PostgreSQL; bot.work.Store says what each method does.

    A thread has one transaction at a time: opening a second inside the first raises RuntimeError, since it would wait
    for itself. `told` is called when deliveries were left that wait to be carried."""

    def __init__(self, writing: Engine, reading: Engine, connections: int) -> None:
        self.engine = writing
        self._reading = reading
        self._glancing = at_once(reading)
        self._homes: locks.Homes = {}
        self._mine = threading.local()
        # Waiting in order is quicker than contending for SQLite's file lock, and fairer than the pool's queue.
        self._places = Turnstile(connections if writing.dialect.name == "postgresql" else 1)
        self._lanes: dict[str, Together[SqlWork]] = {}
        self.told: Callable[[], None] = lambda: None

    @contextmanager
    def transaction(self, workspace_id: str | None = None) -> Iterator[SqlWork]:
        if getattr(self._mine, "open", False):
            raise RuntimeError("this thread has a transaction open already")
        self._mine.open = True
        try:
            with self._lane(workspace_id) as work:
                yield work
        finally:
            self._mine.open = False
        if work.left:
            self.told()

    def _lane(self, workspace_id: str | None) -> AbstractContextManager[SqlWork]:
        """Who writes in one workspace of PostgreSQL, or anywhere in SQLite, has to wait for the others anyway."""
        if self.engine.dialect.name == "sqlite":
            workspace_id = ""
        if workspace_id is None:
            return self._alone()
        lane = self._lanes.get(workspace_id)
        if lane is None:
            home = workspace_id or None
            made = Together(self.engine, self._places, lambda connection: SqlWork(connection, self._homes, home))
            lane = self._lanes.setdefault(workspace_id, made)
        return lane.transaction()

    @contextmanager
    def _alone(self) -> Iterator[SqlWork]:
        with self._places, self.engine.begin() as connection:
            work = SqlWork(connection, self._homes)
            yield work
            work.finish()

    @contextmanager
    def reading(self) -> Iterator[SqlWork]:
        with self._reading.begin() as connection:
            work = SqlWork(connection, self._homes)
            yield work
            work.finish()  # which fails where anything was to be written

    def find(self, kind: type[R], /, **equal: Any) -> R | None:
        with self._glancing.connect() as connection:
            found = records.fetch(connection, kind, equal, limit=1)
        return found[0] if found else None

    def close(self) -> None:
        self.engine.dispose()
        self._reading.dispose()


def open_store(url: str, *, connections: int = 4) -> SqlStore:
    """The store at a database URL: `sqlite:///data/grip.db` (its folder is made) or `postgresql://...`.

    `connections` is how many PostgreSQL gives us for writing, and as many again for reading. Nothing is migrated
    here: storage.migrations.migrate(store) does that. Raises ValueError for another engine."""
    writing, reading = engines(url, connections)
    return SqlStore(writing, reading, connections)
