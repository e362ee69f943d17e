"""A bare Bolt app whose one listener only acknowledges, hosted as the bot is: what the bench of requests compares with.

`python -m tests.bench.beside.bare http|socket [default]`; `default` leaves Bolt's own settings as they are."""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from handlers.hosting import Gunicorn, Hosted

WORKERS = 64


def app(default: bool) -> App:
    """The app; it does not call Slack to start."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench")

    more: dict[str, Any] = {} if default else {"process_before_response": True}
    if not default:
        more["listener_executor"] = ThreadPoolExecutor(WORKERS)
    made = App(
        authorize=authorize,
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        client=WebClient(base_url=os.environ["SLACK_API_URL"]),
        **more,
    )

    @made.command("/sip")
    def on_command(ack: Ack) -> None:
        ack()

    return made


def main(way: str, default: bool) -> None:
    """Serve until SIGTERM."""
    if way == "http":
        made = SlackRequestHandler(app(default))
        Gunicorn(os.environ["HTTP_ADDRESS"], WORKERS, lambda: Hosted(made, lambda: None)).run()
        return
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    concurrency = 10 if default else WORKERS
    handlers = [SocketModeHandler(app(default), "xapp-bench", concurrency=concurrency) for _ in range(2)]
    for handler in handlers:
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt types only part of itself
    stopping.wait()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], "default" in sys.argv)
