"""The ledger of reminders and the outbox: offered once, claimed by one process at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, bindparam, case, or_, select, text, true, update

from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder
from storage.records import from_row, to_row
from storage.statements import insert_or, once
from storage.tables import TABLES


@once
def _offering(dialect: str, kind: type[Any]) -> Any:
    table = TABLES[kind]
    return insert_or(dialect, table).on_conflict_do_nothing(index_elements=[table.c.key]).returning(table.c.id)


def offer(connection: Connection, record: Reminder | Delivery) -> bool:
    """Insert a reminder or a delivery unless its key exists; whether it was new."""
    made = connection.execute(_offering(connection.dialect.name, type(record)), to_row(record))
    return made.scalar_one_or_none() is not None


@once
def _claiming(by_kind: bool) -> Update:
    table = TABLES[Delivery]
    # States stand as words, not as parameters, so that the partial indexes are chosen.
    ready = or_(
        text("state = 'waiting'") & (table.c.next_at <= bindparam("now", type_=table.c.next_at.type)),
        text("state = 'claimed'") & (table.c.lease_until <= bindparam("now", type_=table.c.next_at.type)),
    )
    chosen = select(table.c.id).where(ready).order_by(table.c.next_at, table.c.id).limit(bindparam("row_limit"))
    if by_kind:
        chosen = chosen.where(table.c.kind.in_(bindparam("kinds", expanding=True, type_=table.c.kind.type)))
    ours = chosen.with_for_update(skip_locked=True).cte("ours")
    return (
        update(table)
        .where(table.c.id.in_(select(ours.c.id)))
        .values(
            state=DeliveryState.CLAIMED,
            holder=bindparam("by"),
            lease_until=bindparam("until", type_=table.c.lease_until.type),
            attempts=table.c.attempts + 1,
            # A lease that ran out: the earlier holder may have reached Slack before it went.
            doubtful=case((table.c.state == DeliveryState.CLAIMED, true()), else_=table.c.doubtful),
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
    kinds: Sequence[DeliveryKind] | None,
) -> list[Delivery]:
    """Take what is ready, longest waiting first, in one conditional UPDATE; another process's rows are skipped."""
    parameters: dict[str, Any] = {"now": now, "until": lease_until, "by": holder, "row_limit": limit}
    if kinds is not None:
        parameters["kinds"] = list(kinds)
    rows = connection.execute(_claiming(kinds is not None), parameters).all()
    return sorted((from_row(Delivery, row) for row in rows), key=lambda delivery: (delivery.next_at, delivery.id))
