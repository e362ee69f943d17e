"""Writes of one transaction that wait until somebody asks after them, and then go to the database in one journey.

A change of the plan is a row, its event, the head of its chain and its words: four answers that nobody reads. Sent one
by one, PostgreSQL is waited for four times, while others of the workspace wait for their turn."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError

from bot.errors import AlreadyDone, Taken
from storage import prepared

Put = Callable[[Any, Mapping[str, Any]], None]  # a statement, and the values for it


class Later:
    """What is still to be written over one connection, in order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[Any, Mapping[str, Any]]] = []
        self._tables: set[Table] = set()

    def put(self, statement: Any, given: Mapping[str, Any]) -> None:
        """A write that may wait."""
        self._waiting.append((statement, given))
        self._tables.add(statement.table)

    def before(self, table: Table) -> None:
        """This table is about to be read: what waits to be written there is written."""
        if table in self._tables:
            self.flush()

    def flush(self, closing: Any = None) -> None:
        """Write everything, then run `closing`.

        Raises AlreadyDone where a request_id was seen before, Taken where another unique key was; the transaction has
        come to nothing then."""
        asked = [*self._waiting, (closing, {})] if closing is not None else self._waiting
        self.drop()
        try:
            prepared.several(self._connection, asked)
        except IntegrityError as error:
            raise refusal(error) from error

    def drop(self) -> None:
        """Forget what waits."""
        self._waiting, self._tables = [], set()


def refusal(error: IntegrityError) -> Exception:
    """What a broken rule of the database means: AlreadyDone, Taken, or the error itself."""
    words = str(error.orig).lower()
    if "unique" not in words:
        return error
    return AlreadyDone() if "request_id" in words else Taken()
