"""Socket Mode over two connections: refreshed, cut, deafened and ended, while people go on asking."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.commands.watchdog import Patience, Watchdog
from handlers.figures import Acks
from handlers.late import Late
from handlers.sockets import Sockets
from playground.actor import wait_for
from playground.server import Standin

PEOPLE = ("U0AMARA", "U0RUTH", "U0DEEPA")


class Scene:
    """An app that counts what it hears, connected twice."""

    def __init__(self, slack: Standin) -> None:
        self.slack = slack
        self.heard: Counter[str] = Counter()
        self.acks = Acks()
        self.hold = threading.Event()
        self.hold.set()
        web = WebClient(slack.bot_token, base_url=slack.api_url, timeout=2, retry_handlers=[])
        app = App(client=web, process_before_response=True)

        @app.command("/sip")
        def on_command(ack: Ack, body: dict[str, str]) -> None:
            self.heard[body["text"]] += 1
            self.hold.wait(5)
            ack(f"heard {body['text']}")

        self.sockets = Sockets(app, slack.app_token, connections=2, workers=8, timed=self.acks.time, late=Late())

    def lines(self) -> int:
        return int(self.slack.control("connection")["connections"])

    @contextmanager
    def asking(self) -> Iterator[list[str]]:
        """Several people ask without a pause until the block ends; what went wrong for them."""
        wrong: list[str] = []
        ended = threading.Event()

        def ask(who: str) -> None:
            actor, count = self.slack.actor(who), 0
            while not ended.is_set():
                count += 1
                said = f"{who} {count}"
                answer = actor.command(f"/sip {said}")
                if answer.get("error") or self.heard[said] != 1:
                    wrong.append(f"{said}: {answer.get('error')}, heard {self.heard[said]} times")

        askers = [threading.Thread(target=ask, args=[who]) for who in PEOPLE]
        for each in askers:
            each.start()
        try:
            yield wrong
        finally:
            ended.set()
            for each in askers:
                each.join()


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Standin(limits=False) as slack:
        made = Scene(slack)
        made.sockets.connect()
        wait_for(lambda: made.lines() == 2)
        yield made
        made.hold.set()
        made.sockets.close()


def opened(scene: Scene) -> int:
    return int(scene.slack.control("connection")["opened"])


def aged(scene: Scene) -> None:
    """As if the connections had stood for hours: a young one that is ended is followed after a pause."""
    for slot in scene.sockets.slots:
        slot.line.born -= 3600


def test_a_refresh_of_all_connections_loses_nothing_and_doubles_nothing(scene: Scene) -> None:
    aged(scene)
    scene.slack.server.delivery.sockets.warned_seconds = 10
    with scene.asking() as wrong:
        scene.slack.control("faults", disconnect="warning")
        wait_for(lambda: opened(scene) == 4 and scene.lines() == 2)
    assert wrong == []
    assert sum(scene.heard.values()) > len(PEOPLE)
    assert set(scene.heard.values()) == {1}


def test_a_refresh_without_a_warning_is_followed(scene: Scene) -> None:
    aged(scene)
    scene.slack.control("faults", disconnect=True)
    wait_for(lambda: opened(scene) == 4 and scene.lines() == 2)
    assert scene.slack.actor("U0AMARA").command("/sip after")["response"] == {"text": "heard after"}


def test_a_young_connection_that_is_ended_is_not_followed_at_once(scene: Scene) -> None:
    """Whoever has too many connections would otherwise ask for another for ever."""
    scene.slack.control("faults", disconnect=True)
    wait_for(lambda: scene.lines() == 0)
    time.sleep(0.3)
    assert opened(scene) == 2


def test_where_socket_mode_is_switched_off_slack_is_not_asked_again_and_again(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    aged(scene)
    scene.slack.fault("apps.connections.open", "error", error="access_denied")
    scene.slack.control("faults", disconnect="link_disabled")
    wait_for(lambda: len(scene.slack.calls("apps.connections.open")) >= 4 and scene.lines() == 0)
    time.sleep(0.3)
    assert "Socket Mode was switched off; switch it on in the settings of the app" in capsys.readouterr().out
    for _ in range(3):
        for slot in scene.sockets.slots:
            slot.line.connect_to_new_endpoint()  # as it asks for by itself every five seconds
            slot.connect_to_new_endpoint()  # as the watchdog does
    time.sleep(0.3)
    assert len(scene.slack.calls("apps.connections.open")) == 4


def test_a_deaf_connection_is_renewed_and_the_other_left_alone(scene: Scene) -> None:
    ended = threading.Event()
    watchdog = Watchdog(scene.sockets.slots, ended.set, time.monotonic, Patience(0.05, 2.0, 60.0))
    wait_for(lambda: watchdog.silence() < 1.5)
    deaf, well = scene.sockets.slots
    kept = well.line
    frozen = deaf.line
    frozen.current_app_monitor.event.set()  # it pings no more, so that no answer comes

    def pinged() -> bool:
        session = well.current_session
        session.ping(f"{session.session_id}:{time.monotonic()}")
        watchdog.look()
        return deaf.line is not frozen

    wait_for(pinged)
    assert well.line is kept
    assert not ended.is_set()
    assert watchdog.silence() < 60.0


def test_an_end_answers_what_is_under_way_and_takes_nothing_more(scene: Scene) -> None:
    scene.hold.clear()
    answers: list[object] = []
    slow = threading.Thread(target=lambda: answers.append(scene.slack.actor("U0AMARA").command("/sip slow")))
    slow.start()
    wait_for(lambda: scene.heard["slow"])
    end = threading.Thread(target=scene.sockets.close)
    end.start()
    scene.slack.hub.ack_seconds = 0.3
    assert scene.slack.actor("U0RUTH").command("/sip late")["error"]
    scene.hold.set()
    end.join(10)
    slow.join(10)
    assert answers[0]["response"] == {"text": "heard slow"}  # type: ignore[index]  # the play API answers an object
    assert scene.heard["late"] == 0
    wait_for(lambda: scene.lines() == 0)


def test_each_answer_is_timed(scene: Scene) -> None:
    assert scene.acks.p99() == 0.0
    scene.slack.actor("U0AMARA").command("/sip hello")
    assert 0.0 < wait_for(scene.acks.p99) < 3.0
