"""Intervals and exact tests against published figures, and what must hold for every sample."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

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
tallies = st.builds(Tally, st.integers(0, 60), st.sampled_from([0.5, 1.0, 3.0, 13.0]))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (Count(81, 263), 0.2553, 0.3662),
        (Count(15, 148), 0.0624, 0.1605),
        (Count(0, 20), 0.0, 0.1611),
        (Count(1, 29), 0.0061, 0.1718),
    ],
)
def test_wilson_as_published_by_newcombe_1998(count: Count, low: float, high: float) -> None:
    interval = wilson(count)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(("count", "low", "high"), [(Count(9, 162), 3.0, 10.2), (Count(19, 151), 8.2, 18.8)])
def test_wilson_of_the_apsac_trial(count: Count, low: float, high: float) -> None:
    # Micheloud, Clinical Biostatistics (bookdown.org), table 8.1: deaths in the APSAC study (Meinertz and others 1988),
    # 9 of 162 and 19 of 151, with their 95 % Wilson intervals in per cent.
    interval = wilson(count)
    assert (round(100 * interval.low, 1), round(100 * interval.high, 1)) == (low, high)


@pytest.mark.parametrize(
    ("now", "then", "difference", "low", "high"),
    [
        (Count(56, 70), Count(48, 80), 0.2000, 0.0524, 0.3339),
        (Count(9, 10), Count(3, 10), 0.6, 0.1705, 0.8090),
        (Count(6, 7), Count(2, 7), 0.5714, 0.0582, 0.8062),
        # Two more of the eight examples in table II of Newcombe 1998 (Stat Med 17:873): (d) and (g).
        (Count(5, 56), Count(0, 29), 0.0893, -0.0381, 0.1926),
        (Count(10, 10), Count(0, 20), 1.0, 0.6791, 1.0),
    ],
)
def test_newcombe_method_10_as_published(now: Count, then: Count, difference: float, low: float, high: float) -> None:
    interval = newcombe(then, now)
    assert round(now.share - then.share, 4) == difference
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_fisher_two_sided_as_published() -> None:
    assert fisher(Count(8, 10), Count(1, 6)) == pytest.approx(0.0349650, abs=5e-8)
    assert fisher(Count(3, 4), Count(1, 4)) == pytest.approx(0.4857143, abs=5e-8)


def test_fisher_two_sided_of_two_more_worked_examples() -> None:
    # R's own example for fisher.test: convictions of like-sex twins of criminals, after Fisher; p = 0.0005367.
    assert fisher(Count(2, 17), Count(10, 13)) == pytest.approx(0.0005367, abs=5e-8)
    # "Fisher's exact test" in Wikipedia: teenagers on a diet, 1 of 10 boys and 11 of 14 girls; p about 0.0027594562.
    assert fisher(Count(1, 10), Count(11, 14)) == pytest.approx(0.0027594562, abs=5e-11)


@given(counts, counts)
def test_fisher_is_what_scipy_makes_of_it_whichever_sample_comes_first(then: Count, now: Count) -> None:
    table = np.array([[then.met, then.n - then.met], [now.met, now.n - now.met]])
    assert fisher(then, now) == pytest.approx(fisher_exact(table).pvalue, rel=1e-6, abs=1e-12)
    assert fisher(then, now) == fisher(now, then)


def test_fisher_of_very_large_samples() -> None:
    assert fisher(Count(50_000, 100_000), Count(50_300, 100_000)) == pytest.approx(0.181165485, abs=1e-8)


def test_exact_binomial_as_published() -> None:
    # Conover 1971, p. 97, R's own example for binom.test: 682 of 925 plants are giants, three in four expected.
    assert round(binomial(Count(682, 925), 0.75), 4) == 0.3825
    # Freedman, Pisani and Purves on the Finnish twins: of 22 pairs the smoker died first in 17; one tail is 0.00845.
    assert round(binomial(Count(17, 22), 0.5) / 2, 5) == 0.00845


def test_exact_binomial_against_a_standard_worked_by_hand() -> None:
    # 0 of 10 against one half: both tails are 1/1024 each.
    assert binomial(Count(0, 10), 0.5) == pytest.approx(2 / 1024)


def test_poisson_interval_of_ten_events_as_in_the_usual_tables() -> None:
    # Exact 95 % limits of a Poisson count of 10 are 4.795 to 18.39 (Garwood 1936, and every table since).
    interval = tally_interval(Tally(10, 1))
    assert (round(interval.low, 3), round(interval.high, 2)) == (4.795, 18.39)
    assert tally_interval(Tally(0, 1)).low == 0.0
    assert round(tally_interval(Tally(0, 1)).high, 3) == 3.689


def test_poisson_interval_and_rates_of_the_examples_of_r() -> None:
    # R's own examples for poisson.test, from the ISwR package (Dalgaard): Welsh nickel workers, and lung cancer at 55
    # to 59 in Fredericia against three other cities.
    nickel = tally_interval(Tally(137, 24.19893))
    assert (nickel.low, nickel.high) == pytest.approx((4.753125, 6.692709), abs=5e-7)
    cities, fredericia = Tally(21, 3011), Tally(11, 800)
    assert round(rate_test(cities, fredericia), 5) == 0.07967
    ratio = rate_ratio_interval(cities, fredericia)
    assert (ratio.low, ratio.high) == pytest.approx((0.8584264, 4.2772659), abs=5e-8)


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


@given(tallies)
def test_a_rate_lies_in_its_interval(tally: Tally) -> None:
    interval = tally_interval(tally)
    assert 0.0 <= interval.low <= tally.rate <= interval.high < math.inf


@given(tallies, tallies)
def test_the_ratio_of_two_rates_lies_in_its_interval(then: Tally, now: Tally) -> None:
    interval = rate_ratio_interval(then, now)
    assert 0.0 <= interval.low <= interval.high
    if then.count:
        ratio = now.rate / then.rate
        assert interval.low <= ratio * (1 + 1e-9)
        assert interval.high >= ratio * (1 - 1e-9)


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
