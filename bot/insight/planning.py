"""How many records to sample so that the next comparison can tell."""

import math
from fractions import Fraction
from functools import lru_cache

from bot.insight.counts import SIGNIFICANT, SMALLEST_SAMPLE, Better, Count, Tally, fisher, newcombe
from bot.insight.exact import stats

ONE_SIDED = 0.025
LARGEST_SAMPLE = 200  # more than anybody would read to learn one figure


def records_against_standard(observed: float, standard: float, largest: int = 1000) -> int | None:
    """The fewest records at which an observed share differs from a standard by more than chance; None past `largest`.

    One-sided exact binomial below 0.025; only sizes at which the observed share (taken to the nearest per cent) is a
    whole number of records are tried, so that 70 against 90 per cent needs 20. Both are shares, 0 to 1.
    """
    exact = Fraction(round(observed * 100), 100)
    for n in range(exact.denominator, largest + 1, exact.denominator):
        met = int(exact * n)
        tail = stats().binom.cdf(met, n, standard) if observed < standard else stats().binom.sf(met - 1, n, standard)
        if tail < ONE_SIDED:
            return n
    return None


def shows(then: Count, now: Count, better: Better = Better.UP) -> bool:
    """Whether the pair would count as improved, both samples being large enough to judge."""
    interval = newcombe(then, now)
    good = interval if better is Better.UP else interval.mirrored()
    return good.low > 0 and fisher(then, now) < SIGNIFICANT


def met_needed(then: Count, n: int, better: Better = Better.UP) -> int | None:
    """How many of `n` follow-up records must meet (at least, or at most where less is better) to show improvement.

    5 of 10 needs 10 of 10; 10 of 20 needs 17 of 20; 15 of 30 needs 24 of 30. None where even a perfect sample of that
    size could not show it.
    """
    perfect, step = (n, -1) if better is Better.UP else (0, 1)
    if not shows(then, Count(perfect, n), better):
        return None
    met = perfect
    while 0 <= met + step <= n and shows(then, Count(met + step, n), better):
        met += step
    return met


def records_to_tell(then: Count, now: Count, better: Better = Better.UP, largest: int = LARGEST_SAMPLE) -> int | None:
    """The follow-up size (a multiple of 5, from 10) at which the share seen now would count as improved.

    None where the share did not move the good way, or where `largest` records would not tell either: then the baseline
    itself is too small.
    """
    if (now.share - then.share) * better.sign <= 0:
        return None
    for n in range(SMALLEST_SAMPLE, largest + 1, 5):
        # Rounded against the claim, so that the advice never promises more than the share seen.
        met = math.floor(now.share * n + 1e-9) if better is Better.UP else math.ceil(now.share * n - 1e-9)
        if shows(then, Count(met, n), better):
            return n
    return None


def advice(then: Count, now: Count, better: Better = Better.UP) -> str:
    """One sentence on what to sample next time, for a comparison that could not tell."""
    if then.n < SMALLEST_SAMPLE:
        return f"The first sample has only {then.n}: a fresh baseline needs {SMALLEST_SAMPLE} records, better 20."
    enough = records_to_tell(then, now, better)
    if enough is not None and enough > now.n:
        return f"If the share stays as it is now, {enough} records next time would tell."
    n = min(max(now.n, 20), LARGEST_SAMPLE)
    needed = met_needed(then, n, better)
    if needed is None:
        return f"Against {then}, no sample of {n} could show improvement: the measure was already near its best."
    bound = "or more" if better is Better.UP else "or fewer"
    return f"With {n} records next time, {needed} {bound} meeting it would show real improvement."


def enough_events(then: Tally, now: Tally) -> bool:
    """Whether so many events over these periods could show a difference at all, however they had fallen."""
    total = then.count + now.count
    return total > 0 and _could_tell(total, now.periods / (then.periods + now.periods))


@lru_cache(maxsize=4096)
def _could_tell(total: int, share: float) -> bool:
    return any(float(stats().binomtest(k, total, share).pvalue) < SIGNIFICANT for k in (0, total))
