"""The commands about evidence packs: making one from the command line, and checking one that somebody handed over."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.line import check_place
from bot.errors import NotFound
from bot.plan.services import Service
from bot.reports.pack.verify_pack import manifest_of, report
from bot.work import Store

if TYPE_CHECKING:
    from bot.reports.pack.making import Files


NAMED = 10  # services named where the one that was typed is not among them


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `python -m bot pack` understands."""
    parser.add_argument("--service", required=True, metavar="NAME", help="the service, e.g. 'Oak House'")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="where to write the ZIP")
    parser.add_argument("--from", dest="since", default="", metavar="DAY", help="the first day, e.g. 2026-10-01")
    parser.add_argument("--to", dest="until", default="", metavar="DAY", help="the last day; the plan as it stood then")
    parser.add_argument("--priority", action="append", default=[], metavar="P3", help="only this one; may be repeated")
    parser.add_argument("--about", default="", metavar="WORDS", help="only a theme or a quality statement")
    parser.add_argument("--no-names", action="store_true", help="call staff by their roles; leaves evidence files out")


def what_to_verify(parser: argparse.ArgumentParser) -> None:
    """What `python -m bot verify` understands."""
    parser.add_argument("pack", nargs="?", type=Path, metavar="PACK.zip", help="an evidence pack; none: the database")


def pack(store: Store, files: "Files", given: argparse.Namespace, now: datetime) -> list[str]:
    """Make a pack and write down in the journal that it was made; what to print.

    Raises NotFound, BadInput and OSError; nothing is left at the path then."""
    # Statistics and documents take a second to load, which other commands need not wait for.
    from bot.reports.pack.making import PackDamaged, gathered, make, noted
    from bot.reports.pack.typeset import TypesettingFailed
    from bot.reports.pack.wanted import Wanted, day_typed

    check_place(given.out, over=True)
    wanted = Wanted(
        part=" ".join(given.priority) or given.about,
        since=day_typed(given.since, "since") if given.since else None,
        until=day_typed(given.until, "until") if given.until else None,
        names=not given.no_names,
    )
    with store.reading() as work:
        service = service_called(work.all(Service, order="name"), given.service)
        found = gathered(work, service, wanted, now)
    arriving = given.out.with_name(f".{given.out.name}.part")
    try:
        made = make(found, files, arriving)
        with store.transaction() as work:
            noted(work, found, made, None, now)
        arriving.replace(given.out)
    except (TypesettingFailed, PackDamaged) as error:
        raise NotFound(f"The document could not be made: {error}. Nothing was written.") from error
    finally:
        arriving.unlink(missing_ok=True)
    lines = [f"{given.out}: {made.files} files, sealed {made.seal}."]
    return lines + [f"Not in it: {e.evidence.name} ({e.place})." for e in made.not_included]


def service_called(services: Sequence[Service], name: str) -> Service:
    """The service of that name, or the only one whose name holds it. Raises NotFound with the names there are."""
    wanted = name.strip().casefold()
    exact = [s for s in services if s.name.casefold() == wanted]
    found = exact or [s for s in services if wanted and wanted in s.name.casefold()]
    if len(found) == 1:
        return found[0]
    closest = sorted(found or services, key=lambda s: -SequenceMatcher(None, wanted, s.name.casefold()).ratio())
    there = ", ".join(s.name for s in closest[:NAMED]) or "none yet"
    there += f" and {len(closest) - NAMED} more" if len(closest) > NAMED else ""
    why = "More than one service is" if found else "No service is"
    raise NotFound(f"{why} called {name!r}. There are: {there}.")


def check(path: Path, store: Store | None) -> tuple[bool, list[str]]:
    """Whether a pack is as it was made, and what to print; with a store also whether this Grip made it."""
    from bot.reports.pack.making import was_made_here

    holds, lines = report(path)
    if not holds or store is None:
        return holds, lines
    manifest = manifest_of(path)
    with store.reading() as work:
        known = work.get(Service, manifest["service_id"])
        made_here = known is not None and was_made_here(work, known.id, manifest["seal"])
    if made_here:
        return True, [*lines, "The journal of this database tells that the pack was made here."]
    return False, [
        *lines,
        "BROKEN  The journal of this database tells of no pack with this seal: it was made elsewhere, or forged.",
    ]
