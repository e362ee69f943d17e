"""What an error of the database says to whoever runs the program: whether it is away, and why, without any value."""

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

# https://www.postgresql.org/docs/current/errcodes-appendix.html: class 08 is the connection; these are a server that
# ends, crashed or starts, and one that has no connection left.
_AWAY = frozenset({"57P01", "57P02", "57P03", "53300"})
_LONGEST = 200  # characters of what a driver says


def away(error: BaseException) -> bool:
    """Whether the database could not be reached, or was lost on the way: whatever is asked next would fail as well."""
    if isinstance(error, NoneFree):
        return True  # all connections wait for answers that do not come
    if not isinstance(error, DBAPIError):
        return False
    state = _state(error)
    if error.connection_invalidated or (state and (state in _AWAY or state.startswith("08"))):
        return True
    return _before_any_statement(error)


def reason(error: BaseException) -> str:
    """PostgreSQL's SQLSTATE or SQLite's name of an error. Where neither was told, which is so where no server answered,
    the first line of what the driver says: it names hosts, ports and databases. Empty for any other error.

    The words of a server are left out: they may quote what somebody typed."""
    if isinstance(error, NoneFree):
        return "no connection became free"
    if not isinstance(error, DBAPIError):
        return ""
    if told := _state(error) or getattr(error.orig, "sqlite_errorname", None):
        return f"{told} {type(error.orig).__name__}"
    if error.connection_invalidated or _before_any_statement(error):
        return next(iter(str(error.orig).splitlines()), "")[:_LONGEST]
    return ""


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _before_any_statement(error: DBAPIError) -> bool:
    """Whether no connection was made to PostgreSQL at all, whose errors alone know of a SQLSTATE."""
    return isinstance(error, OperationalError) and error.statement is None and hasattr(error.orig, "sqlstate")
