"""The questions that need their own SQL: numbers, who is woken, and who is owed a reminder."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Update, bindparam, func, select, text, update

from bot.timing.outbox import Reminder
from storage import prepared
from storage.later import Put
from storage.records import from_row
from storage.statements import insert_or, once
from storage.tables import TABLES, counters

R = TypeVar("R")

_reminders = TABLES[Reminder]
# The condition stands as words, not as parameters, so that the partial index is chosen.
_recipients = (
    select(_reminders.c.person_id)
    .where(text("state = 'waiting' AND delivery_id IS NULL"), _reminders.c.due_at <= bindparam("now"))
    .group_by(_reminders.c.person_id)
    .order_by(func.min(_reminders.c.due_at), _reminders.c.person_id)
    .limit(bindparam("row_limit"))
)


def next_number(connection: Connection, workspace_id: str, letter: str) -> int:
    """The next number of a letter in a workspace. A number taken by a transaction that fails is free again."""
    statement = _counting(connection.dialect.name)
    first = {"workspace_id": workspace_id, "letter": letter, "number": 1}
    return int(prepared.row(connection, statement, first)[0])


@once
def _counting(dialect: str) -> Any:
    return (
        insert_or(dialect, counters)
        .on_conflict_do_update(
            index_elements=[counters.c.workspace_id, counters.c.letter], set_={"number": counters.c.number + 1}
        )
        .returning(counters.c.number)
    )


def waking(connection: Connection, kind: type[R], now: datetime, limit: int) -> list[R]:
    """Records whose `wake_at` has come, oldest first."""
    found = connection.execute(_waking(kind), {"now": now, "row_limit": limit})
    return [from_row(kind, row) for row in found]


@once
def _waking(kind: type[Any]) -> Select[Any]:
    table = TABLES[kind]
    return (
        select(table)
        .where(table.c.wake_at <= bindparam("now"))
        .order_by(table.c.wake_at, table.c.id)
        .limit(bindparam("row_limit"))
    )


def any_waking(connection: Connection, kinds: Sequence[type[Any]], now: datetime) -> bool:
    """Whether any record of these kinds has a `wake_at` that has come."""
    return any(connection.execute(_any_waking(kind), {"now": now}).first() for kind in kinds)


@once
def _any_waking(kind: type[Any]) -> Select[Any]:
    table = TABLES[kind]
    return select(table.c.id).where(table.c.wake_at <= bindparam("now")).order_by(table.c.wake_at).limit(1)


def rewake(put: Put, kind: type[Any], id: str, wake_at: datetime | None) -> None:
    """Set `wake_at` alone; the version stays, since nothing that a person sees has changed."""
    put(_rewaking(kind), {"this": id, "at": wake_at})


@once
def _rewaking(kind: type[Any]) -> Update:
    table = TABLES[kind]
    at = bindparam("at", type_=table.c.wake_at.type)
    return update(table).where(table.c.id == bindparam("this")).values(wake_at=at)


def rouse(put: Put, kind: type[Any], id: str, now: datetime) -> None:
    """Bring `wake_at` forward to `now`; one that has come already stays, since it says how far back to look."""
    put(_rousing(kind), {"this": id, "now": now})


@once
def _rousing(kind: type[Any]) -> Update:
    table = TABLES[kind]
    at = bindparam("now", type_=table.c.wake_at.type)
    later = table.c.wake_at.is_(None) | (table.c.wake_at > at)
    return update(table).where(table.c.id == bindparam("this"), later).values(wake_at=at)


def recipients_due(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Ids of people with a waiting reminder, in no delivery yet, that is due; who has waited longest comes first."""
    return list(connection.execute(_recipients, {"now": now, "row_limit": limit}).scalars())
