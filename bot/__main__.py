"""The command line: `python -m bot COMMAND`, one command for each thing that is done outside Slack."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import structlog
from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.clock import clock_from
from bot.commands import importing, keeping, packing, retaining, verifying
from bot.commands.line import Command, check_place, parser_of
from bot.doctor.examination import examine as look_over
from bot.doctor.findings import exit_code
from bot.doctor.tokens import missing_for_http, missing_tokens, no_socket, token_refused
from bot.errors import Refusal, WrongSchema
from bot.plan.journal import Break
from bot.settings import Settings
from storage.files import open_files
from storage.looking import look_at_bucket, look_at_database, look_at_tokens, why
from storage.migrations import check_schema, migrate, schema_version
from storage.store import SqlStore, open_store

log = structlog.get_logger(__name__)

DONE, FAILED, NOT_SET_UP = 0, 1, 2
FAREWELL = 20.0  # seconds that work under way may take when the process has to end


def _may_start(missing: list[str], settings: Settings, *, anyway: bool = False) -> bool:
    """Whether the program can start with what it has; else it is said why. Raises where the database is away."""
    from bot.app import ready

    try:
        said = missing or ready(settings, sealed_too=anyway)
    except (Refusal, WrongSchema, ValueError, ArgumentError) as error:
        missing = said = [str(error)]
    if said:
        print("\n".join(said), file=sys.stderr)
    return not missing


def run(settings: Settings, _given: argparse.Namespace) -> int:
    """Answer Slack over Socket Mode, remind, and deliver, until SIGTERM or Ctrl-C.

    Exit code 0 after a signal; 1 when Slack stayed deaf, so that a supervisor starts us again; 2 when a token is
    missing or refused."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    from bot.app import build
    from bot.commands.watchdog import Watchdog

    if not _may_start(missing_tokens(settings), settings):
        return NOT_SET_UP
    stopping, deaf = threading.Event(), threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    program = build(settings)
    sockets = program.sockets()

    def give_up() -> None:
        deaf.set()
        threading.Timer(FAREWELL, os._exit, [FAILED]).start()
        stopping.set()

    watchdog = Watchdog(sockets.slots, give_up, time.monotonic)
    stop_figures = program.figures_beside(watchdog.silence)
    try:
        try:
            sockets.connect()
        except SlackApiError as error:
            refused = str(error.response.get("error"))
            if sentence := token_refused(refused):
                print(sentence, file=sys.stderr)
                return NOT_SET_UP
            log.warning("not connected yet", advice=no_socket(refused))
        except (SlackClientError, OSError) as error:
            log.warning("Slack cannot be reached yet", error=type(error).__name__, address=settings.slack_api_url)
        program.start()
        watchdog.start()
        log.info("running", workers=settings.workers, tick_seconds=settings.tick_seconds)
        stopping.wait()
        log.info("stopping")
    finally:
        watchdog.stop()
        stop_figures()
        sockets.close()
        program.stop()
    return FAILED if deaf.is_set() else DONE


def serve(settings: Settings, given: argparse.Namespace) -> int:
    """Answer Slack over HTTP at HTTP_ADDRESS, remind and deliver, until SIGTERM or Ctrl-C. Behind a proxy with TLS."""
    from bot.app import host

    if not _may_start(missing_for_http(settings), settings, anyway=given.anyway):
        return NOT_SET_UP
    host(settings)
    return DONE


def examine(settings: Settings, _given: argparse.Namespace) -> int:
    """Say in plain words what is right and what is missing; exit code 0 only if nothing is missing."""
    from handlers.asking import ask_slack

    lines = look_over(settings, ask_slack, look_at_database, look_at_bucket, look_at_tokens)
    print("\n".join(map(str, lines)))
    return exit_code(lines)


def migrate_database(settings: Settings, _given: argparse.Namespace) -> int:
    """Bring the database up to this release."""
    with closing(open_store(settings.database_url, connections=1)) as store:
        changed = migrate(store)
        said = "is now" if changed else "was already"
        print(f"The database {said} at version {schema_version(store)}.")
    return DONE


