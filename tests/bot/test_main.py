"""The command line: help, exit codes, sentences for what goes wrong, and a run that ends when it is told to."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.__main__ import COMMANDS, main
from bot.commands.packing import service_called
from bot.commands.verifying import told
from bot.errors import NotFound
from bot.plan.journal import Break
from bot.plan.services import Service
from bot.settings import Settings
from playground.actor import wait_for
from playground.server import MEADOW_CARE, Standin
from storage.installations import Installation, Installations
from storage.store import open_store

ROOT = Path(__file__).parents[2]


@pytest.fixture
def signals_kept() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [command.name for command in COMMANDS if command.name not in said] == []
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            main([command.name, "--help"])
        assert command.name in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2
    assert "'fly'" in capsys.readouterr().err


def test_run_without_tokens_says_what_to_put_where(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run"]) == 2
    said = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN is not set. Put the bot token (xoxb-...) in .env" in said
    assert "SLACK_APP_TOKEN is not set. Put the app-level token (xapp-...) in .env" in said
    assert not Path("data").exists()


@pytest.mark.usefixtures("signals_kept")
def test_run_with_a_refused_token_says_so_and_starts_nothing(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Standin(limits=False) as slack:
        bare.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        bare.setenv("SLACK_APP_TOKEN", "xapp-1-revoked")
        bare.setenv("SLACK_API_URL", slack.api_url)
        assert main(["run"]) == 2
    assert "Slack refuses SLACK_APP_TOKEN (invalid_auth)." in capsys.readouterr().err


def test_a_running_bot_answers_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with Standin(limits=False) as slack:
        env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")} | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path}/grip.db",
            "FILES": str(tmp_path / "files"),
        }
        bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=env, cwd=ROOT)
        try:
            amara = slack.actor("U0AMARA")
            wait_for(lambda: amara.state()["app"]["connected"], seconds=60)
            assert amara.command("/sip help")["ok"]
            bot.send_signal(signal.SIGTERM)
            assert bot.wait(20) == 0
        finally:
            bot.kill()
            bot.wait()


def test_migrate_says_where_the_database_stands(bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert re.search(r"The database is now at version \d+\.", capsys.readouterr().out)
    assert main(["migrate"]) == 0
    assert "was already" in capsys.readouterr().out


def test_verify_holds_after_the_demonstration_and_names_what_was_altered(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", str(MEADOW_CARE)]) == 0
    assert main(["verify"]) == 0
    assert "are as they were written" in capsys.readouterr().out
    with sqlite3.connect("data/grip.db") as database:
        database.execute("UPDATE samples SET met = 20 WHERE met = 17")
    kept = next(path for path in Path("data/files").rglob("*") if path.is_file())
    kept.write_bytes(b"something else")
    assert main(["verify"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert any("BROKEN" in line and "sample" in line and "met" in line for line in said)
    assert any("BROKEN" in line and "the file" in line for line in said)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        ("{", "does not describe a workspace"),
        ('{"workspaces": []}', "names no workspace"),
        ('{"workspaces": [{"id": "T1", "name": "X", "people": [{"id": "U1"}], "channels": []}]}', "people.0.name"),
    ],
)
def test_seed_explains_a_file_that_it_cannot_use(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: str | None, says: str
) -> None:
    file = Path("world.json")
    if content is not None:
        file.write_text(content)
    assert main(["seed", "world.json"]) == 1
    assert says in capsys.readouterr().err


def test_a_service_that_there_is_not_is_answered_with_those_whose_names_are_closest() -> None:
    services = [Service(id=str(n), workspace_id="T1", channel_id=f"C{n}", name=f"House {n}") for n in range(300)]
    services.append(Service(id="oak", workspace_id="T1", channel_id="C", name="Oak House"))
    with pytest.raises(NotFound, match=r"There are: Oak House, House \d.* and 291 more\.$"):
        service_called(services, "Oka House")


def test_empty_in_the_environment_means_the_default_whatever_the_file_says(bare: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("WORKERS=7\nTOKEN_KEYS=abc\nCLOCK_FILE=\n")
    bare.setenv("TOKEN_KEYS", "")
    found = Settings()
    assert (found.workers, found.keys_of_tokens, found.clock_file) == (7, [], None)


def test_a_thousand_breaks_are_counted_and_not_all_named() -> None:
    lines = told([Break("s", number, "", "its content was altered") for number in range(1, 1001)])
    assert len(lines) == 201
    assert (lines[0], lines[-1]) == ("BROKEN  event 1 of s: its content was altered", "BROKEN  and 800 more.")


def test_seed_leaves_a_plan_alone(bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", str(MEADOW_CARE)]) == 0
    assert "Oak House and Willow Court are set up" in capsys.readouterr().out
    assert main(["seed", str(MEADOW_CARE)]) == 1
    assert "already holds Oak House, Willow Court" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "code", "says"),
    [
        ("DATABASE_URL", "mysql://host/plan", 1, "mysql is not supported"),
        ("DATABASE_URL", "sqlite:////proc/none/grip.db", 1, "Check DATABASE_URL"),
        ("WORKERS", "none", 2, "WORKERS: "),
    ],
)
def test_bad_settings_are_said_in_a_sentence(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, code: int, says: str
) -> None:
    bare.setenv(name, value)
    assert main(["migrate"]) == code
    assert says in capsys.readouterr().err


def test_the_operator_hands_out_erases_and_lets_go_by_age(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", str(MEADOW_CARE)]) == 0
    assert main(["backup", "grip.zip"]) == 0
    pack = ["pack", "--service", "Oak House", "--out", "pack.zip", "--priority", "P1"]
    assert main(pack) == 0
    for made in ("pack.zip", "grip.zip", "data/grip.db", "data/files"):
        assert Path(made).stat().st_mode & 0o077 == 0, made
    capsys.readouterr()
    assert main(["backup", "grip.zip"]) == 1
    assert "grip.zip is there already. Give another name, or add --force" in capsys.readouterr().err
    assert main(["backup", "--force", "grip.zip"]) == 0
    for words in (["backup"], [*pack[:3], "--out"], ["export", "--person", "Amara Osei", "--out"]):
        assert main([*words, "nonexist/x.zip"]) == 1
        assert capsys.readouterr().err == "nonexist/x.zip cannot be written: there is no folder nonexist.\n"
    assert main(["erase", "--person", ""]) == 1
    assert "Nobody was named." in capsys.readouterr().err
    assert main(["export", "--person", "Amara Osei", "--out", "amara.zip"]) == 0
    assert Path("amara.zip").stat().st_size > 1000
    assert "everything about Amara Osei (person 1, roles 1" in capsys.readouterr().out
    assert main(["erase", "--person", "Amara Osei"]) == 0
    assert "IN THE WAY  They are Team leader of " in capsys.readouterr().out
    assert main(["erase", "--person", "Amara Osei", "--apply"]) == 1
    assert "Nothing was erased. They are Team leader of " in capsys.readouterr().err
    with sqlite3.connect("data/grip.db") as database:  # handed over, as it were
        database.execute("UPDATE role_holdings SET ended_at = '2026-01-01' WHERE role = 'team_leader'")
        database.execute("UPDATE actions SET owner_id = (SELECT id FROM people WHERE name LIKE 'Ruth%')")
    assert main(["erase", "--person", "Amara Osei", "--in-texts", "--apply"]) == 0
    assert "the account of a former member of staff (#1)" in capsys.readouterr().out
    assert main(["verify"]) == 1
    broken = capsys.readouterr().out.splitlines()  # what this test changed behind Grip's back, and nothing else
    assert [line for line in broken if not line.endswith(": owner_id") and ": ended_at" not in line] == []
    assert b"Amara Osei" not in Path("data/grip.db").read_bytes()
    assert main(["retention", "--set", "plan=8", "--set", "messages=2"]) == 0
    assert "Oak House keeps plan 8 years, messages 2 years, the rest for ever." in capsys.readouterr().out
    assert main(["retention", "--set", "plan=soon"]) == 1
    assert "give whole years from 1 to 100, or never: plan=8." in capsys.readouterr().err
    assert main(["retention", "--apply"]) == 0
    assert "removed: 0 records, 0 files alone" in capsys.readouterr().out


def test_tokens_are_encrypted_anew_with_the_first_key(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate"]) == 0
    assert main(["rekey"]) == 2
    assert "TOKEN_KEYS is empty" in capsys.readouterr().err
    old, new, stray = (Fernet.generate_key().decode() for _ in range(3))
    now = datetime(2026, 11, 2, tzinfo=UTC)
    with closing(open_store("sqlite:///data/grip.db")) as store:
        Installations(store, [old]).keep(Installation("T1", "", "UBOT", "", "xoxb-1", "", None, now))
    bare.setenv("TOKEN_KEYS", f"{new},{stray}")
    assert main(["rekey"]) == 1
    assert "The token of T1 is encrypted with a key that is not in TOKEN_KEYS." in capsys.readouterr().err
    bare.setenv("TOKEN_KEYS", f"{new}, {old}")
    assert main(["rekey"]) == 0
    assert "The token of 1 installation is encrypted with the first key. Keep the other keys" in capsys.readouterr().out
    bare.setenv("TOKEN_KEYS", new)
    assert main(["rekey"]) == 0
    assert "other" not in capsys.readouterr().out
    with closing(open_store("sqlite:///data/grip.db")) as store:
        found = Installations(store, [new]).of("T1", None, now)
    assert found
    assert found.token == "xoxb-1"
