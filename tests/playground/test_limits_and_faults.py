"""Rate limits count as Slack's do, and every fault that can be asked for is committed exactly as often as asked."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler

from playground.clock import Clock
from playground.limits import Limits
from playground.server import Standin
from tests.playground.conftest import client_of, manifest, refusal

OAK, WILLOW = "C0OAKHOUSE", "C0WILLOW"


def texts(slack: Standin, channel: str = OAK) -> list[str]:
    return [m["text"] for m in slack.actor("U0AMARA").messages(channel)]


def post(web: WebClient, text: str, channel: str = OAK) -> str:
    """The outcome of a post: "ok", Slack's error, or the kind of failure on the wire."""
    try:
        return refusal(web.chat_postMessage, channel=channel, text=text) or "ok"
    except OSError as error:
        return "time-out" if isinstance(error, TimeoutError) else "lost"


@pytest.fixture
def limited() -> Iterator[Standin]:
    with Standin(manifest=manifest(), limits=Limits(channel_burst=2, posts_burst=4)) as running:
        yield running


def test_one_message_a_second_and_channel_with_a_small_burst(limited: Standin) -> None:
    web = client_of(limited)
    assert [post(web, f"m{i}") for i in range(3)] == ["ok", "ok", "ratelimited"]
    assert post(web, "elsewhere", WILLOW) == "ok"
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=OAK, text="m4")
    answer = refused.value.response
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert [(each.key, each.again) for each in limited.hub.limits.refused] == [
        (f"T0MEADOW:chat.postMessage:{OAK}", False),
        (f"T0MEADOW:chat.postMessage:{OAK}", True),
    ]
    time.sleep(1.05)
    assert post(web, "later") == "ok"
    assert [item.status for item in limited.calls("chat.postMessage")].count("429 ratelimited") == 2
    assert limited.actor("U0AMARA").http.get("/play/limits").json()["refused_again"] == 1


def test_a_workspace_has_a_limit_of_its_own(limited: Standin) -> None:
    web = client_of(limited)
    people = ["U0AMARA", "U0RUTH", "U0DEEPA", "U0PRIYA", "U0IDRIS"]
    assert [post(web, "x", person) for person in people] == ["ok"] * 4 + ["ratelimited"]


def test_methods_have_tiers(limited: Standin) -> None:
    web = client_of(limited)
    outcomes = [refusal(web.users_list) for _ in range(22)]
    assert outcomes.count("ratelimited") in (1, 2)
    assert refusal(web.users_info, user="U0AMARA") == ""


def test_limits_can_be_switched_off_and_scaled(slack: Standin) -> None:
    assert [post(client_of(slack), "x") for _ in range(30)] == ["ok"] * 30
    fast = Limits(scale=1000)
    began = time.monotonic()
    sent = 0
    while sent < 200:
        if fast.check("T", "chat.postMessage", f"C{sent % 50}") == 0:
            sent += 1
    assert time.monotonic() - began < 1


def test_a_lost_reply_means_the_work_was_done_and_a_retrying_client_does_it_twice(slack: Standin) -> None:
    slack.fault("chat.postMessage", "drop_reply", times=1)
    assert post(client_of(slack), "once") == "lost"
    assert texts(slack) == ["once"]
    slack.fault("chat.postMessage", "drop_reply", times=1)
    trap = WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[ConnectionErrorRetryHandler()])
    assert post(trap, "twice") == "ok"
    assert texts(slack) == ["once", "twice", "twice"]


def test_a_lost_request_means_that_nothing_was_done(slack: Standin) -> None:
    slack.fault("chat.postMessage", "drop_request", times=1)
    assert [post(client_of(slack), f"m{i}") for i in range(2)] == ["lost", "ok"]
    assert texts(slack) == ["m1"]


def test_errors_before_and_after_the_work(slack: Standin) -> None:
    web = client_of(slack)
    slack.fault("chat.postMessage", "error", times=1, error="fatal_error")
    assert post(web, "a") == "fatal_error"
    slack.fault("chat.postMessage", "error_after", times=1)
    assert post(web, "b") == "internal_error"
    slack.fault("chat.postMessage", "rate_limited", times=1, retry_after=7)
    assert post(web, "c") == "ratelimited"
    assert texts(slack) == ["b"]


@pytest.mark.parametrize(("kind", "done"), [("http_500", []), ("http_500_after", ["x"])])
def test_a_500_says_nothing_about_what_was_done(slack: Standin, kind: str, done: list[str]) -> None:
    slack.fault("chat.postMessage", kind, times=1)
    with pytest.raises(SlackApiError) as refused:
        client_of(slack).chat_postMessage(channel=OAK, text="x")
    assert refused.value.response.status_code == 500
    assert texts(slack) == done


@pytest.mark.parametrize(("kind", "done"), [("timeout", []), ("timeout_after", ["x"])])
def test_a_time_out_holds_the_line(slack: Standin, kind: str, done: list[str]) -> None:
    slack.fault("chat.postMessage", kind, times=1, delay=0.3)
    web = WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=1)
    began = time.monotonic()
    assert post(web, "x") == "lost"
    assert time.monotonic() - began >= 0.3
    assert texts(slack) == done


def test_a_slow_answer_is_an_answer(slack: Standin) -> None:
    slack.fault("*", "slow", times=1, delay=0.2)
    began = time.monotonic()
    assert post(client_of(slack), "x") == "ok"
    assert time.monotonic() - began >= 0.2


def test_faults_are_counted_aimed_and_replayable(slack: Standin) -> None:
    web = client_of(slack)
    slack.fault("chat.postMessage", "error", after=1, times=2, channel=WILLOW)
    assert [post(web, "x", WILLOW) for _ in range(4)] == ["ok", "internal_error", "internal_error", "ok"]
    assert post(web, "x") == "ok"

    def run() -> list[str]:
        slack.clear_faults(seed=7)
        slack.fault("chat.postMessage", "error", probability=0.5)
        return [post(web, "x") for _ in range(20)]

    first = run()
    assert set(first) == {"ok", "internal_error"}
    assert run() == first


def test_an_unknown_fault_is_refused(slack: Standin) -> None:
    with pytest.raises(ValueError, match="No fault is called 'gremlin'"):
        slack.fault("*", "gremlin")


def test_downloads_and_response_urls_fail_too(slack: Standin) -> None:
    slack.fault("files", "http_500", times=1)
    actor = slack.actor("U0AMARA")
    file = actor.upload("a.txt", b"x", channel="oak-house")
    url = client_of(slack).files_info(file=file)["file"]["url_private_download"]
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    assert [actor.http.get(url, headers=headers).status_code for _ in range(2)] == [500, 200]


def test_the_clock_file_holds_the_offset_and_outlives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = Clock(file)
    assert float(file.read_text()) == 0
    clock.advance(3600.5)
    assert float(file.read_text()) == 3600.5
    assert Clock(file).offset == 3600.5
    assert list(tmp_path.iterdir()) == [file]
