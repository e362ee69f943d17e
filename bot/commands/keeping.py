"""The commands about one member of staff: handing out everything that is kept about them, and erasing them."""

import argparse
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.line import check_place
from bot.keeping.erasure import Erasure, erase, look
from bot.keeping.people import person_called
from bot.keeping.records import called
from bot.work import Store

if TYPE_CHECKING:
    from bot.reports.pack.making import Files

SHOWN = 200  # places listed at most; the rest is counted


def whom(parser: argparse.ArgumentParser) -> None:
    """How a person is named on the command line."""
    parser.add_argument("--person", required=True, metavar="NAME", help="the full name, or the Slack id")


def what_to_export(parser: argparse.ArgumentParser) -> None:
    """What `python -m bot export` understands."""
    whom(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.zip", help="where to write the ZIP")
    parser.add_argument("--no-files", action="store_true", help="leave out the evidence files that they attached")


def whether(parser: argparse.ArgumentParser) -> None:
    """Looking is what happens unless told to do it."""
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--dry-run", action="store_true", help="only say what would go (so it is without --apply too)")
    either.add_argument("--apply", action="store_true", help="do it; this cannot be undone")


def whom_to_erase(parser: argparse.ArgumentParser) -> None:
    """What `python -m bot erase` understands."""
    whom(parser)
    parser.add_argument("--also", action="append", default=[], metavar="NAME", help="another name that they had")
    parser.add_argument("--in-texts", action="store_true", help="also where people typed the full name into a text")
    whether(parser)


def export(store: Store, files: "Files", given: argparse.Namespace, now: datetime) -> list[str]:
    """Write everything that is kept about a person, and tell the journal; what to print. Raises NotFound, OSError."""
    from bot.keeping.dossier import exported, files_of, gather

    check_place(given.out, over=True)
    with store.reading() as work:
        dossier = gather(work, person_called(work, given.person), now)
    part, lost, taken = given.out.with_name(f".{given.out.name}.part"), [], set()
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as made:
            part.chmod(0o600)
            made.writestr("data.json", dossier.as_data())
            made.writestr("READ ME.txt", dossier.as_text())
            for sha256, name in () if given.no_files else files_of(dossier):
                place = f"evidence/{sha256[:12]} {Path(name).name}"
                if place in taken:
                    continue
                taken.add(place)
                try:
                    made.writestr(place, b"".join(files.blocks(sha256)))
                except FileNotFoundError:
                    lost.append(f"Not in it: the file {name!r} is gone from FILES.")
        with store.transaction() as work:
            exported(work, dossier)
        part.replace(given.out)
    finally:
        part.unlink(missing_ok=True)
    counts = ", ".join(f"{name} {len(found)}" for name, found in dossier.parts.items())
    return [f"{given.out}: everything about {dossier.person.name} ({counts}).", *lost]


def erase_person(store: Store, given: argparse.Namespace, now: datetime) -> list[str]:
    """Erase a person, or say what would go; what to print. Raises NotFound, and BadInput with what is in the way."""
    if not given.apply:
        with store.reading() as work:
            person = person_called(work, given.person)
            found = look(work, person, also=given.also, in_texts=given.in_texts)
        last = "Nothing was changed: this was only a look. Add --apply to do it."
        return [f"{person.name}, {person.slack_id} in {person.workspace_id}", *_told(found, "would be"), last]
    with store.transaction() as work:
        done = erase(work, person_called(work, given.person), now, also=given.also, in_texts=given.in_texts)
    return [
        *_told(done, "were"),
        f"Erased. What they did is now the account of {done.person.name} (id {done.person.id}).",
        "Older backups, packs handed out and messages in Slack still name them: docs/security.md says what to do.",
    ]


def _told(found: Erasure, been: str) -> list[str]:
    records = ", ".join(called(after) for _, after in found.changes[:SHOWN]) or "none"
    records += f" and {len(found.changes) - SHOWN} more" if len(found.changes) > SHOWN else ""
    values = sum(len(places) for parts in found.journal.values() for places in parts.values())
    events = sum(len(parts) for parts in found.journal.values())
    lines = [f"IN THE WAY  {sentence}" for sentence in found.in_the_way]
    lines += [
        f"Their name, Slack id, zone and preferences {been} replaced by a pseudonym wherever people are shown.",
        f"Records in which their name {'was' if been == 'were' else been} replaced: {records}.",
        f"Journal: {values} values {been} taken out of {events} events.",
        f"User groups they {been} taken out of: {len(found.groups)}.",
        f"Reminders that {been} dropped: {len(found.reminders)}; messages that {been} emptied: {len(found.messages)}.",
    ]
    if found.unsealed:
        lines.append(f"STAYS  {found.unsealed} events of the first release: the name is under their hash.")
    if found.stays:
        lines.append(f"STAYS  {len(found.stays)} texts that people typed name them, or may; have each corrected:")
        lines += [f"  {p.service.name}, {p.record}, {p.field}: … {p.words} …" for p in found.stays[:SHOWN]]
        lines += [f"  and {len(found.stays) - SHOWN} more."] if len(found.stays) > SHOWN else []
    return lines
