"""Seeing to it that what was deleted is gone from the database's own files too, not just unreachable."""

from sqlalchemy.exc import DBAPIError

from storage.store import SqlStore
from storage.tables import metadata


def scrub(store: SqlStore) -> str:
    """Rewrite what was deleted; why that could not be done, or "".

    SQLite: the search index and the file are written anew and the log is emptied. PostgreSQL: a plain VACUUM, after
    which the rows' room is given to others; the server's own log (WAL) and its backups are the server's matter."""
    if store.engine.dialect.name == "sqlite":
        words = ["INSERT INTO search_words (search_words) VALUES ('optimize')", "VACUUM"]
        words.append("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        words = [f"VACUUM {table.name}" for table in metadata.sorted_tables]
    raw = store.engine.raw_connection()
    try:
        if store.engine.dialect.name == "postgresql":
            raw.driver_connection.autocommit = True  # type: ignore[union-attr]  # psycopg's connection
        cursor = raw.cursor()
        for statement in words:
            cursor.execute(statement)
    except (DBAPIError, store.engine.dialect.dbapi.Error) as error:  # type: ignore[union-attr]
        return str(error).splitlines()[0]
    finally:
        raw.invalidate()  # it goes back into no pool: its settings were changed
        raw.close()
    return ""
