"""The one place where all parts of the program meet."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

import handlers
from bot.clock import clock_from
from bot.settings import Settings
from handlers.desk import Desk
from handlers.outbox import Outbox
from handlers.ticker import Ticker
from storage.files import open_files
from storage.migrations import migrate
from storage.store import open_store

SLACK_SECONDS = 2.4  # a listener has three seconds in all

CHATTY = (
    "slack_bolt",
    "slack_bolt.App",
    "slack_bolt.RequestVerification",
    "slack_sdk",
    "apscheduler",
    "alembic",
    "httpx",
)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that runs: the Bolt app, the desk, the outbox and the ticker."""

    app: App
    desk: Desk
    outbox: Outbox
    ticker: Ticker

    def start(self) -> None:
        """Begin to deliver and to tick."""
        self.outbox.start()
        self.ticker.start()

    def stop(self) -> None:
        """Let what is under way end, then let go of the store."""
        self.ticker.stop()
        self.outbox.stop()
        self.desk.store.close()


def build(settings: Settings) -> Program:
    """Put the program together from its settings and bring the database up to this release.

    Nothing runs yet, and Slack is not called. Raises NewerSchema."""
    quiet_logs(settings.log_level)
    store = open_store(settings.database_url, connections=settings.database_connections)
    migrate(store)
    desk = Desk(
        store=store,
        settings=settings,
        clock=clock_from(settings.clock_file),
        files=open_files(settings.files),
        client_of=_clients(settings),
        poke=lambda: outbox.poke(),  # noqa: PLW0108 - the outbox is made from the desk, a line below
    )
    outbox = Outbox(desk)
    app = App(
        authorize=_authorize(settings),
        signing_secret=settings.slack_signing_secret.get_secret_value() or "unused-in-socket-mode",
        client=WebClient(base_url=settings.slack_api_url, timeout=3, retry_handlers=[]),
        listener_executor=ThreadPoolExecutor(settings.workers, thread_name_prefix="listener"),
        process_before_response=True,
        request_verification_enabled=bool(settings.slack_signing_secret.get_secret_value()),
    )
    handlers.register(app, desk)
    return Program(app, desk, outbox, Ticker(desk, after=outbox.poke))


def _clients(settings: Settings) -> Callable[[str], WebClient]:
    """One client a workspace. It never repeats a call by itself: the default would post a message twice."""
    client = WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=SLACK_SECONDS,  # type: ignore[arg-type]  # the SDK passes it to urllib, which takes fractions
        retry_handlers=[],
    )
    return lambda _: client


def _authorize(settings: Settings) -> Callable[..., AuthorizeResult]:
    """The bot's token for any request, without asking Slack first."""

    def authorize(enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token=settings.slack_bot_token.get_secret_value()
        )

    return authorize


def quiet_logs(level: str) -> None:
    """Logs carry ids, never bodies: Slack's own libraries print whole requests when they are let to."""
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    for name in (*CHATTY, "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)))
