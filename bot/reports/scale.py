"""Axes of a chart: round ticks that hold all values, and days that can be read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Axis:
    """The lowest and highest value drawn and the ticks between, in the measure's unit."""

    low: float
    high: float
    ticks: tuple[float, ...]


def share_axis() -> Axis:
    """Always the whole of 0 to 1: a cut axis makes small changes look large."""
    return Axis(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0))


def figures_axis(values: Sequence[float], *, floor: bool) -> Axis:
    """An axis with about five round steps that holds all values; with `floor` it starts at 0 and goes no lower."""
    high = max(values, default=1.0)
    low = 0.0 if floor else min(values, default=0.0)
    if high - low <= 0:
        high = low + 1.0
    step = _round_step((high - low) / 4)
    start = math.floor(low / step)
    stop = math.ceil(high / step - 1e-9)
    return Axis(start * step, stop * step, tuple(round(i * step, 10) for i in range(start, stop + 1)))


def time_ticks(days: Sequence[date], room: int) -> list[tuple[date, str]]:
    """At most `room` of the days, evenly picked with the first and the last, with the year where it is new."""
    unique = sorted(set(days))
    count = min(room, len(unique))
    picked = [unique[round(i * (len(unique) - 1) / max(1, count - 1))] for i in range(count)]
    found, year = [], 0
    for day in picked:
        label = f"{day.day} {day:%b}" if day.year == year else f"{day.day} {day:%b %Y}"
        year = day.year
        found.append((day, label))
    return found


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9))
