"""What keeps the program from starting, or a command from working, is one sentence and the right exit code."""

import base64
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.__main__ import main
from bot.app import ready
from bot.settings import Settings
from storage.installations import Installation, Installations
from storage.store import open_store

OTHER_KEY = base64.urlsafe_b64encode(bytes(32)).decode()  # always the same: the tests' names are made of it


@pytest.fixture
def by_http(bare: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """All settings of HTTP mode for many workspaces, an installation of one of them in the database."""
    key = Fernet.generate_key().decode()
    bare.setenv("SLACK_SIGNING_SECRET", "s")
    bare.setenv("SLACK_CLIENT_ID", "1.2")
    bare.setenv("SLACK_CLIENT_SECRET", "s")
    bare.setenv("PUBLIC_URL", "https://grip.example.org")
    bare.setenv("TOKEN_KEYS", key)
    assert main(["migrate"]) == 0
    with closing(open_store("sqlite:///data/grip.db")) as store:
        one = Installation("T1", "", "UBOT", "", "xoxb-1", "", None, datetime(2026, 11, 2, tzinfo=UTC))
        Installations(store, [key]).keep(one)
    return bare


@pytest.mark.parametrize("command", ["serve", "run"])
@pytest.mark.parametrize(
    ("name", "value", "code", "says"),
    [
        ("TOKEN_KEYS", "abc", 2, "Key 1 in TOKEN_KEYS is none"),
        ("TOKEN_KEYS", OTHER_KEY, 2, "No stored token can be opened. No key in TOKEN_KEYS opens"),
        ("DATABASE_URL", "mysql://host/plan", 2, "mysql is not supported"),
        ("DATABASE_URL", "postgresql://grip@127.0.0.1:9/plan", 1, "The database cannot be used: connection failed"),
        ("DATABASE_URL", "sqlite:////proc/none/grip.db", 1, "Check DATABASE_URL"),
    ],
)
def test_what_keeps_it_from_starting_is_one_sentence_and_2_where_no_new_start_mends_it(
    by_http: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    name: str,
    value: str,
    code: int,
    says: str,
) -> None:
    by_http.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    by_http.setenv("SLACK_APP_TOKEN", "xapp-1")
    by_http.setenv(name, value)
    assert main([command]) == code
    said = capsys.readouterr().err
    assert said.startswith(says) or says in said.splitlines()[0]
    assert len(said.splitlines()) == 1


def test_where_the_keys_are_lost_it_starts_anyway_so_that_workspaces_install_anew(by_http: pytest.MonkeyPatch) -> None:
    by_http.setenv("TOKEN_KEYS", Fernet.generate_key().decode())
    (said,) = ready(Settings(), sealed_too=True)
    assert said.startswith("No key in TOKEN_KEYS opens the token of T1.")


COMMANDS_ON_A_DATABASE = (
    *("serve", "verify", "rekey", "pack --service Oak --out p.zip", "backup b.zip", "retention --set plan=8 --apply"),
    *("erase --person Tess --apply", "export --person Tess --out t.zip", "import plan.xlsx --service Oak"),
)


def test_no_command_works_on_a_database_of_a_newer_release(
    by_http: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect("data/grip.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0099'")
        database.execute("UPDATE alembic_beside SET oldest = '0099'")
    for words in COMMANDS_ON_A_DATABASE:
        capsys.readouterr()
        assert main(words.split()) == 2, words
        assert capsys.readouterr().err.startswith("The database is at version 0099, which this release does not know.")


def test_what_has_still_to_be_migrated_is_said(bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data").mkdir()
    for words in ("verify", "retention --apply"):
        assert main(words.split()) == 2
        assert "has not been set up yet. Make a backup of what it holds, then run `python" in capsys.readouterr().err
