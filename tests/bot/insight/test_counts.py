"""Intervals and exact tests against published figures, and what must hold for every sample."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.counts import (
    Count,
    Interval,
    Tally,
    binomial,
    fisher,
    newcombe,
    rate_ratio_interval,
    rate_test,
    tally_interval,
    wilson,
)

counts = st.integers(1, 80).flatmap(lambda n: st.builds(Count, st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(Count(81, 263), 0.2553, 0.3662), (Count(15, 148), 0.0624, 0.1605), (Count(0, 20), 0.0, 0.1611)],
)
def test_wilson_as_published_by_newcombe_1998(count: Count, low: float, high: float) -> None:
    interval = wilson(count)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("now", "then", "difference", "low", "high"),
    [
        (Count(56, 70), Count(48, 80), 0.2000, 0.0524, 0.3339),
        (Count(9, 10), Count(3, 10), 0.6, 0.1705, 0.8090),
        (Count(6, 7), Count(2, 7), 0.5714, 0.0582, 0.8062),
    ],
)
def test_newcombe_method_10_as_published(now: Count, then: Count, difference: float, low: float, high: float) -> None:
    interval = newcombe(then, now)
    assert round(now.share - then.share, 4) == difference
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_fisher_two_sided_as_published() -> None:
    assert fisher(Count(8, 10), Count(1, 6)) == pytest.approx(0.0349650, abs=5e-8)
    assert fisher(Count(3, 4), Count(1, 4)) == pytest.approx(0.4857143, abs=5e-8)


def test_exact_binomial_against_a_standard_worked_by_hand() -> None:
    # 0 of 10 against one half: both tails are 1/1024 each.
    assert binomial(Count(0, 10), 0.5) == pytest.approx(2 / 1024)


def test_poisson_interval_of_ten_events_as_in_the_usual_tables() -> None:
    # Exact 95 % limits of a Poisson count of 10 are 4.795 to 18.39 (Garwood 1936, and every table since).
    interval = tally_interval(Tally(10, 1))
    assert (round(interval.low, 3), round(interval.high, 2)) == (4.795, 18.39)
    assert tally_interval(Tally(0, 1)).low == 0.0
    assert round(tally_interval(Tally(0, 1)).high, 3) == 3.689


def test_two_poisson_rates_worked_by_hand() -> None:
    # Six events, none later, equal periods: two-sided p = 2 / 2**6.
    assert rate_test(Tally(6, 3), Tally(0, 3)) == pytest.approx(2 / 64)
    assert rate_test(Tally(0, 3), Tally(0, 3)) == 1.0
    assert rate_ratio_interval(Tally(0, 3), Tally(0, 3)) == Interval(0.0, math.inf)


@pytest.mark.parametrize(("met", "n"), [(3, 2), (-1, 5), (0, 0)])
def test_an_impossible_sample_is_refused(met: int, n: int) -> None:
    with pytest.raises(ValueError, match="cannot be a sample"):
        Count(met, n)


@pytest.mark.parametrize(("count", "periods"), [(-1, 1.0), (1, 0.0), (1, math.inf)])
def test_an_impossible_tally_is_refused(count: int, periods: float) -> None:
    with pytest.raises(ValueError, match="cannot be a tally"):
        Tally(count, periods)


@given(counts)
def test_wilson_stays_in_zero_to_one_and_holds_the_share(count: Count) -> None:
    interval = wilson(count)
    assert 0.0 <= interval.low <= count.share <= interval.high <= 1.0


@given(counts, counts)
def test_newcombe_stays_in_minus_one_to_one_holds_the_difference_and_mirrors(then: Count, now: Count) -> None:
    interval, back = newcombe(then, now), newcombe(now, then)
    assert -1.0 <= interval.low <= now.share - then.share + 1e-12
    assert now.share - then.share - 1e-12 <= interval.high <= 1.0
    assert (back.low, back.high) == pytest.approx((-interval.high, -interval.low), abs=1e-12)
