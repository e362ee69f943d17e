"""Every number in the PDF, the workbook and the Slack answers of the seeded provider agrees."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import astuple
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.plan.access import ref
from bot.reports.inspection import inspect
from bot.reports.narrowing import WHOLE, asked
from bot.reports.pack.document import cell_words
from bot.reports.pack.letters import legible
from bot.reports.register_parts import Register
from bot.reports.registers import REGISTERS
from bot.reports.status import FIGURE_WORDS, status
from bot.reports.workbook import harmless
from handlers.views import inspect as inspect_views
from handlers.views import registers as register_views
from handlers.views import status as status_views
from playground.actor import words
from tests.bot.reports.pack import packed
from tests.bot.reports.pack.packed import TODAY, Seeded

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def section(text: str, title: str, following: str) -> str:
    """What stands between the last heading of a title and the heading that follows; the contents name both too."""
    start = text.rindex(title)
    stop = text.find(following, start + len(title))
    return text[start + len(title) : stop if stop > 0 else len(text)]


def numbers(text: str) -> Counter[str]:
    return Counter(NUMBER.findall(text))


STARRED = [r for r in REGISTERS if r.starred]


def test_every_register_of_the_workbook_is_the_register_itself(seeded: Seeded) -> None:
    for register in REGISTERS:
        own = register.rows(seeded.account, packed.everything())
        shown = packed.rows_of(seeded.pack, register)
        assert len(shown) == len(own), register.title
        for mine, theirs in zip(own, shown, strict=True):
            for cell, value in zip(mine, theirs, strict=True):
                expected = harmless(cell) if isinstance(cell, str) else cell
                if isinstance(expected, date) and not isinstance(expected, datetime):
                    expected = datetime.combine(expected, time())  # as Excel has it
                if isinstance(expected, datetime):
                    expected = expected.replace(microsecond=0)
                    value = value.replace(microsecond=0)
                assert value == (expected if expected != "" else None), register.title


@pytest.mark.parametrize("this", STARRED, ids=lambda r: r.title)
def test_the_pdf_shows_the_very_numbers_of_the_workbook(seeded: Seeded, this: Register) -> None:
    number = STARRED.index(this)
    title = f"Register {this.number}: {this.title}"
    after = (
        f"Register {STARRED[number + 1].number}: {STARRED[number + 1].title}"
        if number + 1 < len(STARRED)
        else "Evidence files"
    )
    shown = section(seeded.text, title, after)
    rows = packed.rows_of(seeded.pack, this)
    told = [" ".join(legible(cell_words(_plain(value))) for value in row) for row in rows]
    count = "1 row." if len(rows) == 1 else f"{len(rows)} rows."
    assert count in shown
    expected = numbers(" ".join([count, *told]))
    found = numbers(_without_headings(shown))
    assert found == expected, (found - expected, expected - found)


def _plain(value: Any) -> Any:
    """A cell of the workbook as the register had it: Excel knows no days without a time."""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date()
    return value.removeprefix("'") if isinstance(value, str) else value


def _without_headings(text: str) -> str:
    """A section without the number of the heading that follows it."""
    return re.sub(r"\n\d(?:\.\d+)?$", "", text.rstrip())


def test_every_sentence_of_the_inspection_stands_in_the_pdf(seeded: Seeded) -> None:
    found = inspect(seeded.account, TODAY)
    text = packed.squeezed(seeded.text)
    for question in found.questions:
        assert packed.squeezed(question.title) in text
        for sentence in question.sentences:
            assert packed.squeezed(legible(sentence.text)) in text, sentence.text


def test_slack_answers_what_the_pdf_says(seeded: Seeded) -> None:
    text = packed.squeezed(seeded.text)
    for priority in seeded.account.priorities:
        part = asked(seeded.account, ref(priority))
        found = inspect(seeded.account, TODAY, part)
        shown = inspect_views.answered(found, "")
        said = packed.squeezed(
            words({"blocks": shown.blocks}).replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
        )
        for sentence in (s for q in found.questions[:4] for s in q.sentences):
            assert packed.squeezed(sentence.text) in said
            assert sentence.about == "" or packed.squeezed(legible(sentence.text)) in text or priority.closed_on
    whole = inspect(seeded.account, TODAY)
    shown_whole = words({"blocks": inspect_views.answered(whole, "").blocks})
    assert all(sentence.text in shown_whole for sentence in whole.summary)


def test_the_figures_of_status_cover_and_workbook_agree(seeded: Seeded) -> None:
    found = status(seeded.account, TODAY)
    figures = dict(zip(FIGURE_WORDS.values(), astuple(found.figures), strict=True))
    cover = seeded.text[: seeded.text.index("Contents")]
    for word, figure in figures.items():
        assert re.search(rf"{figure}\s*{word}|{word}\s*{figure}", cover) or str(figure) in cover, word
    at_a_glance = cover[cover.index("At a glance") :]
    assert [int(n) for n in re.findall(r"^\s*(\d+)\s*$", at_a_glance, re.MULTILINE)] == list(figures.values())
    book = load_workbook(_workbook(seeded.pack))
    about: dict[Any, Any] = {row[0].value: row[1].value for row in book["About"].iter_rows() if row[0].value}
    assert {word: int(about[word]) for word in figures} == figures
    posted = status_views.summary(found, seeded.account, WHOLE)
    assert f"{found.counts['overdue']} overdue" in posted.text
    assert sum(p.overdue for p in found.priorities) == figures["Overdue actions"]


def _workbook(pack: Path) -> io.BytesIO:
    return io.BytesIO(zipfile.ZipFile(pack).read("Registers.xlsx"))


def test_a_register_in_slack_has_the_cells_of_the_workbook(seeded: Seeded) -> None:
    for register in REGISTERS:
        rows = register.rows(seeded.account, packed.everything())
        for own, shown in zip(rows, packed.rows_of(seeded.pack, register), strict=True):
            slack = numbers(" ".join(register_views.shown(cell) for cell in own))
            sheet = numbers(" ".join(register_views.shown(_plain(value)) for value in shown))
            assert slack == sheet
