"""The watchdog over Slack's own client: a deaf socket is renewed, a late Slack is reached, a lost one ends us."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.commands.watchdog import Patience, Watchdog
from playground.actor import wait_for
from playground.server import Standin

HASTY = Patience(look_every=0.05, renew_after=0.4, end_after=60)


@contextmanager
def client(slack: Standin) -> Iterator[SocketModeClient]:
    """Slack's client, which pings once when it connects and then not again within a test."""
    web = WebClient(base_url=slack.api_url, timeout=2, retry_handlers=[])
    made = SocketModeClient(slack.app_token, web_client=web, ping_interval=600)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def watched(over: SocketModeClient, patience: Patience) -> Iterator[tuple[Watchdog, threading.Event]]:
    """A watchdog at work, and whether it called for the end."""
    ended = threading.Event()
    watchdog = Watchdog([over], ended.set, time.monotonic, patience)
    watchdog.start()
    try:
        yield watchdog, ended
    finally:
        watchdog.stop()


def test_an_answer_to_a_ping_is_heard() -> None:
    with Standin(limits=False) as slack, client(slack) as over:
        watchdog = Watchdog([over], lambda: None, time.monotonic)
        time.sleep(0.3)
        assert watchdog.silence() >= 0.3
        over.connect()
        assert wait_for(lambda: watchdog.silence() < 0.2)


def test_complaint_14_a_socket_that_is_open_but_deaf_is_renewed() -> None:
    with Standin(limits=False) as slack, client(slack) as over:
        over.connect()
        first = over.session_id()
        slack.control("faults", deaf=True)
        with watched(over, HASTY) as (_, ended):
            wait_for(lambda: over.session_id() != first)
            wait_for(over.is_connected)
            assert slack.calls("apps.connections.open")[1:]
            assert not ended.is_set()


def test_a_slack_that_cannot_be_reached_at_the_start_is_reached_later() -> None:
    slack = Standin(limits=False)
    unhurried = Patience(look_every=0.05, renew_after=60, end_after=120)
    with client(slack) as over, watched(over, unhurried):
        assert not over.is_connected()
        with slack:
            wait_for(over.is_connected)


def test_complaint_14_a_slack_that_stays_away_ends_the_process() -> None:
    with Standin(limits=False) as slack:
        address = slack
    with client(address) as over, watched(over, Patience(0.05, 0.2, 0.8)) as (_, ended):
        assert ended.wait(10)
