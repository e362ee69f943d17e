"""Socket Mode over several connections: each is followed by another before Slack ends it, so that nothing is missed."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.envelope import shaped
from handlers.late import Late

log = structlog.get_logger(__name__)

GRACE = 10.0  # seconds that a followed connection goes on reading: so long before its end Slack warns
LEAST_LIFE = 5.0  # seconds before a connection that Slack ended is followed: it may have too many of them
REST = 60.0  # seconds before Slack is asked for a connection again where it refused one: it allows few such calls
DRAIN = 10.0  # seconds that requests under way are given at the end
PATIENCE, PAUSE = 2.0, 0.1  # seconds that an answer waits for a connection, and between two looks
Timed = Callable[[], AbstractContextManager[Any]]
Later = Callable[[BaseSocketModeClient, SocketModeRequest], None]


class Line(SocketModeClient):
    """One connection for as long as Slack keeps it. Slack's client would put another in its place and drop what is on
    its way; here whoever made it is asked for another beside it."""

    def __init__(self, token: str, web: WebClient, workers: int, hear: Later, ended: Callable[["Line"], None]) -> None:
        self._ended = ended
        self.born = time.monotonic()
        super().__init__(token, web_client=web, concurrency=workers)
        self.socket_mode_request_listeners.append(hear)
        self.on_message_listeners.append(_tell_switched_off)

    def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002 - the signature is Slack's client's
        """Called by the client where Slack asks for it, hangs up, or does not answer any more."""
        self._ended(self)

    def hang_up(self) -> None:
        """Close, without the second for which the client would wait for another message."""
        self.closed = True
        self.enqueue_message("{}")
        self.close()


class Slot:
    """The place of one connection: the line that is in it now, and those before it that still read."""

    def __init__(self, make: Callable[[Callable[[Line], None]], Line]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._closed = False
        self._asked: set[float] = set()  # lines that were asked to be followed
        self._rests_until = 0.0  # monotonic seconds
        self._old: set[Line] = set()
        self.line = make(self._soon)

    @property
    def current_session(self) -> Any:
        """The connection as Slack's client has it: when it last answered a ping."""
        return self.line.current_session

    def connect(self) -> None:
        """Connect for the first time. Raises what Slack's client raises."""
        self.line.wss_uri = self.line.issue_new_wss_url()
        self.line.connect()

    def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002 - the watchdog asks, and means it
        """Follow the line with another, now. Raises what Slack's client raises; the line then stays."""
        if time.monotonic() >= self._rests_until:
            self._follow(self.line)

    def close(self) -> None:
        """Hang up all lines."""
        with self._lock:
            self._closed = True
            lines = {self.line, *self._old}
        for line in lines:
            line.hang_up()

    def _soon(self, line: Line) -> None:
        """Somewhere else than in a thread of the line, which has to go on reading; once for each line."""
        if line is not self.line or line.born in self._asked or self._closed:
            return
        self._asked = {line.born}
        now = time.monotonic()
        wait = max(0.0, self._rests_until - now, LEAST_LIFE - (now - line.born) if line.is_connected() else 0.0)
        _later(wait, lambda: self._try(line))

    def _try(self, line: Line) -> None:
        try:
            self._follow(line)
        except (SlackClientError, OSError) as error:
            self._asked.discard(line.born)  # the line's own look, or the watchdog, asks again
            log.warning("the connection was not renewed", error=type(error).__name__)

    def _follow(self, old: Line) -> None:
        with self._lock:
            if old is not self.line or self._closed:
                return
            new = self._make(self._soon)
            try:
                new.wss_uri = new.issue_new_wss_url()
                new.connect()
                if not new.is_connected():
                    raise SlackClientNotConnectedError("no connection")
            except BaseException as error:
                if isinstance(error, SlackApiError):
                    self._rests_until = time.monotonic() + REST
                _later(0.0, new.hang_up)
                raise
            self.line = new
            self._old.add(old)
        _later(GRACE, lambda: self._retire(old))

    def _retire(self, old: Line) -> None:
        with self._lock:
            kept = old in self._old
            self._old.discard(old)
        if kept and not self._closed:
            old.hang_up()


class Sockets:
    """Several connections of one app. `timed` gives a context in which each request is answered; `late` says answers
    again that Slack did not wait for."""

    def __init__(self, app: App, token: str, *, connections: int, workers: int, timed: Timed, late: Late) -> None:
        self._app = app
        self._timed = timed
        self._late = late
        self._under_way = 0
        self._changed = threading.Condition()
        self._closing = False

        def make(ended: Callable[[Line], None]) -> Line:
            return Line(token, app.client, workers, self._hear, ended)

        self.slots = [Slot(make) for _ in range(connections)]

    def connect(self) -> None:
        """Connect. Raises what Slack's client raises where the first connection fails; the others are tried later."""
        first, *others = self.slots
        first.connect()
        for slot in others:
            try:
                slot.connect()
            except (SlackClientError, OSError) as error:
                log.warning("one connection fewer for now", error=type(error).__name__)

    def close(self) -> None:
        """Take no more requests, let those under way be answered, then hang up."""
        with self._changed:
            self._closing = True
            self._changed.wait_for(lambda: not self._under_way, DRAIN)
        ends = [threading.Thread(target=slot.close, name="hanging up", daemon=True) for slot in self.slots]
        for end in ends:
            end.start()
        for end in ends:
            end.join(DRAIN)

    def _hear(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._changed:
            if self._closing:
                return  # not acknowledged: Slack sends an event again, to somebody who stays
            self._under_way += 1
        began = time.monotonic()
        try:
            if shaped(request.payload):
                with self._timed():
                    response = run_bolt_app(self._app, request)
                    sent = self._answer(client, request, response)
                self._late.tell(request.payload, response, time.monotonic() - began, lost=not sent)
            else:
                log.warning("refused", why="malformed")
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _answer(self, client: BaseSocketModeClient, request: SocketModeRequest, response: BoltResponse) -> bool:
        """Over the connection that it came by, unless that one was followed or has ended: then over another. Whether
        there was any."""
        for wait in (0.0, *[PAUSE] * round(PATIENCE / PAUSE)):
            time.sleep(wait)
            lines = [slot.line for slot in self.slots]
            lines.sort(key=lambda line: line is not client)
            line = next((each for each in (*lines, client) if each.is_connected()), None)
            try:
                if line:
                    send_response(line, request, response, time.monotonic())
                    return True
            except SlackClientNotConnectedError:
                continue
        log.warning("an answer found no connection", kind=request.type)
        return False


def _later(seconds: float, do: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


def _tell_switched_off(message: str) -> None:
    if '"link_disabled"' in message and json.loads(message).get("type") == "disconnect":
        log.error("Socket Mode was switched off; switch it on in the settings of the app", where="api.slack.com/apps")
