"""What the page relies on: live hints, the state, the page's files, and what a person may fetch."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from websockets.sync.client import ClientConnection, connect

from playground.actor import Actor
from playground.server import Standin
from tests.playground.conftest import refusal

Json = dict[str, Any]


@pytest.fixture
def hints(slack: Standin) -> Iterator[ClientConnection]:
    """The live line of Ruth."""
    with connect(slack.url.replace("http", "ws") + "/play/live?user=U0RUTH", proxy=None) as line:
        line.send("here")
        yield line


def told(line: ClientConnection, kind: str) -> Json:
    """The next hint of this kind."""
    while True:
        hint: Json = json.loads(line.recv(timeout=2))
        if hint["type"] == kind:
            return hint


def test_a_page_is_told_what_changed_for_its_person(
    slack: Standin, web: WebClient, amara: Actor, hints: ClientConnection
) -> None:
    web.chat_postEphemeral(channel="C0OAKHOUSE", user="U0AMARA", text="not for Ruth")
    said = amara.say("hello", "oak-house")
    assert told(hints, "message") == {"type": "message", "channel": "C0OAKHOUSE", "ts": said["ts"]}
    amara.say("reply", "oak-house", thread_ts=said["ts"])
    assert told(hints, "message")["thread_ts"] == said["ts"]
    posted = web.chat_postMessage(channel="C0OAKHOUSE", text="x")["ts"]
    web.chat_update(channel="C0OAKHOUSE", ts=posted, text="y")
    assert told(hints, "message_changed")["ts"] == posted
    web.chat_delete(channel="C0OAKHOUSE", ts=posted)
    assert told(hints, "message_deleted")["ts"] == posted
    web.views_publish(user_id="U0RUTH", view={"type": "home", "blocks": []})
    assert told(hints, "home")
    slack.move_clock(advance_seconds=60)
    assert told(hints, "clock")
    web.auth_test()
    assert told(hints, "traffic")


def test_unread_messages_are_counted_until_looked_at(web: WebClient, amara: Actor) -> None:
    def unread() -> int:
        return next(int(c["unread"]) for c in amara.state()["channels"] if c["name"] == "oak-house")

    web.chat_postMessage(channel="C0OAKHOUSE", text="a")
    web.chat_postEphemeral(channel="C0OAKHOUSE", user="U0RUTH", text="for somebody else")
    amara.say("my own", "oak-house")
    assert unread() == 1
    amara.messages("oak-house")
    assert unread() == 0


def test_the_page_is_served_and_knows_the_command(slack: Standin) -> None:
    page = httpx.get(slack.url, trust_env=False)
    assert "/page/main.js" in page.text
    assert httpx.get(f"{slack.url}/page/main.js", trust_env=False).status_code == 200
    state = httpx.get(f"{slack.url}/play/state", trust_env=False).json()
    assert state["app"]["commands"][0]["command"] == "/parrot"
    assert state["me"] is None


def test_a_file_is_fetched_only_by_those_who_see_it(slack: Standin, amara: Actor) -> None:
    private = slack.happen("create_channel", name="leads", private=True, members=["U0AMARA", "U0DEEPA"])
    file = amara.upload("note.txt", b"for leads", channel=private["channel"]["id"])
    assert slack.actor("U0DEEPA").file(file) == b"for leads"
    assert b"file_not_found" in slack.actor("U0RUTH").file(file)


def test_private_channels_are_seen_by_members_alone(slack: Standin, amara: Actor) -> None:
    slack.happen("create_channel", name="leads", private=True, members=["U0AMARA"])
    assert "leads" in [c["name"] for c in amara.state()["channels"]]
    assert "leads" not in [c["name"] for c in slack.actor("U0RUTH").state()["channels"]]


def test_an_update_by_text_takes_the_blocks_away(web: WebClient, amara: Actor) -> None:
    blocks = [{"type": "divider"}]
    ts = web.chat_postMessage(channel="C0OAKHOUSE", text="x", blocks=blocks)["ts"]
    web.chat_update(channel="C0OAKHOUSE", ts=ts, text="y")
    assert "blocks" not in amara.last("oak-house")


def test_a_workspace_may_take_posts_to_leavers_in_silence(slack: Standin, web: WebClient) -> None:
    slack.happen("deactivate_user", user="U0NEWMAN")
    assert refusal(web.chat_postMessage, channel="U0NEWMAN", text="x") == "user_disabled"
    slack.hub.posts_to_leavers = True
    assert refusal(web.chat_postMessage, channel="U0NEWMAN", text="x") == ""
    assert refusal(web.conversations_open, users="U0NEWMAN") == "user_disabled"
