"""Verdicts against published figures, their mirror, their words, and how often chance alone earns one."""

import random
import sys
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bot.insight.counts import Better, Count, Tally, wilson
from bot.insight.movement import (
    Standing,
    Verdict,
    against_target,
    compare,
    compare_rates,
)

counts = st.integers(1, 40).flatmap(lambda n: st.builds(Count, st.integers(0, n), st.just(n)))
tallies = st.builds(Tally, st.integers(0, 40), st.sampled_from([1.0, 2.0, 3.0, 6.0, 13.0]))


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        (Count(8, 30), Count(18, 30), Verdict.IMPROVED),
        (Count(26, 30), Count(28, 30), Verdict.NO_CHANGE),
        (Count(6, 10), Count(10, 10), Verdict.NO_CHANGE),
        (Count(18, 30), Count(8, 30), Verdict.WORSE),
        (Count(5, 9), Count(20, 20), Verdict.TOO_FEW),
        (Count(0, 20), Count(9, 9), Verdict.TOO_FEW),
    ],
)
def test_baseline_to_follow_up(then: Count, now: Count, verdict: Verdict) -> None:
    assert compare(then, now).verdict is verdict


def test_the_published_p_values_behind_them() -> None:
    assert compare(Count(8, 30), Count(18, 30)).p == pytest.approx(0.0182, abs=5e-5)
    six = compare(Count(6, 10), Count(10, 10))
    assert six.p == pytest.approx(0.0867, abs=5e-5)
    assert six.interval is not None
    assert six.interval.low > 0, "the interval alone would have said yes"


def test_less_can_be_better() -> None:
    fewer = compare(Count(16, 25), Count(8, 24), Better.DOWN)
    assert fewer.verdict is Verdict.IMPROVED
    assert fewer.interval is not None
    assert (round(100 * fewer.interval.low), round(100 * fewer.interval.high)) == (-53, -3)
    assert fewer.in_words == "The true change probably lies between 3 points better and 53 points better."
    assert compare(Count(20, 25), Count(6, 24), Better.DOWN).verdict is Verdict.IMPROVED
    assert compare(Count(20, 25), Count(6, 24), Better.UP).verdict is Verdict.WORSE


def test_the_sentence_gives_both_counts_and_plain_words() -> None:
    told = compare(Count(9, 20), Count(17, 20))
    assert told.sentence == "9 of 20 then, 17 of 20 now: more than chance."
    assert told.in_words == "The true change probably lies between 10 points better and 62 points better."
    assert "Newcombe 95 % interval and Fisher's exact test" in told.rule
    assert told.advice == ""
    unsure = compare(Count(12, 20), Count(14, 20))
    assert unsure.sentence == "12 of 20 then, 14 of 20 now: this could be chance."
    assert unsure.advice == "With 20 records next time, 19 or more meeting it would show real improvement."
    small = compare(Count(3, 5), Count(5, 5))
    assert small.sentence == "3 of 5 then, 5 of 5 now: too few to judge."
    assert small.advice.startswith("The first sample has only 5: a fresh baseline needs 10 records, better 20.")
    assert (
        compare(Count(9, 20), Count(7, 9)).advice == "If the share stays as it is now, 30 records next time would tell."
    )


def test_a_person_may_say_why_two_samples_cannot_be_compared() -> None:
    told = compare(Count(9, 20), Count(17, 20), why_not="the sheet was changed in May.")
    assert told.sentence == "9 of 20 then, 17 of 20 now: not comparable, because the sheet was changed in May."
    assert (told.verdict, told.interval, told.p) == (Verdict.NOT_COMPARABLE, None, None)
    assert compare_rates(Tally(9), Tally(3), why_not="half of May is missing").verdict is Verdict.NOT_COMPARABLE


def test_counts_per_period() -> None:
    fewer = compare_rates(Tally(24, 3, "month"), Tally(9, 3, "month"))
    assert fewer.verdict is Verdict.IMPROVED
    assert fewer.sentence == "24 in 3 months then, 9 in 3 months now: more than chance."
    assert "Poisson" in fewer.rule
    assert compare_rates(Tally(9, 3), Tally(24, 3)).verdict is Verdict.WORSE
    assert compare_rates(Tally(9, 3), Tally(24, 3), Better.UP).verdict is Verdict.IMPROVED
    assert compare_rates(Tally(12, 3), Tally(9, 3)).verdict is Verdict.NO_CHANGE
    assert compare_rates(Tally(5, 3), Tally(0, 3)).verdict is Verdict.TOO_FEW, "5 v 0 can only reach p = 0.0625"
    assert compare_rates(Tally(6, 3), Tally(0, 3)).verdict is Verdict.IMPROVED
    assert compare_rates(Tally(0, 3), Tally(0, 3)).verdict is Verdict.TOO_FEW


