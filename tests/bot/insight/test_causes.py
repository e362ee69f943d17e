"""The rules of special cause, as NHSRplotthedots tests them, and which rule is named first."""

from bot.insight.causes import Cause, seven_in_a_trend, seven_on_one_side, special_causes, two_of_three
from bot.insight.limits import Limits, xmr

WIDE = Limits(0.0, 3.0, -3.0, 3.0)


def _marked(values: list[float], limits: Limits = WIDE) -> dict[int, tuple[Cause, int]]:
    found = special_causes(values, [limits] * len(values))
    return {i: cause for i, cause in enumerate(found, start=1) if cause is not None}


def test_seven_on_one_side() -> None:
    assert not any(seven_on_one_side([1] * 6))
    assert seven_on_one_side([1] * 8 + [-1]) == [False] * 6 + [True, True, False]
    assert not any(seven_on_one_side([0] * 8))


def test_seven_in_a_trend() -> None:
    assert seven_in_a_trend([1, 2, 3, 4, 5, 6, 7]) == [0] * 6 + [1]
    assert seven_in_a_trend([7, 6, 5, 4, 3, 2, 1]) == [0] * 6 + [-1]
    assert seven_in_a_trend([1, 2, 3, 3, 4, 5, 6]) == [0] * 7
    assert seven_in_a_trend([1, 2, 3, 4, 5, 6]) == [0] * 6


def test_only_point_five_of_the_deviations_is_special() -> None:
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    assert _marked([float(v) for v in values], xmr(values).limits) == {5: (Cause.OUTSIDE, 1)}


def test_two_of_three_need_all_three_on_that_side() -> None:
    assert two_of_three([0.0, 2.1, 0.5, 2.2, 0.0], [WIDE] * 5) == [0, 1, 0, 1, 0]
    assert two_of_three([0.0, 2.1, -0.5, 2.2, 0.0], [WIDE] * 5) == [0] * 5
    assert two_of_three([2.1, -2.1, 2.1], [WIDE] * 3) == [0] * 3
    assert two_of_three([-2.1, -2.2, -0.1], [WIDE] * 3) == [-1, -1, 0]
    assert two_of_three([2.0, 2.0, 2.0], [WIDE] * 3) == [0] * 3, "exactly two thirds is not beyond"


def test_a_shift_and_a_trend_mark_all_their_points() -> None:
    shift = _marked([-1.0, 1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 1.0, -1.0])
    assert shift == dict.fromkeys(range(2, 9), (Cause.SHIFT, 1))
    trend = _marked([1.0, 0.7, 0.4, 0.1, -0.2, -0.5, -0.8])
    assert trend == dict.fromkeys(range(1, 8), (Cause.TREND, -1))


def test_outside_is_named_before_trend_trend_before_two_of_three_that_before_a_shift() -> None:
    found = _marked([0.1, 0.2, 0.3, 0.4, 2.1, 2.2, 3.1])
    assert [found[i][0] for i in (1, 6, 7)] == [Cause.TREND, Cause.TREND, Cause.OUTSIDE]
    mixed = _marked([0.5, 0.6, 0.5, 2.5, 2.4, 0.5, 0.6])
    assert [mixed[i][0] for i in (3, 4, 5, 6)] == [Cause.SHIFT, Cause.TWO_OF_THREE, Cause.TWO_OF_THREE, Cause.SHIFT]


def test_a_flat_line_is_not_special() -> None:
    assert _marked([0.1] * 12, xmr([0.1] * 12).limits) == {}


def test_without_limits_only_runs_and_trends_can_speak() -> None:
    assert _marked([9.0, -9.0], Limits(0.0)) == {}
