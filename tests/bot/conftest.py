"""Each test has a database of its own, copied from one that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from storage.migrations import migrate
from storage.store import open_store
from tests.bot.plan.scene import Scene


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file to copy."""
    file = tmp_path_factory.mktemp("plan") / "grip.db"
    store = open_store(f"sqlite:///{file}")
    migrate(store)
    store.close()
    return file


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Oak House with one person in each role."""
    file = tmp_path / "grip.db"
    shutil.copy(migrated_file, file)
    store = open_store(f"sqlite:///{file}")
    yield Scene(store)
    store.close()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No settings but the defaults, in an empty folder; signals as before afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in (*(field.upper() for field in Settings.model_fields), "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch
