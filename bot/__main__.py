"""The command line: `python -m bot COMMAND`, one command for each thing that is done outside Slack."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import clock_from
from bot.errors import NewerSchema, Refusal
from bot.settings import Settings
from storage.files import open_files
from storage.migrations import migrate, schema_version
from storage.store import open_store

log = structlog.get_logger(__name__)

DONE, FAILED, NOT_SET_UP = 0, 1, 2
FAREWELL = 20.0  # seconds that work under way may take when the process has to end


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it does in a line, and what runs it (giving the exit code)."""

    name: str
    help: str
    run: Callable[[Settings, argparse.Namespace], int]


def run(settings: Settings, _given: argparse.Namespace) -> int:
    """Answer Slack over Socket Mode, remind, and deliver, until SIGTERM or Ctrl-C.

    Exit code 0 after a signal; 1 when Slack stayed deaf, so that a supervisor starts us again; 2 when a token is
    missing or refused."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk.errors import SlackApiError, SlackClientError

    from bot.app import build
    from bot.commands.watchdog import Watchdog
    from bot.doctor import missing_tokens, token_refused

    if missing := missing_tokens(settings):
        print("\n".join(missing), file=sys.stderr)
        return NOT_SET_UP
    stopping, deaf = threading.Event(), threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    program = build(settings)
    handler = SocketModeHandler(
        program.app,
        settings.slack_app_token.get_secret_value(),
        trace_enabled=False,
        concurrency=settings.workers,
    )

    def give_up() -> None:
        deaf.set()
        threading.Timer(FAREWELL, os._exit, [FAILED]).start()
        stopping.set()

    watchdog = Watchdog(handler.client, give_up, time.monotonic)
    try:
        try:
            handler.connect()
        except SlackApiError as error:
            if sentence := token_refused(str(error.response.get("error"))):
                print(sentence, file=sys.stderr)
                return NOT_SET_UP
            log.warning("not connected yet", error=error.response.get("error"))
        except (SlackClientError, OSError) as error:
            log.warning("Slack cannot be reached yet", error=type(error).__name__, address=settings.slack_api_url)
        program.start()
        watchdog.start()
        log.info("running", workers=settings.workers, tick_seconds=settings.tick_seconds)
        stopping.wait()
        log.info("stopping")
    finally:
        watchdog.stop()
        handler.close()
        program.stop()
    return FAILED if deaf.is_set() else DONE


def doctor(settings: Settings, _given: argparse.Namespace) -> int:
    """Say in plain words what is right and what is missing; exit code 0 only if nothing is missing."""
    from bot import doctor as checks
    from bot.plan.services import Service

    lines = checks.tokens(settings)
    for line in lines:
        print(line)
    if any(line.level is checks.Level.MISSING for line in lines):
        return checks.exit_code(lines)
    return DONE


def migrate_database(settings: Settings, _given: argparse.Namespace) -> int:
    """Bring the database up to this release."""
    with closing(open_store(settings.database_url, connections=1)) as store:
        changed = migrate(store)
        said = "is now" if changed else "was already"
        print(f"The database {said} at version {schema_version(store)}.")
    return DONE


def verify_account(settings: Settings, _given: argparse.Namespace) -> int:
    """Recompute the journal's chains and the evidence files' SHA-256; exit code 1 names each break."""
    from storage.verify import verify

    with closing(open_store(settings.database_url, connections=1)) as store:
        breaks = verify(store, open_files(settings.files))
    for each in breaks:
        where = f"event {each.number} of {each.chain}: " if each.number else ""
        print(f"BROKEN  {where}{each.what}")
    if breaks:
        return FAILED
    print("The journal's chains, the records and the evidence files are as they were written.")
    return DONE


def seed_demo(settings: Settings, given: argparse.Namespace) -> int:
    """Fill an empty database with the demonstration provider."""
    from bot.demo.seed import seed
    from bot.demo.world import read_world

    workspace = read_world(given.file)
    with closing(open_store(settings.database_url, connections=1)) as store:
        migrate(store)
        print(seed(store, open_files(settings.files), workspace, clock_from(settings.clock_file)()))
    return DONE


COMMANDS = (
    Command("run", "answer Slack over Socket Mode, remind and deliver, until Ctrl-C", run),
    Command("doctor", "say in plain words what is right and what is missing", doctor),
    Command("migrate", "bring the database up to this release", migrate_database),
    Command("verify", "check that nobody altered the journal, the records or the evidence files", verify_account),
    Command("seed", "fill an empty database with the demonstration provider", seed_demo),
)


def arguments() -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description=__doc__,
        epilog="Settings come from the environment or .env; see .env.example.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for command in COMMANDS:
        about = (command.run.__doc__ or "").strip()
        made = commands.add_parser(command.name, help=command.help, description=about)
        made.set_defaults(run=command.run)
        if command.run is seed_demo:
            made.add_argument("file", type=Path, metavar="FILE", help="the workspace, e.g. playground/meadow_care.json")
    return parser


def main() -> int:
    """Run one command; what goes wrong is said in a sentence."""
    given = arguments().parse_args()
    try:
        return int(given.run(Settings(), given))
    except ValidationError as error:
        for each in error.errors():
            print(f"{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}. See .env.example.", file=sys.stderr)
        return NOT_SET_UP
    except (Refusal, NewerSchema, ValueError) as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        print(
            f"The database cannot be used: {why}. Check DATABASE_URL; `python -m bot doctor` says more.",
            file=sys.stderr,
        )
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
