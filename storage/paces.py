"""How fast Slack may be called, kept for all processes together: when the next call of a method has its turn."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from storage.statements import insert_or
from storage.tables import paces

# A clock that was ahead may have left a turn that lies far off: nobody waits longer than this for it.
FARTHEST = timedelta(minutes=10)

_this = (paces.c.workspace_id == bindparam("workspace")) & (paces.c.method == bindparam("of"))
_read = select(paces.c.free_at).where(_this).with_for_update()
_write = update(paces).where(_this).values(free_at=bindparam("at", type_=paces.c.free_at.type))


def turns(
    connection: Connection, workspace_id: str, method: str, count: int, apart: timedelta, burst: float, now: datetime
) -> list[datetime]:
    """The instants of the next `count` calls of a method in a workspace: `burst` at once, then one every `apart`.

    They are taken by this transaction: no other process is given the same ones. (GCRA, ITU-T I.371.)"""
    free = _free(connection, workspace_id, method, now)
    given = []
    for _ in range(count):
        given.append(max(now, free - (burst - 1) * apart))
        free = max(free, now) + apart
    connection.execute(_write, {"workspace": workspace_id, "of": method, "at": free})
    return given


def pause(
    connection: Connection,
    workspace_id: str,
    method: str,
    until: datetime,
    apart: timedelta,
    burst: float,
    now: datetime,
) -> None:
    """Slack said 429: no turn is given before `until`, and then no burst."""
    free = _free(connection, workspace_id, method, now)
    full = until + (burst - 1) * apart
    connection.execute(_write, {"workspace": workspace_id, "of": method, "at": max(free, full)})


def _free(connection: Connection, workspace_id: str, method: str, now: datetime) -> datetime:
    """When the bucket will be full again. On PostgreSQL its row is ours until the transaction ends."""
    row = {"workspace_id": workspace_id, "method": method, "free_at": now}
    made = insert_or(connection.dialect.name, paces).on_conflict_do_nothing()
    stored = connection.execute(_read, {"workspace": workspace_id, "of": method}).scalar_one_or_none()
    if stored is None:
        connection.execute(made, row)
        stored = connection.execute(_read, {"workspace": workspace_id, "of": method}).scalar_one()
    return stored if stored <= now + FARTHEST else now
