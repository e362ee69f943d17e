"""Tokens, scopes, workspaces and installations of the Web API, and files up and down."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.actor import Actor
from playground.server import Standin
from tests.playground.conftest import client_of, manifest, refusal

OAK = "C0OAKHOUSE"
HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}


def test_auth_test_tells_who_the_bot_is_and_its_scopes(slack: Standin, web: WebClient) -> None:
    answer = web.auth_test()
    assert (answer["team_id"], answer["user_id"]) == ("T0MEADOW", slack.bot_user)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


def test_tokens_are_looked_at(slack: Standin) -> None:
    assert refusal(client_of(slack, "xoxb-wrong").auth_test) == "invalid_auth"
    assert refusal(client_of(slack, slack.app_token).auth_test) == "not_allowed_token_type"
    assert refusal(client_of(slack).apps_connections_open, app_token=slack.bot_token) == "not_allowed_token_type"
    without = httpx.post(f"{slack.api_url}auth.test", trust_env=False).json()
    assert without["error"] == "not_authed"


def test_a_missing_scope_is_named(slack: Standin) -> None:
    slack.happen("grant_scopes", scopes=["users:read"])
    with pytest.raises(SlackApiError) as refused:
        client_of(slack).chat_postMessage(channel=OAK, text="x")
    answer = refused.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "users:read")


def test_private_conversations_need_their_own_scopes(slack: Standin, web: WebClient) -> None:
    private = slack.happen("create_channel", name="managers", private=True, bot=True, members=["U0RUTH"])["channel"][
        "id"
    ]
    slack.happen("grant_scopes", scopes=["channels:read", "channels:history", "chat:write"])
    assert refusal(web.conversations_info, channel=OAK) == ""
    assert refusal(web.conversations_info, channel=private) == "missing_scope"
    assert refusal(web.conversations_history, channel=private) == "missing_scope"


def test_an_upload_takes_three_steps_and_is_shared_a_little_later(slack: Standin, web: WebClient, amara: Actor) -> None:
    pdf = b"%PDF-1.7 pack"
    answer = web.files_upload_v2(channel=OAK, filename="pack.pdf", content=pdf, initial_comment="The pack")
    shown = amara.see("The pack", "oak-house")
    file = shown["files"][0]
    assert (file["name"], file["mimetype"], amara.file(file["id"])) == ("pack.pdf", "application/pdf", pdf)
    assert web.files_info(file=answer["file"]["id"])["file"]["shares"]["public"][OAK][0]["ts"] == shown["ts"]
    assert refusal(web.files_getUploadURLExternal, filename="empty.pdf", length=0) == "invalid_arguments"
    assert refusal(web.files_completeUploadExternal, files=[{"id": "F0NONE"}]) == "file_not_found"
    again = web.files_getUploadURLExternal(filename="a.txt", length=1)
    httpx.post(again["upload_url"], content=b"a", trust_env=False)
    lost = {"files": [{"id": again["file_id"]}], "channel_id": "U0AMARA"}
    assert refusal(web.files_completeUploadExternal, **lost) == "channel_not_found"


def fetch(slack: Standin, url: str, token: str = "") -> httpx.Response:
    return httpx.get(url, headers={"Authorization": f"Bearer {token or slack.bot_token}"}, trust_env=False)


def test_files_are_readable_only_where_the_bot_is(slack: Standin, web: WebClient, amara: Actor) -> None:
    seen = amara.upload("note.txt", b"hello", channel="oak-house")
    unseen = amara.upload("secret.txt", b"hidden", channel="general")
    url = web.files_info(file=seen)["file"]["url_private_download"]
    assert fetch(slack, url).content == b"hello"
    page = fetch(slack, url, token="xoxb-wrong")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text.startswith("<!DOCTYPE html>")
    assert refusal(web.files_info, file=unseen) == "file_not_found"
    assert "Sign in" in fetch(slack, url.replace(seen, unseen)).text
    slack.happen("leave", channel=OAK)
    assert "Sign in" in fetch(slack, url).text


def test_two_workspaces_do_not_see_each_other(slack: Standin) -> None:
    person = {"id": "U0OTHER", "name": "olga", "real_name": "Olga Other"}
    other = {
        "id": "T0OTHER",
        "name": "Other",
        "people": [person],
        "channels": [{"id": "C0OTHER", "name": "x", "bot": True}],
    }
    here = {"id": "T0HERE", "name": "Here", "people": [person | {"id": "U0HERE"}], "channels": []}
    with Standin({"workspaces": [here, other]}, manifest=manifest(), limits=False) as both:
        mine, theirs = client_of(both), client_of(both, "xoxb-T0OTHER-standin")
        assert theirs.auth_test()["team"] == "Other"
        assert refusal(theirs.chat_postMessage, channel="C0OTHER", text="x") == ""
        assert refusal(mine.chat_postMessage, channel="C0OTHER", text="x") == "channel_not_found"
        assert refusal(mine.users_info, user="U0OTHER") == "user_not_found"
        assert refusal(mine.chat_postMessage, channel="U0OTHER", text="x") == "channel_not_found"


def test_oauth_gives_tokens_once_and_rotates_them() -> None:
    rotating = manifest(token_rotation_enabled=True)
    with Standin(manifest=rotating, limits=False) as slack:
        page = f"{slack.url}/oauth/v2/authorize?client_id={slack.client_id}&scope=chat:write&state=s&redirect_uri=http://x/back"
        back = httpx.get(page, trust_env=False).headers["location"]
        code = httpx.URL(back).params["code"]
        ids = {"client_id": slack.client_id, "client_secret": slack.client_secret}
        web = WebClient(base_url=slack.api_url, retry_handlers=[])
        first = web.oauth_v2_access(**ids, code=code)
        assert (first["scope"], first["expires_in"], first["team"]["id"]) == ("chat:write", 43_200, "T0MEADOW")
        assert refusal(web.oauth_v2_access, **ids, code=code) == "invalid_code"
        wrong = ids | {"client_secret": "guess"}
        assert refusal(web.oauth_v2_access, **wrong, code=code) == "bad_client_secret"
        token = first["access_token"]
        assert refusal(client_of(slack, token).auth_test) == ""
        slack.move_clock(advance_seconds=43_201)
        assert refusal(client_of(slack, token).auth_test) == "token_expired"
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = web.oauth_v2_access(**ids, **refresh)
        assert refusal(client_of(slack, second["access_token"]).auth_test) == ""
        assert refusal(web.oauth_v2_access, **ids, **refresh) == "invalid_refresh_token"


def test_revoked_and_uninstalled_tokens_are_dead(slack: Standin, web: WebClient) -> None:
    web.auth_revoke()
    assert refusal(web.auth_test) == "token_revoked"


def test_an_image_block_may_show_an_uploaded_picture(slack: Standin, web: WebClient, amara: Actor) -> None:
    picture = amara.upload("chart.png", b"\x89PNG", channel="oak-house")
    note = amara.upload("note.txt", b"x", channel="oak-house")
    block = {"type": "image", "alt_text": "rising", "slack_file": {"id": picture}}
    assert refusal(web.chat_postMessage, channel=OAK, text="x", blocks=[block]) == ""
    block["slack_file"] = {"id": note}
    assert refusal(web.chat_postMessage, channel=OAK, text="x", blocks=[block]) == "invalid_blocks"
    secret = amara.upload("private.png", b"\x89PNG", channel="general")
    block["slack_file"] = {"id": secret}
    assert refusal(web.chat_postMessage, channel=OAK, text="x", blocks=[block]) == "invalid_blocks", "not the app's"


def test_a_picture_of_the_apps_own_is_shown_only_after_slack_has_looked_at_it(slack: Standin, web: WebClient) -> None:
    """As in Slack: right after the upload files.info knows no image, and a block that names it is refused."""
    given = web.files_getUploadURLExternal(filename="chart.png", length=33, alt_txt="Better since May")
    png = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (400).to_bytes(4, "big") + (240).to_bytes(4, "big") + b"\x08"
    httpx.post(given["upload_url"], content=png, trust_env=False)
    web.files_completeUploadExternal(files=[{"id": given["file_id"], "title": "chart"}])
    view = {"type": "home", "blocks": [{"type": "image", "alt_text": "x", "slack_file": {"id": given["file_id"]}}]}
    early = web.files_info(file=given["file_id"])["file"]
    assert (early["mimetype"], "thumb_360" in early) == ("", False)
    assert refusal(web.views_publish, user_id="U0AMARA", view=view) == "invalid_arguments"
    slack.move_clock(advance_seconds=5)
    file = web.files_info(file=given["file_id"])["file"]
    assert (file["mimetype"], file["original_w"], file["original_h"]) == ("image/png", 400, 240)
    assert (file["alt_txt"], file["channels"]) == ("Better since May", [])
    assert refusal(web.views_publish, user_id="U0AMARA", view=view) == ""
