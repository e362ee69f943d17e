"""The other way in: signed HTTP requests to a stock Bolt app behind a real web server, with Slack's retries."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import App
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from playground.actor import Actor, wait_for
from playground.server import Standin
from tests.playground.conftest import client_of, field, manifest, modal, opening

Json = dict[str, Any]


class Behind:
    """A web server that hands requests to a Bolt app; `spoil` answers instead of it, as often as it holds answers."""

    def __init__(self) -> None:
        self.app: App | None = None
        self.spoil: list[tuple[int, dict[str, str], float]] = []
        self.seen: list[tuple[dict[str, str], str]] = []
        behind = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                behind.seen.append((headers, body))
                status, more, text = behind.answer(headers, body)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], str]:
        if self.spoil:
            status, more, delay = self.spoil.pop(0)
            time.sleep(delay)
            return status, more, ""
        assert self.app is not None
        answer = self.app.dispatch(BoltRequest(body=body, headers={**headers}))
        return answer.status, {k: v[0] for k, v in answer.headers.items() if k != "content-length"}, answer.body


@pytest.fixture
def behind() -> Iterator[Behind]:
    server = Behind()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def slack(behind: Behind) -> Iterator[Standin]:
    app = manifest(socket_mode_enabled=False)
    delays = (0.0, 0.05, 0.1)
    with Standin(manifest=app, request_url=behind.url, limits=False, retry_delays=delays, ack_seconds=0.5) as running:
        behind.app = App(client=client_of(running), signing_secret=running.signing_secret, process_before_response=True)
        yield running


def listen(behind: Behind) -> App:
    assert behind.app is not None
    return behind.app


def test_a_command_a_form_and_a_post_go_round_by_http(slack: Standin, behind: Behind, amara: Actor) -> None:
    app = listen(behind)
    app.command("/parrot")(opening(modal(field("a", {"type": "plain_text_input"}), callback_id="form")))

    @app.view("form")
    def keep(ack: Any, view: Json, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel="C0OAKHOUSE", text=view["state"]["values"]["a"]["x"]["value"])

    assert amara.command("/parrot")["ok"]
    assert amara.submit({"a": "written"})["ok"]
    assert amara.last("oak-house")["text"] == "written"


def test_every_request_is_signed_and_a_wrong_secret_fails(slack: Standin, behind: Behind, amara: Actor) -> None:
    listen(behind).command("/parrot")(lambda ack: ack("hello"))
    assert amara.command("/parrot")["response"] == {"text": "hello"}
    headers, body = behind.seen[0]
    assert SignatureVerifier(slack.signing_secret).is_valid_request(body, headers)
    assert parse_qs(body)["command"] == ["/parrot"]
    slack.hub.app.signing_secret = "somebody else's"
    assert amara.command("/parrot")["error"] == '/parrot failed with the error "http_service_error"'


def test_a_slow_or_broken_app_fails_for_the_person_and_is_not_asked_again(
    slack: Standin, behind: Behind, amara: Actor
) -> None:
    behind.spoil = [(200, {}, 0.7), (500, {}, 0.0)]
    assert amara.command("/parrot")["error"] == '/parrot failed with the error "operation_timeout"'
    assert amara.command("/parrot")["error"] == '/parrot failed with the error "http_service_error"'
    assert len(behind.seen) == 2
    slack.hub.app.request_url = "http://127.0.0.1:9/none"
    assert amara.command("/parrot")["error"] == '/parrot failed with the error "dispatch_failed"'


def test_events_are_retried_with_their_reasons(slack: Standin, behind: Behind, amara: Actor) -> None:
    heard: list[Json] = []

    @listen(behind).event("message")
    def message(event: Json) -> None:
        heard.append(event)

    behind.spoil = [(500, {}, 0.0), (200, {}, 0.7)]
    amara.say("hello")
    wait_for(lambda: heard)
    assert [json.loads(body)["event_id"] for _, body in behind.seen] == [json.loads(behind.seen[0][1])["event_id"]] * 3
    retries = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in behind.seen]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert len(heard) == 1


def test_no_retry_is_obeyed(slack: Standin, behind: Behind, amara: Actor) -> None:
    behind.spoil = [(500, {"x-slack-no-retry": "1"}, 0.0)]
    amara.say("hello")
    wait_for(lambda: slack.calls("events_api"))
    time.sleep(0.3)
    assert len(behind.seen) == 1
