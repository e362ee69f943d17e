"""Spreadsheets that cannot be read, or would take hours to: each is refused in words, and nothing of it is kept."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from bot.errors import BadInput
from bot.importing.extent import MOST_ROWS
from bot.importing.sheets import read
from tests.bot.importing.test_importing import HEAD, ROWS, excel


def macro(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"Sub AutoOpen()")
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 160_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "plan.xlsx", "is empty"),
        (excel(HEAD), "plan.xlsx", "no row follows"),
        (excel(("x",), (1, 2)), "plan.xlsx", "No column names were found"),
        (excel(HEAD, *ROWS), "plan.xlsm", "may hold macros"),
        (macro(excel(HEAD, *ROWS)), "plan.xlsx", "holds macros"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "plan.xls", "an old .xls file or has a password"),
        (b"%PDF-1.7", "plan.pdf", "no spreadsheet that can be read"),
        (excel(HEAD, *ROWS)[:900], "plan.xlsx", "no spreadsheet that can be read"),
        (excel(HEAD, *ROWS, change=lambda s: s.merge_cells("A2:A3")), "plan.xlsx", r"merged cells \(A2:A3\)"),
        (excel(HEAD, *ROWS, change=lambda s: s.merge_cells("A1:B1")), "plan.xlsx", r"merged cells \(A1:B1\)"),
        (bomb(), "plan.xlsx", "more than 2,000 rows"),
        (b"Area,Action\n\x81\x8d,x\n", "plan.csv", "an encoding that is not known"),
        (b"x" * 10_000_001, "plan.csv", "larger than 10 MB"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(content: bytes, name: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(content, name)


def test_a_hundred_thousand_rows_are_refused_before_they_are_held() -> None:
    text = "Area,Action,Owner,Due\n" + "Falls,Move tables,Olu Owens,1/12/2026\n" * 100_000
    with pytest.raises(BadInput, match=f"more than {MOST_ROWS:,} rows"):
        read(text.encode(), "plan.csv")
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(3_000):
        sheet.append(("Falls", "Move tables", "Olu Owens", "1/12/2026"))
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(BadInput, match="more than"):
        read(file.getvalue(), "plan.xlsx")


def entities(content: bytes) -> bytes:
    """A spreadsheet in whose sheet a few entities stand for a thousand million letters."""
    laughs = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(8))
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 60 + b'">' + laughs + b"]>"
    row = b'<sheetData><row r="9"><c r="A9" t="inlineStr"><is><t>&i;</t></is></c></row>'
    return with_sheet(content, lambda xml: head + xml.partition(b"?>")[2].replace(b"<sheetData>", row))


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same file with its first sheet changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            held = old.read(part)
            new.writestr(part.filename, change(held) if part.filename == "xl/worksheets/sheet1.xml" else held)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (excel(HEAD, *ROWS, change=lambda s: s.cell(1_048_576, 2, "x")), "cell B1048576, far from the table"),
        (excel(HEAD, *ROWS, change=lambda s: s.cell(3, 16_384, "x")), "cell XFD3, far from the table"),
        (entities(excel(HEAD, *ROWS)), "damaged or no spreadsheet"),
        (with_sheet(excel(HEAD, *ROWS), lambda xml: xml[: len(xml) // 2]), "damaged or no spreadsheet"),
        (with_sheet(excel(HEAD, *ROWS), lambda _: b" " * 30_000_001), "more than 2,000 rows"),
    ],
)
def test_what_would_take_hours_to_read_is_refused_at_once(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(content, "plan.xlsx")


def test_blank_rows_that_are_only_coloured_are_no_rows() -> None:
    def coloured(sheet: Any) -> None:
        for row in range(4, 6_000):
            sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFEEEE")

    sheet = read(excel(HEAD, *ROWS, change=coloured), "plan.xlsx")
    assert len(sheet.rows) == len(ROWS)
