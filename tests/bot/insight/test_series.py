"""Which chart the points can bear, segments, assurance, and the sentences made from them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.causes import Cause
from bot.insight.counts import Better
from bot.insight.limits import Limits
from bot.insight.reading import finding, told
from bot.insight.series import Assurance, ChartKind, Data, Point, Rebase, assurance, by_day, choose, read

MONDAY = date(2026, 1, 5)


def _weekly(values: list[float], n: int | None = None) -> list[Point]:
    return [Point(MONDAY + timedelta(weeks=i), value, n) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("points", "samples", "figures"),
    [
        (0, ChartKind.DOTS, ChartKind.DOTS),
        (9, ChartKind.DOTS, ChartKind.DOTS),
        (10, ChartKind.RUN, ChartKind.RUN),
        (11, ChartKind.RUN, ChartKind.RUN),
        (12, ChartKind.P, ChartKind.XMR),
        (40, ChartKind.P, ChartKind.XMR),
    ],
)
def test_the_chart_follows_from_the_number_of_points(points: int, samples: ChartKind, figures: ChartKind) -> None:
    assert choose(Data.SAMPLES, points) is samples
    assert choose(Data.FIGURES, points) is figures


@pytest.mark.parametrize(
    ("low", "mean", "high", "expected"),
    [(1, 2, 3, Assurance.FAILS), (5, 6, 7, Assurance.PASSES), (1, 4, 5, Assurance.HIT_AND_MISS)],
)
def test_assurance_as_nhsrplotthedots_tests_it(low: float, mean: float, high: float, expected: Assurance) -> None:
    limits = Limits(mean, high - mean, low, high)
    assert assurance(limits, 4, Better.UP) is expected
    mirror = {Assurance.FAILS: Assurance.PASSES, Assurance.PASSES: Assurance.FAILS}.get(expected, expected)
    assert assurance(limits, 4, Better.DOWN) is mirror


def test_a_process_that_is_always_perfect_passes_a_target_of_everything() -> None:
    assert assurance(Limits(1.0, 0.0, 1.0, 1.0), 1.0, Better.UP) is Assurance.PASSES
    assert assurance(Limits(1.0), 1.0, Better.UP) is None


def test_montgomerys_wafers_as_a_series() -> None:
    wafers = [
        12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
    ]  # fmt: skip
    series = read(_weekly([w / 50 for w in wafers], 50), Data.SAMPLES, Better.DOWN)
    assert series.kind is ChartKind.P
    outside = [i for i, p in enumerate(series.points, start=1) if p.cause is Cause.OUTSIDE]
    assert outside == [15, 23]
    assert all(p.good is False for p in series.points if p.cause is Cause.OUTSIDE)
    assert series.rules == "Making Data Count rules, p chart, 30 points"


def test_few_points_get_no_rules_and_say_so() -> None:
    series = read(_weekly([0.4, 0.5, 0.9], 10), Data.SAMPLES, target=0.9)
    assert (series.kind, series.assurance, series.special) == (ChartKind.DOTS, None, ())
    assert told(series) == "Too few points to see a pattern (no rules under 10 points, 3 points)."
    assert finding(read([], Data.FIGURES)) == "Nothing measured yet"


def test_a_run_chart_that_shifted_and_one_that_did_not() -> None:
    shifted = read(_weekly([0.2, 0.3, 0.2, 0.3, 0.2, 0.8, 0.9, 0.8, 0.9, 0.8], 20), Data.SAMPLES)
    assert shifted.runs is not None
    assert shifted.runs.signal
    assert finding(shifted) == "Better, by more than chance: the median of 55 % is crossed only once"
    fell = read(_weekly([0.9, 0.8, 0.9, 0.8, 0.9, 0.2, 0.3, 0.2, 0.3, 0.2], 20), Data.SAMPLES)
    assert finding(fell).startswith("Worse, by more than chance")
    steady = read(_weekly([2, 5, 2, 5, 2, 5, 2, 5, 2, 5]), Data.FIGURES)
    assert told(steady).endswith("chance would (Anhøj rules about the median, 10 points).")


def test_a_lasting_gain_on_an_xmr_chart() -> None:
    series = read(_weekly([9, 8, 9, 10, 9, 8, 9, 4, 3, 4, 3, 4, 3, 4]), Data.FIGURES, Better.DOWN, target=6)
    assert series.kind is ChartKind.XMR
    assert finding(series) == "Better since 23 February 2026: 7 or more in a row below the mean"
    assert series.assurance is Assurance.HIT_AND_MISS
    assert told(series).endswith("the target of at most 6 will sometimes be met and sometimes be missed.")


def test_a_run_that_is_over_is_no_gain() -> None:
    # A run of ten, long over: the rule says that something moved, and nothing about now.
    values = [3.0, 9, 8, 9, 8, 9, 8, 9, 8, 9, 8, 3, 4, 3, 4, 3, 4, 3, 4, 3]
    series = read(_weekly(values), Data.FIGURES, kind=ChartKind.RUN)
    assert series.runs is not None
    assert (series.runs.signal, series.runs.longest) == (True, 10)
    assert finding(series).startswith("More than chance, but which way it goes now cannot be told: 10 in a row")


def test_limits_anew_from_few_points_mark_nothing_and_promise_nothing() -> None:
    before = [0.2, 0.3] * 6
    anew = Rebase(MONDAY + timedelta(weeks=12), "New sheet")
    short = read(_weekly([*before, *[1.0] * 9], 20), Data.SAMPLES, target=0.8, rebases=[anew])
    assert (short.trial, short.assurance, [p for p in short.special if p.segment]) == (True, None, [])
    assert finding(short) == "Too few points to see a pattern since its limits were set anew on 30 March 2026"
    enough = read(_weekly([*before, *[1.0] * 12], 20), Data.SAMPLES, target=0.8, rebases=[anew])
    assert enough.assurance is Assurance.PASSES
    assert finding(enough) == "Steady since its limits were set anew on 30 March 2026"
    run = read(_weekly([0.2] * 5 + [0.9] * 6, 20), Data.SAMPLES, rebases=[Rebase(MONDAY + timedelta(weeks=5), "Sheet")])
    assert (run.kind, run.runs) == (ChartKind.RUN, None)


def test_a_few_perfect_records_are_no_promise() -> None:
    assert read(_weekly([1.0] * 12, 1), Data.SAMPLES, target=0.9).assurance is None
    assert read(_weekly([1.0] * 12, 20), Data.SAMPLES, target=0.9).assurance is Assurance.PASSES


def test_common_cause_and_a_passed_special_cause() -> None:
    assert finding(read(_weekly([5, 6] * 7), Data.FIGURES)).startswith("No real change")
    spike = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    past = finding(read(_weekly([float(v) for v in spike]), Data.FIGURES, Better.DOWN))
    assert past == "Within its usual range now, after a point above the limits on 2 February 2026"


def test_a_person_may_start_the_limits_anew_with_a_reason() -> None:
    values = [9.0, 8, 9, 10, 9, 8, 9, 10, 9, 8, 9, 10, 4, 3, 4, 3]
    change = Rebase(MONDAY + timedelta(weeks=12), "New handover sheet in use")
    series = read(_weekly(values), Data.FIGURES, Better.DOWN, rebases=[change])
    assert [(s.start, s.stop, s.reason, s.trial) for s in series.segments] == [
        (0, 12, "", False),
        (12, 16, "New handover sheet in use", True),
    ]
    assert series.trial
    assert series.rules.endswith("16 points; trial limits, from only 4")
    centres = {p.limits.centre for p in series.points if p.limits is not None}
    assert centres == {9.0, 3.5}
    assert series.special == ()
    assert len(read(_weekly(values), Data.FIGURES, Better.DOWN).segments) == 1, "never by itself"


def test_a_rebase_needs_a_reason_and_points_to_part() -> None:
    with pytest.raises(ValueError, match="Say why"):
        Rebase(MONDAY, "  ")
    early, late = Rebase(date(2020, 1, 1), "too early"), Rebase(date(2030, 1, 1), "no point yet")
    assert len(read(_weekly([5.0, 6] * 7), Data.FIGURES, rebases=[early, late]).segments) == 1


def test_limits_on_request_from_few_points_are_on_trial() -> None:
    series = read(_weekly([3, 5, 2, 4]), Data.FIGURES, kind=ChartKind.C)
    assert (series.kind, series.trial) == (ChartKind.C, True)
    assert series.rules == "Making Data Count rules, c chart, 4 points; trial limits, from only 4"
    lone = read(_weekly([3.0]), Data.FIGURES, kind=ChartKind.XMR, target=2)
    assert (lone.assurance, lone.special) == (None, ())


def test_a_p_chart_needs_sample_sizes() -> None:
    with pytest.raises(ValueError, match="does not say how many records"):
        read(_weekly([0.5, 0.6]), Data.SAMPLES, kind=ChartKind.P)


points = st.lists(
    st.builds(
        lambda day, met, n: Point(MONDAY + timedelta(days=day), min(met, n) / n, n),
        st.integers(0, 20),
        st.integers(0, 20),
        st.integers(1, 20),
    ),
    max_size=40,
)


@given(points.flatmap(lambda p: st.tuples(st.just(p), st.permutations(p))))
def test_the_order_in_which_samples_came_does_not_matter(pair: tuple[list[Point], list[Point]]) -> None:
    one, other = pair
    assert by_day(one) == by_day(other)
    assert read(one, Data.SAMPLES, target=0.8) == read(other, Data.SAMPLES, target=0.8)


@given(points)
def test_limits_of_shares_stay_in_zero_to_one(found: list[Point]) -> None:
    for plotted in read(found, Data.SAMPLES, kind=ChartKind.P).points:
        assert plotted.limits is not None
        assert plotted.limits.low is not None
        assert plotted.limits.high is not None
        assert 0.0 <= plotted.limits.low <= plotted.limits.centre <= plotted.limits.high <= 1.0
