"""A judged series as named lines over shared categories, for a chart that somebody else draws."""

from dataclasses import dataclass

from bot.insight.reading import is_share
from bot.insight.series import Series

MOST_CATEGORIES = 20


@dataclass(frozen=True)
class Line:
    """One line: its name and one value for each category."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Lines:
    """Categories (days, no two alike), up to five lines over them, and how many earlier points were left out."""

    categories: tuple[str, ...]
    lines: tuple[Line, ...]
    left_out: int


def lines(series: Series, most: int = MOST_CATEGORIES) -> Lines:
    """The newest points with their mean or median, limits and target, shares as per cent, to one decimal.

    Limits that a run chart or dots do not have are left out, so that every line has a value for every category.
    """
    shown = series.points[-most:]
    times = 100.0 if is_share(series) else 1.0

    def rounded(value: float) -> float:
        return round(value * times, 1)

    crossing = len({p.point.when.year for p in shown}) > 1
    categories = tuple(f"{p.point.when.day} {p.point.when:{'%b %y' if crossing else '%b'}}" for p in shown)
    found = [Line("Value", tuple(rounded(p.point.value) for p in shown))]
    limits = [p.limits for p in shown if p.limits is not None]
    if shown and len(limits) == len(shown):
        highs = [li.high for li in limits if li.high is not None]
        lows = [li.low for li in limits if li.low is not None]
        whole = len(highs) == len(lows) == len(shown)
        found.append(Line("Mean" if whole else "Median", tuple(rounded(li.centre) for li in limits)))
        if whole:
            found.append(Line("Upper limit", tuple(rounded(high) for high in highs)))
            found.append(Line("Lower limit", tuple(rounded(low) for low in lows)))
    if shown and series.target is not None:
        found.append(Line("Target", (rounded(series.target),) * len(shown)))
    return Lines(categories, tuple(found), len(series.points) - len(shown))