def verify_account(settings: Settings, given: argparse.Namespace) -> int:
    """Recompute the journal's chains and the evidence files' SHA-256, or check an evidence pack.

    Exit code 1 names each break."""
    from storage.verify import verify

    if given.pack:
        return verify_pack(settings, given.pack)
    with _opened(settings) as store:
        breaks = verify(store, open_files(settings.files))
    return _told(breaks)


def _told(breaks: Sequence[Break]) -> int:
    print("\n".join(verifying.told(breaks)))
    return FAILED if breaks else DONE


def verify_pack(settings: Settings, pack: Path) -> int:
    """Check a pack; where there is a database, also that its journal tells of it."""
    file = make_url(settings.database_url).database or ""
    if settings.database_url.startswith("sqlite") and not Path(file).exists():
        holds, lines = packing.check(pack, None)
    else:
        with _opened(settings) as store:
            holds, lines = packing.check(pack, store)
    print("\n".join(lines))
    return DONE if holds else FAILED


@contextmanager
def _opened(settings: Settings) -> Iterator[SqlStore]:
    """The database, where its schema is one that this release can work with. Raises WrongSchema."""
    with closing(open_store(settings.database_url, connections=1)) as store:
        check_schema(store)
        yield store


def _on_store(settings: Settings, do: Callable[[SqlStore], list[str]]) -> int:
    """Do it with the database open, and print what it says. Raises WrongSchema."""
    with _opened(settings) as store:
        print("\n".join(do(store)))
    return DONE


def make_pack(settings: Settings, given: argparse.Namespace) -> int:
    """Make the evidence pack of a service: a ZIP with PDF, workbook, evidence files, journal and the means to check."""
    now = clock_from(settings.clock_file)()
    return _on_store(settings, lambda store: packing.pack(store, open_files(settings.files), given, now))


def export_person(settings: Settings, given: argparse.Namespace) -> int:
    """Write everything that is kept about one member of staff into a ZIP: as data and as a text to read."""
    now = clock_from(settings.clock_file)()
    return _on_store(settings, lambda store: keeping.export(store, open_files(settings.files), given, now))


def erase_person(settings: Settings, given: argparse.Namespace) -> int:
    """Erase one member of staff: their name goes, what they did stays. Only looks unless --apply is given."""
    now = clock_from(settings.clock_file)()
    return _on_store(settings, lambda store: [*keeping.erase_person(store, given, now), *_scrubbed(store, given)])


def retain(settings: Settings, given: argparse.Namespace) -> int:
    """Set how long each class of record is kept, and remove what is older. Only looks unless --apply is given."""
    now, files = clock_from(settings.clock_file)(), open_files(settings.files)
    return _on_store(settings, lambda store: [*retaining.retain(store, files, given, now), *_scrubbed(store, given)])


def _scrubbed(store: SqlStore, given: argparse.Namespace) -> list[str]:
    """After something was removed, have the database's files forget it too; what to print about that."""
    from storage.scrubbing import scrub

    problem = scrub(store) if given.apply else ""
    return [f"The database's file could not be rewritten ({problem}). Stop Grip and run this again."] if problem else []


def encrypt_anew(settings: Settings, _given: argparse.Namespace) -> int:
    """Encrypt the tokens of all installations with the first of TOKEN_KEYS; backups made before need the others."""
    from storage.installations import Installations

    if not settings.keys_of_tokens:
        print("TOKEN_KEYS is empty: there is no key to encrypt with. See .env.example.", file=sys.stderr)
        return NOT_SET_UP
    with _opened(settings) as store:
        count = Installations(store, settings.keys_of_tokens).encrypt_anew()
    more = len(settings.keys_of_tokens) > 1
    many = "The token of 1 installation is" if count == 1 else f"The tokens of {count} installations are"
    others = " Keep the other keys as long as a backup made under them may be restored." if more else ""
    print(f"{many} encrypted with the first key.{others}")
    return DONE


