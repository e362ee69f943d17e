"""The words of a chart: its alternative text, the names of its lines and the notes under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.insight.reading import amount, assured, finding, is_share
from bot.insight.series import Assurance, Plotted, Series

LONGEST_ALTERNATIVE = 1000
SYMBOLS = {Assurance.PASSES: "P", Assurance.HIT_AND_MISS: "?", Assurance.FAILS: "F"}
SHORT_LABEL = 20  # characters up to which marks are told in one line


@dataclass(frozen=True)
class Mark:
    """Something that was done, drawn as a numbered line on its day: an action verified, a new sheet in use."""

    when: date
    label: str


def alternative(series: Series, measure: str, marks: Sequence[Mark] = (), unit: str = "", heading: str = "") -> str:
    """What a screen reader says in place of the picture: the finding, then the figures; at most 1,000 characters."""
    parts = [f"{heading.rstrip('.')}."] if heading else []
    parts.append(f"{finding(series)}. {measure}{f', {unit}' if unit else ''}: {series.rules}.")
    if series.points:
        first, newest = series.points[0].point, series.points[-1].point
        parts.append(f"{say(series, first.value)} on {day(first.when)}.")
        if newest is not first:
            parts.append(f"{say(series, newest.value)} on {day(newest.when)}.")
        parts += [f"{name}." for name, _ in line_names(series)]
    good = sum(p.good is True for p in series.points)
    bad = sum(p.good is False for p in series.points)
    if good or bad:
        parts.append(f"Points better than chance: {good}; worse: {bad}.")
    parts += assured(series)
    parts += [f"Limits start anew on {day(when)}: {reason}." for when, reason in rebases(series)]
    parts += [f"{day(m.when)}: {m.label.rstrip('.')}." for m in marks]
    text = " ".join(parts)
    return text if len(text) <= LONGEST_ALTERNATIVE else text[: LONGEST_ALTERNATIVE - 1] + "…"


def line_names(series: Series) -> list[tuple[str, float]]:
    """The names of the lines with their values as they hold now: target, mean or median, limits.

    A lower limit at or under 0 is not named where nothing under 0 can be measured: it limits nothing.
    """
    if not series.points:
        return []
    found = []
    if series.target is not None:
        found.append((f"Target {say(series, series.target)}", series.target))
    limits = series.points[-1].limits
    if limits is None:
        return found
    name = "Median" if limits.reach is None else "Mean"
    found.append((f"{name} {say(series, limits.centre)}", limits.centre))
    if limits.high is not None and limits.low is not None:
        found.append((f"Upper limit {say(series, limits.high)}", limits.high))
        if limits.low > 0 or not never_negative(series):
            found.append((f"Lower limit {say(series, limits.low)}", limits.low))
    return found


def notes(series: Series, marks: Sequence[Mark]) -> list[str]:
    """The lines under the plot: what the marks and shapes mean, and the rules that judged."""
    found = [f"({i}) {day(m.when)}: {m.label}" for i, m in enumerate(marks, start=1)]
    if marks and max(len(m.label) for m in marks) <= SHORT_LABEL:
        found = [", ".join(found)]
    found += [f"Limits anew from {day(when)}: {reason}" for when, reason in rebases(series)]
    shapes = []
    if any(p.good is True for p in series.points):
        shapes.append("Blue circle: better than chance.")
    if any(p.good is False for p in series.points):
        shapes.append("Orange diamond: worse than chance.")
    if any(_past_unmarked(p) for p in series.points):
        shapes.append("A point past a limit is marked only where chance alone would seldom bring it.")
    # The letters are those of the assurance symbols of Making Data Count.
    found += [f"({SYMBOLS[series.assurance]}) {said}" for said in assured(series) if series.assurance]
    return [*found, " ".join([*shapes, f"{series.rules[:1].upper()}{series.rules[1:]}."])]


def _past_unmarked(plotted: Plotted) -> bool:
    limits, value = plotted.limits, plotted.point.value
    if plotted.cause is not None or limits is None or limits.low is None or limits.high is None:
        return False
    return not limits.low - 1e-9 <= value <= limits.high + 1e-9


def rebases(series: Series) -> list[tuple[date, str]]:
    """The days from which limits hold anew, with the reasons given."""
    return [(series.points[s.start].point.when, s.reason.rstrip(".")) for s in series.segments[1:]]


def never_negative(series: Series) -> bool:
    """Whether no value of the series lies under 0, as with shares and counts."""
    return all(p.point.value >= 0 for p in series.points)


def say(series: Series, value: float) -> str:
    """A value in the words of its measure."""
    return amount(value, share=is_share(series))


def day(when: date) -> str:
    """A day as it stands under an axis."""
    return f"{when.day} {when:%b %Y}"
