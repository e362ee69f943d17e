"""Reading a spreadsheet as rows of plain values, and saying in words what about it cannot be read."""

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.errors import BadInput
from bot.importing.extent import HEADER_WITHIN, MOST_ROWS, Astray, TooMany, extent

MOST_BYTES = 10_000_000  # of the file
MOST_UNPACKED = 150_000_000  # bytes of an XLSX once unpacked: a small file can hide a huge one
# What openpyxl raises for parts that are missing, broken or none of its kind.
UNREADABLE = (LookupError, ValueError, AttributeError, TypeError, SyntaxError, OSError, zipfile.BadZipFile)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also what a password makes of an XLSX

Value = str | date | float | int | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as the spreadsheet shows it, its values by column, and by the place of a column what could
    not be read of it."""

    number: int
    values: tuple[Value, ...]
    troubles: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the names of its columns and its rows, empty ones left out."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read(content: bytes, name: str) -> Sheet:
    """The first table of an XLSX or CSV file.

    Raises BadInput in words: another format, macros, merged cells, too many rows, an unknown encoding, no table."""
    lowered = name.lower()
    if len(content) > MOST_BYTES:
        raise BadInput(f"{name} is larger than {MOST_BYTES // 1_000_000} MB. Save the plan alone in a file of its own.")
    if not content.strip():
        raise BadInput(f"{name} is empty. Choose the file that holds the plan.")
    if lowered.endswith((".xlsm", ".xlsb", ".xltm")):
        raise BadInput(f"{name} may hold macros, which are not read. Save it as .xlsx or .csv and try again.")
    if content.startswith(OLD_EXCEL):
        raise BadInput(f"{name} is an old .xls file or has a password. Save it as .xlsx without one and try again.")
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _from_excel(content, name)
    if lowered.endswith((".csv", ".tsv", ".txt")):
        return _from_text(content, name)
    raise BadInput(f"{name} is no spreadsheet that can be read. Save it as .xlsx or .csv and try again.")


def _too_many(name: str) -> BadInput:
    return BadInput(
        f"{name} has more than {MOST_ROWS:,} rows. A plan is shorter: delete old rows, or import it in parts."
    )


def _from_excel(content: bytes, name: str) -> Sheet:
    from openpyxl import load_workbook

    last_row, last_column = _sound(content, name)
    try:
        quick = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        title = _first_with_words(quick, name, last_row, last_column)
        quick.close()
        shown = load_workbook(io.BytesIO(content), data_only=True)[title]
        typed = load_workbook(io.BytesIO(content))[title]
    except UNREADABLE as error:
        raise _damaged(name) from error
    merged = [str(cells) for cells in shown.merged_cells.ranges]
    if merged:
        more = f" and {len(merged) - 3} more" if len(merged) > 3 else ""
        raise BadInput(
            f"{name} has merged cells ({', '.join(sorted(merged)[:3])}{more}), so it cannot be told what belongs to "
            "which row. Unmerge them, write the value into every row, and try again."
        )
    both = zip(
        shown.iter_rows(max_row=last_row, max_col=last_column),
        typed.iter_rows(max_row=last_row, max_col=last_column),
        strict=True,
    )
    return _table(name, [_excel_row(number, cells, formulas) for number, (cells, formulas) in enumerate(both, start=1)])


def _sound(content: bytes, name: str) -> tuple[int, int]:
    """The last row and column that hold anything. Raises BadInput for what hides in the ZIP of an XLSX: macros, far
    more than it seems, a cell astray."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if any("vbaproject" in part.filename.lower() for part in parts):
            raise BadInput(f"{name} holds macros, which are not read. Save it as .xlsx or .csv and try again.")
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _too_many(name)
        try:
            return extent(packed)
        except TooMany:
            raise _too_many(name) from None
        except Astray as error:
            raise BadInput(
                f"{name} has something in cell {error}, far from the table. Delete it, or copy the table into a new "
                "file, and try again."
            ) from None
        except (ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            raise _damaged(name) from error


def _damaged(name: str) -> BadInput:
    return BadInput(f"{name} is damaged or no spreadsheet. Open it, save it as .xlsx, and try again.")


def _first_with_words(book: Any, name: str, last_row: int, last_column: int) -> str:
    """The first sheet that holds anything. Raises BadInput where there is none."""
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=last_row, max_col=last_column, values_only=True)
        if any(value not in (None, "") for row in rows for value in row):
            return str(sheet.title)
    raise BadInput(f"{name} is empty. Choose the file that holds the plan.")


