"""Special causes on a control chart, by the rules of NHS England's Making Data Count."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby, pairwise

from bot.insight.chance import BEYOND_THREE_SIGMA, BEYOND_TWO_SIGMA, Chances
from bot.insight.limits import Limits

RUN_OF = 7
ROUNDING = 1e-9


class Cause(StrEnum):
    """Which rule marks a point; where several hold, the first of this list is named."""

    OUTSIDE = "outside the limits"
    TREND = "part of a trend of 7"
    TWO_OF_THREE = "2 of 3 near a limit"
    SHIFT = "7 in a row on one side of the mean"


def side(value: float, centre: float) -> int:
    """+1 above, -1 below, 0 on the centre line (within rounding)."""
    gap = value - centre
    if abs(gap) <= ROUNDING * max(1.0, abs(centre)):
        return 0
    return 1 if gap > 0 else -1


def seven_on_one_side(sides: Sequence[int]) -> list[bool]:
    """At which points a run of at least 7 on one side is complete (the 7th and every later one of the run)."""
    return [
        i + 1 >= RUN_OF and sides[i] != 0 and all(s == sides[i] for s in sides[i + 1 - RUN_OF : i + 1])
        for i in range(len(sides))
    ]


def seven_in_a_trend(values: Sequence[float]) -> list[int]:
    """At which points 7 rising (+1) or falling (-1) values are complete; a tie breaks a trend."""
    found = []
    for i in range(len(values)):
        window = values[max(0, i + 1 - RUN_OF) : i + 1]
        steps = [side(b, a) for a, b in pairwise(window)]
        whole = len(steps) == RUN_OF - 1
        found.append(1 if whole and min(steps) == 1 else -1 if whole and max(steps) == -1 else 0)
    return found


def two_of_three(values: Sequence[float], limits: Sequence[Limits], chances: Chances | None = None) -> list[int]:
    """Which points are among 2 of 3 in a row beyond two thirds of the way to a limit, all three on that side (+1, -1).

    Beyond two thirds includes beyond the limit itself, as in the Western Electric rule. With `chances` a point counts
    as that far out only where chance alone is as seldom as it is beyond two sigma.
    """
    sides = [side(v, limit.centre) for v, limit in zip(values, limits, strict=True)]
    far = _far(values, limits, sides, 2 / 3, BEYOND_TWO_SIGMA, chances)
    near = [s if out else 0 for out, s in zip(far, sides, strict=True)]
    found = [0] * len(values)
    for start in range(len(values) - 2):
        window = range(start, start + 3)
        for which in (1, -1):
            members = [i for i in window if near[i] == which]
            if len(members) >= 2 and all(sides[i] == which for i in window):
                for i in members:
                    found[i] = which
    return found


def special_causes(
    values: Sequence[float], limits: Sequence[Limits], chances: Chances | None = None
) -> list[tuple[Cause, int] | None]:
    """For each point the rule that marks it and its direction (+1 high or rising, -1 low or falling), or None.

    A run of 7 and a trend mark all of their points. With `chances` (see bot/insight/chance.py) a mark needs besides
    that chance alone would seldom bring it. Raises ValueError where values and limits differ in number.
    """
    sides = [side(v, limit.centre) for v, limit in zip(values, limits, strict=True)]
    shift = _lasting(sides, _spread(seven_on_one_side(sides)), chances)
    rising = _spread([t == 1 for t in seven_in_a_trend(values)])
    falling = _spread([t == -1 for t in seven_in_a_trend(values)])
    pairs = two_of_three(values, limits, chances)
    outside = _far(values, limits, sides, 1.0, BEYOND_THREE_SIGMA, chances)
    found: list[tuple[Cause, int] | None] = []
    for i in range(len(values)):
        if outside[i]:
            found.append((Cause.OUTSIDE, sides[i]))
        elif rising[i] or falling[i]:
            found.append((Cause.TREND, 1 if rising[i] else -1))
        elif pairs[i]:
            found.append((Cause.TWO_OF_THREE, pairs[i]))
        elif shift[i]:
            found.append((Cause.SHIFT, sides[i]))
        else:
            found.append(None)
    return found


def _far(
    values: Sequence[float],
    limits: Sequence[Limits],
    sides: Sequence[int],
    part: float,
    most: float,
    chances: Chances | None,
) -> list[bool]:
    """Which points lie beyond this part of the way to a limit, and are there by chance no more often than `most`."""
    far = [_beyond(value, limit, part) for value, limit in zip(values, limits, strict=True)]
    if chances is None:
        return far
    if not any(far):
        return far
    high, low = chances.beyond(1), chances.beyond(-1)
    return [out and (high[i] if sides[i] > 0 else low[i]) <= most for i, out in enumerate(far)]


def _lasting(sides: Sequence[int], shift: Sequence[bool], chances: Chances | None) -> list[bool]:
    """The runs of 7 and more without those that chance alone brings often, as where nearly every sample is perfect."""
    if chances is None:
        return list(shift)
    found = [False] * len(sides)
    for side_, group in groupby(range(len(sides)), key=lambda i: sides[i]):
        run = list(group)
        if shift[run[0]] and chances.run_is_seldom(side_, run[0], run[-1] + 1):
            found[run[0] : run[-1] + 1] = [True] * len(run)
    return found


def _beyond(value: float, limit: Limits, part: float) -> bool:
    if limit.reach is None:
        return False
    return abs(value - limit.centre) > part * limit.reach + ROUNDING * max(1.0, abs(limit.centre))


def _spread(complete: Sequence[bool]) -> list[bool]:
    """From the points that complete a seven to all of its members."""
    return [any(complete[i : i + RUN_OF]) for i in range(len(complete))]
