"""A database that is silent or away, and answers that come too late: nobody is left without words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from slack_bolt import BoltRequest
from sqlalchemy import text

from bot.clock import system_clock
from bot.plan.entries import Entry
from handlers.figures import Figures
from handlers.late import Late
from handlers.web import Web
from playground.actor import wait_for
from playground.delivery import signed
from storage.installations import Installations, told
from storage.store import open_store
from tests.handlers.conftest import House, housed
from tests.handlers.town import OTHER, TEAM, Outsider, Town
from tests.postgres import Postgres

RUTH, STRANGER = Outsider("U0RUTH"), Outsider("U0RUTH", OTHER, OTHER)


@dataclass
class Scene:
    """Oak House on PostgreSQL, in a workspace that installed the app."""

    postgres: Postgres
    house: House
    town: Town

    def web(self, late: Late, patience: float = 2.0) -> Web:
        program = self.house.program
        figures = Figures(program.desk, program.ticker, program.acks, patience=patience)
        return Web(program.app, figures, [self.house.slack.signing_secret], {}, late)

    def ask(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What the app answers before it leaves the process."""
        answer = self.house.program.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        return answer.status, json.loads(answer.body or "{}")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    postgres, key = Postgres(), Fernet.generate_key().decode()
    postgres.start()
    many = {"slack_client_id": "1.2", "token_keys": SecretStr(key), "public_url": "https://grip.example"}
    folder, url = tmp_path_factory.mktemp("away"), postgres.database()
    with housed(folder, signing=True, database_url=url, socket_connections=1, workers=4, **many) as house:
        answer = {"access_token": house.slack.bot_token, "team": {"id": TEAM}, "bot_user_id": "UBOT"}
        Installations(house.program.desk.store, [key]).keep(told(answer, house.now()))  # type: ignore[arg-type]
        house.action(house.priority())
        yield Scene(postgres, house, Town(house, {}))
    postgres.stop()


def get(web: Web, path: str) -> tuple[int, str]:
    return call(web, {"PATH_INFO": path, "REQUEST_METHOD": "GET"})


def post(web: Web, secret: str, form: dict[str, str]) -> tuple[int, str]:
    body = urlencode(form).encode()
    stamped = signed(secret, body, system_clock().timestamp())
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in stamped.items()}
    kind = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
    environ = {"PATH_INFO": "/slack/events", "REQUEST_METHOD": "POST", "wsgi.input": BytesIO(body)}
    return call(web, environ | kind | headers)


def call(web: Web, environ: dict[str, Any]) -> tuple[int, str]:
    statuses: list[str] = []
    (body,) = web(environ, lambda status, _headers: statuses.append(status))
    return int(statuses[0][:3]), body.decode()


def test_an_answer_that_slack_did_not_wait_for_is_said_where_it_was_asked(scene: Scene) -> None:
    slack, program = scene.house.slack, scene.house.program
    sockets = replace(program, late=Late(after=0.0)).sockets()
    sockets.connect()
    scene.house.actor("amara").command("/sip log A1 Briefed the shift")
    (said,) = wait_for(lambda: slack.calls("response_url"))
    assert "Saved as E1" in said.payload["text"]
    assert (said.status, said.payload["response_type"], bool(said.payload["blocks"])) == ("ok", "ephemeral", True)
    sockets.close()

    hub = slack.hub
    asked = {key: str(value) for key, value in scene.town.command(RUTH, "help").items() if isinstance(value, str)}
    asked["response_url"] = hub.response_url(hub.world.users["U0RUTH"], hub.world.channels["C0OAKHOUSE"], command=True)
    assert post(scene.web(Late()), slack.signing_secret, asked)[0] == 200  # in time
    slack.fault("response_url", "http_500", times=1)
    late = scene.web(Late(after=0.0))
    assert post(late, slack.signing_secret, asked | {"text": "log A1 Asked each shift leader"})[0] == 200
    wait_for(lambda: hub.faults.struck)
    assert post(late, slack.signing_secret, asked | {"text": "status"})[0] == 200
    wait_for(lambda: len(slack.calls("response_url")) > 1)
    assert [each.payload["text"] for each in slack.calls("response_url")[1:] if "Saved" in each.payload["text"]] == []
    assert len(scene.house.all(Entry)) == 2


def test_a_silent_database_holds_up_no_monitor_and_one_thread_alone(scene: Scene) -> None:
    web, other = scene.web(Late(), patience=0.05), open_store(scene.house.program.desk.settings.database_url)
    with other.transaction() as work:
        work.connection.execute(text("LOCK TABLE services IN ACCESS EXCLUSIVE MODE"))
        for _ in range(3):
            assert get(web, "/readyz") == (503, "the database does not answer")
        status, figures = get(web, "/metrics")
        assert status == 200
        assert "grip_store_up 0.0" in figures
        assert "grip_outbox_depth" not in figures
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        assert work.connection.execute(waiting).scalar() == 1
    other.close()
    assert wait_for(lambda: get(web, "/readyz") == (200, "ready"))
    assert "grip_outbox_depth" in get(scene.web(Late()), "/metrics")[1]


def test_where_no_key_opens_the_token_people_have_words(scene: Scene) -> None:
    lost = Installations(scene.house.program.desk.store, [Fernet.generate_key().decode()])  # type: ignore[arg-type]
    lost.keep(told({"access_token": "xoxb-1", "team": {"id": OTHER}, "bot_user_id": "UBOT"}, scene.house.now()))
    status, answer = scene.ask(scene.town.command(STRANGER, "log A1 Read the sheet aloud"))
    assert (status, "nothing was saved" in answer["text"]) == (200, True)
    assert "log A1 Read the sheet aloud" in answer["text"]
    lost.remove(OTHER, scene.house.now())


def test_without_a_database_people_have_words_and_the_log_is_short(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    town, slack = scene.town, scene.house.slack
    assert scene.ask(town.command(RUTH, "help"))[0] == 200
    slack.move_clock(advance_seconds=60)
    capsys.readouterr()
    scene.postgres.kill()
    try:
        authorize = scene.house.program.workspaces.authorize
        found = authorize(None, TEAM)
        assert found
        assert found.bot_token == slack.bot_token
        for who in (RUTH, STRANGER):  # of the second workspace nothing is remembered
            status, answer = scene.ask(town.command(who, "log A1 Read the sheet aloud"))
            assert status == 200
            assert "nothing was saved" in answer["text"]
            assert "log A1 Read the sheet aloud" in answer["text"]
        status, answer = scene.ask(town.form(STRANGER, "entry.add"))
        assert (status, answer["response_action"]) == (200, "errors")
        before = len(slack.calls("response_url"))
        assert scene.ask(town.button(STRANGER, "help.show"))[0] == 200
        assert "nothing was saved" in slack.calls("response_url")[before].payload["text"]
        assert scene.ask(town.event(STRANGER, "app_mention", text="log"))[0] == 500  # Slack tells of it again
        assert get(scene.web(Late()), "/readyz")[0] == 503
    finally:
        scene.postgres.start()
    log = capsys.readouterr().out
    assert "reason=" in log
    assert "Traceback" not in log
    assert "aloud" not in log
