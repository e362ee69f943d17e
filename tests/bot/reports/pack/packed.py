"""Packs made in tests, and what can be read in them: the document's text, its registers, the workbook's rows."""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from bot.plan.account import Account
from bot.plan.entries import EvidenceState, FileRef
from bot.plan.journal import note
from bot.reports.pack.making import Pack, gathered, make
from bot.reports.pack.wanted import Wanted
from bot.reports.register_parts import WHOLE_ACCOUNT, Filter, Register
from bot.reports.workbook import sheet_name
from storage.files import FolderFiles
from tests.bot.plan.scene import Scene
from tests.bot.reports.oak_house import tell

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DOCUMENT = "Service improvement plan.pdf"
WHOLE = Wanted()
PHOTO = b"\x89PNG a photograph of the sheet"
FURNITURE = re.compile(r"^(?:.*: service improvement plan ?As of .*|Journal: event .*|Page \d+ of \d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Seeded:
    """The account of one service of the seeded provider, and its pack."""

    account: Account
    pack: Path
    text: str


def told_with_evidence(scene: Scene, files: FolderFiles, name: str = "sheet.png") -> str:
    """Oak House in November with one evidence file that is kept; its SHA-256."""
    tell(scene)
    (first, *_) = scene.account().actions
    entry = scene.entry(first, what="Photographed the sheet.", files=(FileRef(id="F1", name=name),))
    sha256, size = files.put([PHOTO], 1000)
    with scene.store.transaction() as work:
        (evidence,) = [e for e in scene.account().evidence if e.record_id == entry.id]
        kept = work.save(replace(evidence, state=EvidenceState.KEPT, sha256=sha256, size=size))
        note(work, None, scene.now, "keep evidence", before=evidence, after=kept)
    return sha256


def packed(scene: Scene, files: FolderFiles, path: Path, wanted: Wanted = WHOLE, **more: Any) -> Pack:
    """The pack of Oak House, made by its manager."""
    with scene.store.reading() as work:
        found = gathered(work, scene.service, wanted, scene.now)
    return make(found, files, path, **more)


def everything() -> Filter:
    """The filter of a pack of everything."""
    return WHOLE_ACCOUNT


def document(path: Path) -> PdfReader:
    """The PDF of a pack."""
    return PdfReader(io.BytesIO(zipfile.ZipFile(path).read(DOCUMENT)))


def text_of(reader: PdfReader, *, first: int = 0) -> str:
    """The text of a document from a page on, without the lines that stand on every page."""
    return FURNITURE.sub("", "\n".join(page.extract_text() for page in reader.pages[first:]))


def squeezed(text: str) -> str:
    """Text without any white space, so that the place of a line break does not matter."""
    return "".join(text.split())


@cache
def workbook_of(path: Path) -> Workbook:
    """The workbook of a pack that does not change any more."""
    return load_workbook(io.BytesIO(zipfile.ZipFile(path).read("Registers.xlsx")))


def rows_of(path: Path, register: Register) -> list[tuple[Any, ...]]:
    """The rows of a register's sheet below its head."""
    book = workbook_of(path)
    found = [tuple(cell.value for cell in row) for row in book[sheet_name(register)].iter_rows(min_row=2)]
    return [row for row in found if any(value is not None for value in row)]
