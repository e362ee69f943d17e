"""How far the filled cells of an XLSX reach, looked up without holding them: one stray cell makes a million rows."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

MOST_ROWS = 2_000
HEADER_WITHIN = 10  # rows in which the column names must stand
LAST_ROW, LAST_COLUMN = 5_000, 100  # beyond these nothing of a plan is looked for
MOST_SHEET_BYTES = 30_000_000  # of the sheets and their texts once unpacked; a plan has a tenth of it
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")


class TooMany(Exception):
    """More rows than a plan has, or cells that unpack to far more than they seem."""


class Astray(Exception):
    """A filled cell far from any table; the message is its place, as "XFD1048576"."""


def extent(packed: zipfile.ZipFile) -> tuple[int, int]:
    """The last row and the last column that hold anything, over all sheets.

    Raises TooMany, Astray, and ValueError for a sheet that is no XML."""
    parts = [part for part in packed.infolist() if _SHEET.fullmatch(part.filename)]
    texts = [part.file_size for part in packed.infolist() if part.filename == "xl/sharedStrings.xml"]
    if sum(part.file_size for part in parts) + sum(texts) > MOST_SHEET_BYTES:
        raise TooMany
    row = column = 1
    for part in parts:
        with packed.open(part) as file:
            last = _of_sheet(file)
        row, column = max(row, last[0]), max(column, last[1])
    return row, column


def _of_sheet(file: IO[bytes]) -> tuple[int, int]:
    filled = last_row = last_column = 0
    try:
        for row, columns in _rows(file):
            if not columns:
                continue
            filled += 1
            last_row, last_column = max(last_row, row), max(last_column, *columns)
            if filled > MOST_ROWS + HEADER_WITHIN:
                raise TooMany
            if last_row > LAST_ROW or last_column > LAST_COLUMN:
                raise Astray(f"{_letters(max(columns))}{row}")
    except ParseError as error:
        raise ValueError("no XML") from error
    return last_row, last_column


def _rows(file: IO[bytes]) -> Iterator[tuple[int, list[int]]]:
    """Each row that stands in a sheet: its number, and the numbers of the columns that are filled in it."""
    within: list[Element] = []
    number, column, filled = 0, 0, list[int]()
    for event, element in iterparse(file, events=("start", "end")):  # noqa: S314 - expat itself stops entities that expand
        tag = element.tag.rpartition("}")[2]
        if tag == "row" and event == "start":
            number, column, filled = int(element.get("r") or number + 1), 0, []
        elif tag == "sheetData" and event == "start":
            within.append(element)
        elif tag == "c" and event == "end":
            place = _CELL.fullmatch(element.get("r") or "")
            column = _number(place[1]) if place else column + 1
            if len(element):
                filled.append(column)
        elif tag == "row" and event == "end":
            yield number, filled
            for each in within:
                each.clear()


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
