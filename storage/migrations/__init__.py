"""Brings a database to the schema of this release, once, however many processes start at the same time.

A schema also says which older releases may go on beside it, so that replicas can be replaced one after the other: a
migration that only adds names the oldest schema whose release still works (`oldest_beside`), and the database keeps
what follows from that for releases that do not know the migration itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, Table, Text, delete, insert, inspect, select, text

from bot.errors import NewerSchema, OlderSchema
from storage.store import SqlStore

if TYPE_CHECKING:  # Alembic takes a third of a second to load, and most starts have nothing to migrate
    from alembic.script import Script, ScriptDirectory

HERE = Path(__file__).parent

# Beside Alembic's own table, and no more part of the account than that one.
_beside = Table("alembic_beside", MetaData(), Column("oldest", Text, primary_key=True))


def newest() -> str:
    """The version of this release: the number that the last of its migration files begins with."""
    return max(file.name.split("_")[0] for file in (HERE / "versions").glob("[0-9]*.py"))


def migrate(store: SqlStore) -> bool:
    """Run the migrations that the database has not seen; whether there were any.

    All of them are one transaction, entered by one process at a time: the others wait and then find nothing to do.
    A schema that a newer release made is left as it is; raises NewerSchema where this release cannot work with it."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('migrate', 73))"))
        if _stamp(connection) == newest():
            return False
        scripts = _scripts()
        current = _current(connection, scripts)
        if current not in {None, *_known(scripts)}:
            return False
        _upgrade(connection, scripts)
        _say_who_may_stay(connection, scripts)
        return True


def schema_version(store: SqlStore) -> str | None:
    """The migration that the database stands at; None where none has run. Raises NewerSchema as migrate does."""
    with store.engine.begin() as connection:
        return _current(connection, _scripts())


def check_schema(store: SqlStore) -> None:
    """Whether this release may read and write the database as it stands, without changing it.

    Raises NewerSchema as migrate does, and OlderSchema where migrations have still to run."""
    with store.engine.begin() as connection:
        stamp = _stamp(connection)
        if stamp == newest():
            return
        scripts = _scripts()
        if _current(connection, scripts) in {None, *_known(scripts)}:
            stands = f"is at version {stamp} and this release at {newest()}" if stamp else "has not been set up yet"
            raise OlderSchema(
                f"The database {stands}. Make a backup of what it holds, then run `python -m bot migrate`."
            )


def oldest_beside(scripts: "Sequence[Script]") -> str:
    """The oldest schema whose release works with the newest of these: `scripts` stand newest first.

    Each migration on the way has to allow it, so one that names nothing ends the way."""
    place = {script.revision: number for number, script in enumerate(scripts)}
    reach = len(scripts) - 1
    for number, script in enumerate(scripts):
        reach = min(reach, place[getattr(script.module, "oldest_beside", script.revision)])
        if reach <= number:
            return script.revision
    return scripts[-1].revision


def _stamp(connection: Connection) -> str | None:
    """What Alembic wrote down as the version of the database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(HERE))


def _known(scripts: "ScriptDirectory") -> list[str]:
    return [script.revision for script in scripts.walk_revisions()]


def _current(connection: Connection, scripts: "ScriptDirectory") -> str | None:
    current = _stamp(connection)
    known = _known(scripts)
    if current is not None and current not in known:
        kept = inspect(connection).has_table(_beside.name)
        oldest = connection.execute(select(_beside.c.oldest)).scalar() if kept else None
        if oldest not in known:
            raise NewerSchema(
                f"The database is at version {current}, which this release does not know. Start the newer release of "
                "the program, or restore the backup that was made before it ran."
            )
    return current


def _say_who_may_stay(connection: Connection, scripts: "ScriptDirectory") -> None:
    _beside.create(connection, checkfirst=True)
    connection.execute(delete(_beside))
    connection.execute(insert(_beside).values(oldest=oldest_beside(list(scripts.walk_revisions()))))


def _upgrade(connection: Connection, scripts: "ScriptDirectory") -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    def steps(revision: object, _: object) -> object:
        return scripts._upgrade_revs("head", revision)  # type: ignore[arg-type] # noqa: SLF001 - what env.py calls

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
