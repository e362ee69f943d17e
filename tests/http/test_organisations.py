"""An Enterprise organisation installs once; each of its workspaces keeps its own plan, and outsiders are refused."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.clock import system_clock
from bot.ids import new_id
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.services import Service
from handlers.callers import OUTSIDER
from playground.actor import Actor, wait_for, words
from storage.store import open_store
from tests.http.serving import Served, served
from tests.http.test_workspaces import install

CARE = "E0CARE"
BORN = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def workspace(name: str, **more: Any) -> dict[str, Any]:
    """A workspace with a manager and a channel; apart from their ids they look alike everywhere."""
    ident = name.upper()
    people = [{"id": f"U0{ident}", "name": "ruth", "real_name": "Ruth Callaghan"}]
    channels = [{"id": f"C0{ident}", "name": "oak-house", "bot": True}]
    return {"id": f"T0{ident}", "name": name, "people": people, "channels": channels} | more


WORLD = {
    "workspaces": [
        workspace("North", enterprise=CARE),
        workspace("South", enterprise=CARE),
        workspace("Stranger"),
    ]
}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The organisation has installed the app, and each of its two workspaces set up a service."""
    folder = tmp_path_factory.mktemp("organisation")
    with served(folder, many_workspaces=True, world=WORLD, TICK_SECONDS="0.5", WORKSPACES=CARE) as running:
        assert install(running, organisation=CARE).status_code == 200
        for name in ("NORTH", "SOUTH"):
            _set_up(running, name)
        world = running.slack.hub.world
        for person in ("U0SOUTH", "U0NORTH"):
            world.users[person].enterprise, world.users[person].teams = CARE, ["T0NORTH", "T0SOUTH"]
        world.channels["C0NORTH"].members.add("U0STRANGER")  # a channel shared by Slack Connect
        yield running


def _set_up(bot: Served, name: str) -> None:
    store = open_store(f"sqlite:///{bot.folder}/grip.db")
    with store.transaction() as work:
        service = Service(id=new_id(BORN), workspace_id=f"T0{name}", channel_id=f"C0{name}", name=f"Oak House {name}")
        person = Person(id=new_id(BORN), workspace_id=f"T0{name}", slack_id=f"U0{name}", name="Ruth Callaghan")
        work.add(service)
        work.add(person)
        work.add(
            RoleHolding(
                id=new_id(BORN),
                workspace_id=service.workspace_id,
                service_id=service.id,
                role=Role.REGISTERED_MANAGER,
                person_id=person.id,
            )
        )
    store.close()


def rows(bot: Served) -> dict[str, tuple[str, bool, bool]]:
    """Installation -> (its organisation, whether it holds a token, whether it was removed)."""
    with sqlite3.connect(bot.folder / "grip.db") as database:
        found = database.execute("SELECT id, enterprise_id, token != '', removed_at IS NOT NULL FROM installations")
        return {each: (organisation, bool(token), bool(gone)) for each, organisation, token, gone in found}


