"""Which workspaces installed the app, and their tokens: encrypted in the database, renewed by one process at a time."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, Row, delete, select, update

from bot.errors import Refusal
from bot.timing.outbox import Delivery, DeliveryState
from storage.statements import insert_or
from storage.store import SqlStore
from storage.tables import TABLES, installations, oauth_states

REMEMBER = timedelta(seconds=30)  # how long another process's change may stay unseen
RENEW_BEFORE = timedelta(hours=2)  # of the twelve hours that a rotated token lives
STATE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace, or (id: the enterprise's) in a whole organisation. Tokens never show in a repr."""

    id: str
    enterprise_id: str
    bot_user: str
    scopes: str
    token: str
    refresh_token: str
    expires_at: datetime | None
    installed_at: datetime

    def __repr__(self) -> str:
        return f"Installation({self.id})"


Renew = Callable[[str], Mapping[str, Any]]  # a refresh token to the answer of oauth.v2.access


def told(answer: Mapping[str, Any], now: datetime) -> Installation:
    """The installation that an answer of oauth.v2.access tells of. Raises KeyError where it holds no bot token."""
    enterprise = (answer.get("enterprise") or {}).get("id") or ""
    team = (answer.get("team") or {}).get("id") or ""
    life = answer.get("expires_in")
    return Installation(
        id=enterprise if answer.get("is_enterprise_install") else team,
        enterprise_id=enterprise,
        bot_user=answer.get("bot_user_id") or "",
        scopes=answer.get("scope") or "",
        token=answer["access_token"],
        refresh_token=answer.get("refresh_token") or "",
        expires_at=now + timedelta(seconds=int(life)) if life else None,
        installed_at=now,
    )


class Installations:
    """The installations of one database. `keys` are Fernet keys: the first encrypts, each may decrypt."""

    def __init__(self, store: SqlStore, keys: Sequence[str]) -> None:
        self._store = store
        self._box = MultiFernet([Fernet(key) for key in keys])
        self._known: dict[str, tuple[datetime, Installation | None]] = {}
        self._lock = threading.Lock()

    def keep(self, one: Installation) -> None:
        """Keep a new installation, or one again after it was removed."""
        with self._store.transaction() as work:
            self._write(work.connection, one)
        self._forget(one.id)

    def of(self, team_id: str | None, enterprise_id: str | None, now: datetime) -> Installation | None:
        """The installation that answers for a workspace: its own, else that of its organisation."""
        for owner in (team_id, enterprise_id):
            found = self._remembered(owner, now) if owner else None
            if found:
                return found
        return None

    def remove(self, id: str, at: datetime) -> bool:
        """Destroy the tokens of what was installed before `at` and drop what waits to be told there.

        Slack tells of a removal late at times: an installation made since stays. Whether anything was removed."""
        table = installations
        with self._store.transaction() as work:
            gone = work.connection.execute(
                update(table)
                .where(table.c.id == id, table.c.removed_at.is_(None), table.c.installed_at < at)
                .values(token="", refresh_token="", expires_at=None, removed_at=at)
            )
            if gone.rowcount:
                drop_waiting(work.connection, id)
        self._forget(id)
        return bool(gone.rowcount)

    def renew_due(self, renew: Renew, now: datetime) -> int:
        """Renew the tokens that end soon, each under a lock on its row, so that one process alone spends the refresh
        token; how many. Raises what `renew` raises; the others are tried at the next call."""
        soon = now + RENEW_BEFORE
        table = installations
        due = select(table.c.id).where(table.c.removed_at.is_(None), table.c.expires_at < soon)
        with self._store.reading() as work:
            ids = list(work.connection.execute(due).scalars())
        return sum(self._renew(each, renew, now, soon) for each in ids)

    def _renew(self, id: str, renew: Renew, now: datetime, soon: datetime) -> bool:
        table = installations
        locked = select(table).where(table.c.id == id, table.c.removed_at.is_(None)).with_for_update()
        with self._store.transaction() as work:
            row = work.connection.execute(locked).first()
            old = self._read(row) if row else None
            if old is None or old.expires_at is None or old.expires_at >= soon:
                return False  # another process was quicker
            fresh = told(renew(old.refresh_token), now)
            self._write(work.connection, replace(fresh, id=id, installed_at=old.installed_at))
        self._forget(id)
        return True

    def encrypt_anew(self) -> int:
        """Encrypt every token with the first key, so that an older one can be thrown away; how many installations.

        Raises Refusal where a token was encrypted with a key that is not among them; nothing is changed then."""
        table = installations
        # Locked, so that no token is overwritten that another process renews meanwhile.
        every = select(table).where(table.c.removed_at.is_(None)).order_by(table.c.id).with_for_update()
        with self._store.transaction() as work:
            rows = work.connection.execute(every).all()
            for row in rows:
                try:
                    self._write(work.connection, self._read(row))
                except InvalidToken as error:
                    raise Refusal(
                        f"The token of {row.id} is encrypted with a key that is not in TOKEN_KEYS. Add that key at the "
                        "end and run this again, or have the workspace install the app anew. Nothing was changed."
                    ) from error
        return len(rows)

    def new_state(self, now: datetime) -> str:
        """A word that one installation under way carries to Slack and back, for ten minutes."""
        state = secrets.token_urlsafe(32)
        with self._store.transaction() as work:
            work.connection.execute(delete(oauth_states).where(oauth_states.c.expires_at < now))
            work.connection.execute(oauth_states.insert().values(state=_digest(state), expires_at=now + STATE_LIFE))
        return state

    def spend_state(self, state: str, now: datetime) -> bool:
        """Whether this word is one of ours, not too old, and comes back for the first time."""
        spent = delete(oauth_states).where(oauth_states.c.state == _digest(state), oauth_states.c.expires_at >= now)
        with self._store.transaction() as work:
            return bool(work.connection.execute(spent).rowcount)

    def _remembered(self, id: str, now: datetime) -> Installation | None:
        with self._lock:
            read_at, found = self._known.get(id, (None, None))
        if read_at is not None and timedelta() <= now - read_at < REMEMBER:
            return found
        query = select(installations).where(installations.c.id == id, installations.c.removed_at.is_(None))
        with self._store.reading() as work:
            row = work.connection.execute(query).first()
        found = self._read(row) if row else None
        with self._lock:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[id] = (now, found)
        return found

    def _forget(self, id: str) -> None:
        with self._lock:
            self._known.pop(id, None)

    def _write(self, connection: Connection, one: Installation) -> None:
        values = {
            "enterprise_id": one.enterprise_id,
            "bot_user": one.bot_user,
            "scopes": one.scopes,
            "token": self._sealed(one.token),
            "refresh_token": self._sealed(one.refresh_token),
            "expires_at": one.expires_at,
            "installed_at": one.installed_at,
            "removed_at": None,
        }
        insert = insert_or(connection.dialect.name, installations).values(id=one.id, **values)
        connection.execute(insert.on_conflict_do_update(index_elements=[installations.c.id], set_=values))

    def _read(self, row: Row[Any]) -> Installation:
        return Installation(
            row.id,
            row.enterprise_id,
            row.bot_user,
            row.scopes,
            self._opened(row.token),
            self._opened(row.refresh_token),
            row.expires_at,
            row.installed_at,
        )

    def _sealed(self, secret: str) -> str:
        return self._box.encrypt(secret.encode()).decode() if secret else ""

    def _opened(self, sealed: str) -> str:
        return self._box.decrypt(sealed).decode() if sealed else ""


def drop_waiting(connection: Connection, workspace_id: str) -> None:
    """Nothing more is told to a workspace that removed the app."""
    table = TABLES[Delivery]
    connection.execute(
        update(table)
        .where(table.c.workspace_id == workspace_id, table.c.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, error="the app was removed", version=table.c.version + 1)
    )


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
