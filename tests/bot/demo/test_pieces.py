"""The small parts of the demonstration: its days, its papers, and stories that ask for what they may not."""

import io
import zlib
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from bot.demo.days import Days
from bot.demo.papers import paper
from bot.demo.script import Story, script
from bot.plan.services import Shift

# A Monday; the Friday before it is the last working day, and the Monday a fortnight later a bank holiday.
MONDAY = date(2026, 8, 17)
DAYS = Days(MONDAY, "Europe/London")


@pytest.mark.parametrize(
    ("day", "on"),
    [
        (0, date(2026, 8, 17)),
        (-1, date(2026, 8, 14)),
        (-6, date(2026, 8, 7)),
        (10, date(2026, 9, 1)),  # over the bank holiday of 31 August
        ("-2d", date(2026, 8, 15)),
        ("+3d", date(2026, 8, 20)),
        ("-1m", date(2026, 7, 1)),
        ("-2m", date(2026, 6, 1)),
        ("-9m", date(2025, 11, 3)),  # the 1st was a Saturday
    ],
)
def test_days_are_counted_from_today(day: int | str, on: date) -> None:
    assert DAYS.on(day) == on


@pytest.mark.parametrize("day", ["", "5", "-5w", "yesterday"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match="is no day of a story"):
        DAYS.on(day)


def test_times_are_local_ones() -> None:
    assert DAYS.at(-1, "10:30") == datetime(2026, 8, 14, 9, 30, tzinfo=UTC)
    night = DAYS.on_shift(-1, Shift.NIGHT, turn=3)
    assert datetime(2026, 8, 14, 20, 10, tzinfo=UTC) <= night < datetime(2026, 8, 14, 21, 0, tzinfo=UTC)


def test_a_pdf_can_be_read() -> None:
    content, mimetype = paper("List.pdf", "Oak House, A1", "Seven (7) carers signed; one \\ was late. " * 8)
    assert mimetype == "application/pdf"
    words = PdfReader(io.BytesIO(content), strict=True).pages[0].extract_text()
    assert "Oak House, A1" in words
    assert "Seven (7) carers signed; one \\ was late." in words


def test_a_picture_is_a_whole_png_and_another_for_other_words() -> None:
    content, mimetype = paper("Board.png", "Oak House", "The board")
    assert mimetype == "image/png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    start = content.index(b"IDAT") + 4
    size = int.from_bytes(content[start - 8 : start - 4], "big")
    assert len(zlib.decompress(content[start : start + size])) == 64 * (1 + 96 * 3)
    assert paper("Board.png", "Oak House", "Another board")[0] != content


def test_text_is_text_and_nothing_else_is_made() -> None:
    assert paper("Note.txt", "Oak House", "Rang them.") == (b"Oak House\n\nRang them.\n", "text/plain")
    with pytest.raises(ValueError, match=r"only \.pdf, \.png"):
        paper("Film.mp4", "Oak House", "")


def test_the_script_is_in_order_of_time_and_wholly_in_the_past() -> None:
    steps = script(DAYS)
    assert steps == sorted(steps, key=lambda step: step.at)
    assert steps[-1].at < datetime(2026, 8, 17, tzinfo=UTC)


def test_a_story_with_an_unknown_heading_is_refused() -> None:
    with pytest.raises(ValidationError):
        Story.model_validate({"service": "oak-house", "step": [], "entires": []})
