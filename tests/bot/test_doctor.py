"""What doctor says of a working set-up, and of everything that can be missing, against the stand-in of Slack."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

from bot.__main__ import main
from bot.doctor.findings import Level, Line, at_most
from bot.doctor.slack import OPTIONAL, REQUIRED, clock
from bot.plan.services import Service
from bot.settings import Settings
from playground.server import MEADOW_CARE, Standin
from storage.installations import Installation, Installations
from storage.store import open_store

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def slack() -> Iterator[Standin]:
    with Standin(limits=False) as running:
        yield running


@pytest.fixture
def machine(slack: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which everything is right, and no other."""
    monkeypatch.chdir(tmp_path)
    for name in (*(field.upper() for field in Settings.model_fields), "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
    monkeypatch.setenv("SLACK_API_URL", slack.api_url)
    return monkeypatch


@pytest.fixture
def scopes(slack: Standin) -> Iterator[set[str]]:
    """The scopes of the bot's token; what a test takes away is there again afterwards."""
    grant = slack.hub.world.grants[slack.bot_token]
    before = set(grant.scopes)
    yield grant.scopes
    grant.scopes = before


def told(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and words of doctor."""
    code = main(["doctor"])
    return code, capsys.readouterr().out


def test_all_is_well(machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", str(MEADOW_CARE)]) == 0
    capsys.readouterr()
    code, said = told(capsys)
    # Slack dates its answers; the stand-in, whose clock may be moved, does not.
    undated = "WARNING Slack's answer had no date, so the clock was not checked."
    assert [line for line in said.splitlines() if not line.startswith("OK ")] == [undated]
    assert code == 0
    assert "The bot token works: grip in the workspace Meadow Care." in said
    assert "All scopes of the manifest are granted." in said
    assert "Socket Mode can be opened" in said
    assert "Grip is a member of #oak-house, the channel of Oak House." in said


def test_a_fresh_database_is_no_fault(machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(capsys)
    assert code == 0
    assert "is empty; the first start sets it up" in said
    assert "WARNING No service is set up yet." in said


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN is not set. Put the bot token (xoxb-...)"),
        ("SLACK_APP_TOKEN", "", "SLACK_APP_TOKEN is not set. Put the app-level token (xapp-...)"),
        ("SLACK_BOT_TOKEN", "xapp-1-A", "SLACK_BOT_TOKEN holds an app-level token; it wants the bot token"),
        ("SLACK_BOT_TOKEN", "xoxp-1-A", "SLACK_BOT_TOKEN holds a user's token"),
        ("SLACK_APP_TOKEN", "xoxb-1-A", "SLACK_APP_TOKEN holds a bot token; it wants the app-level token"),
        ("SLACK_BOT_TOKEN", "secret", "SLACK_BOT_TOKEN holds no token of Slack's"),
        ("SLACK_BOT_TOKEN", "xoxb-revoked", "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy it again"),
        ("SLACK_APP_TOKEN", "xapp-revoked", "Slack refuses SLACK_APP_TOKEN (invalid_auth). Make a new"),
        ("SLACK_API_URL", "http://127.0.0.1:9/api/", "Slack cannot be reached at http://127.0.0.1:9/api/"),
        ("SLACK_API_URL", "slack", "Slack cannot be reached at slack"),
        ("DATABASE_URL", "sqlite:////proc/none/grip.db", "cannot be opened"),
        ("DATABASE_URL", "mysql://me:secret@host/plan", "mysql is not supported; use sqlite"),
        ("FILES", "/proc/none", "Evidence cannot be kept in /proc/none"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(
    machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, says: str
) -> None:
    machine.setenv(name, value)
    code, said = told(capsys)
    assert code == 1
    assert any(line.startswith("MISSING ") and says in line for line in said.splitlines()), said
    assert "secret" not in said.replace('"SLACK', "")


def test_a_required_scope_is_missing_an_optional_one_only_warned_of(
    machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], scopes: set[str]
) -> None:
    scopes -= {"im:history"}
    code, said = told(capsys)
    assert code == 0
    assert "WARNING The optional scope im:history is not granted: plain words and photos sent to Grip" in said
    scopes -= {"files:read"}
    code, said = told(capsys)
    assert code == 1
    assert "MISSING The scope files:read is not granted; it is for keeping evidence" in said


def test_socket_mode_switched_off(
    slack: Standin, machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.fault("apps.connections.open", "error", error="access_denied", times=1)
    code, said = told(capsys)
    assert code == 1
    assert 'MISSING Slack opens no socket (access_denied). Switch "Socket Mode" on in the settings of the app.' in said


def test_a_channel_without_the_bot(
    slack: Standin, machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", str(MEADOW_CARE)]) == 0
    engine = create_engine("sqlite:///data/grip.db")
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE role_holdings SET ended_at = '2026-11-01' WHERE role = 'registered_manager' "
                "AND service_id = (SELECT id FROM services WHERE name = 'Willow Court')"
            )
        )
    engine.dispose()
    members = slack.hub.world.channels["C0WILLOW"].members
    members.remove(slack.bot_user)
    try:
        code, said = told(capsys)
    finally:
        members.add(slack.bot_user)
    assert code == 1
    assert "MISSING Grip is no member of #willow-court, the channel of Willow Court. Type /invite @Grip there." in said
    assert "OK      Grip is a member of #oak-house" in said
    assert "WARNING Willow Court has no Registered Manager. A workspace admin types /sip setup" in said


def test_a_database_of_a_newer_release(machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    engine = create_engine("sqlite:///data/grip.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE alembic_beside SET oldest = '9999'"))
    engine.dispose()
    code, said = told(capsys)
    assert code == 1
    assert "MISSING The database is at version 9999, which this release does not know." in said


def test_a_database_of_a_newer_release_that_lets_this_one_stay(
    machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate"]) == 0
    engine = create_engine("sqlite:///data/grip.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    code, said = told(capsys)
    assert code == 0
    assert "can be written and is at version 9999" in said


def test_a_moved_clock_is_told(machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    machine.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    code, said = told(capsys)
    assert code == 0
    assert "WARNING CLOCK_FILE is set" in said


@pytest.mark.parametrize(
    ("apart", "level", "says"),
    [
        (timedelta(seconds=60), Level.OK, "agrees"),
        (timedelta(seconds=61), Level.WARNING, "61 seconds ahead of Slack's"),
        (timedelta(seconds=-300), Level.WARNING, "300 seconds behind Slack's"),
    ],
)
def test_the_clock_against_the_date_of_the_answer(apart: timedelta, level: Level, says: str) -> None:
    line = clock("Mon, 23 Nov 2026 12:00:00 GMT", NOON + apart)
    assert line.level is level
    assert says in line.text


def test_an_answer_without_a_date_cannot_be_compared() -> None:
    assert clock("", NOON).level is Level.WARNING


def test_the_scopes_are_those_of_the_manifest() -> None:
    named = yaml.safe_load((ROOT / "manifest.yml").read_text())["oauth_config"]["scopes"]
    assert set(OPTIONAL) == set(named["bot_optional"])
    assert set(REQUIRED) == set(named["bot"]) - set(named["bot_optional"])


def test_http_mode_needs_no_app_level_token(
    machine: pytest.MonkeyPatch, slack: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.delenv("SLACK_APP_TOKEN")
    code, said = told(capsys)
    assert code == 1  # neither mode can start
    machine.setenv("SLACK_SIGNING_SECRET", slack.signing_secret)
    code, said = told(capsys)
    assert code == 0
    assert "HTTP mode: `python -m bot serve` listens at 127.0.0.1:3000." in said
    assert "The bot token works" in said
    assert "Socket Mode" not in said


def test_many_workspaces_in_http_mode(
    machine: pytest.MonkeyPatch, slack: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"):
        machine.delenv(name)
    key = Fernet.generate_key().decode()
    machine.setenv("SLACK_SIGNING_SECRET", slack.signing_secret)
    machine.setenv("SLACK_CLIENT_ID", slack.client_id)
    machine.setenv("TOKEN_KEYS", key)
    code, said = told(capsys)
    assert code == 1
    assert "SLACK_CLIENT_SECRET and PUBLIC_URL must be set" in said
    machine.setenv("SLACK_CLIENT_SECRET", slack.client_secret)
    machine.setenv("PUBLIC_URL", "https://grip.example.org/")
    machine.setenv("TOKEN_KEYS", f"{key}, no key")
    code, said = told(capsys)
    assert code == 1
    assert "MISSING Key 2 in TOKEN_KEYS is none" in said
    machine.setenv("TOKEN_KEYS", key)
    code, said = told(capsys)
    assert code == 0
    assert "install Grip at https://grip.example.org/slack/install; any may, since WORKSPACES is empty." in said
    machine.setenv("WORKSPACES", "T0MEADOW, E0CARE")
    assert "only those of WORKSPACES may: E0CARE, T0MEADOW." in told(capsys)[1]
    machine.setenv("PUBLIC_URL", "http://grip.example.org")
    assert "WARNING PUBLIC_URL is http" in told(capsys)[1]
    machine.delenv("TOKEN_KEYS")
    assert "MISSING TOKEN_KEYS is not set" in told(capsys)[1]


def test_the_token_of_each_workspace_is_opened_and_asked_of_slack(
    machine: pytest.MonkeyPatch, slack: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"):
        machine.delenv(name)
    key, lost = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    machine.setenv("SLACK_SIGNING_SECRET", slack.signing_secret)
    machine.setenv("SLACK_CLIENT_ID", slack.client_id)
    machine.setenv("SLACK_CLIENT_SECRET", slack.client_secret)
    machine.setenv("PUBLIC_URL", "https://grip.example.org")
    machine.setenv("TOKEN_KEYS", key)
    assert main(["migrate"]) == 0
    assert "WARNING No workspace has installed Grip yet." in told(capsys)[1]
    with closing(open_store("sqlite:///data/grip.db")) as store:
        for name, token, used in (
            (slack.team, slack.bot_token, key),
            ("T2", "xoxb-revoked", key),
            ("T3", "xoxb-3", lost),
        ):
            Installations(store, [used]).keep(Installation(name, "", "UBOT", "", token, "", None, NOON))
        with store.transaction() as work:
            work.add(Service(id="s", workspace_id=slack.team, channel_id="C0OAKHOUSE", name="Oak House"))
    code, said = told(capsys)
    assert code == 1
    assert "OK      The bot token works: grip in the workspace Meadow Care." in said
    assert "OK      Grip is a member of #oak-house, the channel of Oak House." in said
    assert "MISSING T2: Slack refuses the token of T2 (invalid_auth). Have the workspace install Grip anew at" in said
    assert "MISSING No key in TOKEN_KEYS opens the token of T3. Add the key" in said
    machine.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    assert "MISSING Slack cannot be reached at http://127.0.0.1:9/api/" in told(capsys)[1]


def test_a_long_list_names_the_gravest_and_counts_the_rest() -> None:
    lines = [*(Line(Level.OK, str(n)) for n in range(30)), Line(Level.MISSING, "bad"), Line(Level.WARNING, "so")]
    short = at_most(lines, "channels")
    assert [str(line) for line in (*short[:3], short[-1])] == [
        *("MISSING bad", "WARNING so", "OK      0", "OK      And 12 more channels.")
    ]
    assert at_most(lines[:20], "channels") == lines[:20]
