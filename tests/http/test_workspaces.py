"""A workspace installs over HTTP, is answered with its own token, and may leave."""

import sqlite3
from pathlib import Path

import httpx

from playground.actor import wait_for
from playground.manifest import OURS, read_manifest
from tests.http.serving import Served, served


def install(bot: Served, **choice: str) -> httpx.Response:
    """What a browser does: to us, to Slack, back to us."""
    with httpx.Client(trust_env=False) as browser:
        away = browser.get(f"{bot.url}/slack/install")
        assert away.status_code == 302
        cookie = away.headers["set-cookie"].split(";")[0]
        agreed = browser.get(away.headers["location"], params=dict(httpx.URL(away.headers["location"]).params) | choice)
        assert agreed.status_code == 302
        return browser.get(agreed.headers["location"], headers={"Cookie": cookie})


def sealed(folder: Path) -> str:
    """The one token that is kept, as it stands in the database."""
    with sqlite3.connect(folder / "grip.db") as database:
        ((token,),) = database.execute("SELECT token FROM installations").fetchall()
    return str(token)


def test_a_workspace_installs_is_answered_and_leaves(tmp_path: Path) -> None:
    with served(tmp_path, many_workspaces=True, WORKSPACES="T0ELSEWHERE, T0MEADOW") as bot:
        assert install(bot, deny="1").text.startswith("Nothing was installed")
        assert install(bot).status_code == 200
        with httpx.Client(trust_env=False) as stranger:
            away = stranger.get(f"{bot.url}/slack/install").headers["location"]
            back = stranger.get(away).headers["location"]
            assert httpx.get(back, trust_env=False).status_code == 400  # another browser than the one that left
        assert bot.slack.bot_token not in sealed(tmp_path)
        bot.slack.actor("U0RUTH").command("/sip help")
        assert bot.slack.calls("slash_commands")[-1].status == "ok"

        bot.slack.happen("uninstall")

        assert wait_for(lambda: sealed(tmp_path) == "", 10)
        assert "Traceback" not in bot.log.read_text()


def test_a_token_that_rotates_is_renewed_in_the_background_once(tmp_path: Path) -> None:
    manifest = read_manifest(OURS)
    rotating = manifest | {"settings": manifest["settings"] | {"token_rotation_enabled": True}}
    with served(tmp_path, many_workspaces=True, manifest=rotating, TICK_SECONDS="0.3") as bot:
        assert install(bot).status_code == 200
        first = sealed(tmp_path)
        bot.slack.move_clock(advance_seconds=11 * 3600)
        assert wait_for(lambda: sealed(tmp_path) != first, 20)
        bot.slack.move_clock(advance_seconds=3600)  # the first one has ended
        bot.slack.actor("U0RUTH").command("/sip help")
        assert bot.slack.calls("slash_commands")[-1].status == "ok"
        assert [call.status for call in bot.slack.calls("oauth.v2.access")] == ["ok", "ok"]  # installed, renewed
        assert bot.slack.calls("auth.test") == []
        assert bot.slack.calls("users.info")[-1].status == "ok"


def test_a_workspace_that_may_not_install_is_told_so_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    with served(tmp_path, many_workspaces=True, WORKSPACES="T0ELSEWHERE") as bot:
        refused = install(bot)
        assert (refused.status_code, "add T0MEADOW to WORKSPACES" in refused.text) == (403, True)
        assert [call.status for call in bot.slack.calls("auth.revoke")] == ["ok"]
        assert bot.slack.hub.world.grants[bot.slack.bot_token].revoked
        bot.slack.actor("U0RUTH").command("/sip status")
        assert f"{bot.url}/slack/install" in str(bot.slack.calls("response_url")[-1])
        assert "InstallationStore" not in bot.log.read_text()  # Bolt speaks at length of one that is not ours
        with sqlite3.connect(tmp_path / "grip.db") as database:
            for table in ("installations", "people"):
                assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - both ours
