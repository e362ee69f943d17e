"""The pictures: what stands in them, what a screen reader hears, and that the renderer of the documents takes them."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import typst

from bot.insight.counts import Better
from bot.insight.series import ChartKind, Data, Point, Rebase, Series, read
from bot.reports.chart_words import Mark, alternative
from bot.reports.charts import PHONE, WIDE, Size, draw
from bot.reports.lines import lines
from bot.reports.scale import figures_axis, time_ticks
from bot.reports.svg import number, words, wrapped

MONDAY = date(2026, 1, 5)
HANDOVERS = [9, 8, 10, 9, 11, 8, 10, 16, 17, 18, 16, 17, 18, 17]
FALLS = [9.0, 8, 9, 10, 9, 8, 9, 10, 9, 8, 9, 10, 4, 3, 4, 3]
SHEET = Mark(MONDAY + timedelta(weeks=6, days=3), "A12 verified: the 8-line sheet is in use")


def _weekly(values: list[float], n: int | None = None) -> list[Point]:
    return [Point(MONDAY + timedelta(weeks=i), value, n) for i, value in enumerate(values)]


def _handovers() -> Series:
    return read(_weekly([met / 20 for met in HANDOVERS], 20), Data.SAMPLES, target=0.9)


def _falls() -> Series:
    moved = Rebase(MONDAY + timedelta(weeks=12), "Dining tables moved.")
    return read(_weekly(FALLS), Data.FIGURES, Better.DOWN, target=5, rebases=[moved])


class _Parts:
    """Counts the classes of a picture and collects its words."""

    def __init__(self, svg: str) -> None:
        self.classes = Counter(re.findall(r'class="(\w+)"', svg))
        self.words = re.findall(r">([^<>]+)<", svg)


def _across(svg: str) -> list[float]:
    paths = [float(x) for x in re.findall(r"[ML]([-\d.]+) [-\d.]+", svg)]
    return paths + [float(x) for x in re.findall(r' c?x[12]?="([-\d.]+)"', svg)]


def _down(svg: str) -> list[float]:
    paths = [float(y) for y in re.findall(r"[ML][-\d.]+ ([-\d.]+)", svg)]
    return paths + [float(y) for y in re.findall(r' c?y[12]?="([-\d.]+)"', svg)]


def test_a_p_chart_shows_points_centre_limits_target_and_marks() -> None:
    drawing = draw(_handovers(), "Handovers with all 8 lines", [SHEET])
    parts = _Parts(drawing.svg)
    assert (parts.classes["good"], parts.classes["bad"], parts.classes["usual"]) == (7, 7, 0)
    assert (parts.classes["centre"], parts.classes["limit"], parts.classes["target"]) == (1, 2, 1)
    assert parts.classes["mark"] == 1
    assert {"Mean 66 %", "Limit 98 %", "Limit 34 %", "Target 90 %", "100 %", "0 %"} <= set(parts.words)
    assert "(1) 19 Feb 2026: A12 verified: the 8-line sheet is in use" in parts.words
    assert "Making Data Count rules, p chart, 14 points." in " ".join(parts.words)
    assert "(?) As things run now, the target of at least 90 %" in " ".join(parts.words)


def test_the_title_states_the_finding_and_the_alternative_text_begins_with_it() -> None:
    drawing = draw(_handovers(), "Handovers with all 8 lines", [SHEET])
    assert drawing.title == "Better since 23 February 2026: 7 or more in a row above the mean"
    assert drawing.alt == (
        "Better since 23 February 2026: 7 or more in a row above the mean. Handovers with all 8 lines: Making Data "
        "Count rules, p chart, 14 points. 45 % on 5 Jan 2026. 85 % on 6 Apr 2026. Target 90 %. Mean 66 %. Upper limit "
        "98 %. Lower limit 34 %. Points better than chance: 7; worse: 7. As things run now, the target of at least "
        "90 % will sometimes be met and sometimes be missed. 19 Feb 2026: A12 verified: the 8-line sheet is in use."
    )
    assert f"<desc>{drawing.alt}</desc>" in drawing.svg
    assert f"<title>{drawing.title}</title>" in drawing.svg


def test_limits_set_anew_are_drawn_apart_and_their_reason_is_told() -> None:
    drawing = draw(_falls(), "Falls", unit="falls a week")
    parts = _Parts(drawing.svg)
    assert (parts.classes["rebase"], parts.classes["centre"]) == (1, 2)
    assert "Limits anew from 30 Mar 2026: Dining tables moved" in parts.words
    assert "trial limits, from only 4" in drawing.alt
    assert "Limits start anew on 30 Mar 2026: Dining tables moved." in drawing.alt
    assert drawing.title == "Too few points to see a pattern since its limits were set anew on 30 March 2026"


def test_a_lower_limit_under_nothing_is_neither_drawn_nor_named() -> None:
    counts = read(_weekly([3.0, 5, 2, 4, 0, 3, 9, 2, 3, 4, 1, 2, 3, 14]), Data.FIGURES, Better.DOWN, kind=ChartKind.C)
    drawing = draw(counts, "Complaints")
    assert _Parts(drawing.svg).classes["limit"] == 1
    assert "Lower limit" not in drawing.alt
    assert "Upper limit 9.87" in drawing.alt


def test_few_points_are_drawn_without_limits() -> None:
    drawing = draw(read(_weekly([0.4, 0.9], 20), Data.SAMPLES, target=0.9), "Handovers")
    parts = _Parts(drawing.svg)
    assert (parts.classes["usual"], parts.classes["centre"], parts.classes["limit"]) == (2, 0, 0)
    assert drawing.title == "Too few points to see a pattern"


def test_a_run_chart_has_a_median_and_no_limits() -> None:
    drawing = draw(read(_weekly([0.2, 0.3] * 5, 20), Data.SAMPLES), "Plans")
    parts = _Parts(drawing.svg)
    assert (parts.classes["centre"], parts.classes["limit"]) == (1, 0)
    assert "Median 25 %" in parts.words


def test_nothing_measured_and_a_single_point_still_make_a_picture() -> None:
    assert draw(read([], Data.SAMPLES, target=0.9), "Handovers", [SHEET]).title == "Nothing measured yet"
    lone = draw(read(_weekly([0.0]), Data.FIGURES), "Falls")
    assert "0 on 5 Jan 2026" in lone.alt


def test_marks_outside_the_days_of_the_series_are_left_out() -> None:
    early = Mark(MONDAY - timedelta(days=1), "Before it all")
    drawing = draw(_handovers(), "Handovers", [early])
    assert "Before it all" not in drawing.svg
    assert "Before it all" not in drawing.alt


def test_what_people_wrote_cannot_break_the_picture() -> None:
    drawing = draw(_handovers(), 'Handovers <b>& "notes"</b>', [Mark(SHEET.when, "</text><script>")])
    assert "<script>" not in drawing.svg
    assert "<b>" not in drawing.svg
    assert "Handovers &lt;b&gt;&amp;" in drawing.svg


def test_the_alternative_text_stays_under_a_thousand_characters() -> None:
    marks = [Mark(SHEET.when, "A very long account of what was done " * 8)] * 6
    assert len(alternative(_handovers(), "Handovers", marks)) == 1000


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_everything_lies_within_the_picture(size: Size) -> None:
    drawing = draw(_handovers(), "Handovers with all 8 lines filled in on Willow unit", [SHEET], size=size)
    across, down = _across(drawing.svg), _down(drawing.svg)
    assert len(across) == len(down) > 100
    assert min(across) >= 0
    assert max(across) <= drawing.width
    assert min(down) >= 0
    assert max(down) <= drawing.height


def test_the_renderer_of_the_documents_takes_it(tmp_path: Path) -> None:
    drawing = draw(_falls(), "Falls", [SHEET], "falls a week", PHONE)
    (tmp_path / "chart.svg").write_text(drawing.svg, encoding="utf-8")
    page = tmp_path / "page.typ"
    page.write_text('#set page(width: 400pt, height: auto)\n#image("chart.svg", alt: "chart")', encoding="utf-8")
    picture = typst.compile(str(page), format="png")
    assert isinstance(picture, bytes)
    assert picture.startswith(b"\x89PNG")


def test_lines_for_a_chart_that_somebody_else_draws() -> None:
    found = lines(_handovers())
    assert len(found.categories) == len(set(found.categories)) == 14
    assert [line.name for line in found.lines] == ["Value", "Mean", "Upper limit", "Lower limit", "Target"]
    assert all(len(line.values) == 14 for line in found.lines)
    assert found.lines[0].values[:2] == (45.0, 40.0)
    assert found.lines[4].values[0] == 90.0


def test_lines_keep_to_the_newest_twenty_points_and_leave_out_what_is_not_there() -> None:
    long = lines(read(_weekly([5.0, 6] * 15), Data.FIGURES))
    assert (len(long.categories), long.left_out) == (20, 10)
    few = lines(read(_weekly([0.5, 0.6], 10), Data.SAMPLES))
    assert [line.name for line in few.lines] == ["Value"]
    run = lines(read(_weekly([0.5, 0.6] * 5, 10), Data.SAMPLES))
    assert [line.name for line in run.lines] == ["Value", "Median"]
    assert lines(read([], Data.SAMPLES, target=0.9)).lines[0].values == ()


def test_axes_are_round_and_hold_all_values() -> None:
    axis = figures_axis([3.0, 9.7], floor=True)
    assert axis.ticks == (0.0, 2.5, 5.0, 7.5, 10.0)
    below = figures_axis([-3.0, 9.7], floor=False)
    assert below.low <= -3.0
    assert below.high >= 9.7
    assert figures_axis([0.0], floor=True).high > 0


def test_day_ticks_have_the_first_and_last_day_and_the_year_once() -> None:
    days = [date(2025, 12, 1) + timedelta(weeks=i) for i in range(12)]
    assert [label for _, label in time_ticks(days, 4)] == ["1 Dec 2025", "29 Dec", "19 Jan 2026", "16 Feb"]
    assert time_ticks(days, 4)[-1][0] == days[-1]
    assert time_ticks(days[:1], 4) == [(days[0], "1 Dec 2025")]


def test_small_parts() -> None:
    assert (number(3.0), number(3.14159), number(100.0)) == ("3", "3.1", "100")
    assert words("text", "a < b & c", font_size=3) == '<text font-size="3">a &lt; b &amp; c</text>'
    assert wrapped("one two three", 40, 10) == ["one two", "three"]
    assert wrapped("unbreakableword", 10, 10) == ["unbreakableword"]
