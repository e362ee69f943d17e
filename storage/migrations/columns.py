"""Short words for the columns, keys and indexes of a migration."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def _columns(kind: Any, names: tuple[str, ...], null: bool) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=null) for name in names]


def texts(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Text(), names, null)


def integers(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Integer(), names, null)


def floats(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Double(), names, null)


def flags(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Boolean(), names, null)


def dates(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Date(), names, null)


def times(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Time(), names, null)


def instants(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.DateTime(timezone=True), names, null)


def jsons(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.JSON(), names, null)


def key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=f"pk_{table}")


def parent(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{table}_{column}")


def unique(table: str, *names: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*names, name=f"uq_{table}_{'_'.join(names)}")


def index(table: str, *names: str, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    name = f"ix_{table}_{'_'.join(names)}"
    op.create_index(name, table, list(names), sqlite_where=condition, postgresql_where=condition)
