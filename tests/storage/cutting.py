"""A PostgreSQL server that ends connections."""

from sqlalchemy import NullPool, create_engine, text

from playground.actor import wait_for
from storage.store import SqlStore

_OTHERS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"


def cut_all(store: SqlStore) -> None:
    """End every connection to a store's database, as a crash does; they are gone, and told so, when this returns."""
    engine = create_engine(store.engine.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {_OTHERS}"))
        wait_for(lambda: connection.execute(text(f"SELECT count(*) = 0 {_OTHERS}")).scalar())
