"""The seeded provider's Oak House with its pack, made once for the tests that read in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.seed import seed
from bot.demo.world import read_world
from bot.plan import warnings
from bot.plan.account import load
from bot.plan.services import Service
from bot.reports.pack.making import gathered, make
from bot.warnings.rules import look
from storage.files import FolderFiles
from storage.store import open_store
from tests.bot.reports.pack import packed
from tests.bot.reports.pack.packed import NOW, Seeded
from tests.databases import migrated


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """Oak House of the demonstration, packed once."""
    folder = tmp_path_factory.mktemp("agreement")
    store, files = open_store(migrated(folder / "grip.db")), FolderFiles(folder / "files")
    seed(store, files, read_world(Path("playground/meadow_care.json")), NOW)
    with store.transaction() as work:
        for each in work.all(Service):
            warnings.keep_up(work, each, look(load(work, each), NOW), NOW)
    with store.reading() as work:
        service = next(s for s in work.all(Service) if s.name == "Oak House")
        account = load(work, service)
        found = gathered(work, service, packed.WHOLE, NOW)
    make(found, files, folder / "pack.zip")
    reader = packed.document(folder / "pack.zip")
    yield Seeded(account, folder / "pack.zip", packed.text_of(reader))
    store.close()
    shutil.rmtree(folder)
