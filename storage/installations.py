"""Which workspaces installed the app, and their tokens: encrypted in the database, renewed by one process at a time.

Where an Enterprise organisation installed it as a whole, the organisation's row holds the token, and each of its
workspaces that was ever heard of has a row of its own, without a token, that names the organisation."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Refusal, SealedToken
from storage import resting
from storage.statements import insert_or
from storage.store import SqlStore
from storage.tables import installations, oauth_states
from storage.trouble import away

REMEMBER = timedelta(seconds=30)  # how long another process's change may stay unseen
AGAIN = timedelta(seconds=10)  # after which a database that was away is asked again, where one is remembered
RENEW_BEFORE = timedelta(hours=2)  # of the twelve hours that a rotated token lives
STATE_LIFE = timedelta(minutes=10)
RENEWING = timedelta(minutes=1)  # in which one process asks Slack for a new token
# Every row with a token of its own.
_HELD = (
    select(installations)
    .where(installations.c.removed_at.is_(None), installations.c.token != "")
    .order_by(installations.c.id)
)


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
    """The installations of one database. `keys` are Fernet keys: the first encrypts, each may decrypt.

    What reads a token raises SealedToken where none of the keys opens it."""

    def __init__(self, store: SqlStore, keys: Sequence[str]) -> None:
        self._store = store
        self._box = MultiFernet([Fernet(key) for key in keys])
        self._known: dict[str, tuple[datetime, Installation | None]] = {}
        self._lock = threading.Lock()
        self._woken = False  # whether this process looked once for what rests without need

    def keep(self, one: Installation) -> None:
        """Keep a new installation, or one again after it was removed; what was not told meanwhile is told again."""
        with self._store.transaction() as work:
            self._write(work.connection, one)
            resting.wake(work.connection, one.id)
        self._forget(one.id)

    def of(self, team_id: str | None, enterprise_id: str | None, now: datetime) -> Installation | None:
        """The installation that answers for a workspace: its own, else that of its organisation.

        A workspace's first request names its organisation; it is remembered for when there is none to name it."""
        own = self._remembered(team_id, now) if team_id else None
        if own and own.token:
            return own
        organisation = enterprise_id or (own.enterprise_id if own else "")
        whole = self._remembered(organisation, now) if organisation else None
        if whole and team_id and own is None:
            self._write_member(team_id, whole, now)
        return whole

    def remove(self, id: str, at: datetime) -> bool:
        """Destroy the tokens of what was installed before `at` and drop what waits to be told there; with an
        organisation, also for those of its workspaces that have no installation of their own.

        Slack tells of a removal late at times: an installation made since stays. Whether anything was removed."""
        table = installations
        member = (table.c.enterprise_id == id) & (table.c.token == "")
        with self._store.transaction() as work:
            remove = update(table).values(token="", refresh_token="", expires_at=None, removed_at=at)
            there = table.c.removed_at.is_(None) & (table.c.installed_at < at)
            gone = set(work.connection.execute(remove.where(table.c.id == id, there).returning(table.c.id)).scalars())
            if gone:
                gone |= set(work.connection.execute(remove.where(member, there).returning(table.c.id)).scalars())
            for each in sorted(gone):
                resting.drop_waiting(work.connection, each)
        for each in gone | {id}:
            self._forget(each)
        return bool(gone)

    def rest(self, now: datetime) -> None:
        """Lay to rest what has come in workspaces that removed the app, before the tick makes work of it."""
        if not self._woken:
            with self._store.transaction() as work:
                resting.wake_installed(work.connection)
            self._woken = True
        with self._store.reading() as work:
            workspaces = resting.due(work.connection, now)
        if workspaces:
            with self._store.transaction() as work:
                resting.rest(work.connection, workspaces, now)

    def renew_due(self, renew: Renew, now: datetime) -> int:
        """Renew the tokens that end soon; how many. Of all processes one alone spends a refresh token, and nobody else
        waits while Slack answers.

        Raises what `renew` raises, once all were tried; a token that was not renewed is tried again in a minute."""
        soon = now + RENEW_BEFORE
        table = installations
        due = select(table.c.id).where(table.c.removed_at.is_(None), table.c.expires_at < soon)
        with self._store.reading() as work:
            ids = list(work.connection.execute(due).scalars())
        renewed, failure = 0, None
        for each in ids:
            try:
                renewed += self._renew(each, renew, now, soon)
            except Exception as error:  # noqa: BLE001 - one workspace that fails must not keep the others from theirs
                failure = error
        if failure:
            raise failure
        return renewed

    def _renew(self, id: str, renew: Renew, now: datetime, soon: datetime) -> bool:
        old = self._claimed(id, now, soon)
        if old is None:
            return False  # another process was quicker
        fresh = replace(told(renew(old.refresh_token), now), id=id, installed_at=old.installed_at)
        with self._store.transaction() as work:
            current = self._locked(work.connection, id)
            if current and current.refresh_token == old.refresh_token:  # not removed, nor installed anew meanwhile
                self._write(work.connection, fresh)
        self._forget(id)
        return True

    def _claimed(self, id: str, now: datetime, soon: datetime) -> Installation | None:
        """The installation whose refresh token this process alone may spend for the next minute."""
        with self._store.transaction() as work:
            old = self._locked(work.connection, id)
            if old is None or old.expires_at is None or old.expires_at >= soon:
                return None
            word = _digest(f"renewing {old.refresh_token}")
            work.connection.execute(delete(oauth_states).where(oauth_states.c.expires_at < now))
            claim = insert_or(work.connection.dialect.name, oauth_states).values(state=word, expires_at=now + RENEWING)
            claimed = claim.on_conflict_do_nothing(index_elements=[oauth_states.c.state]).returning(
                oauth_states.c.state
            )
            return old if work.connection.execute(claimed).first() else None

    def _locked(self, connection: Connection, id: str) -> Installation | None:
        there = select(installations).where(installations.c.id == id, installations.c.removed_at.is_(None))
        row = connection.execute(there.with_for_update()).first()
        return self._read(row) if row else None

    def encrypt_anew(self) -> int:
        """Encrypt every token with the first key, so that an older one can be thrown away; how many installations.

        Raises Refusal where a token was encrypted with a key that is not among them; nothing is changed then."""
        with self._store.transaction() as work:
            # Locked, so that no token is overwritten that another process renews meanwhile.
            rows = work.connection.execute(_HELD.with_for_update()).all()
            for row in rows:
                try:
                    self._write(work.connection, self._read(row))
                except SealedToken as error:
                    raise Refusal(
                        f"The token of {row.id} is encrypted with a key that is not in TOKEN_KEYS. Add that key at the "
                        "end and run this again, or have the workspace install the app anew. Nothing was changed."
                    ) from error
        return len(rows)

    def all(self) -> dict[str, Installation | None]:
        """Every installation that has a token, by id; None where no key of ours opens it."""
        with self._store.reading() as work:
            rows = work.connection.execute(_HELD).all()
        found: dict[str, Installation | None] = {}
        for row in rows:
            try:
                found[row.id] = self._read(row)
            except SealedToken:
                found[row.id] = None
        return found

    def members(self) -> dict[str, str]:
        """Of each workspace that was heard of without a token of its own: the organisation that answers for it."""
        table = installations
        query = select(table.c.id, table.c.enterprise_id).where(table.c.removed_at.is_(None), table.c.token == "")
        with self._store.reading() as work:
            return {row.id: row.enterprise_id for row in work.connection.execute(query)}

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
        try:
            with self._store.reading() as work:
                row = work.connection.execute(query).first()
        except SQLAlchemyError as error:
            if found is None or not away(error):
                raise
            # A token that was taken back meanwhile is refused by Slack.
            now -= REMEMBER - AGAIN
        else:
            found = self._read(row) if row else None
        with self._lock:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[id] = (now, found)
        return found

    def _write_member(self, team_id: str, whole: Installation, now: datetime) -> None:
        """Remember to which organisation a workspace belongs; an installation of its own is left alone."""
        values = {
            **dict.fromkeys(("bot_user", "scopes", "token", "refresh_token"), ""),
            "enterprise_id": whole.id,
            "expires_at": None,
            "installed_at": now,
            "removed_at": None,
        }
        with self._store.transaction() as work:
            insert = insert_or(work.connection.dialect.name, installations).values(id=team_id, **values)
            keyed = [installations.c.id]
            work.connection.execute(
                insert.on_conflict_do_update(index_elements=keyed, set_=values, where=installations.c.token == "")
            )
            resting.wake(work.connection, team_id)
        self._forget(team_id)

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
        try:
            return self._box.decrypt(sealed).decode() if sealed else ""
        except InvalidToken as error:
            raise SealedToken("no key in TOKEN_KEYS opens it") from error


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
