"""Brings a database to the schema of this release, once, however many processes start at the same time."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import NewerSchema
from storage.store import SqlStore


def migrate(store: SqlStore) -> bool:
    """Run the migrations that the database has not seen; whether there were any.

    All of them are one transaction, entered by one process at a time: the others wait and then find nothing to do.
    Raises NewerSchema where a newer release has been here."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('migrate', 73))"))
        scripts = ScriptDirectory(str(Path(__file__).parent))
        if _current(connection, scripts) == scripts.get_current_head():
            return False
        _upgrade(connection, scripts)
        return True


def schema_version(store: SqlStore) -> str | None:
    """The migration that the database stands at; None where none has run."""
    with store.engine.begin() as connection:
        return _current(connection, ScriptDirectory(str(Path(__file__).parent)))


def _current(connection: Connection, scripts: ScriptDirectory) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise NewerSchema(
            f"The database is at version {current}, which this release does not know. Start the newer release of the "
            "program, or restore the backup that was made before it ran."
        )
    return current


def _upgrade(connection: Connection, scripts: ScriptDirectory) -> None:
    def steps(revision: object, _: object) -> object:
        return scripts._upgrade_revs("head", revision)  # type: ignore[arg-type] # noqa: SLF001 - what env.py calls

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
