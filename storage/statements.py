"""What the modules that build statements share: each statement is built once, and INSERT may meet a conflict."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

F = TypeVar("F", bound=Callable[..., Any])


def once(build: F) -> F:
    """Build each statement once for its arguments: the engine then finds the compiled text without a new look."""
    return cast(F, cache(build))


def insert_or(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say what happens on a conflict; the engines spell it alike, SQLAlchemy keeps it apart."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
