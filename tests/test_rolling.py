"""An upgrade without a pause: the former release works on while this one migrates its database and works beside it.

`tests/data/former-release.zip` holds the packages of the release before this one. After each release it is made anew
from that release's commit:

    git archive --format=zip -9 -o tests/data/former-release.zip COMMIT bot handlers storage \\
      ':!bot/reports/pack/fonts' ':!bot/demo'
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from bot.plan.entries import Entry
from bot.plan.journal import Event
from playground.actor import wait_for
from playground.clock import real
from playground.delivery import signed
from playground.server import Standin
from storage.files import open_files
from storage.migrations import migrate, schema_version
from storage.store import SqlStore, open_store
from storage.verify import verify
from tests.faults.scene import FIRST
from tests.postgres import Postgres
from tests.soak import town
from tests.soak.check import said
from tests.soak.load import command
from tests.soak.replicas import Replica

FORMER = Path(__file__).parent / "data" / "former-release.zip"


@dataclass
class Rolling:
    """The former release at work over a database that this release has migrated, and this release beside it."""

    slack: Standin
    store: SqlStore
    home: town.Home
    replicas: dict[str, Replica]
    before: str | None  # the schema that the former release made
    files: Path
    said: int = 0

    def say(self, who: str, text: str) -> str:
        """What a team leader hears from the former or from this release."""
        self.said += 1
        body = command(self.home, text, f"rolling.{self.said}")
        headers = signed(self.slack.signing_secret, body, real())
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        url = f"{self.replicas[who].url}/slack/events"
        answer = httpx.post(url, content=body, headers=headers, trust_env=False, timeout=20)
        assert answer.status_code == 200
        return str(answer.json().get("text", "")) if answer.content else ""


@pytest.fixture(scope="module")
def rolling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rolling]:
    folder = tmp_path_factory.mktemp("rolling")
    with ZipFile(FORMER) as packed:
        packed.extractall(folder / "former")
    server = Postgres()
    server.start()
    url = server.database()
    starts = town.instant(FIRST, 0, 5)
    with Standin(town.world(1, 1), limits=False, clock_file=folder / "clock", starts=starts) as slack:
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": url,
            "FILES": str(folder / "files"),
            "CLOCK_FILE": str(folder / "clock"),
            "TICK_SECONDS": "0.5",
            "WORKERS": "8",
        }
        replicas = {"former": Replica(0, settings, folder, folder / "former"), "this": Replica(1, settings, folder)}
        store = open_store(url, connections=2)
        try:
            replicas["former"].start()
            wait_for(replicas["former"].ready, 90)
            before = schema_version(store)
            migrate(store)
            (home,), _ = town.plant(store, 1, 1, 1, random.Random(1))
            replicas["this"].start()
            wait_for(replicas["this"].ready, 90)
            yield Rolling(slack, store, home, replicas, before, folder / "files")
        finally:
            for replica in replicas.values():
                replica.kill(worker_only=False)
            store.close()
            server.stop()


def test_the_database_was_migrated_under_the_former_release(rolling: Rolling) -> None:
    assert rolling.before
    after = schema_version(rolling.store)
    assert after
    assert rolling.before < after, "where no release has migrated since, take this line out until one does"


def test_both_releases_log_on_one_action_and_read_one_another(rolling: Rolling) -> None:
    for who in ("former", "this", "former"):
        told = rolling.say(who, f"log {rolling.home.action} Briefed the seniors, says the {who} release")
        assert told.startswith("Saved as E"), told
    with rolling.store.reading() as work:
        assert [entry.number for entry in work.all(Entry, order="number")] == [1, 2, 3]
        sealed = [event.seal is not None for event in work.all(Event, order="number", verb="log")]
    assert sealed == [False, True, False]  # each wrote its own kind of event into the one chain
    for who in ("former", "this"):
        found = rolling.say(who, "find seniors")
        assert "former release" in found
        assert "this release" in found


def test_both_releases_tick_and_each_reminder_comes_once(rolling: Rolling) -> None:
    rolling.slack.move_clock(to=town.instant(FIRST, 9, 0).astimezone(UTC).isoformat())

    def told() -> list[str]:
        return [message.text for message in said(rolling.slack) if message.owner]

    wait_for(told, 30)
    rolling.slack.move_clock(advance_seconds=600)
    rolling.say("former", "status")
    rolling.say("this", "status")
    wait_for(lambda: len([each for each in said(rolling.slack) if "plan" in each.text and not each.owner]) >= 2, 30)
    assert len(told()) == 1


def test_what_both_wrote_verifies(rolling: Rolling) -> None:
    # The town was planted without events; what was written since has one for each record.
    broken = verify(rolling.store, open_files(str(rolling.files)))
    assert [each for each in broken if each.number or "entry" in each.what] == []


def test_neither_release_logged_a_fault(rolling: Rolling) -> None:
    for log in rolling.files.parent.glob("bot*.log"):
        assert "Traceback" not in log.read_text(), log.read_text()[-3000:]
