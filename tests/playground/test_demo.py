"""The demo as a program: it tells where to open it, keeps a bot beside it alive, and ends when asked."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from playground.__main__ import BotBeside
from playground.actor import wait_for
from playground.keep import load_into, save
from playground.server import MEADOW_CARE, Standin, listen
from tests.playground.conftest import client_of

FRAGILE = """
import os, sys, time
word, folder = sys.argv[1], os.environ["FILES"]
open(folder + "." + word, "a").write(os.environ["SLACK_API_URL"] + chr(10))
if word == "run":
    time.sleep(60)
"""


def test_the_demo_without_a_bot_serves_people_and_ends_on_sigterm() -> None:
    free = listen()
    port = free.getsockname()[1]
    free.close()
    command = [sys.executable, "-m", "playground", "--no-bot", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline() == f"Open http://127.0.0.1:{port} in your browser. Ctrl-C ends it.\n"
        state = httpx.get(f"http://127.0.0.1:{port}/play/state", trust_env=False).json()
        assert (state["workspace"]["name"], state["me"], state["app"]["connected"]) == ("Meadow Care", None, False)
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(10) == 0


def test_a_bot_that_dies_is_started_again(slack: Standin, tmp_path: Path) -> None:
    script = tmp_path / "fragile.py"
    script.write_text(FRAGILE)
    bot = BotBeside(slack, tmp_path, (str(script),))
    assert bot.seed() == 0
    bot.start()
    runs = tmp_path / "files.run"
    wait_for(lambda: runs.exists() and runs.read_text().splitlines() == [slack.api_url])
    bot.kill()
    wait_for(lambda: len(runs.read_text().splitlines()) == 2, seconds=10)
    assert bot.process is not None
    bot.stop()
    assert bot.process.poll() is not None
    assert (bot.restarts, len((tmp_path / "files.seed").read_text().splitlines())) == (1, 1)


def test_the_cast_of_the_demo() -> None:
    space = json.loads(MEADOW_CARE.read_text())["workspaces"][0]
    roles = [role["role"] for person in space["people"] for role in person["roles"]]
    assert set(roles) == {
        "team_leader",
        "deputy",
        "quality_lead",
        "audit_lead",
        "registered_manager",
        "provider_oversight",
    }
    assert [person["name"] for person in space["people"] if not person["roles"]] == ["callum"]
    assert [channel["name"] for channel in space["channels"] if channel.get("bot")] == ["oak-house", "willow-court"]


def test_a_kept_workspace_goes_on_where_it_stopped(tmp_path: Path) -> None:
    file = tmp_path / "workspace.json"
    with Standin(limits=False) as first:
        web, amara = client_of(first), first.actor("U0AMARA")
        parent = web.chat_postMessage(channel="C0OAKHOUSE", text="parent")["ts"]
        web.chat_postMessage(channel="C0OAKHOUSE", text="reply", thread_ts=parent)
        picture = amara.upload("photo.png", b"\x89PNG", channel="oak-house")
        web.views_publish(user_id="U0AMARA", view={"type": "home", "blocks": [{"type": "divider"}]})
        first.happen("deactivate_user", user="U0NEWMAN")
        before = amara.messages("oak-house"), amara.home(quiet=True)
        save(first.hub.world, file)
    port = int(first.url.rsplit(":", 1)[1])
    with Standin(limits=False, port=port) as second:
        load_into(second.hub.world, file)
        amara = second.actor("U0AMARA")
        assert (amara.messages("oak-house"), amara.home(quiet=True)) == before
        assert [m["text"] for m in amara.messages("oak-house", thread_ts=parent)] == ["parent", "reply"]
        assert amara.file(picture) == b"\x89PNG"
        assert client_of(second).chat_update(channel="C0OAKHOUSE", ts=parent, text="changed")["ok"]
        assert second.hub.world.users["U0NEWMAN"].deleted
