"""The evidence files of a pack: which there are, where each lies in it, and what is said of one that is not there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.entries import Entry, Evidence, EvidenceState
from bot.plan.says import day
from bot.reports.register_parts import Filter, each

NAME_LENGTH = 60
_UNFIT = re.compile(r"[^\w.() -]+")


class Place(StrEnum):
    """What became of an evidence file in the pack."""

    IN = "in the pack"
    MISSING = "missing: it is no longer where Grip kept it"
    ALTERED = "altered: its content no longer has this SHA-256"
    UNREADABLE = "was never kept: Slack did not hand it over"
    REMOVED = "removed by age, as the service's retention says"
    WAITING = "is still being fetched from Slack"
    NAMES = "left out: it may show names of staff"
    TOO_LARGE = "left out: the pack would become too large"
    WORDS = "a message or link, told in full here"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of evidence. `path` is its place in the ZIP, "" where it is not in it."""

    evidence: Evidence
    entry: Entry
    place: Place
    path: str

    def row(self) -> dict[str, str]:
        """As the document lists it."""
        e = self.evidence
        return {
            "entry": ref(self.entry),
            "on": day(self.entry.on),
            "name": e.name,
            "place": str(self.place),
            "path": self.path,
            "size": f"{e.size:,} bytes" if e.size is not None else "",
            "sha256": e.sha256 or "",
            "words": "\n".join(
                part for part in (e.text, e.link if self.place is Place.WORDS else "", e.problem) if part
            ),
        }


def evidence_in(account: Account, only: Filter) -> list[tuple[Entry, Evidence]]:
    """The evidence of every entry that the filter lets through, by entry."""
    entries = sorted((e for e in each(account, only, account.entries_of) if only.has(e.on)), key=lambda e: e.number)
    return [(entry, evidence) for entry in entries for evidence in account.evidence_of(entry)]


def exhibits(found: Sequence[tuple[Entry, Evidence]], *, names: bool, limit: int) -> list[Exhibit]:
    """What becomes of each; files beyond `limit` bytes in all are left out, the largest ones first."""
    sizes = sorted(e.size or 0 for _, e in found if _kept(e))
    room, largest = limit, 0
    for size in sizes:
        room -= size
        if room < 0:
            break
        largest = size
    taken: set[str] = set()
    made, used = [], 0
    for entry, evidence in found:
        place = _place(evidence, names=names)
        size = evidence.size or 0
        if place is Place.IN and (size > largest or used + size > limit):
            place = Place.TOO_LARGE
        path = ""
        if place is Place.IN:
            used += size
            path = _path(entry, evidence, taken)
            taken.add(path.casefold())
        made.append(Exhibit(evidence, entry, place, path))
    return made


def _kept(evidence: Evidence) -> bool:
    return evidence.state is EvidenceState.KEPT and evidence.sha256 is not None


def _place(evidence: Evidence, *, names: bool) -> Place:
    if evidence.sha256 is None and evidence.slack_file_id is None:
        return Place.WORDS
    if evidence.state is EvidenceState.UNREADABLE:
        return Place.UNREADABLE
    if evidence.state is EvidenceState.REMOVED:
        return Place.REMOVED
    if not _kept(evidence):
        return Place.WAITING
    return Place.IN if names else Place.NAMES


def _path(entry: Entry, evidence: Evidence, taken: Iterable[str]) -> str:
    """A place of its own in the ZIP, safe on every system: "evidence/E7 sign-in sheet.jpg"."""
    plain = _UNFIT.sub(" ", evidence.name.replace("/", " ").replace("\\", " "))
    name = PurePosixPath(" ".join(plain.split()).strip(". ") or "file")
    stem, suffix = name.stem[:NAME_LENGTH].rstrip(". "), name.suffix[:10]
    used = set(taken)
    for number in range(1, 1000):
        again = "" if number == 1 else f" ({number})"
        path = f"evidence/{ref(entry)} {stem}{again}{suffix}"
        if path.casefold() not in used:
            return path
    return f"evidence/{ref(entry)} {evidence.id}{suffix}"
