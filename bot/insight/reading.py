"""A judged series told in one plain sentence, with its rules and number of points."""

from bot.insight.causes import RUN_OF, Cause, side
from bot.insight.counts import Better
from bot.insight.limits import Runs
from bot.insight.series import RUN_CHART_FROM, Assurance, ChartKind, Data, Plotted, Series


def finding(series: Series) -> str:
    """What the series says, as a headline without full stop: "Better since 3 March 2026: 7 in a row above the mean"."""
    if not series.points:
        return "Nothing measured yet"
    if series.kind is ChartKind.DOTS:
        return "Too few points to see a pattern"
    last = series.segments[-1]
    if last.stop - last.start < RUN_CHART_FROM:
        return f"Too few points to see a pattern since its limits were set anew on {_day(series.points[last.start])}"
    if series.runs is not None:
        return _run_finding(series.runs, series)
    newest = series.points[-1]
    if newest.cause is not None:
        stretch = _stretch(series, newest)
        verb = "Better" if newest.good else "Worse"
        when = f"since {_day(stretch[0])}" if len(stretch) > 1 else f"on {_day(newest)}"
        # Seven marked on one side are a lasting shift, which says more than the rule that is named first for a point.
        lasting = len(stretch) >= RUN_OF and all(p.cause is not Cause.TREND for p in stretch)
        return f"{verb} {when}: {_cause_words(series, newest, Cause.SHIFT if lasting else newest.cause)}"
    earlier = [p for p in series.special if p.segment == newest.segment]
    if earlier:
        passed = earlier[-1]
        return f"Within its usual range now, after {_cause_words(series, passed, passed.cause)} on {_day(passed)}"
    if newest.segment:
        return f"Steady since its limits were set anew on {_day(series.points[last.start])}"
    return "No real change: the ups and downs are its usual range"


def told(series: Series) -> str:
    """The finding, the assurance against the target, and the rules, in one or two sentences."""
    return " ".join([f"{finding(series)} ({series.rules}).", *assured(series)])


def assured(series: Series) -> list[str]:
    """Whether the target can be relied on, as one sentence; none where the limits do not tell."""
    if series.assurance is None:
        return []
    bound = "at least" if series.better is Better.UP else "at most"
    hope = {
        Assurance.PASSES: "can be relied on",
        Assurance.HIT_AND_MISS: "will sometimes be met and sometimes be missed",
        Assurance.FAILS: "will not be met without a change",
    }[series.assurance]
    aim = f"{bound} {amount(series.target or 0.0, share=is_share(series))}"
    return [f"As things run now, the target of {aim} {hope}."]


def amount(value: float, *, share: bool) -> str:
    """A value for people: a share as per cent, a figure to three significant digits."""
    return f"{100 * value:.0f} %" if share else f"{value:.3g}"


def is_share(series: Series) -> bool:
    """Whether the values are shares of samples, to be read as per cent."""
    return series.data is Data.SAMPLES


def _run_finding(found: Runs, series: Series) -> str:
    """A run chart's signal says that something moved; only the newest points say which way."""
    if not found.signal:
        return "No real change: the points cross the median as often as chance would"
    now = series.points[series.segments[-1].start :]
    sides = [side(p.point.value, p.limits.centre) for p in now if p.limits is not None]
    useful = [s for s in sides if s]
    run = next((i for i, s in enumerate(reversed(useful)) if s != useful[-1]), len(useful))
    level = amount(now[-1].limits.centre if now[-1].limits else 0.0, share=is_share(series))
    often = {0: "is never crossed", 1: "is crossed only once", 2: "is crossed only twice"}
    long = found.longest > found.longest_allowed
    why = (
        f"{found.longest} in a row on one side of the median of {level}"
        if long
        else f"the median of {level} {often.get(found.crossings, f'is crossed only {found.crossings} times')}"
    )
    if sides[-1] == 0 or (run < found.longest if long else found.crossings > 1):
        return f"More than chance, but which way it goes now cannot be told: {why}"
    verb = "Better" if useful[-1] == series.better.sign else "Worse"
    return f"{verb}, by more than chance: {why}"


def _cause_words(series: Series, plotted: Plotted, cause: Cause | None) -> str:
    above = plotted.good == (series.better is Better.UP)
    place = "above" if above else "below"
    if cause is Cause.OUTSIDE:
        return f"a point {place} the limits"
    if cause is Cause.TREND:
        return f"7 or more in a row {'rising' if above else 'falling'}"
    if cause is Cause.TWO_OF_THREE:
        return f"2 of 3 near the {'upper' if above else 'lower'} limit"
    return f"7 or more in a row {place} the mean"


def _stretch(series: Series, newest: Plotted) -> list[Plotted]:
    """The unbroken stretch of marked points of one direction that the newest one ends."""
    found: list[Plotted] = []
    for plotted in reversed(series.points):
        if plotted.segment != newest.segment or plotted.cause is None or plotted.good != newest.good:
            break
        found.append(plotted)
    return found[::-1]


def _day(plotted: Plotted) -> str:
    when = plotted.point.when
    return f"{when.day} {when:%B %Y}"
