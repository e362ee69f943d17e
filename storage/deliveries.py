"""The ledger of reminders and the outbox: offered once, claimed by one process at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    TextClause,
    Update,
    bindparam,
    select,
    text,
    union_all,
    update,
)

from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder
from storage import prepared
from storage.records import from_row, to_row
from storage.statements import insert_or, once
from storage.tables import TABLES


@once
def _offering(dialect: str, kind: type[Any]) -> Any:
    table = TABLES[kind]
    return insert_or(dialect, table).on_conflict_do_nothing(index_elements=[table.c.key]).returning(table.c.id)


def offer(connection: Connection, record: Reminder | Delivery) -> bool:
    """Insert a reminder or a delivery unless its key exists; whether it was new."""
    made = prepared.rows(connection, _offering(connection.dialect.name, type(record)), to_row(record))
    return bool(made)


@once
def _ready(kinds: Sequence[DeliveryKind]) -> CompoundSelect[Any]:
    table = TABLES[Delivery]
    each = [
        select(table.c.kind)
        .where(_waits(), table.c.kind == kind, table.c.next_at <= bindparam("now", type_=table.c.next_at.type))
        .order_by(table.c.next_at)
        .limit(1)
        .subquery()
        for kind in kinds
    ]
    return union_all(*(select(one) for one in each))


def ready_kinds(connection: Connection, now: datetime, kinds: Sequence[DeliveryKind]) -> set[DeliveryKind]:
    """The kinds of which something is waiting, in no doubt, with `next_at <= now`."""
    return set(connection.execute(_ready(tuple(kinds)), {"now": now}).scalars())


@once
def _claiming(but: bool) -> Update:
    table = TABLES[Delivery]
    now = bindparam("now", type_=table.c.next_at.type)
    kind = bindparam("of", type_=table.c.kind.type)
    chosen = select(table.c.id).where(_waits(), table.c.kind == kind, table.c.next_at <= now)
    if but:
        chosen = chosen.where(table.c.workspace_id.not_in(bindparam("but", expanding=True)))
    chosen = chosen.order_by(table.c.next_at, table.c.id).limit(bindparam("row_limit"))
    ours = chosen.with_for_update(skip_locked=True).cte("ours")
    return (
        update(table)
        .where(table.c.id.in_(select(ours.c.id)))
        .values(
            state=DeliveryState.CLAIMED,
            holder=bindparam("by"),
            lease_until=bindparam("until", type_=table.c.lease_until.type),
            attempts=table.c.attempts + 1,
            version=table.c.version + 1,
        )
        .returning(*table.c)
    )


def claim(
    connection: Connection,
    now: datetime,
    lease_until: datetime,
    holder: str,
    limit: int,
    kind: DeliveryKind,
    but: Collection[str],
) -> list[Delivery]:
    """Take what is ready, longest waiting first, in one conditional UPDATE; another process's rows are skipped."""
    parameters: dict[str, Any] = {"now": now, "until": lease_until, "by": holder, "row_limit": limit, "of": kind}
    if but:
        parameters["but"] = list(but)
    rows = connection.execute(_claiming(bool(but)), parameters).all()
    return sorted((from_row(Delivery, row) for row in rows), key=lambda delivery: (delivery.next_at, delivery.id))


def _waits() -> TextClause:
    """Words, not parameters, so that the partial index is chosen."""
    return text("state = 'waiting' AND NOT doubtful")


@once
def _held() -> Select[Any]:
    return select(TABLES[Delivery]).where(text("state = 'claimed'"))


@once
def _doubtful() -> Select[Any]:
    table = TABLES[Delivery]
    doubtful = select(table).where(text("state = 'waiting' AND doubtful"))
    return doubtful.order_by(table.c.next_at, table.c.id).limit(bindparam("row_limit"))


def in_doubt(connection: Connection, limit: int) -> list[Delivery]:
    """What is claimed by anybody, and what waits and may have reached Slack before."""
    rows = [*connection.execute(_held()), *connection.execute(_doubtful(), {"row_limit": limit})]
    return [from_row(Delivery, row) for row in rows]
