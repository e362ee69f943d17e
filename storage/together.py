"""Transactions of many threads on SQLite, which become durable together.

A commit waits for the disk, often longer than everything else takes, and SQLite has one writer. So whoever ends while
others wait for their turn leaves the database's transaction open to the next one; the last one commits for all of them,
and nobody comes out before that. Each is a savepoint in it: what one of them did is undone without the others."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage import prepared
from storage.queue import Turnstile

MOST = 64  # transactions that are committed together
LONGEST = 0.05  # seconds after which no other is let in: those who are done wait

_OPEN, _KEEP, _UNDO = text("SAVEPOINT part"), text("RELEASE part"), text("ROLLBACK TO part")


class Together:
    """The one writer of a SQLite database."""

    def __init__(self, engine: Engine, longest: float = LONGEST) -> None:
        self._engine = engine
        self._longest = longest
        self.turn = Turnstile(1)
        self._open: _Batch | None = None  # left by who had the turn to who has it next

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction of this thread. Where the common commit fails, all who were in it get its error, also those
        whose own block failed: what they were refused for may never have been."""
        batch = None
        try:
            with self.turn:
                batch, self._open = self._open or _Batch(self._engine, self._longest), None
                try:
                    with batch.part():
                        yield batch.connection
                finally:
                    if batch.takes_more() and self.turn.awaited:
                        self._open = batch
                    else:
                        batch.end()
        finally:
            if batch is not None:
                batch.settled()


class _Batch:
    """One transaction of the database and those who are in it. Raises SQLAlchemyError where it cannot begin."""

    def __init__(self, engine: Engine, longest: float) -> None:
        self.connection = engine.connect()
        try:
            self._transaction = self.connection.begin()
        except BaseException:
            self.connection.close()
            raise
        self._until = time.monotonic() + longest
        self._parts = 0
        self._failed: BaseException | None = None
        self._ended = Event()

    @contextmanager
    def part(self) -> Iterator[None]:
        """The next one: kept as a whole, or undone where its block fails."""
        self._parts += 1
        self._run(_OPEN)
        try:
            yield
        except BaseException as error:
            self._run(_UNDO, because=error)
            self._run(_KEEP)
            raise
        self._run(_KEEP)

    def _run(self, statement: object, because: BaseException | None = None) -> None:
        # Where the disk is full or broken SQLite ends the whole transaction by itself, and the savepoint is gone.
        try:
            prepared.touched(self.connection, statement, {})
        except SQLAlchemyError as error:
            self._failed = because if isinstance(because, SQLAlchemyError) else error
            raise self._failed from error

    def takes_more(self) -> bool:
        """Whether another one may come in."""
        return not self._failed and self._parts < MOST and time.monotonic() < self._until

    def end(self) -> None:
        """Commit for all of them, or undo everything."""
        try:
            if not self._failed:
                self._transaction.commit()
        except BaseException as error:  # noqa: BLE001 - told to everybody who waits, the one who commits among them
            self._failed = error
        finally:
            with suppress(SQLAlchemyError, self.connection.dialect.loaded_dbapi.Error):
                if self._failed:
                    # A commit that failed leaves SQLite's transaction open, and SQLAlchemy holds it for ended.
                    self.connection.connection.rollback()
                self.connection.close()
            self._ended.set()

    def settled(self) -> None:
        """Wait until it ended. Raises what kept it from being committed."""
        self._ended.wait()
        if self._failed:
            raise self._failed