@pytest.mark.parametrize(
    ("sample", "target", "better", "standing"),
    [
        (Count(60, 60), 0.9, Better.UP, Standing.WITH_CONFIDENCE),
        (Count(18, 20), 0.9, Better.UP, Standing.ON_THE_DAY),
        (Count(17, 20), 0.9, Better.UP, Standing.NOT_MET),
        (Count(0, 60), 0.1, Better.DOWN, Standing.WITH_CONFIDENCE),
        (Count(2, 20), 0.1, Better.DOWN, Standing.ON_THE_DAY),
        (Tally(3, 6, "month"), 2, Better.DOWN, Standing.WITH_CONFIDENCE),
        (Tally(3, 2, "month"), 2, Better.DOWN, Standing.ON_THE_DAY),
        (Tally(5, 2, "month"), 2, Better.DOWN, Standing.NOT_MET),
    ],
)
def test_against_the_target(sample: Count | Tally, target: float, better: Better, standing: Standing) -> None:
    assert against_target(sample, target, better).standing is standing


def test_the_target_sentence() -> None:
    told = against_target(Count(18, 20), 0.9)
    assert told.sentence == "18 of 20 against at least 90 %: met on the day. A small sample can meet it by luck."
    assert told.interval == wilson(Count(18, 20))


@given(counts, counts, st.sampled_from(Better))
def test_swapping_baseline_and_follow_up_mirrors_the_verdict(then: Count, now: Count, better: Better) -> None:
    assert compare(now, then, better).verdict is compare(then, now, better).verdict.mirrored


@given(tallies, tallies, st.sampled_from(Better))
def test_swapping_tallies_mirrors_the_verdict(then: Tally, now: Tally, better: Better) -> None:
    assert compare_rates(now, then, better).verdict is compare_rates(then, now, better).verdict.mirrored


@lru_cache
def _improvements(n_then: int, n_now: int) -> tuple[tuple[int, int], ...]:
    """All pairs of samples that are called improved."""
    pairs = ((a, b) for a in range(n_then + 1) for b in range(n_now + 1))
    return tuple((a, b) for a, b in pairs if compare(Count(a, n_then), Count(b, n_now)).verdict is Verdict.IMPROVED)


def _false_rate(n_then: int, n_now: int, share: float) -> float:
    """The exact chance that two samples of one unchanged practice are called improved."""
    then, now = (np.asarray(stats.binom.pmf(range(n + 1), n, share)) for n in (n_then, n_now))
    return float(sum(then[a] * now[b] for a, b in _improvements(n_then, n_now)))


def test_a_thousand_histories_without_change_earn_improved_no_more_often_than_the_rule_allows() -> None:
    chance = random.Random(20261207)
    sys.stdout.write("\nn then, n now, true share: exact false 'improved', seen in 1000 histories\n")
    for n_then, n_now, share in [(10, 10, 0.5), (20, 20, 0.6), (20, 12, 0.8)]:
        allowed = _false_rate(n_then, n_now, share)
        seen = 0
        for _ in range(1000):
            a = sum(chance.random() < share for _ in range(n_then))
            b = sum(chance.random() < share for _ in range(n_now))
            seen += compare(Count(a, n_then), Count(b, n_now)).verdict is Verdict.IMPROVED
        sys.stdout.write(f"{n_then:>6}, {n_now:>5}, {share:>10}: {allowed:.4f}, {seen / 1000:.4f}\n")
        assert allowed <= 0.025, "half of Fisher's two-sided 0.05 at most"
        assert seen <= stats.binom.ppf(0.999, 1000, allowed), "more than the computed rate explains"


@pytest.mark.parametrize(("n_then", "n_now"), [(10, 10), (10, 25), (20, 20)])
def test_no_true_share_lets_chance_claim_more_than_one_in_forty(n_then: int, n_now: int) -> None:
    worst = max((_false_rate(n_then, n_now, share / 20), share / 20) for share in range(1, 20))
    sys.stdout.write(
        f"\n{n_then} then, {n_now} now: at worst {worst[0]:.4f} falsely improved, at a share of {worst[1]}\n"
    )
    assert worst[0] <= 0.025


def test_a_thousand_histories_of_one_unchanged_rate() -> None:
    """The same for counts per period: at most half of the two-sided 0.05 for each total, and so for all."""
    chance = random.Random(20261208)
    sys.stdout.write("\nperiods then, periods now, true rate: exact false 'improved', seen in 1000 histories\n")
    for before, after, rate in [(3, 3, 2.0), (6, 2, 1.5)]:
        most = 26
        first, later = (np.asarray(stats.poisson.pmf(range(most), periods * rate)) for periods in (before, after))
        improved = {
            (a, b)
            for a in range(most)
            for b in range(most)
            if first[a] * later[b] > 1e-7
            and compare_rates(Tally(a, before), Tally(b, after)).verdict is Verdict.IMPROVED
        }
        allowed = float(sum(first[a] * later[b] for a, b in improved))
        drawn = [tuple(_poisson(chance, periods * rate) for periods in (before, after)) for _ in range(1000)]
        seen = sum(pair in improved for pair in drawn)
        sys.stdout.write(f"{before:>12}, {after:>11}, {rate:>9}: {allowed:.4f}, {seen / 1000:.4f}\n")
        assert allowed <= 0.025
        assert seen <= stats.binom.ppf(0.999, 1000, allowed)


def _poisson(chance: random.Random, mean: float) -> int:
    """One Poisson number: events at a steady rate until the time is up."""
    events, time = 0, chance.expovariate(1.0)
    while time < mean:
        events, time = events + 1, time + chance.expovariate(1.0)
    return events
