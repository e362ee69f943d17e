"""The demonstration provider shows at least eight different early warnings, whatever the day it is seeded on."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.seed import seed
from bot.demo.world import read_world
from bot.plan.account import load
from bot.plan.services import Service
from bot.warnings.fired import Fired, Rule
from bot.warnings.rules import look
from playground.server import MEADOW_CARE
from storage.files import FolderFiles
from storage.store import open_store
from tests.databases import migrated

LONDON = ZoneInfo("Europe/London")
WANTED = {
    Rule.REPEATED_SIGNALS,
    Rule.NO_CHANGE,
    Rule.DRIFT,
    Rule.MISMATCH,
    Rule.SLIPPAGE,
    Rule.UNCHANGED,
    Rule.EFFORT,
    Rule.STALE,
    Rule.VAGUE,
}


def found(tmp_path: Path, now: datetime) -> list[Fired]:
    """What the rules find in a database that was seeded just now."""
    store = open_store(migrated(tmp_path / "grip.db"))
    seed(store, FolderFiles(tmp_path / "files"), read_world(MEADOW_CARE), now)
    with store.reading() as work:
        services = work.all(Service, order="name")
        fired = [each for service in services for each in look(load(work, service), now)]
    store.close()
    return fired


@pytest.mark.parametrize("day", [datetime(2026, 11, 23, 8, tzinfo=LONDON), datetime(2027, 4, 6, 8, tzinfo=LONDON)])
def test_nine_rules_fire_and_none_of_them_in_a_flood(tmp_path: Path, day: datetime) -> None:
    fired = found(tmp_path, day)
    rules = [each.rule for each in fired]
    assert set(rules) >= WANTED
    assert max(rules.count(rule) for rule in Rule) <= 6
    assert len({each.fingerprint for each in fired}) == len(fired)
    assert all(each.records and each.sentence.endswith((".", '"')) for each in fired)
