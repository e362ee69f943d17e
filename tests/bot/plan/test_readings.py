"""What the samples of a measure say, whichever of one day was written down first, and what cannot be compared."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insight.counts import Count, Tally
from bot.insight.movement import Verdict
from bot.plan.measures import Better, Lens, Measure, MeasureKind
from bot.plan.readings import NOT_ALIKE, Reading, by_day, reading_of
from bot.plan.samples import Sample
from bot.reports.progress import series_from
from tests.bot.warnings.story import Story, at

DAY = date(2026, 3, 2)
SHARE = Story().measure(Lens.PRACTICE, 0.8)
RATE = Measure(
    id="m2",
    workspace_id="T1",
    service_id="oak",
    number=2,
    priority_id="p1",
    name="Falls",
    lens=Lens.PRACTICE,
    kind=MeasureKind.COUNT,
    unit="month",
    better=Better.DOWN,
    target=2.0,
    person_id="ruth",
    written_at=at(-200),
)


def _sample(number: int, days: int, **facts: object) -> Sample:
    sample = Sample(
        id=f"x{number}",
        workspace_id="T1",
        service_id="oak",
        number=number,
        priority_id="p1",
        measure_id="m1",
        on=DAY + timedelta(days=days),
        baseline=number == 0,
        person_id="hannah",
        written_at=at(-100),
    )
    return replace(sample, **facts)  # type: ignore[arg-type]


def _share(number: int, days: int, met: int, n: int, **facts: object) -> Sample:
    return _sample(number, days, n=n, met=met, **facts)


one = st.tuples(
    st.integers(1, 3), st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.booleans()
)
taken = st.lists(one, min_size=1, max_size=7)


def _read(rows: list[tuple[int, tuple[int, int], bool]], measure: Measure = SHARE) -> Reading:
    """In the order in which they were written down; the baseline is 9 of 20, or 9 in 3 months."""
    counts = measure.kind is MeasureKind.COUNT
    first = _sample(0, 0, count=9, periods=3.0) if counts else _share(0, 0, 9, 20)
    samples = [first]
    for number, (days, (met, n), alike) in enumerate(rows, start=1):
        figures: dict[str, object] = {"count": met, "periods": 1.0} if counts else {"met": met, "n": n}
        reason = "" if alike else "another tool"
        samples.append(_sample(number, days, comparable=alike, not_comparable_reason=reason, **figures))
    return reading_of(measure, sorted(samples, key=lambda s: (s.on, s.number)))


@pytest.mark.parametrize("measure", [SHARE, RATE], ids=["proportion", "count"])
@settings(max_examples=60)
@given(data=st.data())
def test_the_order_in_which_samples_of_a_day_were_written_does_not_matter(
    measure: Measure, data: st.DataObject
) -> None:
    rows = data.draw(taken)
    here, there = _read(rows, measure), _read(data.draw(st.permutations(rows)), measure)
    assert (here.movement, here.target, here.drift) == (there.movement, there.target, there.drift)
    assert series_from(measure, here.follow_ups) == series_from(measure, there.follow_ups)


def test_samples_of_one_day_are_one_sample() -> None:
    """Two lucky ones of eight would each be too few; the last of a day does not decide alone."""
    reading = _read([(1, (3, 10), True), (1, (10, 10), True)])
    assert reading.movement is not None
    assert (reading.movement.now, reading.verdict) == (Count(13, 20), Verdict.NO_CHANGE)
    assert reading.target is not None
    assert reading.target.sentence.startswith("13 of 20")
    falls = _read([(1, (4, 9), True), (1, (1, 9), True)], RATE)
    assert falls.movement is not None
    assert falls.movement.now == Tally(5, 2.0, "month")


def test_what_cannot_be_compared_earns_no_verdict_and_spoils_no_other_of_its_day() -> None:
    apart = _read([(1, (18, 20), False)])
    assert apart.movement is not None
    assert apart.verdict is Verdict.NOT_COMPARABLE
    assert apart.movement.sentence == "9 of 20 then, 18 of 20 now: not comparable, because another tool."
    mixed = _read([(1, (20, 20), False), (1, (10, 20), True)])
    assert mixed.movement is not None
    assert mixed.movement.now == Count(10, 20)
    later = _read([(1, (18, 20), True), (2, (20, 20), False)])
    assert later.verdict is Verdict.NOT_COMPARABLE, "the newest day counts, and it cannot be compared"
    assert [len(day) for day in by_day(later.follow_ups)] == [1, 1]


def test_without_a_reason_it_is_still_not_compared() -> None:
    samples = [_share(0, 0, 9, 20), _share(1, 1, 18, 20, comparable=False)]
    movement = reading_of(SHARE, samples).movement
    assert movement is not None
    assert movement.verdict is Verdict.NOT_COMPARABLE
    assert NOT_ALIKE in movement.sentence


def test_a_baseline_that_was_drawn_in_another_way_is_no_mark_to_judge_by() -> None:
    first = _share(0, 0, 2, 20, comparable=False, not_comparable_reason="only night sheets")
    assert reading_of(SHARE, [first, _share(1, 1, 20, 20)]).verdict is Verdict.NOT_COMPARABLE
