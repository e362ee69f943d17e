"""Transactions of many threads that would wait for one another anyway, and become durable together.

A commit waits for the disk, often longer than everything else takes; SQLite has one writer, and so has a workspace on
PostgreSQL. So whoever ends while others wait for their turn leaves the database's transaction open to the next one; the
last one commits for all of them, and nobody comes out before that. Each behind the first is a savepoint in it: what one
of them did is undone without the others."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage import prepared
from storage.queue import Turnstile

MOST = 64  # transactions that are committed together
LONGEST = 0.05  # seconds after which no other is let in: those who are done wait

_OPEN, _KEEP, _UNDO = text("SAVEPOINT part"), text("RELEASE part"), text("ROLLBACK TO part")


class Work(Protocol):
    """What one after the other works with."""

    def begin(self) -> None:
        """Another one follows."""

    def finish(self, closing: Any) -> None:
        """One is done: write what is left to write, then run `closing`, if there is any."""

    def undone(self) -> None:
        """What one did has been undone."""


W = TypeVar("W", bound=Work)


class Together(Generic[W]):
    """Those who write one after the other, over connections of an engine of which there are so many `places`.

    `make` gives what they work with; it may wait for writers of other processes."""

    def __init__(
        self, engine: Engine, places: Turnstile, make: Callable[[Connection], W], longest: float = LONGEST
    ) -> None:
        self._engine, self._places, self._make = engine, places, make
        self._longest = longest
        self.turn = Turnstile(1)
        self._open: _Batch[W] | None = None  # left by who had the turn to who has it next
        self._failed: tuple[float, BaseException] | None = None  # when none could be begun, and why

    @contextmanager
    def transaction(self) -> Iterator[W]:
        """A transaction of this thread. Where the common commit fails, all who were in it get its error, also those
        whose own block failed: what they were refused for may never have been."""
        batch, came = None, time.monotonic()
        try:
            with self.turn:
                batch, self._open = self._open or self._begun(came), None
                try:
                    with batch.part():
                        yield batch.work
                finally:
                    if batch.takes_more() and self.turn.awaited:
                        self._open = batch
                    else:
                        batch.end()
        finally:
            if batch is not None:
                batch.settled()

    def _begun(self, came: float) -> "_Batch[W]":
        # Those who waited beside one who waited in vain do not begin to wait anew, one after the other.
        if self._failed and came < self._failed[0]:
            raise self._failed[1]
        try:
            return _Batch(self._engine, self._places, self._make, self._longest)
        except SQLAlchemyError as error:
            self._failed = (time.monotonic(), error)
            raise


class _Batch(Generic[W]):
    """One transaction of the database and those who are in it. Raises SQLAlchemyError where it cannot begin."""

    def __init__(self, engine: Engine, places: Turnstile, make: Callable[[Connection], W], longest: float) -> None:
        self._places = places
        places.__enter__()
        try:
            self._connection = engine.connect()
            try:
                self._transaction = self._connection.begin()
                self.work = make(self._connection)
            except BaseException:
                self._connection.close()
                raise
        except BaseException:
            places.__exit__()
            raise
        self._until = time.monotonic() + longest
        self._parts = 0
        self._undone = False
        self._failed: BaseException | None = None
        self._ended = Event()

    @contextmanager
    def part(self) -> Iterator[None]:
        """The next one: kept as a whole, or undone where its block fails. The first one alone needs no savepoint: where
        it fails, all that there is is undone."""
        first, self._parts = not self._parts, self._parts + 1
        if not first:
            self._run(_OPEN)
        self.work.begin()
        try:
            yield
            self.work.finish(None if first else _KEEP)
        except BaseException as error:
            self.work.undone()
            self._undone = first
            if not first:
                self._run(_UNDO, because=error)
                self._run(_KEEP)
            raise

    def _run(self, statement: object, because: BaseException | None = None) -> None:
        # Where the disk is full or broken SQLite ends the whole transaction by itself, and the savepoint is gone.
        try:
            prepared.touched(self._connection, statement, {})
        except SQLAlchemyError as error:
            self._failed = because if isinstance(because, SQLAlchemyError) else error
            raise self._failed from error

    def takes_more(self) -> bool:
        """Whether another one may come in."""
        return not (self._failed or self._undone) and self._parts < MOST and time.monotonic() < self._until

    def end(self) -> None:
        """Commit for all of them, or undo everything."""
        try:
            if not (self._failed or self._undone):
                self._transaction.commit()
        except BaseException as error:  # noqa: BLE001 - told to everybody who waits, the one who commits among them
            self._failed = error
        finally:
            lost = (SQLAlchemyError, self._connection.dialect.loaded_dbapi.Error)
            if self._failed:
                # A commit that failed leaves SQLite's transaction open, and SQLAlchemy holds it for ended.
                with suppress(*lost):
                    self._connection.connection.rollback()
            with suppress(*lost):
                self._connection.close()
            self._places.__exit__()
            self._ended.set()

    def settled(self) -> None:
        """Wait until it ended. Raises what kept it from being committed."""
        self._ended.wait()
        if self._failed:
            raise self._failed
