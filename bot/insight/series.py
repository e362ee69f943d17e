"""A measure over time: the chart its points can bear, limits, special causes and assurance, with the rules named."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise

from bot.insight.causes import Cause, side, special_causes
from bot.insight.chance import Chances, of_events, of_samples
from bot.insight.counts import Better, Count, wilson
from bot.insight.limits import Limits, Runs, c_limits, p_limits, runs, xmr

RUN_CHART_FROM = 10
LIMITS_FROM = 12


class Data(StrEnum):
    """What the points of a measure are."""

    SAMPLES = "samples"
    FIGURES = "figures"


class ChartKind(StrEnum):
    """How a series is judged and drawn."""

    DOTS = "dots"
    RUN = "run chart"
    P = "p chart"
    XMR = "XmR chart"
    C = "c chart"


class Assurance(StrEnum):
    """Whether the process as it runs now can be relied on to meet the target."""

    PASSES = "consistently passes"
    HIT_AND_MISS = "hit and miss"
    FAILS = "consistently fails"


RULES = {
    ChartKind.DOTS: "no rules under 10 points",
    ChartKind.RUN: "Anhøj rules about the median",
    ChartKind.P: "Making Data Count rules, p chart",
    ChartKind.XMR: "Making Data Count rules, XmR chart",
    ChartKind.C: "Making Data Count rules, c chart",
}


@dataclass(frozen=True, order=True)
class Point:
    """One point: its day, its value (a share 0 to 1 with `n` records, or a figure in the measure's unit with None).

    `periods` says over how many of its periods events were counted; None where the figure is no count of events."""

    when: date
    value: float
    n: int | None = None
    periods: float | None = None


@dataclass(frozen=True)
class Rebase:
    """A person's decision that limits start anew with the first point from a day on. Raises ValueError unreasoned."""

    when: date
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("Say why the limits should start anew.")


@dataclass(frozen=True)
class Plotted:
    """A point with its limits and what the rules say of it; `good` is None where nothing marks it."""

    point: Point
    limits: Limits | None
    cause: Cause | None
    good: bool | None
    segment: int


@dataclass(frozen=True)
class Segment:
    """A stretch under one set of limits: index of its first point and past its last, why it began, whether on trial."""

    start: int
    stop: int
    reason: str
    trial: bool


@dataclass(frozen=True)
class Series:
    """A judged series. `rules` names the rule set and the number of points; each sentence made from it repeats them."""

    data: Data
    kind: ChartKind
    points: tuple[Plotted, ...]
    segments: tuple[Segment, ...]
    better: Better
    target: float | None
    runs: Runs | None
    assurance: Assurance | None
    rules: str

    @property
    def trial(self) -> bool:
        """Whether the limits that hold now rest on fewer than 12 points."""
        return bool(self.segments) and self.segments[-1].trial

    @property
    def special(self) -> tuple[Plotted, ...]:
        """The points that a rule marks."""
        return tuple(p for p in self.points if p.cause is not None)


def read(
    points: Iterable[Point],
    data: Data,
    better: Better = Better.UP,
    target: float | None = None,
    rebases: Iterable[Rebase] = (),
    kind: ChartKind | None = None,
    *,
    screen: bool = True,
) -> Series:
    """Judge a series; the chart follows from the number of points unless `kind` is asked for.

    Under 10 points: dots. 10 or 11: run chart about the median. 12 or more: p chart for samples, XmR for figures; a c
    chart only on request. Points of one day are one point. `screen` is the Nelson screening of XmR. A stretch of fewer
    than 10 points under new limits is drawn with them, but no rule marks it, and only 12 tell of the target.
    """
    days = by_day(points)
    chosen = kind or choose(data, len(days))
    stretches = _segments(days, rebases if chosen is not ChartKind.DOTS else ())
    plotted: list[Plotted] = []
    for number, segment in enumerate(stretches):
        part = days[segment.start : segment.stop]
        limits = _limits(chosen, part, screen=screen)
        causes = _causes(chosen, part, limits)
        plotted += [
            Plotted(point, limit, *_read_cause(cause, better), number)
            for point, limit, cause in zip(part, limits, causes, strict=True)
        ]
    now = plotted[stretches[-1].start :]
    found = None
    if chosen is ChartKind.RUN and len(now) >= RUN_CHART_FROM:
        found = runs([side(p.point.value, p.limits.centre) for p in now if p.limits is not None])
    assured = None if target is None or stretches[-1].trial else _assured(now, target, better)
    named = _named(chosen, len(days), stretches)
    return Series(data, chosen, tuple(plotted), tuple(stretches), better, target, found, assured, named)


def choose(data: Data, points: int) -> ChartKind:
    """The chart that so many points can bear."""
    if points < RUN_CHART_FROM:
        return ChartKind.DOTS
    if points < LIMITS_FROM:
        return ChartKind.RUN
    return ChartKind.P if data is Data.SAMPLES else ChartKind.XMR


def assurance(limits: Limits, target: float, better: Better) -> Assurance | None:
    """Where the target lies between the limits; None without limits.

    Beyond the limit on the bad side the process fails consistently, on the good side it passes, between it is hit and
    miss. A target that the worse limit just reaches passes, since meeting the target is meeting it.
    """
    if limits.low is None or limits.high is None:
        return None
    worst, best = (limits.low, limits.high) if better is Better.UP else (limits.high, limits.low)
    if (worst - target) * better.sign >= 0:
        return Assurance.PASSES
    if (best - target) * better.sign < 0:
        return Assurance.FAILS
    return Assurance.HIT_AND_MISS


def _assured(now: Sequence[Plotted], target: float, better: Better) -> Assurance | None:
    """The assurance of the limits that hold now; that samples can be relied on is said only where as many records as
    they are bear it out (Wilson 95 %): twelve perfect samples of one record each prove little."""
    last = now[-1].limits
    found = None if last is None else assurance(last, target, better)
    if found is Assurance.PASSES and all(p.point.n is not None for p in now):
        pooled = wilson(sum((_count(p.point) for p in now[1:]), _count(now[0].point)))
        worst = pooled.low if better is Better.UP else pooled.high
        return found if (worst - target) * better.sign >= 0 else None
    return found


def by_day(points: Iterable[Point]) -> list[Point]:
    """Points in order, one a day: samples and counts of a day are pooled, other figures averaged, in any order."""
    found = []
    for when, group in groupby(sorted(points, key=lambda p: p.when), key=lambda p: p.when):
        same = list(group)
        if len(same) == 1:
            found.append(same[0])
        elif all(p.n is not None for p in same):
            size = sum(p.n or 0 for p in same)
            found.append(Point(when, math.fsum(p.value * (p.n or 0) for p in same) / size, size))
        elif all(p.periods is not None for p in same):
            length = math.fsum(p.periods or 0.0 for p in same)
            value = math.fsum(p.value * (p.periods or 0.0) for p in same) / length
            found.append(Point(when, value, periods=length))
        else:
            found.append(Point(when, statistics.fmean(p.value for p in same)))
    return found


def _segments(days: Sequence[Point], rebases: Iterable[Rebase]) -> list[Segment]:
    starts: dict[int, str] = {0: ""}
    for rebase in sorted(rebases, key=lambda r: (r.when, r.reason)):
        first = next((i for i, p in enumerate(days) if p.when >= rebase.when), 0)
        if first:  # before the first point, or with no point yet, there is nothing to part
            starts[first] = rebase.reason
    edges = [*sorted(starts), len(days)]
    return [Segment(start, stop, starts[start], stop - start < LIMITS_FROM) for start, stop in pairwise(edges)]


def _limits(kind: ChartKind, part: Sequence[Point], *, screen: bool) -> Sequence[Limits | None]:
    values = [p.value for p in part]
    if kind is ChartKind.DOTS or not part:
        return [None] * len(part)
    if kind is ChartKind.RUN:
        return [Limits(statistics.median(values))] * len(part)
    if kind is ChartKind.P:
        return p_limits([_count(p) for p in part])
    if kind is ChartKind.C:
        return [c_limits(values)] * len(part)
    if len(part) < 2:
        return [Limits(values[0])]
    return [xmr(values, screen=screen).limits] * len(part)


def _causes(
    kind: ChartKind, part: Sequence[Point], limits: Sequence[Limits | None]
) -> Sequence[tuple[Cause, int] | None]:
    drawn = [limit for limit in limits if limit is not None]
    if kind in (ChartKind.DOTS, ChartKind.RUN) or len(drawn) < RUN_CHART_FROM:
        return [None] * len(part)
    return special_causes([p.value for p in part], drawn, _chances(kind, part, drawn[0].centre))


def _chances(kind: ChartKind, part: Sequence[Point], centre: float) -> Chances | None:
    """What chance alone does about the centre; None for figures that are no counts."""
    values = [p.value for p in part]
    if kind is ChartKind.P:
        return of_samples(values, [_count(p).n for p in part], centre)
    if kind is ChartKind.C or all(p.periods is not None for p in part):
        return of_events(values, [p.periods or 1.0 for p in part], centre)
    return None


def _read_cause(cause: tuple[Cause, int] | None, better: Better) -> tuple[Cause | None, bool | None]:
    if cause is None:
        return None, None
    return cause[0], cause[1] == better.sign


def _count(point: Point) -> Count:
    if point.n is None:
        raise ValueError(f"The sample of {point.when} does not say how many records it had.")
    return Count(round(point.value * point.n), point.n)


def _named(kind: ChartKind, points: int, segments: Sequence[Segment]) -> str:
    words = f"{RULES[kind]}, {points} point{'' if points == 1 else 's'}"
    if kind in (ChartKind.P, ChartKind.XMR, ChartKind.C) and segments and segments[-1].trial:
        words += f"; trial limits, from only {segments[-1].stop - segments[-1].start}"
    return words
