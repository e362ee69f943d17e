"""The chart of a measure in a message, always with the same again in words."""

from collections.abc import Mapping, Sequence

from bot.insight.movement import Verdict
from bot.insight.reading import amount, is_share, told
from bot.insight.series import Series
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.measures import Measure, target_words
from bot.plan.readings import Reading
from bot.plan.readings import told as reading_told
from bot.reports.lines import lines
from bot.reports.progress import series_from
from handlers.views.parts import Block, clip, context, escape

CHARTS = 2  # Slack's limit for one message
NAME = 20  # characters of a name in a chart
FEWEST = 2  # points; one is no line
SPARKS = "▁▂▃▄▅▆▇█"
SPARKED = 12


def of_reading(reading: Reading) -> tuple[list[Block], str]:
    """The samples of a measure as lines with mean, limits and target, and what they say; nothing for a single point.

    The words stand beside the chart for whoever cannot see it, or has a Slack that does not draw it."""
    series = series_of(reading)
    shown = lines(series)
    if not reading.follow_ups or not shown.categories:
        return [], ""
    measure = reading.measure
    named = {line.name: line.values for line in shown.lines}
    unit = "per cent" if is_share(series) else f"a {measure.unit}"
    title = f"{ref(measure)} {measure.name}"
    chart = drawn(f"{clip(title, 48 - len(unit))}, {unit}", shown.categories, named, "line")
    earlier = f" {shown.left_out} earlier points are not drawn." if shown.left_out else ""
    words = f"{reading_told(reading)} Target: {target_words(measure)}. {told(series)}{earlier}"
    return [chart, context(f"Chart in words: {escape(words)}")], words


def of_priority(account: Account, measures: Sequence[Measure]) -> tuple[list[Block], list[str]]:
    """The charts of several measures, as many as one message takes, and what each says."""
    blocks: list[Block] = []
    said: list[str] = []
    for measure in measures:
        chart, words = of_reading(account.reading(measure))
        if chart and len(said) < CHARTS:
            blocks += chart
            said.append(words)
    return blocks, said


def series_of(reading: Reading) -> Series:
    """The samples of a reading, judged as one series."""
    first = [reading.baseline] if reading.baseline else []
    return series_from(reading.measure, [*first, *reading.follow_ups])


def drawn(title: str, categories: Sequence[str], named: Mapping[str, Sequence[float]], kind: str = "bar") -> Block:
    """Slack's own chart of named lines or bars over shared categories."""
    series = [
        {"name": clip(name, NAME), "data": [{"label": c, "value": v} for c, v in zip(categories, values, strict=True)]}
        for name, values in named.items()
    ]
    chart = {"type": kind, "series": series, "axis_config": {"categories": list(categories)}}
    return {"type": "data_visualization", "title": clip(title, 50), "chart": chart}


def spark(reading: Reading) -> str:
    """A measure in one line of text for pages that take no chart: "▃▇▄ 45 %, 85 %, 50 %"; empty for a single point.

    A figure and its sign stay together where the line breaks."""
    series = series_of(reading)
    values = [p.point.value for p in series.points[-SPARKED:]]
    if len(values) < FEWEST:
        return ""
    top = 1.0 if is_share(series) else max(values) or 1.0
    bars = "".join(SPARKS[round(value / top * (len(SPARKS) - 1))] for value in values)
    figures = ", ".join(amount(value, share=is_share(series)) for value in values[-4:])
    return f"{bars} {figures}".replace(" %", "\N{NO-BREAK SPACE}%")


def telling(reading: Reading) -> int:
    """The order in which charts are shown where few have room: what fell back or got worse, then what improved."""
    if reading.drift or reading.verdict is Verdict.WORSE:
        return 0
    return 1 if reading.verdict is Verdict.IMPROVED else 2
