"""Statements compiled once and run on the driver's own cursor.

SQLAlchemy takes ten times as long around one of our small statements as SQLite takes for it (60 microseconds against
5), and a log asks some seventeen. Words, order of parameters, and what turns values into columns and back are
SQLAlchemy's still; only what it works out anew at each execution is left out. A plan is kept for good: only statements
that are built once are run here."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError

Turn = Callable[[Any], Any]
Given = Mapping[str, Any]


def rows(connection: Connection, statement: Any, given: Given) -> list[Any]:
    """All rows that a statement gives, their columns in order. Raises SQLAlchemy's errors."""
    return _run(connection, statement, given)[0]


def row(connection: Connection, statement: Any, given: Given) -> Any:
    """The first row of an answer, or None. Raises as `rows` does."""
    found = rows(connection, statement, given)
    return found[0] if found else None


def touched(connection: Connection, statement: Any, given: Given) -> int:
    """How many rows a statement wrote. Raises as `rows` does."""
    return _run(connection, statement, given)[1]


class Plan:
    """One statement as the driver of an engine is given it."""

    def __init__(self, statement: Any, dialect: Dialect, given: Given) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(given))
        self.words = str(compiled)
        # "One of these" is spelled anew for each number of them; that is left to SQLAlchemy.
        self.fixed = not (compiled.post_compile_params or compiled.literal_execute_params)
        self._in_order = bool(compiled.positional)
        names = compiled.positiontup if self._in_order else compiled.binds
        binds = [(name, compiled.binds[name]) for name in names or ()]
        self._parameters = [
            (name, bind.effective_value, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for name, bind in binds
        ]
        self._types = [column.type.dialect_impl(dialect) for column in _columns(statement)]
        self._turns: list[tuple[int, Turn]] | None = None

    def parameters(self, given: Given) -> Any:
        """The values as the driver takes them."""
        values = {
            name: turn(given.get(name, otherwise)) if turn else given.get(name, otherwise)
            for name, otherwise, turn in self._parameters
        }
        return tuple(values[name] for name, *_ in self._parameters) if self._in_order else values

    def turned(self, found: list[Any], cursor: Any, dialect: Dialect) -> list[Any]:
        """Rows of the driver with the values that their columns stand for."""
        if self._turns is None:
            kinds = [(number, kind, cursor.description[number][1]) for number, kind in enumerate(self._types)]
            turns = [(number, kind.result_processor(dialect, code)) for number, kind, code in kinds]
            self._turns = [(number, turn) for number, turn in turns if turn]
        if not self._turns:
            return found
        lists = [list(each) for each in found]
        for each in lists:
            for number, turn in self._turns:
                each[number] = turn(each[number])
        return lists


def _columns(statement: Any) -> Any:
    return statement.selected_columns if isinstance(statement, Select) else getattr(statement, "exported_columns", ())


_plans: dict[tuple[Any, ...], Plan] = {}


def _run(connection: Connection, statement: Any, given: Given) -> tuple[list[Any], int]:
    dialect = connection.dialect
    key = (statement, dialect.name, *given)
    plan = _plans.get(key) or _plans.setdefault(key, Plan(statement, dialect, given))
    if not plan.fixed:
        result = connection.execute(statement, given)
        return (list(result), 0) if result.returns_rows else ([], result.rowcount)
    parameters = plan.parameters(given)
    driver = connection.connection.dbapi_connection
    cursor = driver.cursor()  # type: ignore[union-attr]  # a connection that is open has one
    try:
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, cursor, plan.words, parameters, None, False)  # noqa: FBT003 - as SQLAlchemy calls it
        cursor.execute(plan.words, parameters)
        found = plan.turned(list(cursor.fetchall()), cursor, dialect) if cursor.description else []
        return found, cursor.rowcount
    except dialect.loaded_dbapi.Error as error:
        gone = dialect.is_disconnect(error, driver, cursor)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            plan.words,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        ) from error
    finally:
        cursor.close()
