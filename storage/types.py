"""How a field of a record is kept in a column, on both engines alike."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import TypeAdapter
from sqlalchemy import JSON, Boolean, Date, DateTime, Dialect, Double, Integer, Text, Time
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcInstant(TypeDecorator[datetime]):
    """An instant: timestamptz on PostgreSQL, UTC without a zone on SQLite (which drops zones); always aware in Python.

    Raises ValueError for a time without a zone, which could mean anything."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy calls it so
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[StrEnum]):
    """A StrEnum, kept as its value. Raises ValueError for a word outside the enum."""

    impl = Text
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy calls it so
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - SQLAlchemy calls it so
        return None if value is None else self.enum(value)


class JsonOf(TypeDecorator[Any]):
    """Tuples, nested dataclasses and mappings as JSON text (not jsonb, which rewrites numbers that were hashed)."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        # A mapping holds JSON already; everything else is read back into its own type.
        self._adapter = None if get_origin(shape) is Mapping else TypeAdapter[Any](shape)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy calls it so
        if value is None:
            return None
        return dict(value) if self._adapter is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy calls it so
        return value if value is None or self._adapter is None else self._adapter.validate_python(value)


_PLAIN: dict[Any, type[TypeEngine[Any]]] = {
    str: Text,
    int: Integer,
    float: Double,
    bool: Boolean,
    date: Date,
    time: Time,
    datetime: UtcInstant,
}


def column_type(annotation: Any) -> tuple[TypeEngine[Any], bool]:
    """The column type of a field's annotation, and whether it may be null. Raises TypeError for an unknown shape."""
    nullable = False
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not NoneType]
        if len(members) != 1:
            raise TypeError(f"a column holds one type, not {annotation}")
        annotation, nullable = members[0], True
    if annotation in _PLAIN:
        return _PLAIN[annotation](), nullable
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return EnumText(annotation), nullable
    if is_dataclass(annotation) or get_origin(annotation) in (tuple, Mapping):
        return JsonOf(annotation), nullable
    raise TypeError(f"no column type for {annotation}")
