"""What chance alone brings earns no mark on a chart: single findings among many, near-perfect samples, rare events."""

import math
import random
import sys
from datetime import date, timedelta
from itertools import product

import pytest
from scipy import stats

from bot.insight.chance import SEVEN_IN_A_ROW, of_events, of_samples
from bot.insight.counts import Better
from bot.insight.reading import finding
from bot.insight.series import ChartKind, Data, Point, Series, read

MONDAY = date(2026, 1, 5)
USUAL = "No real change: the ups and downs are its usual range"


def _samples(*counts: tuple[int, int]) -> list[Point]:
    return [Point(MONDAY + timedelta(weeks=i), met / n, n) for i, (met, n) in enumerate(counts)]


def _events(*counts: int, periods: float = 1.0) -> list[Point]:
    return [Point(MONDAY + timedelta(weeks=i), c / periods, periods=periods) for i, c in enumerate(counts)]


@pytest.mark.parametrize("n", [1, 5, 10, 20, 50])
def test_the_first_single_record_that_meets_is_no_gain(n: int) -> None:
    """The three-sigma limit lies under 1 of n here, whatever n."""
    series = read(_samples(*[(0, n)] * 11, (1, n)), Data.SAMPLES)
    assert (finding(series), series.special) == (USUAL, ())


def test_one_lucky_record_among_samples_of_twenty_is_no_gain() -> None:
    series = read(_samples(*[(0, 20), (0, 20), (2, 20)] * 4, (1, 1)), Data.SAMPLES)
    assert series.points[-1].cause is None


def test_seven_perfect_samples_among_nearly_perfect_ones_are_no_gain() -> None:
    assert finding(read(_samples(*[(10, 10)] * 4, (9, 10), *[(10, 10)] * 7), Data.SAMPLES)) == USUAL


def test_weeks_without_a_rare_event_are_no_gain() -> None:
    quiet = [0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
    for kind in (ChartKind.XMR, ChartKind.C):
        series = read(_events(*quiet), Data.FIGURES, Better.DOWN, kind=kind)
        assert not [p for p in series.special if p.good], kind


def test_what_chance_does_not_bring_is_still_marked() -> None:
    gain = read(_samples(*[(8, 20), (9, 20)] * 4, *[(17, 20)] * 7), Data.SAMPLES)
    assert finding(gain) == "Better since 2 March 2026: 7 or more in a row above the mean"
    fewer = read(_events(*[9, 8, 10, 9, 11, 8, 9], *[2, 1, 2, 1, 3, 1, 2]), Data.FIGURES, Better.DOWN)
    assert finding(fewer) == "Better since 23 February 2026: 7 or more in a row below the mean"
    spoiled = read(_samples(*[(20, 20)] * 11, (12, 20)), Data.SAMPLES)
    assert finding(spoiled) == "Worse on 23 March 2026: a point below the limits"


def test_chances_are_those_of_the_distributions() -> None:
    samples = of_samples([0.5, 0.9], [20, 10], 0.7)
    assert samples.beyond(1) == pytest.approx([stats.binom.sf(9, 20, 0.7), stats.binom.sf(8, 10, 0.7)])
    assert samples.beyond(-1) == pytest.approx([stats.binom.cdf(10, 20, 0.7), stats.binom.cdf(9, 10, 0.7)])
    assert samples.beyond(1, 0.8) == pytest.approx([stats.binom.sf(15, 20, 0.7), stats.binom.sf(7, 10, 0.7)])
    events = of_events([1.0, 1.5], [1, 2], 2.0)
    assert events.beyond(-1) == pytest.approx([stats.poisson.cdf(1, 2), stats.poisson.cdf(3, 4)])


def test_a_run_that_counts_is_as_rare_as_seven_equal_tosses() -> None:
    """Exactly: over all outcomes of seven samples of three records, about a known centre."""
    odds = [float(stats.binom.pmf(met, 3, 0.8)) for met in range(4)]
    marked = 0.0
    for outcome in product(range(4), repeat=7):
        shares = [met / 3 for met in outcome]
        if min(shares) > 0.8 and of_samples(shares, [3] * 7, 0.8).run_is_seldom(1, 0, 7):
            marked += math.prod(odds[met] for met in outcome)
    assert marked <= SEVEN_IN_A_ROW
    assert of_samples([1.0] * 9, [3] * 9, 0.8).run_is_seldom(1, 0, 9) is (SEVEN_IN_A_ROW >= 0.8**27)


def _better(series: Series) -> bool:
    return finding(series).startswith("Better")


def test_how_often_a_chart_of_nothing_new_says_better() -> None:
    chance = random.Random(20261126)
    sys.stdout.write("\npoints, records, true share: said 'Better' in 1000 charts where nothing changed\n")
    for points, n, share in [(12, 10, 0.95), (16, 20, 0.6), (24, 10, 0.5)]:
        said = 0
        for _ in range(1000):
            counts = [(sum(chance.random() < share for _ in range(n)), n) for _ in range(points)]
            said += _better(read(_samples(*counts), Data.SAMPLES))
        sys.stdout.write(f"{points:>6}, {n:>7}, {share:>10}: {said / 1000:.3f}\n")
        assert said <= 50, "one in twenty at most, as for a run chart"
