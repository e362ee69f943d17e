"""Verdicts against published figures, their mirror, their words, and how often chance alone earns one."""

import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bot.insight.counts import Better, Count, Tally, wilson
from bot.insight.movement import (
    Basis,
    Standing,
    Verdict,
    against_target,
    compare,
    compare_rates,
    why_not_comparable,
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


def test_what_was_sampled_another_way_is_not_compared() -> None:
    then, now = Count(9, 20), Count(17, 20)
    other_tool = compare(then, now, Better.UP, Basis(tool="8-line sheet"), Basis(tool="PAMMS"))
    assert other_tool.verdict is Verdict.NOT_COMPARABLE
    assert (other_tool.interval, other_tool.p) == (None, None)
    assert "another tool was used (8-line sheet then, PAMMS now)" in other_tool.sentence
    assert compare(then, now, Better.UP, Basis(population="Oak"), Basis(population="Willow")).verdict is (
        Verdict.NOT_COMPARABLE
    )


def test_a_person_may_say_why_two_samples_cannot_be_compared() -> None:
    told = compare(Count(9, 20), Count(17, 20), why_not="the sheet was changed in May.")
    assert told.sentence == "9 of 20 then, 17 of 20 now: not comparable, because the sheet was changed in May."
    assert compare_rates(Tally(9), Tally(3), why_not="half of May is missing").verdict is Verdict.NOT_COMPARABLE


def test_the_same_records_again_are_no_second_sample() -> None:
    first = Basis(records=frozenset({"CF1", "CF2", "CF3", "CF4"}))
    assert why_not_comparable(first, Basis(records=frozenset({"cf1", "cf2 ", "cf3", "CF9"}))) != ""
    assert why_not_comparable(first, Basis(records=frozenset({"CF1", "CF2", "CF8", "CF9"}))) == ""
    assert why_not_comparable(first, Basis()) == ""
    assert why_not_comparable(Basis(tool="Sheet"), Basis(tool=" sheet ")) == ""


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


def _false_rate(n_then: int, n_now: int, share: float) -> float:
    """The exact chance that two samples of one unchanged practice are called improved."""
    then = [float(stats.binom.pmf(a, n_then, share)) for a in range(n_then + 1)]
    now = [float(stats.binom.pmf(b, n_now, share)) for b in range(n_now + 1)]
    return float(
        sum(
            then[a] * now[b]
            for a in range(n_then + 1)
            for b in range(n_now + 1)
            if compare(Count(a, n_then), Count(b, n_now)).verdict is Verdict.IMPROVED
        )
    )


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
