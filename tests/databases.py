"""A database of this release, made once in each process of the tests and copied from then on."""

import tempfile
from functools import cache
from pathlib import Path

from storage.migrations import migrate
from storage.store import open_store


def migrated(file: Path) -> str:
    """Write an empty database that needs no migration to `file`; its URL."""
    file.write_bytes(_made())
    return f"sqlite:///{file}"


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grip.db"
        store = open_store(f"sqlite:///{file}")
        migrate(store)
        store.close()
        return file.read_bytes()
