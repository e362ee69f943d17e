"""Centre lines and natural limits of run, XmR, p and c charts."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.insight.counts import Count
from bot.insight.exact import stats

XMR_REACH = 2.66  # 3 / d2 with d2 = 1.128, for ranges of two
RANGE_REACH = 3.267  # D4 for ranges of two


@dataclass(frozen=True)
class Limits:
    """Centre and three-sigma reach at one point, with the limits as drawn; `low` and `high` are None without limits.

    `reach` is the distance from centre to limit before clipping, in the measure's own unit: a limit clipped at 0 or 1
    is never exceeded and must not draw the two-thirds line nearer.
    """

    centre: float
    reach: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Xmr:
    """Limits of an XmR chart: mean, mean moving range used, upper limit of the moving range, natural limits."""

    mean: float
    mean_range: float
    range_limit: float
    low: float
    high: float

    @property
    def limits(self) -> Limits:
        """The same limits for every point of the chart."""
        return Limits(self.mean, XMR_REACH * self.mean_range, self.low, self.high)


def xmr(values: Sequence[float], *, screen: bool = True) -> Xmr:
    """Natural process limits: mean ± 2.66 times the mean moving range.

    With `screen`, moving ranges at or over their own upper limit (3.267 times their mean) are dropped once and the mean
    taken again (Nelson 1982, J Qual Technol 14:172; the default of NHSRplotthedots). Raises ValueError under 2 values.
    """
    if len(values) < 2:
        raise ValueError("An XmR chart needs at least two points.")
    mean = statistics.fmean(values)
    ranges = [abs(b - a) for a, b in pairwise(values)]
    mean_range = statistics.fmean(ranges)
    kept = [r for r in ranges if r < RANGE_REACH * mean_range]
    if screen and any(kept):  # were only ranges of nothing left, any value at all would stand outside the limits
        mean_range = statistics.fmean(kept)
    reach = XMR_REACH * mean_range
    return Xmr(mean, mean_range, RANGE_REACH * mean_range, mean - reach, mean + reach)


def p_limits(samples: Sequence[Count]) -> list[Limits]:
    """One Limits a sample: p̄ ± 3 √(p̄ (1 - p̄) / nᵢ), clipped to [0, 1] (Montgomery, ch. 7)."""
    if not samples:
        return []
    centre = sum(s.met for s in samples) / sum(s.n for s in samples)
    found = []
    for sample in samples:
        reach = 3 * math.sqrt(centre * (1 - centre) / sample.n)
        found.append(Limits(centre, reach, max(0.0, centre - reach), min(1.0, centre + reach)))
    return found


def c_limits(counts: Sequence[float]) -> Limits:
    """c̄ ± 3 √c̄, floored at 0 (Montgomery, ch. 7), for counts over equal periods. Raises ValueError without counts."""
    if not counts:
        raise ValueError("A c chart needs at least one point.")
    centre = statistics.fmean(counts)
    reach = 3 * math.sqrt(centre)
    return Limits(centre, reach, max(0.0, centre - reach), centre + reach)


@dataclass(frozen=True)
class Runs:
    """The Anhøj rules on a run chart: what was seen, what chance allows, and whether it says that something shifted."""

    useful: int
    longest: int
    longest_allowed: int
    crossings: int
    crossings_needed: int

    @property
    def signal(self) -> bool:
        """A run longer than allowed, or fewer crossings than needed."""
        return self.longest > self.longest_allowed or self.crossings < self.crossings_needed


def allowed_runs(useful: int) -> tuple[int, int]:
    """(longest run allowed, crossings needed) for so many points off the centre line; (0, 0) for none.

    round(log2 n) + 3, and the 5 % quantile of the binomial of n - 1 at one half (Anhøj and Olesen 2014, PLoS ONE
    9:e113825).
    """
    if useful < 1:
        return 0, 0
    return round(math.log2(useful)) + 3, int(stats().binom.ppf(0.05, useful - 1, 0.5))


def runs(sides: Sequence[int]) -> Runs:
    """The Anhøj rules over sides of the centre line (+1, -1); a 0 lies on it and neither breaks nor lengthens a run."""
    useful = [s for s in sides if s != 0]
    longest = current = crossings = 0
    for index, side in enumerate(useful):
        turned = index > 0 and side != useful[index - 1]
        crossings += turned
        current = 1 if turned else current + 1
        longest = max(longest, current)
    allowed, needed = allowed_runs(len(useful))
    return Runs(len(useful), longest, allowed, crossings, needed)
