"""Socket Mode as Slack runs it: tickets, spread, acknowledgements, retries, refreshes, deafness; Bolt's own client."""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from threading import Thread
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from playground.actor import Actor, wait_for
from playground.server import Standin

Json = dict[str, Any]
Connect = Callable[[], SocketModeHandler]


def ticket(slack: Standin) -> str:
    web = WebClient(base_url=slack.api_url, retry_handlers=[])
    return str(web.apps_connections_open(app_token=slack.app_token)["url"])


def opened(slack: Standin) -> AbstractContextManager[ClientConnection]:
    return connect(ticket(slack), proxy=None, compression=None)


def heard(line: ClientConnection, seconds: float = 3) -> Json:
    found: Json = json.loads(line.recv(timeout=seconds))
    return found


def acknowledge(line: ClientConnection, envelope: Json, payload: Json | None = None) -> None:
    answer: Json = {"envelope_id": envelope["envelope_id"]}
    line.send(json.dumps(answer | ({"payload": payload} if payload else {})))


def test_a_ticket_opens_one_connection(slack: Standin) -> None:
    url = ticket(slack)
    with connect(url, proxy=None) as line:
        hello = heard(line)
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": "A0GRIP"}
        with pytest.raises(InvalidStatus), connect(url, proxy=None):
            pass


def test_an_envelope_carries_the_payload_and_the_answer_comes_in_the_acknowledgement(
    slack: Standin, amara: Actor
) -> None:
    with opened(slack) as line:
        heard(line)
        amara.state()
        slack.hub.retry_delays = ()

        def answer() -> None:
            envelope = heard(line)
            assert envelope["type"] == "slash_commands"
            assert envelope["accepts_response_payload"] is True
            acknowledge(line, envelope, {"text": f"heard {envelope['payload']['text']}"})

        replying = Thread(target=answer)
        replying.start()
        assert amara.command("/parrot hello")["response"] == {"text": "heard hello"}
        replying.join()
        assert amara.last("oak-house")["text"] == "heard hello"


def test_a_command_without_an_answer_in_time_fails_for_the_person(slack: Standin, amara: Actor) -> None:
    slack.hub.ack_seconds = 0.1
    assert amara.command("/parrot x")["error"] == '/parrot failed with the error "dispatch_failed"'
    with opened(slack) as line:
        heard(line)
        assert amara.command("/parrot x")["error"] == '/parrot failed with the error "operation_timeout"'


def test_an_event_is_retried_until_it_is_acknowledged(slack: Standin, amara: Actor) -> None:
    slack.hub.ack_seconds = 0.1
    with opened(slack) as line:
        heard(line)
        amara.say("hello")
        first = heard(line)
        assert (first["retry_attempt"], first["accepts_response_payload"]) == (0, False)
        second = heard(line)
        assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
        assert second["payload"]["event_id"] == first["payload"]["event_id"]
        assert second["envelope_id"] != first["envelope_id"]
        acknowledge(line, second)
        with pytest.raises(TimeoutError):
            heard(line, 0.4)


def test_an_event_is_given_up_after_three_retries(slack: Standin, amara: Actor) -> None:
    slack.hub.ack_seconds = 0.05
    with opened(slack) as line:
        heard(line)
        amara.say("hello")
        assert [heard(line)["retry_attempt"] for _ in range(4)] == [0, 1, 2, 3]
        with pytest.raises(TimeoutError):
            heard(line, 0.3)


def test_the_load_is_spread_over_all_connections(slack: Standin, amara: Actor) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(opened(slack)) for _ in range(3)]
        assert [heard(line)["num_connections"] for line in lines] == [1, 2, 3]
        for i in range(6):
            amara.say(f"m{i}")
        assert [len([heard(line) for _ in range(2)]) for line in lines] == [2, 2, 2]


def test_an_eleventh_connection_is_too_many(slack: Standin) -> None:
    with ExitStack() as stack:
        for count in range(1, 11):
            assert heard(stack.enter_context(opened(slack)))["num_connections"] == count
        last = stack.enter_context(opened(slack))
        assert heard(last)["reason"] == "too_many_websockets"
        with pytest.raises(ConnectionClosed):
            heard(last)


def test_slack_asks_to_reconnect_and_warns_first(slack: Standin) -> None:
    with opened(slack) as line:
        heard(line)
        slack.control("faults", disconnect="warning")
        assert [heard(line)["reason"] for _ in range(2)] == ["warning", "warning"]
        with pytest.raises(ConnectionClosed):
            heard(line)
    assert slack.control("connection")["connections"] == 0


def test_a_deaf_socket_stays_open_and_answers_no_ping(slack: Standin, amara: Actor) -> None:
    slack.hub.ack_seconds = 0.1
    with connect(ticket(slack), proxy=None, ping_interval=None) as line:
        heard(line)
        assert line.ping().wait(1)
        slack.control("faults", deaf=True)
        assert not line.ping().wait(0.2)
        assert amara.command("/parrot x")["error"] == '/parrot failed with the error "operation_timeout"'
        assert slack.control("connection")["connections"] == 1
        slack.control("faults", deaf=False)
        assert line.ping().wait(1)


def test_bolt_reconnects_when_asked(slack: Standin, app: App, connect: Connect, amara: Actor) -> None:
    app.command("/parrot")(lambda ack, command: ack(command["text"]))
    connect()
    assert amara.command("/parrot before")["ok"]
    slack.control("faults", disconnect=True)
    wait_for(lambda: slack.control("connection")["opened"] == 2 and slack.control("connection")["connections"] == 1)
    assert amara.command("/parrot after")["response"] == {"text": "after"}


def test_faults_of_delivery(slack: Standin, app: App, connect: Connect, amara: Actor) -> None:
    ids: list[tuple[str, str | None]] = []

    @app.event("message")
    def heard_message(body: Json, request: Any) -> None:
        ids.append((body["event_id"], (request.headers.get("x-slack-retry-num") or [None])[0]))

    app.command("/parrot")(lambda ack: ack("done"))
    connect()
    slack.hub.ack_seconds = 0.2
    slack.fault("events_api", "redeliver", times=1)
    amara.say("one")
    wait_for(lambda: len(ids) == 2)
    assert ids[0][0] == ids[1][0]
    assert ids[1][1] == "1"
    slack.fault("slash_commands", "lose_ack", times=1)
    assert amara.command("/parrot x")["error"].endswith('"operation_timeout"')
    slack.fault("slash_commands", "lose_delivery", times=1)
    began = time.monotonic()
    assert amara.command("/parrot x")["error"].endswith('"operation_timeout"')
    assert time.monotonic() - began >= 0.2
    assert amara.command("/parrot x")["ok"]


def test_a_command_and_its_answer_cost_a_few_milliseconds(app: App, connect: Connect, amara: Actor) -> None:
    app.command("/parrot")(lambda ack: ack("done"))
    connect()
    amara.command("/parrot warm")
    began = time.perf_counter()
    for _ in range(50):
        amara.command("/parrot x")
    assert (time.perf_counter() - began) / 50 < 0.025