def _excel_row(number: int, cells: Sequence[Any], formulas: Sequence[Any]) -> SheetRow:
    values: list[Value] = []
    troubles: dict[int, str] = {}
    for place, (cell, formula) in enumerate(zip(cells, formulas, strict=True)):
        value = cell.value
        if value is None and formula.data_type == "f":
            troubles[place] = (
                f"{cell.coordinate} holds a formula without a value. Open the file, save it, and try again."
            )
        elif cell.data_type == "e":
            troubles[place] = f"{cell.coordinate} shows the error {value}. Put it right, or type the value."
            value = None
        values.append(_plain(value))
    return SheetRow(number, tuple(values), troubles)


def _plain(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date | float | int) and not isinstance(value, bool):
        return value
    return None if value is None else str(value).strip() or None


def _from_text(content: bytes, name: str) -> Sheet:
    text = _decoded(content, name)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:5000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows: list[SheetRow] = []
    filled = 0
    reader = csv.reader(io.StringIO(text, newline=""), dialect, strict=False)
    try:
        for cells in reader:
            row = SheetRow(reader.line_num, tuple(cell.strip() or None for cell in cells))
            filled += any(row.values)
            if filled > MOST_ROWS + HEADER_WITHIN:
                raise _too_many(name)
            rows.append(row)
    except csv.Error as error:
        raise BadInput(
            f"{name} cannot be read as a table near line {reader.line_num}: {error}. Save it anew."
        ) from error
    return _table(name, rows)


def _decoded(content: bytes, name: str) -> str:
    """The text of a CSV file in UTF-8, UTF-16 or Windows-1252, whichever it is. Raises BadInput for another."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput(
        f"{name} is written in an encoding that is not known. In Excel choose Save As, CSV UTF-8, and try again."
    )


def _table(name: str, rows: Sequence[SheetRow]) -> Sheet:
    """The table in some rows: its head is the first of them with at least two words, the rest follows below."""
    head = next((i for i, row in enumerate(rows[: HEADER_WITHIN * 3]) if _is_head(row)), None)
    if head is None:
        raise BadInput(
            f"No column names were found in {name}. Its first row should name them, for example: Issue, Action, Owner, "
            "Due date."
        )
    columns = tuple(str(value).strip() if value else "" for value in rows[head].values)
    kept = tuple(
        _within(row, len(columns)) for row in rows[head + 1 :] if any(v is not None for v in row.values) or row.troubles
    )
    if len(kept) > MOST_ROWS:
        raise _too_many(name)
    if not kept:
        raise BadInput(f"{name} names its columns, but no row follows. Choose the file that holds the plan.")
    return Sheet(name, columns, kept)


def _is_head(row: SheetRow) -> bool:
    words = [value for value in row.values if isinstance(value, str) and not value.replace(" ", "").isdigit()]
    return len(words) >= 2


def _within(row: SheetRow, width: int) -> SheetRow:
    values = (*row.values[:width], *([None] * (width - len(row.values))))
    return SheetRow(row.number, values, row.troubles)


def words_of(values: Iterable[Value]) -> Iterator[str]:
    """Values as words, for a preview."""
    for value in values:
        yield "" if value is None else f"{value.day} {value:%b %Y}" if isinstance(value, date) else str(value)