def submitted(bot: Served, team: str | None, user: str, home: str, **view: Any) -> str:
    """What a form says to somebody whose own workspace is `home`, sent from the workspace `team`."""
    shown = {
        "id": "V1",
        "type": "modal",
        "callback_id": "log.form",
        "private_metadata": "",
        "blocks": [{"type": "input", "block_id": "what", "element": {"type": "plain_text_input", "action_id": "what"}}],
        "state": {"values": {"what": {"what": {"type": "plain_text_input", "value": "Briefed the seniors"}}}},
        "hash": f"{team}{user}",
    }
    body = {
        "type": "view_submission",
        "team": {"id": team} if team else None,
        "enterprise": {"id": CARE, "name": "Care"},
        "is_enterprise_install": True,
        "user": {"id": user, "team_id": home},
        "view": shown | view,
    }
    form = urlencode({"payload": json.dumps(body)}).encode()
    answer = bot.post(form, when=system_clock().timestamp(), kind="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    return str(answer.json().get("errors"))


def test_one_token_answers_in_every_workspace_and_is_asked_about_by_nobody(bot: Served) -> None:
    for name in ("NORTH", "SOUTH"):
        bot.slack.actor(f"U0{name}").command("/sip help")
        assert bot.slack.calls("slash_commands")[-1].status == "ok"
    assert rows(bot) == {
        CARE: (CARE, True, False),
        "T0NORTH": (CARE, False, False),
        "T0SOUTH": (CARE, False, False),
    }
    assert bot.slack.calls("auth.test") == []


def _posted(person: Actor) -> list[dict[str, Any]]:
    return [message for message in person.messages("oak-house") if not message.get("ephemeral")]


def test_each_workspace_reads_and_is_told_of_its_own_plan_alone(bot: Served) -> None:
    for name, other in (("NORTH", "SOUTH"), ("SOUTH", "NORTH")):
        ruth = bot.slack.actor(f"U0{name}")
        ruth.command("/sip status", "oak-house")
        posted = wait_for(partial(_posted, ruth), 20)
        assert f"Oak House {name}" in words(posted[-1])
        assert other not in words(posted[-1])
    acted_in = {call.payload.get("team_id") for call in bot.slack.calls("chat.postMessage")}
    assert acted_in == {"T0NORTH", "T0SOUTH"}


def test_a_colleague_of_the_organisation_is_met_as_themselves(bot: Served) -> None:
    assert OUTSIDER not in submitted(bot, "T0NORTH", "U0SOUTH", "T0SOUTH")
    with sqlite3.connect(bot.folder / "grip.db") as database:
        met = "SELECT guest FROM people WHERE workspace_id = 'T0NORTH' AND slack_id = 'U0SOUTH'"
        assert database.execute(met).fetchall() == [(0,)]


def test_a_window_without_a_team_belongs_to_the_workspace_that_it_names(bot: Served) -> None:
    assert "You have no role" not in submitted(bot, None, "U0NORTH", "T0SOUTH", team_id="T0NORTH")


@pytest.mark.parametrize("view", [{}, {"app_installed_team_id": "T0NORTH"}])
def test_somebody_of_another_organisation_is_refused(bot: Served, view: dict[str, Any]) -> None:
    team = "T0STRANGER" if view else "T0NORTH"
    assert OUTSIDER in submitted(bot, team, "U0STRANGER", "T0STRANGER", **view)
    with sqlite3.connect(bot.folder / "grip.db") as database:
        met = database.execute("SELECT workspace_id, guest FROM people WHERE slack_id = 'U0STRANGER'").fetchall()
    assert met == [("T0NORTH", 1)]


def test_somebody_of_whom_slack_says_nothing_is_refused_and_not_kept(bot: Served) -> None:
    assert OUTSIDER in submitted(bot, "T0NORTH", "U0NOBODY", "T0STRANGER")
    with sqlite3.connect(bot.folder / "grip.db") as database:
        assert database.execute("SELECT count(*) FROM people WHERE slack_id = 'U0NOBODY'").fetchone() == (0,)


def test_an_organisation_takes_the_app_out_of_one_workspace_and_then_of_all(bot: Served) -> None:
    bot.slack.happen("revoke_access", team="T0SOUTH")
    wait_for(lambda: rows(bot)["T0SOUTH"][2], 10)
    assert rows(bot)["T0NORTH"] == (CARE, False, False)
    bot.slack.actor("U0NORTH").command("/sip help")
    assert bot.slack.calls("slash_commands")[-1].status == "ok"
    bot.slack.happen("uninstall", team="T0NORTH")
    wait_for(lambda: all(not token and gone for _, token, gone in rows(bot).values()), 10)
    assert install(bot, organisation=CARE).status_code == 200
    bot.slack.actor("U0NORTH").command("/sip help")
    assert bot.slack.calls("slash_commands")[-1].status == "ok"
    assert rows(bot)["T0NORTH"] == (CARE, False, False)
    assert "Traceback" not in bot.log.read_text()
