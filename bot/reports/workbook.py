"""The workbook: all fifteen registers, a sheet each, filterable, with dates as dates and nothing that computes."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from bot.plan.account import Account
from bot.reports.register_parts import Cell, Filter, Register
from bot.reports.registers import REGISTERS

# What a spreadsheet, or a CSV saved from it, may take for a formula: OWASP's list for CSV injection.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_767  # characters, Excel's limit
NARROWEST, WIDEST = 9, 60  # characters
BRAND = "#1d3f4a"


def workbook(
    account: Account,
    only: Filter,
    about: Sequence[tuple[str, str]],
    made_at: datetime,
    registers: Sequence[Register] = REGISTERS,
) -> bytes:
    """Registers of a plan as XLSX; `about` is what its first sheet says. `made_at` is stamped into the file."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "dd mmm yyyy"})
    book.set_properties({"title": "Service improvement plan", "created": made_at.replace(tzinfo=None)})
    formats = _formats(book)
    _first_sheet(book.add_worksheet("About"), formats, account, only, about, registers)
    for register in registers:
        _sheet(book.add_worksheet(sheet_name(register)), formats, register, register.rows(account, only))
    book.close()
    return file.getvalue()


def sheet_name(register: Register) -> str:
    """The name of a register's sheet, within Excel's 31 characters."""
    return f"{register.number} {register.title}"[:31].rstrip()


def harmless(text: str) -> str:
    """Text that no spreadsheet computes: an apostrophe stands before what could start a formula."""
    text = f"'{text}" if text.startswith(FORMULA_STARTS) else text
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _formats(book: Any) -> dict[str, Any]:
    top = {"valign": "top", "text_wrap": True}
    return {
        "head": book.add_format({**top, "bold": True, "font_color": "#ffffff", "bg_color": BRAND}),
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": BRAND}),
        "bold": book.add_format({**top, "bold": True}),
        "text": book.add_format(top),
        "number": book.add_format({**top, "num_format": "0.###"}),
        "date": book.add_format({**top, "num_format": "dd mmm yyyy", "align": "left"}),
        "time": book.add_format({**top, "num_format": "dd mmm yyyy hh:mm", "align": "left"}),
    }


def _first_sheet(
    sheet: Any,
    formats: dict[str, Any],
    account: Account,
    only: Filter,
    about: Sequence[tuple[str, str]],
    registers: Sequence[Register],
) -> None:
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, harmless(f"{account.service.name}: service improvement plan"), formats["title"])
    line = 2
    for name, words in about:
        sheet.write_string(line, 0, harmless(name), formats["bold"])
        sheet.write_string(line, 1, harmless(words), formats["text"])
        line += 1
    line += 1
    for column, words in enumerate(("Register", "Rows")):
        sheet.write_string(line, column, words, formats["head"])
    for register in registers:
        line += 1
        sheet.write_url(line, 0, f"internal:'{sheet_name(register)}'!A1", string=f"{register.number} {register.title}")
        sheet.write_number(line, 1, len(register.rows(account, only)), formats["number"])


def _sheet(sheet: Any, formats: dict[str, Any], register: Register, rows: Sequence[Sequence[Cell]]) -> None:
    for column, name in enumerate(register.columns):
        sheet.write_string(0, column, name, formats["head"])
        longest = max((len(str(row[column])) for row in rows if row[column] is not None), default=0)
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, len(name) + 2, min(longest, WIDEST))))
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, line, column, cell, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(register.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Any, line: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None or cell == "":
        sheet.write_blank(line, column, None, formats["text"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, column, cell, formats["time"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, formats["date"])
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell, formats["number"])
    else:
        sheet.write_string(line, column, harmless(cell), formats["text"])
