"""HTTP mode with real processes: answers, refusals, health, figures, and an end that loses nothing."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.clock import system_clock
from playground.actor import wait_for
from tests.http.serving import NEXT_SECRET, Served, served


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("serve")) as running:
        yield running


def test_a_person_is_answered_over_http(bot: Served) -> None:
    heard = bot.slack.actor("U0RUTH").command("/sip help")
    assert not getattr(heard, "error", "")
    delivered = bot.slack.calls("slash_commands")
    assert delivered
    assert delivered[-1].status == "ok"


def test_slack_checks_the_address_and_hears_its_challenge(bot: Served) -> None:
    answer = bot.post(b'{"type": "url_verification", "challenge": "c3po"}', when=system_clock().timestamp())
    assert answer.status_code == 200
    assert "c3po" in answer.text


def test_while_the_signing_secret_is_changed_both_are_taken_and_no_other(bot: Served) -> None:
    body, now = b'{"type": "url_verification", "challenge": "c3po"}', system_clock().timestamp()
    secrets = (bot.slack.signing_secret, NEXT_SECRET, "0" * 32, f"{NEXT_SECRET}, {bot.slack.signing_secret}")
    assert [bot.post(body, when=now, secret=each).status_code for each in secrets] == [200, 200, 401, 401]


@pytest.mark.parametrize(
    ("headers", "age"),
    [
        ({"X_Slack_Signature": "v0=" + "0" * 64}, 0),
        ({"X_Slack_Signature": ""}, 0),
        ({"X_Slack_Signature": "v0=\xe9"}, 0),
        ({"X_Slack_Request_Timestamp": "soon"}, 0),
        ({"X_Slack_Request_Timestamp": "9" * 400}, 0),
        ({"X_Slack_Request_Timestamp": ""}, 0),
        ({}, 301),
        ({}, -400),
    ],
)
def test_what_is_forged_stale_or_misshapen_is_refused(bot: Served, headers: dict[str, str], age: int) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = bot.post(b'{"type": "event_callback"}', when=system_clock().timestamp() - age, **encoded)  # type: ignore[arg-type]
    assert answer.status_code == 401


UNINSTALLED = b'{"type": "event_callback", "team_id": "T1", "event": {"type": "app_uninstalled"}, "event_time": %b}'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"", "application/json"),
        (b"payload=", "application/x-www-form-urlencoded"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b"a=1&" * 5000, "application/x-www-form-urlencoded"),
        (b"command=%2Fsip&text=log&team_id=T0MEADOW&user_id=U0RUTH", "application/x-www-form-urlencoded"),
        (UNINSTALLED % b"-467677931774945", "application/json"),
        (UNINSTALLED % b"1e300", "application/json"),
        (b'{"type": "something", "team_id": "T1", "event": null}', "application/json"),
    ],
)
def test_what_is_malformed_is_refused_though_signed(bot: Served, body: bytes, kind: str) -> None:
    assert bot.post(body, when=system_clock().timestamp(), kind=kind).status_code == 400


def test_a_command_without_an_address_to_answer_to_is_answered(bot: Served) -> None:
    form = {"command": "/sip", "text": "help", "team_id": "T0MEADOW", "user_id": "U0RUTH", "channel_id": "C0OAKHOUSE"}
    body = urlencode(form | {"trigger_id": "77.no-address", "response_url": ""}).encode()
    told = bot.post(body, when=system_clock().timestamp(), kind="application/x-www-form-urlencoded")
    assert (told.status_code, "/sip" in told.text) == (200, True)


def test_what_is_too_large_is_refused_unread(bot: Served) -> None:
    assert bot.post(b"x" * 1_000_001, when=system_clock().timestamp()).status_code == 413


def test_an_event_nobody_listens_to_is_acknowledged(bot: Served) -> None:
    body = b'{"type": "event_callback", "team_id": "T0MEADOW", "event": {"type": "reaction_added"}, "event_id": "Ev1"}'
    assert bot.post(body, when=system_clock().timestamp()).status_code == 200


def test_health_and_figures(bot: Served) -> None:
    assert bot.get("/healthz").status_code == 200
    assert bot.get("/readyz").status_code == 200
    told = bot.get("/metrics").text
    for name in ("ack_seconds_count", "tick_age_seconds", "outbox_depth", "outbox_age_seconds", "store_up"):
        assert re.search(rf"^grip_{name}[ {{]", told, re.MULTILINE), name
    assert 'grip_deliveries{state="sent"}' in told
    assert bot.get("/").status_code == 404
    assert bot.get("/slack/events").status_code == 405


def test_the_log_holds_no_words_tokens_or_bodies(bot: Served) -> None:
    words = "log A12 Rosa Quince refused her porridge"
    form = {"command": "/sip", "text": words, "team_id": "T0MEADOW", "user_id": "U0RUTH", "channel_id": "C0OAKHOUSE"}
    body = urlencode(form | {"trigger_id": "77.secret-trigger", "response_url": "https://example.invalid/r"}).encode()
    assert bot.post(body, when=system_clock().timestamp(), kind="application/x-www-form-urlencoded").status_code == 200
    assert bot.post(body, when=0, kind="application/x-www-form-urlencoded").status_code == 401
    assert bot.post(b'{"words": "Rosa Quince"', when=system_clock().timestamp()).status_code == 400
    written = wait_for(lambda: "refused" in bot.log.read_text() and bot.log.read_text(), 5)
    assert re.search(r"^20\d\d-\d\d-\d\dT[\d:.]+Z \[warning", str(written), re.MULTILINE)  # the instant, in UTC
    secrets = (bot.slack.bot_token, bot.slack.signing_secret, "Quince", "porridge", "77.secret", "example.invalid")
    assert [each for each in secrets if each in str(written)] == []


def test_an_end_answers_what_is_under_way_and_leaves_no_lease(tmp_path: Path) -> None:
    with served(tmp_path) as bot:
        bot.slack.actor("U0RUTH").command("/sip setup")
        assert bot.end() == 0
    with sqlite3.connect(tmp_path / "grip.db") as database:
        assert database.execute("SELECT count(*) FROM deliveries WHERE state = 'claimed'").fetchone() == (0,)
    assert "Traceback" not in (tmp_path / "bot.log").read_text()
