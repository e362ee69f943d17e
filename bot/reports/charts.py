"""Pictures of a judged series as SVG: value, mean, limits, target, special causes and what was done when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.insight.limits import Limits
from bot.insight.reading import finding, is_share
from bot.insight.series import Plotted, Series
from bot.reports.chart_words import Mark, alternative, line_names, never_negative, notes, rebases, say
from bot.reports.scale import Axis, figures_axis, share_axis, time_ticks
from bot.reports.svg import element, line, number, polyline, width, words, wrapped

FONT = "Noto Sans, Arial, Liberation Sans, DejaVu Sans, sans-serif"
INK, QUIET, GRID, BAND = "#1b1f24", "#4a545e", "#dfe4e8", "#eef2f6"
LINE, MEAN, TARGET = "#6b7680", "#1f4e79", "#8a1550"
DISC = 9.0  # radius of the disc that holds the number of a mark
GOOD, BAD = "#005eb8", "#c4500c"  # the blue and orange of Making Data Count; the shapes differ as well


@dataclass(frozen=True)
class Size:
    """Width and plot height of a picture and the size of its letters, in SVG units."""

    width: float
    plot: float
    letters: float


WIDE = Size(760, 300, 15)
PHONE = Size(400, 240, 14)


@dataclass(frozen=True)
class Drawing:
    """A picture: its SVG text, the finding that heads it, what a screen reader says, its size in SVG units."""

    svg: str
    title: str
    alt: str
    width: float
    height: float


@dataclass(frozen=True)
class _Frame:
    """Where the plot lies in the picture, and how days and values become places."""

    left: float
    right: float
    top: float
    bottom: float
    first: date
    last: date
    axis: Axis

    def x(self, when: date) -> float:
        days, inset = (self.last - self.first).days, 12.0
        if days == 0:
            return (self.left + self.right) / 2
        return self.left + inset + (when - self.first).days / days * (self.right - self.left - 2 * inset)

    def y(self, value: float) -> float:
        kept = min(max(value, self.axis.low), self.axis.high)
        return self.bottom - (kept - self.axis.low) / (self.axis.high - self.axis.low) * (self.bottom - self.top)


def draw(
    series: Series,
    measure: str,
    marks: Sequence[Mark] = (),
    unit: str = "",
    size: Size = WIDE,
    font: str = FONT,
    *,
    heading: str = "",
) -> Drawing:
    """The chart of a series, headed by what it says. `unit` names the figures ("falls a week"); shares need none.
    `heading` is what is known otherwise, where the series alone is too short to say anything.

    Marks outside the days of the series are left out of the picture and of its alternative text.
    """
    shown = _shown(series, marks)
    title = heading or finding(series)
    headlines = wrapped(title, size.width - 16, (size.letters + 3) * 1.05)
    subtitle = wrapped(f"{measure}{f', {unit}' if unit else ''}", size.width - 16, size.letters)
    top = 10 + len(headlines) * (size.letters + 9) + len(subtitle) * (size.letters + 5) + (34 if shown else 16)
    frame = _frame(series, size, top)
    # Drawn in this order so that nothing covers the points.
    body = [
        *_heading(headlines, subtitle, size),
        *_grid(series, frame, size),
        *_limits(series, frame),
        *_target(series, frame),
        *_marks(series, shown, frame, size),
        *_points(series, frame),
        *_names(series, frame, size),
    ]
    height = frame.bottom + 34
    for note in notes(series, shown):
        for text in wrapped(note, size.width - 16, size.letters - 1):
            height += size.letters + 5
            body.append(words("text", text, x=8, y=height, fill=QUIET, font_size=size.letters - 1))
    height += 12
    alt = alternative(series, measure, shown, unit, heading)
    svg = element(
        "svg",
        words("title", title),
        words("desc", alt),
        element("rect", width=size.width, height=height, fill="#ffffff"),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(size.width)} {number(height)}",
        width=size.width,
        height=height,
        role="img",
        font_family=font,
    )
    return Drawing(svg, title, alt, size.width, height)


def _heading(heading: Sequence[str], subtitle: Sequence[str], size: Size) -> list[str]:
    found, y = [], 6.0
    for text in heading:
        y += size.letters + 9
        found.append(words("text", text, x=8, y=y, fill=INK, font_size=size.letters + 3, font_weight="bold"))
    for text in subtitle:
        y += size.letters + 5
        found.append(words("text", text, x=8, y=y, fill=QUIET, font_size=size.letters))
    return found


def _frame(series: Series, size: Size, top: float) -> _Frame:
    values = [p.point.value for p in series.points]
    values += [e for p in series.points if p.limits is not None for e in (p.limits.low, p.limits.high) if e is not None]
    values += [] if series.target is None else [series.target]
    axis = share_axis() if is_share(series) else figures_axis(values, floor=never_negative(series))
    letters = size.letters - 1
    left = 14 + max(width(say(series, tick), letters) for tick in axis.ticks)
    right = size.width - 14 - max((width(text, letters) for text in _short_names(series)), default=0.0)
    days = [p.point.when for p in series.points] or [date(2000, 1, 1)]
    return _Frame(left, right, top, top + size.plot, days[0], days[-1], axis)


def _grid(series: Series, frame: _Frame, size: Size) -> list[str]:
    found, letters = [], size.letters - 1
    for tick in frame.axis.ticks:
        y = frame.y(tick)
        found.append(line(frame.left, y, frame.right, y, stroke=GRID))
        place = {"x": frame.left - 6, "y": y + letters / 3}
        found.append(words("text", say(series, tick), **place, fill=QUIET, font_size=letters, text_anchor="end"))
    if series.points:
        room = int((frame.right - frame.left) // width("00 Sep 2026", letters))
        for when, label in time_ticks([p.point.when for p in series.points], max(2, room)):
            x = frame.x(when)
            found.append(line(x, frame.bottom, x, frame.bottom + 5, stroke=QUIET))
            place = {"x": x, "y": frame.bottom + 9 + letters}
            found.append(words("text", label, **place, fill=QUIET, font_size=letters, text_anchor="middle"))
    return found


def _limits(series: Series, frame: _Frame) -> list[str]:
    """The band between the limits, one step a point, and the centre line."""
    found = []
    for index, segment in enumerate(series.segments):
        part = series.points[segment.start : segment.stop]
        edges = _edges(series, index, frame)
        lows = _steps(part, edges, lambda li: li.low, frame)
        highs = _steps(part, edges, lambda li: li.high, frame)
        centre = _steps(part, edges, lambda li: li.centre, frame)
        if lows and highs:
            found.append(element("path", d=polyline([*highs, *reversed(lows)]) + "Z", fill=BAND))
            # A lower limit on the floor of the chart limits nothing: the band alone shows how far values reach.
            drawn = (highs, lows) if min(y for _, y in lows) < frame.bottom else (highs,)
            found += [_dashed(edge) for edge in drawn]
        if centre:
            found.append(element("path", d=polyline(centre), fill="none", stroke=MEAN, stroke_width=2, class_="centre"))
    return found


def _dashed(edge: Sequence[tuple[float, float]]) -> str:
    return element("path", d=polyline(edge), fill="none", stroke=LINE, stroke_dasharray="6 4", class_="limit")


def _target(series: Series, frame: _Frame) -> list[str]:
    if series.target is None or not series.points:
        return []
    y = frame.y(series.target)
    style = {"stroke": TARGET, "stroke_dasharray": "2 4", "class_": "target"}
    return [line(frame.left, y, frame.right, y, stroke_width=2, **style)]


def _marks(series: Series, marks: Sequence[Mark], frame: _Frame, size: Size) -> list[str]:
    found, letters = [], size.letters - 2
    days = [frame.x(mark.when) for mark in marks]
    for index, (x, beside) in enumerate(zip(days, _apart(days, frame), strict=True), start=1):
        y = frame.top - 14
        found.append(line(x, frame.top, x, frame.bottom, stroke=INK, stroke_dasharray="1 3", class_="mark"))
        found.append(line(beside, y, x, frame.top, stroke=INK, stroke_dasharray="1 3"))
        found.append(element("circle", cx=beside, cy=y, r=DISC, fill=INK))
        place = {"x": beside, "y": y + letters / 3}
        found.append(words("text", str(index), **place, fill="#ffffff", font_size=letters, text_anchor="middle"))
    for when, _ in rebases(series):
        x = frame.x(when) - 6
        found.append(line(x, frame.top, x, frame.bottom, stroke=QUIET, stroke_width=1.5, class_="rebase"))
    return found


def _apart(days: Sequence[float], frame: _Frame) -> list[float]:
    """Where the numbers of marks stand: over their days, or beside them where these would cover one another."""
    found: list[float] = []
    for x in days:
        found.append(max(x, found[-1] + 2 * DISC + 1) if found else x)
    over = frame.right
    for index in reversed(range(len(found))):
        found[index] = min(found[index], over)
        over = found[index] - 2 * DISC - 1
    return found


def _points(series: Series, frame: _Frame) -> list[str]:
    found = []
    for segment in series.segments:
        part = series.points[segment.start : segment.stop]
        places = [(frame.x(p.point.when), frame.y(p.point.value)) for p in part]
        if len(places) > 1:
            found.append(element("path", d=polyline(places), fill="none", stroke=LINE, stroke_width=1.5))
    rim: dict[str, str | float] = {"stroke": "#ffffff", "stroke_width": 1.5}
    for plotted in series.points:
        x, y = frame.x(plotted.point.when), frame.y(plotted.point.value)
        if plotted.good is None:
            found.append(element("circle", cx=x, cy=y, r=4, fill=LINE, class_="usual"))
        elif plotted.good:
            found.append(element("circle", cx=x, cy=y, r=6.5, fill=GOOD, class_="good", **rim))
        else:
            corners = polyline([(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)])
            found.append(element("path", d=corners + "Z", fill=BAD, class_="bad", **rim))
    return found


def _names(series: Series, frame: _Frame, size: Size) -> list[str]:
    """The names beside their lines at the right edge, pushed apart where they would cover each other."""
    letters = size.letters - 1
    named = sorted(zip(_short_names(series), line_names(series), strict=True), key=lambda pair: -pair[1][1])
    found: list[str] = []
    above = frame.top - letters
    for index, (text, (name, value)) in enumerate(named):
        lowest = frame.bottom - (len(named) - 1 - index) * (letters + 2)  # room for those that follow
        above = min(max(frame.y(value), above + letters + 2), lowest)
        colour = TARGET if name.startswith("Target") else MEAN if name.startswith("Me") else QUIET
        found.append(words("text", text, x=frame.right + 6, y=above + letters / 3, fill=colour, font_size=letters))
    return found


def _short_names(series: Series) -> list[str]:
    """The names of the lines, short enough for the margin: its place says whether a limit is the upper one."""
    return [text.replace("Upper limit", "Limit").replace("Lower limit", "Limit") for text, _ in line_names(series)]


def _steps(
    part: Sequence[Plotted], edges: Sequence[float], take: Callable[[Limits], float | None], frame: _Frame
) -> list[tuple[float, float]]:
    """A line that holds each point's own value over its own stretch of time; empty where a point has none."""
    found: list[tuple[float, float]] = []
    for plotted, (start, stop) in zip(part, pairwise(edges), strict=True):
        value = None if plotted.limits is None else take(plotted.limits)
        if value is None:
            return []
        found += [(start, frame.y(value)), (stop, frame.y(value))]
    return found


def _edges(series: Series, index: int, frame: _Frame) -> list[float]:
    """Where the stretch of each point of a segment begins and ends: half-way to its neighbours."""
    segment = series.segments[index]
    places = [frame.x(p.point.when) for p in series.points[segment.start : segment.stop]]
    if not places:
        return [frame.left]
    between = [(a + b) / 2 for a, b in pairwise(places)]
    start = frame.left if index == 0 else places[0] - 6
    last = segment.stop == len(series.points)
    return [start, *between, frame.right if last else frame.x(series.points[segment.stop].point.when) - 6]


def _shown(series: Series, marks: Sequence[Mark]) -> list[Mark]:
    if not series.points:
        return []
    first, last = series.points[0].point.when, series.points[-1].point.when
    return sorted((m for m in marks if first <= m.when <= last), key=lambda m: (m.when, m.label))
