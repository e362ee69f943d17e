"""The one place where all parts of the program meet."""

import contextlib
import gc
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.oauth import AuthorizeUrlGenerator

import handlers
from bot.clock import Clock, clock_from
from bot.doctor.installed import no_key
from bot.errors import Refusal
from bot.insight.exact import stats
from bot.logs import quiet_logs
from bot.settings import Settings
from handlers.desk import Desk
from handlers.figures import Acks, Figures
from handlers.hosting import Gunicorn, Hosted, beside
from handlers.installing import BACK, SCOPES, Door, not_installed
from handlers.late import Late
from handlers.outbox import Outbox
from handlers.sockets import Sockets
from handlers.ticker import Ticker
from handlers.web import Page, Web
from handlers.workspaces import ManyWorkspaces, OneWorkspace, exchange, revoke
from storage import trouble
from storage.files import open_files
from storage.installations import Installations, told
from storage.migrations import migrate
from storage.store import SqlStore, open_store

# Seconds. Each statement lets go of the interpreter, and its thread, holding the one transaction that others wait for,
# then waits until one that computes gives it back: by Python's own rule for up to 5 ms, some twenty times a request.
SWITCH = 0.0005
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that runs: the Bolt app, the desk, the outbox and the ticker."""

    app: App
    desk: Desk
    outbox: Outbox
    ticker: Ticker

    workspaces: OneWorkspace | ManyWorkspaces
    pages: Mapping[str, Page]
    acks: Acks
    late: Late

    def web(self, silence: Callable[[], float] | None = None) -> Web:
        """The HTTP side. `silence`: seconds since Slack answered over Socket Mode, which then brings the requests."""
        desk = self.desk
        figures = Figures(desk, self.ticker, self.acks, silence)
        secrets = [] if silence else desk.settings.signing_secrets
        return Web(self.app, figures, secrets, self.pages if secrets else {}, self.late)

    def sockets(self) -> Sockets:
        """The connections of Socket Mode, not yet opened."""
        settings = self.desk.settings
        token, many = settings.slack_app_token.get_secret_value(), settings.socket_connections
        return Sockets(
            self.app, token, connections=many, workers=settings.workers, timed=self.acks.time, late=self.late
        )

    def figures_beside(self, silence: Callable[[], float]) -> Callable[[], None]:
        """Health and figures of Socket Mode, where FIGURES_ADDRESS asks for them; gives what stops it."""
        address = self.desk.settings.figures_address
        return beside(address, self.web(silence)) if address else lambda: None

    def start(self) -> None:
        """Begin to deliver and to tick, and load beside it what takes long to load, before a person waits for it."""
        sys.setswitchinterval(SWITCH)
        # What is loaded stays, and need not be gone over again whenever Python looks for garbage.
        gc.collect()
        gc.freeze()
        threading.Thread(target=stats, name="loading", daemon=True).start()
        self.outbox.start()
        self.ticker.start()

    def stop(self) -> None:
        """Let what is under way end, then let go of the store."""
        self.ticker.stop()
        self.outbox.stop()
        self.desk.store.close()


def ready(settings: Settings, *, sealed_too: bool = False) -> list[str]:
    """Bring the database up to this release before anything else starts; what is wrong and yet stops nothing.
    `sealed_too`: even where no stored token can be opened, so that workspaces can install Grip anew.

    Raises what no new start will mend: WrongSchema, Refusal (no stored token can be opened) and ValueError (a setting);
    and SQLAlchemyError or OSError where the database is away."""
    open_files(settings.files)
    with contextlib.closing(open_store(settings.database_url, connections=1)) as store:
        migrate(store)
        if not settings.many_workspaces:
            return []
        kept = Installations(store, settings.keys_of_tokens).all()
    sealed = [name for name, one in kept.items() if one is None]
    if sealed and len(sealed) == len(kept) and not sealed_too:
        raise Refusal(
            f"No stored token can be opened. {no_key(sealed)} Where the key is lost, `python -m bot serve --anyway` "
            "starts, for them to install."
        )
    return [no_key(sealed)] if sealed else []


def build(settings: Settings) -> Program:
    """Put the program together from its settings and bring the database up to this release.

    Nothing runs yet, and Slack is not called. Raises NewerSchema."""
    quiet_logs(settings.log_level, reason=trouble.reason, away=trouble.away)
    store = open_store(settings.database_url, connections=settings.database_connections)
    migrate(store)
    clock = clock_from(settings.clock_file)
    workspaces, pages = _workspaces(settings, store, clock)
    desk = Desk(
        store=store,
        settings=settings,
        clock=clock,
        files=open_files(settings.files),
        client_of=workspaces.client_of,
        removed=workspaces.removed,
        rest=workspaces.rest,
        away=trouble.away,
    )
    outbox = Outbox(desk)
    store.told = outbox.poke
    app = _bolt(settings, workspaces)
    handlers.register(app, desk)

    def after_tick() -> None:
        workspaces.renew()
        outbox.poke()

    return Program(app, desk, outbox, Ticker(desk, after=after_tick), workspaces, pages, Acks(), Late())


def host(settings: Settings) -> None:
    """Answer Slack over HTTP, remind and deliver, until a signal; ends the process where the port is taken."""

    def make() -> Hosted:
        program = build(settings)
        program.start()
        log.info("serving", address=settings.http_address, workers=settings.workers)
        return Hosted(program.web(), program.stop)

    Gunicorn(settings.http_address, settings.workers, make).run()


def _bolt(settings: Settings, workspaces: OneWorkspace | ManyWorkspaces) -> App:
    """The app of Bolt, to which nobody listens yet."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        return workspaces.authorize(enterprise_id, team_id)  # Bolt asks functions for their arguments, not methods

    return App(
        # Without one Bolt gives its loggers the level of the root, and whole requests are said at DEBUG.
        logger=logging.getLogger("slack_bolt"),
        authorize=authorize,  # type: ignore[arg-type]  # None is Bolt's own word for not installed
        signing_secret="unused",  # noqa: S106 - handlers/web.py verifies, before Bolt reads anything
        client=WebClient(base_url=settings.slack_api_url, timeout=3, retry_handlers=[]),
        user_facing_authorize_error_message=not_installed(settings.public_url),
        listener_executor=ThreadPoolExecutor(settings.workers, thread_name_prefix="listener"),
        process_before_response=True,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,
    )


def _workspaces(
    settings: Settings, store: SqlStore, clock: Clock
) -> tuple[OneWorkspace | ManyWorkspaces, Mapping[str, Page]]:
    """Where tokens come from, and the pages on which workspaces install the app."""
    if not settings.many_workspaces:
        return OneWorkspace(settings), {}
    installations = Installations(store, settings.keys_of_tokens)
    back = settings.public_url.rstrip("/") + BACK
    client = WebClient(base_url=settings.slack_api_url, timeout=10, retry_handlers=[])
    door = Door(
        states=installations,
        clock=clock,
        ask=AuthorizeUrlGenerator(
            client_id=settings.slack_client_id,
            redirect_uri=back,
            scopes=list(SCOPES),
            authorization_url=settings.slack_api_url.removesuffix("api/") + "oauth/v2/authorize",
        ),
        exchange=lambda code: exchange(client, settings, code=code, redirect_uri=back),
        keep=lambda answer, now: installations.keep(told(answer, now)),
        welcome=settings.welcome,
        revoke=lambda token: revoke(client, token),
    )
    return ManyWorkspaces(settings, installations, clock), door.pages()
