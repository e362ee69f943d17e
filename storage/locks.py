"""Who waits for whom on PostgreSQL: one writer in a workspace, and one tick at a time.

Two people who change one plan touch the same rows (a counter, a chain, an action) in whatever order their verbs do, and
row locks alone would sooner or later deadlock. So the first write of a transaction takes its workspace's advisory lock
until the end; workspaces do not wait for one another. SQLite has a single writer and needs none of this."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from bot.plan.services import Service
from storage import prepared
from storage.tables import TABLES

Homes = dict[str, str]  # service id -> workspace id; a service never moves

_services = TABLES[Service]
_home_of = select(_services.c.workspace_id).where(_services.c.id == bindparam("this"))
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:workspace_id, 71))")
_TICK = text("SELECT pg_try_advisory_xact_lock(hashtextextended('tick', 72))")


class WorkspaceLocks:
    """The advisory locks of one transaction; `waited` is called when one was taken, since others wrote until then."""

    def __init__(self, connection: Connection, homes: Homes, waited: Callable[[], None]) -> None:
        self._connection = connection
        self._homes = homes
        self._waited = waited
        self._needed = connection.dialect.name == "postgresql"
        self._held: set[str] = set()

    def only(self, workspace_id: str | None) -> None:
        """What was taken since this workspace's lock was let go of: the part of the transaction that took it was
        undone."""
        self._held.intersection_update({workspace_id})

    def take(self, workspace_id: str) -> None:
        """Wait until no other transaction writes in this workspace."""
        if self._needed and workspace_id not in self._held:
            prepared.rows(self._connection, _LOCK, {"workspace_id": workspace_id})
            self._held.add(workspace_id)
            self._waited()

    def take_for_service(self, service_id: str) -> None:
        """The same, by a service; an id that is no service's is taken for a workspace's."""
        if self._needed:
            self.take(self._home(service_id))

    def _home(self, service_id: str) -> str:
        known = self._homes.get(service_id)
        if known is not None:
            return known
        found = prepared.row(self._connection, _home_of, {"this": service_id})
        return self._homes.setdefault(service_id, found[0]) if found else service_id

    def take_for(self, record: Any) -> None:
        """The same, by a record of the workspace or of one of its services."""
        workspace_id = getattr(record, "workspace_id", None)
        if workspace_id is not None:
            self.take(workspace_id)
        else:
            self.take_for_service(record.service_id)

    def take_for_all(self, records: Iterable[Any]) -> bool:
        """The same for many records, in one order for everybody; whether there was anything to wait for."""
        if not self._needed:
            return False
        before = len(self._held)
        homes = {getattr(record, "workspace_id", None) or self._home(record.service_id) for record in records}
        for home in sorted(homes):
            self.take(home)
        return len(self._held) > before

    def take_tick(self) -> bool:
        """Whether this transaction may look at what wakes; False while another one is at it."""
        return not self._needed or bool(self._connection.execute(_TICK).scalar_one())
