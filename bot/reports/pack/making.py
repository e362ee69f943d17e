"""Making a pack: what belongs in it is read at one moment of the plan, then written to one ZIP."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from importlib.resources import files as resources
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.plan.access import open_service, ref
from bot.plan.account import Account, load
from bot.plan.journal import Event, note
from bot.plan.people import Person, Right, RoleHolding
from bot.plan.services import Service
from bot.reports.pack.archive import Archive
from bot.reports.pack.called import file_name
from bot.reports.pack.document import Journal, Maker, document
from bot.reports.pack.events import lines, showing
from bot.reports.pack.exhibits import Exhibit, Place, evidence_in, exhibits
from bot.reports.pack.names import eraser, roles_as_names, without_names
from bot.reports.pack.readme import readme
from bot.reports.pack.typeset import typeset
from bot.reports.pack.verify_pack import faults
from bot.reports.pack.wanted import Chosen, Wanted, choose
from bot.reports.register_parts import chosen as priorities_in
from bot.reports.workbook import workbook
from bot.timing.workdays import local_date
from bot.work import Work

DOCUMENT, WORKBOOK = "Service improvement plan.pdf", "Registers.xlsx"
JOURNAL, VERIFY, README = "journal.jsonl", "verify.py", "READ ME.txt"
NO_LIMIT = 1 << 60
EXPORTED = "export pack"
SHIPPED = "Provider"  # who made a pack without names, where they hold no role in the service


class Stage(StrEnum):
    """What is being done while a pack is made, in this order."""

    COLLECT = "collecting the records and evidence files"
    DRAW = "drawing the document and its charts"
    PACK = "writing the workbook and packing it all"
    CHECK = "checking every byte of it"


class PackDamaged(RuntimeError):
    """The pack that was just made does not hold; the message says what is wrong, for the log."""


class Files(Protocol):
    """Where evidence files are kept."""

    def blocks(self, sha256: str) -> Iterator[bytes]:
        """The content, a block at a time. Raises FileNotFoundError where there is none."""
        ...

    def check(self, sha256: str) -> bool:
        """Whether its content still has this SHA-256. Raises FileNotFoundError where it is gone."""
        ...


@dataclass(frozen=True)
class Gathered:
    """All that a pack is made of, read at one moment; `erase` takes names out of typed text, None where they stay."""

    service: Service
    chosen: Chosen
    wanted: Wanted
    maker: str
    now: datetime
    events: Sequence[Event]
    shown: Callable[[Event], Event | None]

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last event of the journal."""
        last = self.events[-1]
        return last.number, last.hash


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was made: its seal, the name to give it, its files, and what of the evidence is not in it."""

    seal: str
    name: str
    files: int
    not_included: tuple[Exhibit, ...]


def gather(work: Work, person: Person, service_id: str, wanted: Wanted, now: datetime) -> Gathered:
    """Read what the pack needs, if the person may export the plan. Raises NotFound, NotAllowed, BadInput."""
    service = open_service(work, person, service_id, Right.EXPORT)
    return gathered(work, service, wanted, now, person)


def gathered(work: Work, service: Service, wanted: Wanted, now: datetime, person: Person | None = None) -> Gathered:
    """The same without asking who may; no person: whoever runs the program. Raises NotFound, BadInput."""
    account = load(work, service)
    chosen = choose(account, wanted, local_date(now, service.zone))
    whole = chosen.only.among is None and not chosen.only.theme
    maker = person.name if person else "the people who run Grip"
    erase = None
    if not wanted.names:
        held = [
            *work.all(RoleHolding, workspace_id=service.workspace_id, service_id=service.id),
            *work.all(RoleHolding, workspace_id=service.workspace_id, service_id=None),
        ]
        ids = sorted({h.person_id for h in held if h.person_id} | ({person.id} if person else set()))
        people = account.people | {p.id: p for p in work.all(Person, id=ids)}
        called = roles_as_names(people, held)
        erase = eraser(people, called)
        maker = called[person.id] if person else maker
        chosen = replace(chosen, account=without_names(replace(chosen.account, people=people), called))
        chosen = replace(chosen, part=erase(chosen.part))
    shown = showing(chosen.account, chosen.only, erase, whole=whole)
    return Gathered(service, chosen, wanted, maker, now, list(work.events(service.id)), shown)


def make(
    found: Gathered,
    files: Files,
    path: Path,
    *,
    evidence_limit: int = NO_LIMIT,
    at: Callable[[Stage], None] = lambda _stage: None,
) -> Pack:
    """Write the ZIP to `path` and check it. Evidence beyond `evidence_limit` bytes in all is left out and named; `at`
    is told where the making has come to, at least once every few seconds.

    Raises TypesettingFailed and PackDamaged; the file at `path` is then no pack."""
    at(Stage.COLLECT)
    chosen, names = found.chosen, found.wanted.names
    listed = exhibits(evidence_in(chosen.account, chosen.only), names=names, limit=evidence_limit)
    listed = [_looked_at(each, files) for each in listed]
    told = list(lines(found.events, found.shown))
    number, head = found.head
    journal = Journal(number, head, sum(full for _, full in told))
    local = found.now.astimezone(ZoneInfo(found.service.zone)).replace(tzinfo=None)
    body, pictures = document(chosen, Maker(found.maker, local, names), listed, journal)
    at(Stage.DRAW)
    pdf = typeset(body, pictures, found.now, waiting=lambda: at(Stage.DRAW))
    at(Stage.PACK)
    about = _about(body)
    missing = tuple(e for e in listed if not e.path and e.place is not Place.WORDS)
    with Archive(path, local) as archive:
        archive.add(README, [readme(body, missing).encode()])
        archive.add(DOCUMENT, [pdf])
        archive.add(WORKBOOK, [workbook(chosen.account, chosen.only, about, local)])
        for each in listed:
            if each.path:
                archive.add(each.path, files.blocks(each.evidence.sha256 or ""))
        archive.add(JOURNAL, (f"{line}\n".encode() for line, _ in told))
        archive.add(VERIFY, [(resources("bot.reports.pack") / "verify_pack.py").read_bytes()])
        seal = archive.finish(_manifest(found, journal, missing))
        count = len(archive.files)
    at(Stage.CHECK)
    if wrong := faults(path):
        raise PackDamaged("; ".join(wrong)[:500])
    return Pack(seal, file_name(chosen, found.wanted), count, missing)


def noted(work: Work, found: Gathered, pack: Pack, person: Person | None, now: datetime) -> None:
    """Write down in the journal that the pack was made, with its seal, so that it can be told from a forged one."""
    service = work.get(Service, found.service.id) or found.service
    listed = ", ".join(ref(p) for p in priorities_in(found.chosen.account, found.chosen.only))
    names = "with names" if found.wanted.names else "without names"
    reason = f"{listed}, {found.chosen.period}, {names}; seal {pack.seal}"
    note(work, person, now, EXPORTED, after=service, chain=service.id, reason=reason)


def was_made_here(work: Work, service_id: str, seal: str) -> bool:
    """Whether the journal of a service tells of a pack with this seal."""
    return any(e.verb == EXPORTED and e.reason.endswith(f"seal {seal}") for e in work.events(service_id))


def seconds_for(account: Account, *, names: bool) -> int:
    """About how many seconds a pack of this account will take: measured on two cores, rounded up."""
    records = len(account.entries) + len(account.samples) + len(account.reviews) + len(account.actions)
    size = sum(e.size or 0 for e in account.evidence) if names else 0
    return 3 + records // 150 + size // 10_000_000


def _looked_at(exhibit: Exhibit, files: Files) -> Exhibit:
    """The exhibit as its file is found: gone, or with another content than the one written down."""
    if exhibit.place is not Place.IN:
        return exhibit
    try:
        sound = files.check(exhibit.evidence.sha256 or "")
    except FileNotFoundError:
        return replace(exhibit, place=Place.MISSING, path="")
    return exhibit if sound else replace(exhibit, place=Place.ALTERED, path="")


def _about(body: dict[str, Any]) -> list[tuple[str, str]]:
    """What the first sheet of the workbook says."""
    rows = [
        ("Covers", body["period"]),
        ("About", body["part"] or "the whole plan"),
        ("Made", f"{body['made']}, by {body['made_by']}"),
        ("Names", body["names"]),
        ("Last event of the journal", f"{body['journal']['number']}: {body['journal']['head']}"),
    ]
    return [*rows, *((name, value) for name, value in body["figures"])]


def _manifest(found: Gathered, journal: Journal, missing: Sequence[Exhibit]) -> dict[str, Any]:
    return {
        "format": "grip evidence pack 1",
        "service": found.service.name,
        "service_id": found.service.id,
        "period": found.chosen.period,
        "part": found.chosen.part,
        "made_at": found.now.isoformat(),
        "made_by": found.maker,
        "names": found.wanted.names,
        "journal": {"number": journal.number, "head": journal.head, "shown": journal.shown},
        "not_included": [
            {"entry": ref(e.entry), "name": e.evidence.name, "sha256": e.evidence.sha256, "why": str(e.place)}
            for e in missing
        ],
    }
