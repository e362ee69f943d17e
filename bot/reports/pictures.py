"""The chart of each measure as a picture to be drawn: what it shows, and a digest that changes with the picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from bot.insight import reading, series
from bot.insight.movement import Verdict
from bot.insight.series import ChartKind, Series
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.measures import Measure
from bot.plan.priorities import Priority
from bot.plan.readings import Reading
from bot.reports import chart_words, charts, scale, svg
from bot.reports.chart_words import Mark
from bot.reports.charts import PHONE, Drawing, Size, draw
from bot.reports.pack.letters import legible
from bot.reports.progress import marks_of, series_of, unit_of

FONT = "Noto Sans"  # the one that comes with the program; no other is looked for
FEWEST = 2  # points; one shows no movement
DRAWN_BY = (charts, chart_words, scale, svg, series, reading)


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a picture of one measure shows: its samples as judged, and what was done when."""

    measure: Measure
    name: str
    unit: str
    heading: str
    series: Series
    marks: tuple[Mark, ...]

    @property
    def digest(self) -> str:
        """32 hexadecimal characters that stay as long as the picture would look the same."""
        shown = (self.name, self.unit, self.heading, self.series, self.marks)
        return sha256(f"{_drawn_by()}{shown!r}".encode()).hexdigest()[:32]

    def drawn(self, size: Size = PHONE) -> Drawing:
        """The picture, in the font that comes with the program."""
        return draw(self.series, self.name, self.marks, self.unit, size, FONT, heading=self.heading)


def chart_of(account: Account, priority: Priority, found: Reading, *, words: bool = True) -> Chart | None:
    """The chart of a measure; None where it has fewer than two points. Without `words` its marks name actions alone."""
    measure = found.measure
    judged = series_of(account, measure)
    if len(judged.points) < FEWEST:
        return None
    # A few dots say nothing by themselves; what the exact tests say of them heads them.
    heading = _heading(found) if judged.kind is ChartKind.DOTS else ""
    return Chart(
        measure,
        legible(f"{ref(measure)} {measure.name}"),
        unit_of(measure),
        legible(heading),
        judged,
        tuple(Mark(mark.when, legible(mark.label)) for mark in marks_of(account, priority, words=words)),
    )


def _heading(found: Reading) -> str:
    if found.drift:
        return f"Fell back: {found.drift.sentence}"
    if found.movement is None:
        return ""
    # Where less is better, more than chance alone would not say which way.
    return f"{'Improved: ' if found.verdict is Verdict.IMPROVED else ''}{found.movement.sentence}"


def charts_of(account: Account) -> Iterator[Chart]:
    """The charts of all measures of the priorities that are worked on."""
    for priority in account.live:
        for found in account.readings_of(priority):
            if chart := chart_of(account, priority, found):
                yield chart


@cache
def _drawn_by() -> str:
    """A digest of the program that draws, so that a release which draws in another way makes new pictures."""
    return sha256(b"".join(Path(module.__file__ or "").read_bytes() for module in DRAWN_BY)).hexdigest()
