"""The one mapper between rows and frozen records, and the statements that every kind of record shares."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Row,
    Select,
    Update,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.errors import Stale
from storage import prepared
from storage.later import Put, refusal
from storage.statements import once
from storage.tables import TABLES

R = TypeVar("R")

STALE = "Someone else changed this a moment ago, so nothing was saved. Open it again to see it as it is now."


@once
def names(kind: type[Any]) -> tuple[str, ...]:
    """The field names of a record, in the order of its columns."""
    return tuple(field.name for field in fields(kind))


@once
def _values(kind: type[Any]) -> "attrgetter[Any]":
    return attrgetter(*names(kind))


def to_row(record: Any) -> dict[str, Any]:
    """The record's fields by column."""
    kind = type(record)
    return dict(zip(names(kind), _values(kind)(record), strict=True))


def from_row(kind: type[R], row: Row[Any] | Sequence[Any]) -> R:
    """The record of a row whose columns stand in the order of the fields."""
    return kind(**dict(zip(names(kind), row, strict=True)))


@once
def _insert(kind: type[Any]) -> Insert:
    return insert(TABLES[kind])


@once
def _update(kind: type[Any]) -> Update:
    table = TABLES[kind]
    kept: dict[str, Any] = {name: bindparam(name, type_=table.c[name].type) for name in names(kind) if name != "id"}
    if "wake_at" in kept:
        # A wake that has come and was not looked at yet is not put off by a change: what fell due then is still owed.
        stored, given = table.c.wake_at, kept["wake_at"]
        kept["wake_at"] = case((stored < given, stored), else_=given)
    where = (table.c.id == bindparam("this_id")) & (table.c.version == bindparam("read_version"))
    return update(table).where(where).values(kept)


Shape = tuple[tuple[str, str], ...]  # (field, "is" | "in" | "null"), sorted


def _question(equal: Mapping[str, Any]) -> tuple[Shape, dict[str, Any]]:
    shape, parameters = [], {}
    for name in sorted(equal):
        value = equal[name]
        if value is None:
            shape.append((name, "null"))
        elif isinstance(value, (list, tuple, set, frozenset)):
            shape.append((name, "in"))
            parameters[name] = list(value)
        else:
            shape.append((name, "is"))
            parameters[name] = value
    return tuple(shape), parameters


def _conditions(kind: type[Any], shape: Shape) -> list[ColumnElement[bool]]:
    table = TABLES[kind]
    found: list[ColumnElement[bool]] = []
    for name, how in shape:
        column = table.c[name]
        if how == "null":
            found.append(column.is_(None))
        elif how == "in":
            found.append(column.in_(bindparam(name, expanding=True, type_=column.type)))
        else:
            found.append(column == bindparam(name, type_=column.type))
    return found


@once
def _select(kind: type[Any], shape: Shape, order: str, limited: bool) -> Select[Any]:
    table = TABLES[kind]
    statement = select(table).where(*_conditions(kind, shape))
    if order:
        column = table.c[order.removeprefix("-")]
        ordered = column.desc() if order.startswith("-") else column.asc()
        # The engines disagree on where nulls stand.
        statement = statement.order_by(ordered.nulls_last() if column.nullable else ordered)
        if column is not table.c.id:
            statement = statement.order_by(table.c.id)
    return statement.limit(bindparam("row_limit")) if limited else statement


@once
def _count(kind: type[Any], shape: Shape) -> Select[Any]:
    return select(func.count()).select_from(TABLES[kind]).where(*_conditions(kind, shape))


def add(put: Put, record: Any) -> None:
    """Insert a record."""
    put(_insert(type(record)), to_row(record))


def save(connection: Connection, record: R) -> R:
    """Write a record over the version that was read. Raises Stale when that is no longer the stored one."""
    version: int = record.version  # type: ignore[attr-defined]
    saved: R = replace(record, version=version + 1)  # type: ignore[type-var]
    row = to_row(saved)
    row |= {"this_id": row.pop("id"), "read_version": version}
    try:
        written = prepared.touched(connection, _update(type(record)), row)
    except IntegrityError as error:
        raise refusal(error) from error
    if written != 1:
        raise Stale(STALE)
    return saved


def remove(connection: Connection, record: Any) -> None:
    """Delete a record's row. Raises IntegrityError while another row hangs on it."""
    table = TABLES[type(record)]
    connection.execute(delete(table).where(table.c.id == record.id))


def fetch(
    connection: Connection, kind: type[R], equal: Mapping[str, Any], order: str = "", limit: int | None = None
) -> list[R]:
    """The records whose fields equal these. Raises KeyError for a field that the record does not have."""
    shape, parameters = _question(equal)
    if limit is not None:
        parameters["row_limit"] = limit
    found = prepared.rows(connection, _select(kind, shape, order, limit is not None), parameters)
    return [from_row(kind, row) for row in found]


def count(connection: Connection, kind: type[Any], equal: Mapping[str, Any]) -> int:
    """How many records match."""
    shape, parameters = _question(equal)
    return int(prepared.row(connection, _count(kind, shape), parameters)[0])