def make_backup(settings: Settings, given: argparse.Namespace) -> int:
    """Write everything into one ZIP while the program runs; exit code 1 where evidence files were lost or altered."""
    from storage.backup import LOST, backup

    check_place(given.zip, over=given.force)
    with closing(open_store(settings.database_url, connections=1)) as store:
        unsound = backup(store, open_files(settings.files), given.zip)
    print(f"The backup is in {given.zip}.")
    for sha256, what in unsound:
        print(f"{'LOST' if what == LOST else 'BROKEN'}  the file {sha256} {what}", file=sys.stderr)
    return FAILED if unsound else DONE


def restore_backup(settings: Settings, given: argparse.Namespace) -> int:
    """Fill the empty database of DATABASE_URL, and FILES, from a backup, and verify; exit code 1 names each break."""
    from storage.backup import restore

    with closing(open_store(settings.database_url, connections=1)) as store:
        return _told(restore(store, open_files(settings.files), given.zip))


def seed_demo(settings: Settings, given: argparse.Namespace) -> int:
    """Fill an empty database with the demonstration provider."""
    from bot.demo.seed import seed
    from bot.demo.world import read_world

    workspace = read_world(given.file)
    with closing(open_store(settings.database_url, connections=1)) as store:
        migrate(store)
        print(seed(store, open_files(settings.files), workspace, clock_from(settings.clock_file)()))
    return DONE


def import_plan(settings: Settings, given: argparse.Namespace) -> int:
    """Import an existing plan from a spreadsheet, whole or not at all; --dry-run only looks."""
    return _on_store(settings, lambda store: importing.bring_in(store, given, clock_from(settings.clock_file)()))


def _how_to_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--anyway", action="store_true", help="start though no stored token can be opened")


def _which_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("zip", type=Path, metavar="BACKUP.zip", help="where the backup is, or shall be")


def _where_to_back_up(parser: argparse.ArgumentParser) -> None:
    _which_backup(parser)
    parser.add_argument("--force", action="store_true", help="write over a file that is there already")


def _what_to_seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the workspace, e.g. playground/meadow_care.json")


COMMANDS = (
    Command("run", "answer Slack over Socket Mode, remind and deliver, until Ctrl-C", run),
    Command("serve", "answer Slack over HTTP, remind and deliver, until Ctrl-C", serve, _how_to_serve),
    Command("doctor", "say in plain words what is right and what is missing", examine),
    Command("migrate", "bring the database up to this release", migrate_database),
    Command(
        "verify",
        "check that nobody altered the journal, the records, the files, or a pack",
        verify_account,
        packing.what_to_verify,
    ),
    Command("pack", "make the evidence pack of a service", make_pack, packing.arguments),
    Command("backup", "write everything into one ZIP, while the program runs", make_backup, _where_to_back_up),
    Command("restore", "fill an empty database from a backup, and verify it", restore_backup, _which_backup),
    Command("import", "bring in an existing plan from a spreadsheet", import_plan, importing.arguments),
    Command("export", "write everything kept about one member of staff", export_person, keeping.what_to_export),
    Command("erase", "erase one member of staff, keeping the account", erase_person, keeping.whom_to_erase),
    Command("retention", "how long records are kept, and removing older ones", retain, retaining.arguments),
    Command("rekey", "encrypt all tokens anew with the first of TOKEN_KEYS", encrypt_anew),
    Command("seed", "fill an empty database with the demonstration provider", seed_demo, _what_to_seed),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command (`words`: what follows the program; None: the command line); its exit code."""
    given = parser_of(COMMANDS, __doc__).parse_args(words)
    # The database, the evidence, a pack or an export hold what people wrote: nobody else on the machine reads them.
    before = os.umask(0o077)
    try:
        return int(given.run(Settings(), given))
    except ValidationError as error:
        for each in error.errors():
            print(f"{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}. See .env.example.", file=sys.stderr)
        return NOT_SET_UP
    except WrongSchema as error:
        print(error, file=sys.stderr)
        return NOT_SET_UP
    except (Refusal, ValueError) as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError as error:
        print(f"The database cannot be used: {why(error)}. `python -m bot doctor` says more.", file=sys.stderr)
    except OSError as error:
        print(f"{why(error)}. Check DATABASE_URL and FILES; `python -m bot doctor` says more.", file=sys.stderr)
    finally:
        os.umask(before)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
