"""Drift, recurrence and paper ahead of practice, with the near stories in which nothing may be said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.counts import Better, Count
from bot.insight.durability import (
    DatedCount,
    Lens,
    by_day,
    drift,
    months_after,
    paperwork_practice_mismatch,
    recurrence,
)
from bot.insight.movement import Verdict


def _on(month: int, met: int, n: int = 20) -> DatedCount:
    return DatedCount(date(2026, month, 1), Count(met, n))


def test_a_handover_gain_that_fell_back_is_drift() -> None:
    found = drift(Count(9, 20), [_on(2, 17), _on(5, 10)], target=0.9)
    assert found is not None
    assert (found.best, found.newest) == (_on(2, 17), _on(5, 10))
    assert found.sentence.startswith("9 of 20 at first, 17 of 20 at best, 10 of 20 now")


@pytest.mark.parametrize(
    "follow_ups",
    [
        [_on(2, 17)],
        [_on(2, 17), _on(5, 18)],
        [_on(2, 12), _on(5, 9)],
        [_on(2, 17), _on(5, 2, n=4)],
        [],
    ],
    ids=["only one", "still improved", "never improved", "the newest too small to judge", "none"],
)
def test_what_is_no_drift(follow_ups: list[DatedCount]) -> None:
    assert drift(Count(9, 20), follow_ups, target=0.9) is None


def test_back_among_the_baseline_but_at_target_is_no_drift() -> None:
    assert drift(Count(9, 20), [_on(2, 17), _on(5, 14)], target=0.7) is None
    assert drift(Count(9, 20), [_on(2, 17), _on(5, 14)], target=0.8) is not None
    assert drift(Count(9, 20), [_on(2, 17), _on(5, 14)]) is not None


def test_drift_where_less_is_better() -> None:
    assert drift(Count(15, 20), [_on(2, 4), _on(4, 14)], Better.DOWN, 0.1) is not None


def test_recurrence_by_sample_or_by_signal() -> None:
    closed = date(2026, 1, 31)
    by_sample = recurrence(closed, 0.9, [_on(3, 19), _on(9, 15)], [])
    assert by_sample is not None
    assert by_sample.samples == (_on(9, 15),)
    assert by_sample.sentence == "Since closure: sampled 15 of 20 against the closing standard of at least 90 %."
    by_signal = recurrence(closed, 0.9, [], [date(2026, 7, 31), date(2026, 8, 1), date(2026, 1, 31)])
    assert by_signal is not None
    assert by_signal.signals == (date(2026, 7, 31),)
    assert recurrence(closed, 0.9, [_on(1, 2), _on(3, 18)], [date(2026, 8, 1)]) is None


def test_paper_ahead_of_practice() -> None:
    paper = (Lens.RECORD, Verdict.IMPROVED)
    assert paperwork_practice_mismatch([paper, (Lens.PRACTICE, Verdict.NO_CHANGE)])
    assert paperwork_practice_mismatch([paper, (Lens.PRACTICE, Verdict.IMPROVED), (Lens.EXPERIENCE, Verdict.WORSE)])
    assert not paperwork_practice_mismatch([paper])
    assert not paperwork_practice_mismatch([paper, (Lens.PRACTICE, Verdict.TOO_FEW)])
    assert not paperwork_practice_mismatch([paper, (Lens.EXPERIENCE, Verdict.IMPROVED)])
    assert not paperwork_practice_mismatch([(Lens.RECORD, Verdict.NO_CHANGE), (Lens.PRACTICE, Verdict.NO_CHANGE)])


def test_months_end_with_the_month() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 7), 1) == date(2027, 1, 7)


samples = st.lists(
    st.builds(
        DatedCount,
        st.sampled_from([date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]),
        st.integers(1, 30).flatmap(lambda n: st.builds(Count, st.integers(0, n), st.just(n))),
    ),
    max_size=8,
)


@given(samples.flatmap(lambda s: st.tuples(st.just(s), st.permutations(s))))
def test_the_order_of_samples_does_not_matter(pair: tuple[list[DatedCount], list[DatedCount]]) -> None:
    given_order, other_order = pair
    assert by_day(given_order) == by_day(other_order)
    assert drift(Count(9, 20), given_order) == drift(Count(9, 20), other_order)
    closed = date(2026, 2, 1)
    assert recurrence(closed, 0.9, given_order, []) == recurrence(closed, 0.9, other_order, [])
