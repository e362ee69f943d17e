"""The plan of a workspace that removed the app: it rests, unchanged and untold, until the app is back.

A record that rests is woken a thousand years later than it was to be, so that the tick never meets it and its own
moment comes back to the microsecond; a reminder that rests hangs on a message that was dropped. Each is laid to rest
once, when its moment has come, and costs no tick anything after that."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, func, literal, select, text, type_coerce, union, update

from bot.ids import new_id
from bot.plan.services import Service
from bot.timing.due import SUBJECT_KINDS
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder, ReminderState
from storage.deliveries import offer
from storage.tables import TABLES, installations

REMOVED = "the app was removed"
RESTING = datetime(3000, 1, 1, tzinfo=UTC)  # what is woken from then on rests
_subjects = [TABLES[kind] for kind in SUBJECT_KINDS]
_reminders, _deliveries, _services = TABLES[Reminder], TABLES[Delivery], TABLES[Service]
# Words, not parameters, so that the partial index is chosen.
_unhung = text("state = 'waiting' AND delivery_id IS NULL")


def due(connection: Connection, now: datetime) -> set[str]:
    """The workspaces that removed the app and of which something has come that does not rest yet."""
    gone = select(installations.c.id).where(installations.c.removed_at.is_not(None))
    if connection.execute(gone.limit(1)).first() is None:
        return set()
    every = [select(_home(t)).where(t.c.wake_at <= now, _home(t).in_(gone)) for t in _subjects]
    every.append(select(_home(_reminders)).where(_unhung, _reminders.c.due_at <= now, _home(_reminders).in_(gone)))
    return set(connection.execute(union(*every)).scalars())


def rest(connection: Connection, workspaces: Collection[str], now: datetime) -> None:
    """Lay to rest what has come in these workspaces, those of them that are not installed anew; their installations are
    locked, so that they are not until this is done."""
    removed = select(installations.c.id).where(
        installations.c.id.in_(sorted(workspaces)), installations.c.removed_at.is_not(None)
    )
    gone = list(connection.execute(removed.order_by(installations.c.id).with_for_update()).scalars())
    for table in _subjects:
        come = update(table).where(table.c.wake_at <= now, _home(table).in_(gone))
        connection.execute(come.values(wake_at=_moved(connection, table, "+")))
    for workspace_id in gone:
        owed = update(_reminders).where(_unhung, _reminders.c.due_at <= now, _home(_reminders) == workspace_id)
        hook = _hook(connection, workspace_id, now)
        connection.execute(owed.values(delivery_id=hook, version=_reminders.c.version + 1))


def wake(connection: Connection, workspace_id: str) -> None:
    """The app is back: everything is woken as it was to be, and reminders that hang on messages dropped by the removal
    are owed again, for the next tick to hang on new ones."""
    for table in _subjects:
        _wake(connection, table, _home(table) == workspace_id)
    dropped = select(_deliveries.c.id).where(
        _deliveries.c.workspace_id == workspace_id,
        _deliveries.c.state == DeliveryState.DROPPED,
        _deliveries.c.error == REMOVED,
    )
    connection.execute(
        update(_reminders)
        .where(_reminders.c.state == ReminderState.WAITING, _reminders.c.delivery_id.in_(dropped))
        .values(delivery_id=None, version=_reminders.c.version + 1)
    )


def wake_installed(connection: Connection) -> None:
    """Wake what rests although its app is back: a release that knew nothing of rest may have seen it come."""
    gone = select(installations.c.id).where(installations.c.removed_at.is_not(None))
    for table in _subjects:
        _wake(connection, table, _home(table).not_in(gone))


def _wake(connection: Connection, table: Table, where: ColumnElement[bool]) -> None:
    resting = update(table).where(table.c.wake_at >= RESTING, where)
    connection.execute(resting.values(wake_at=_moved(connection, table, "-")))


def drop_waiting(connection: Connection, workspace_id: str) -> None:
    """Nothing more is told to a workspace that removed the app."""
    connection.execute(
        update(_deliveries)
        .where(_deliveries.c.workspace_id == workspace_id, _deliveries.c.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, error=REMOVED, version=_deliveries.c.version + 1)
    )


def _home(table: Table) -> ColumnElement[str]:
    """The workspace of a row. Never its bare column, the index of which holds all that a workspace ever had: that of
    the moments holds what has come."""
    if "workspace_id" in table.c:
        return table.c.workspace_id + ""
    return select(_services.c.workspace_id).where(_services.c.id == table.c.service_id).scalar_subquery()


def _moved(connection: Connection, table: Table, way: str) -> ColumnElement[Any]:
    """A thousand years later or earlier. SQLite keeps an instant as text that begins with the year, 2xxx or 3xxx."""
    if connection.dialect.name == "sqlite":
        return literal("3" if way == "+" else "2") + func.substr(type_coerce(table.c.wake_at, Text), 2)
    return table.c.wake_at.op(way)(text("interval '8766000 hours'"))


def _hook(connection: Connection, workspace_id: str, now: datetime) -> str:
    """The message, never to be sent, on which a workspace's reminders hang."""
    key = f"resting:{workspace_id}"
    never = Delivery(
        id=new_id(now),
        key=key,
        workspace_id=workspace_id,
        kind=DeliveryKind.POST,
        payload={},
        state=DeliveryState.DROPPED,
        error=REMOVED,
        next_at=now,
    )
    offer(connection, never)
    return str(connection.execute(select(_deliveries.c.id).where(_deliveries.c.key == key)).scalar_one())
