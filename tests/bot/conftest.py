"""Each test has a database of its own, copied from one that was migrated once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from storage.store import open_store
from tests.bot.plan.scene import Scene
from tests.databases import migrated


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Oak House with one person in each role."""
    store = open_store(migrated(tmp_path / "grip.db"))
    yield Scene(store)
    store.close()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No settings but the defaults, in an empty folder; signals as before afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in (*(field.upper() for field in Settings.model_fields), "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch
