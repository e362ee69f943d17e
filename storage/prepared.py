"""Statements compiled once and run on the driver's own cursor.

SQLAlchemy takes ten times as long around one of our small statements as SQLite takes for it (60 microseconds against
5), and a log asks some seventeen. Words, order of parameters, and what turns values into columns and back are
SQLAlchemy's still; only what it works out anew at each execution is left out. A plan is kept for good: only statements
that are built once are run here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Select, TextClause
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
        self._names = [name for name, _ in binds]
        self._types = [column.type.dialect_impl(dialect) for column in _columns(statement)]
        self._words_alone = isinstance(statement, TextClause)  # which do not tell whether they have rows
        self._turns: list[tuple[int, Turn]] | None = None

    def parameters(self, given: Given) -> Any:
        """The values as the driver takes them."""
        found = [
            turn(given.get(name, otherwise)) if turn else given.get(name, otherwise)
            for name, otherwise, turn in self._parameters
        ]
        return tuple(found) if self._in_order else dict(zip(self._names, found, strict=True))

    def answers(self, cursor: Any) -> bool:
        """Whether there are rows. The driver of PostgreSQL is asked only where nothing else tells: it takes longer to
        describe them than to fetch them."""
        return bool(cursor.description) if self._words_alone else bool(self._types)

    def turned(self, cursor: Any, dialect: Dialect) -> list[Any]:
        """The rows that wait in a cursor of the driver, with the values that their columns stand for."""
        if self._turns is None:
            kinds = [(number, kind, cursor.description[number][1]) for number, kind in enumerate(self._types)]
            turns = [(number, kind.result_processor(dialect, code)) for number, kind, code in kinds]
            self._turns = [(number, turn) for number, turn in turns if turn]
        found: list[Any] = cursor.fetchall()
        if not self._turns or not found:
            return found
        lists = [list(each) for each in found]
        for each in lists:
            for number, turn in self._turns:
                each[number] = turn(each[number])
        return lists


def _columns(statement: Any) -> Any:
    return statement.selected_columns if isinstance(statement, Select) else getattr(statement, "exported_columns", ())


_plans: dict[tuple[Any, ...], Plan] = {}


def _plan(statement: Any, dialect: Dialect, given: Given) -> Plan:
    key = (statement, dialect.name, *given)
    return _plans.get(key) or _plans.setdefault(key, Plan(statement, dialect, given))


def _run(connection: Connection, statement: Any, given: Given) -> tuple[list[Any], int]:
    dialect = connection.dialect
    plan = _plan(statement, dialect, given)
    if not plan.fixed:
        result = connection.execute(statement, given)
        return (list(result), 0) if result.returns_rows else ([], result.rowcount)
    with _as_sqlalchemy(connection, plan.words) as driver:
        cursor = driver.cursor()
        parameters = plan.parameters(given)
        _tell(connection, cursor, plan.words, parameters)
        cursor.execute(plan.words, parameters)
        found = plan.turned(cursor, dialect) if plan.answers(cursor) else []
        count: int = cursor.rowcount
        cursor.close()
        return found, count


def several(connection: Connection, asked: Sequence[tuple[Any, Given]]) -> None:
    """Run statements of which no answer is read; PostgreSQL is given all at once and waited for once.

    Raises as `rows` does; what comes behind a statement that fails is not run."""
    if len(asked) < 2 or connection.dialect.name != "postgresql":
        for statement, given in asked:
            _run(connection, statement, given)
        return
    plans = [_plan(statement, connection.dialect, given) for statement, given in asked]
    with _as_sqlalchemy(connection, "; ".join(plan.words for plan in plans)) as driver, driver.pipeline():
        for plan, (_, given) in zip(plans, asked, strict=True):
            cursor, parameters = driver.cursor(), plan.parameters(given)
            _tell(connection, cursor, plan.words, parameters)
            cursor.execute(plan.words, parameters)


def _tell(connection: Connection, cursor: Any, words: str, parameters: Any) -> None:
    for heard in connection.dispatch.before_cursor_execute:
        heard(connection, cursor, words, parameters, None, False)  # noqa: FBT003 - as SQLAlchemy calls it


class _as_sqlalchemy:  # noqa: N801 - read as a verb; a class, since generators cost more than some statements
    """The driver's own connection; its errors become SQLAlchemy's."""

    def __init__(self, connection: Connection, words: str) -> None:
        self._connection, self._words = connection, words
        self._driver: Any = connection.connection.dbapi_connection

    def __enter__(self) -> Any:
        return self._driver

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        dialect = self._connection.dialect
        if not isinstance(error, dialect.loaded_dbapi.Error):
            return
        gone = dialect.is_disconnect(error, self._driver, None)
        if gone:
            self._connection.invalidate(error)
        raise DBAPIError.instance(
            self._words,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        ) from error
