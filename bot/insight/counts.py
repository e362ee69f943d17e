"""Counts from samples and periods, and the intervals and exact tests that go with them."""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.insight.exact import stats

CONFIDENCE = 0.95
SIGNIFICANT = 0.05
SMALLEST_SAMPLE = 10
ROUNDING = 1e-7  # relative; equally likely tables differ by less in floating point


class Better(StrEnum):
    """Which way is good for a measure."""

    UP = "up"
    DOWN = "down"

    @property
    def sign(self) -> int:
        """+1 where more is better, -1 where less is better."""
        return 1 if self is Better.UP else -1


@dataclass(frozen=True, order=True)
class Count:
    """`met` of `n` sampled records met the standard. Raises ValueError unless 0 <= met <= n and n >= 1."""

    met: int
    n: int

    def __post_init__(self) -> None:
        if self.n < 1 or not 0 <= self.met <= self.n:
            raise ValueError(f"{self.met} of {self.n} cannot be a sample.")

    def __add__(self, other: "Count") -> "Count":
        return Count(self.met + other.met, self.n + other.n)

    def __str__(self) -> str:
        return f"{self.met} of {self.n}"

    @property
    def share(self) -> float:
        """The share that met the standard, 0 to 1."""
        return self.met / self.n


@dataclass(frozen=True, order=True)
class Tally:
    """`count` events in `periods` equal periods (days, weeks or months, as the measure says)."""

    count: int
    periods: float = 1.0
    unit: str = "period"

    def __post_init__(self) -> None:
        if self.count < 0 or not 0 < self.periods < math.inf:
            raise ValueError(f"{self.count} in {self.periods} periods cannot be a tally.")

    def __str__(self) -> str:
        return f"{self.count} in {self.periods:g} {self.unit}{'' if self.periods == 1 else 's'}"

    @property
    def rate(self) -> float:
        """Events per period."""
        return self.count / self.periods


@dataclass(frozen=True)
class Interval:
    """A 95 % interval, both ends included."""

    low: float
    high: float

    def mirrored(self) -> "Interval":
        """The interval of the negated quantity."""
        return Interval(-self.high, -self.low)


def wilson(count: Count, confidence: float = CONFIDENCE) -> Interval:
    """Wilson score interval for one proportion, clipped to [0, 1] (Newcombe 1998, Stat Med 17:857, method 3)."""
    z = _z(confidence)
    p, n = count.share, count.n
    middle = p + z * z / (2 * n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends the formula gives 0 and 1 only up to rounding; the exact end is meant.
    low = 0.0 if count.met == 0 else max(0.0, (middle - reach) / scale)
    high = 1.0 if count.met == count.n else min(1.0, (middle + reach) / scale)
    return Interval(low, high)


@lru_cache(maxsize=8)
def _z(confidence: float) -> float:
    return float(stats().norm.ppf(0.5 + confidence / 2))


def newcombe(then: Count, now: Count) -> Interval:
    """95 % interval for share(now) - share(then), clipped to [-1, 1] (Newcombe 1998, Stat Med 17:873, method 10)."""
    a, b = wilson(now), wilson(then)
    difference = now.share - then.share
    low = difference - math.hypot(now.share - a.low, b.high - then.share)
    high = difference + math.hypot(a.high - now.share, then.share - b.low)
    return Interval(max(-1.0, low), min(1.0, high))


@lru_cache(maxsize=4096)  # here and below: every status and tick asks again about the same samples
def fisher(then: Count, now: Count) -> float:
    """Two-sided p value of Fisher's exact test that both samples share one proportion.

    The sum over all tables no more likely than the one seen, as scipy's fisher_exact gives it; that one takes half a
    minute for samples of 100,000, this a few milliseconds.
    """
    import numpy as np  # comes with scipy, which is loaded at its first use

    then, now = sorted((then, now))  # the same to the last bit, whichever came first
    total = then.met + now.met
    possible = np.arange(max(0, total - now.n), min(then.n, total) + 1)
    chances = np.exp(stats().hypergeom.logpmf(possible, then.n + now.n, total, then.n))
    seen = chances[then.met - possible[0]]
    return min(1.0, float(chances[chances <= seen * (1 + ROUNDING)].sum()))


def binomial(count: Count, standard: float) -> float:
    """Two-sided p value of the exact binomial test of a sample against a fixed standard (share, 0 to 1)."""
    return float(stats().binomtest(count.met, count.n, standard).pvalue)


def tally_interval(tally: Tally) -> Interval:
    """Exact 95 % interval for a Poisson rate per period (Garwood 1936, Biometrika 28:437)."""
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if tally.count == 0 else float(stats().chi2.ppf(tail, 2 * tally.count)) / 2
    high = float(stats().chi2.ppf(1 - tail, 2 * tally.count + 2)) / 2
    return Interval(low / tally.periods, high / tally.periods)


@lru_cache(maxsize=4096)
def rate_test(then: Tally, now: Tally) -> float:
    """Two-sided p value that both tallies share one rate.

    The exact conditional test for two Poisson rates (Przyborowski and Wilenski 1940, Biometrika 31:313): given the
    total, the later count is binomial with the later share of the periods. 1.0 where nothing was counted at all.
    """
    total = then.count + now.count
    if total == 0:
        return 1.0
    return float(stats().binomtest(now.count, total, now.periods / (then.periods + now.periods)).pvalue)


@lru_cache(maxsize=4096)
def rate_ratio_interval(then: Tally, now: Tally) -> Interval:
    """Exact 95 % interval for rate(now) / rate(then), from the Clopper-Pearson interval of the conditional share."""
    total = then.count + now.count
    if total == 0:
        return Interval(0.0, math.inf)
    # By quantiles of the beta distribution: scipy's own interval searches for the same figures, 3 ms a time.
    tail, beta = (1 - CONFIDENCE) / 2, stats().beta
    low = 0.0 if now.count == 0 else float(beta.ppf(tail, now.count, then.count + 1))
    high = 1.0 if then.count == 0 else float(beta.ppf(1 - tail, now.count + 1, then.count))
    stretch = then.periods / now.periods

    def ratio(q: float) -> float:
        return math.inf if q >= 1 else stretch * q / (1 - q)

    return Interval(ratio(low), ratio(high))
