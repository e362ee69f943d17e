"""Limits and runs against published worked examples; each says where its figures stand in print."""

import pytest

from bot.insight.counts import Count
from bot.insight.limits import Runs, allowed_runs, c_limits, p_limits, runs, xmr

DEVIATIONS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
VISCOSITY = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
WAFERS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
BOARDS = [
    21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15,
]  # fmt: skip
PEACHES = [
    47, 42, 55, 51, 46, 61, 39, 44, 41, 51, 88, 101, 101, 40, 48, 47, 50, 48, 57, 45, 43, 105, 98, 100, 96,
]  # fmt: skip
TWO_CRATES = {11, 12, 13, 22, 23, 24, 25}


def test_xmr_nhsrplotthedots_deviations() -> None:
    screened, unscreened = xmr(DEVIATIONS), xmr(DEVIATIONS, screen=False)
    assert round(screened.mean, 2) == 1.94
    assert (round(screened.low, 2), round(screened.high, 2)) == (-0.72, 4.60)
    assert (round(unscreened.low, 2), round(unscreened.high, 2)) == (-3.06, 6.95)


def test_xmr_montgomery_6_5() -> None:
    found = xmr(VISCOSITY)
    assert (found.mean, round(found.mean_range, 4)) == (300.5, 7.7895)
    assert (round(found.low, 2), round(found.high, 2)) == (279.78, 321.22)


def test_xmr_nist_flow_rate() -> None:
    # NIST/SEMATECH e-Handbook 6.3.2.2 (pmc322): mean 50.81, mean MR 1.8778, limits 45.8159 and 55.8041. The handbook
    # divides 3 by 1.128 where the NHS rule rounds that to 2.66, hence agreement to the second decimal.
    found = xmr([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    assert (round(found.mean, 2), round(found.mean_range, 4)) == (50.81, 1.8778)
    assert found.low == pytest.approx(45.8159, abs=0.005)
    assert found.high == pytest.approx(55.8041, abs=0.005)


def test_xmr_montgomery_and_runger_hardness() -> None:
    # Montgomery and Runger, Applied Statistics and Probability for Engineers, section 15-4, exercise 17: mean 53.05,
    # mean MR 2.947, limits 45.212 and 60.888, upper limit of the moving range 9.628.
    found = xmr([51, 52, 54, 55, 55, 51, 52, 50, 51, 56, 51, 57, 58, 50, 53, 52, 54, 50, 56, 53])
    assert (found.mean, round(found.mean_range, 3)) == (53.05, 2.947)
    assert found.low == pytest.approx(45.212, abs=0.005)
    assert found.high == pytest.approx(60.888, abs=0.005)
    assert found.range_limit == pytest.approx(9.628, abs=0.002)


def test_xmr_of_a_flat_line_has_no_width_and_one_point_no_limits() -> None:
    assert (xmr([4.0] * 6).low, xmr([4.0] * 6).high) == (4.0, 4.0)
    assert xmr([5.0] * 11 + [6]).low < 5.0, "screening away all that moved would put every point outside"
    with pytest.raises(ValueError, match="at least two points"):
        xmr([4.0])


def test_p_chart_montgomery_7_1() -> None:
    limits = p_limits([Count(met, 50) for met in WAFERS])
    assert round(limits[0].centre, 4) == 0.2313
    assert limits[0].low == pytest.approx(0.0524, abs=1e-4)
    assert limits[0].high == pytest.approx(0.4102, abs=1e-4)


def test_p_chart_of_ten_samples_of_200() -> None:
    limits = p_limits([Count(met, 200) for met in (40, 44, 22, 34, 24, 32, 28, 32, 34, 30)])
    assert limits[0].centre == 0.16
    assert limits[0].low == pytest.approx(0.0822, abs=5e-5)
    assert limits[0].high == pytest.approx(0.2378, abs=5e-5)


def test_p_chart_pyzdek_peaches_with_samples_of_two_sizes() -> None:
    # Pyzdek and Keller, The Handbook for Quality Management (2013), table 9.6 and the page after it: p̄ 0.193; for 250
    # peaches limits 0.118 (misprinted there as 0.1118) and 0.268, for 500 peaches 0.140 and 0.246; in control.
    samples = [Count(met, 500 if i in TWO_CRATES else 250) for i, met in enumerate(PEACHES, start=1)]
    limits = p_limits(samples)
    assert sum(s.met for s in samples) == 1544
    assert round(limits[0].centre, 3) == 0.193
    assert [round(x or 0, 3) for x in (limits[0].low, limits[0].high)] == [0.118, 0.268]
    assert [round(x or 0, 3) for x in (limits[10].low, limits[10].high)] == [0.140, 0.246]
    assert all((li.low or 0) <= s.share <= (li.high or 1) for s, li in zip(samples, limits, strict=True))


def test_p_chart_montgomery_7e_2_switches_clipped_at_zero() -> None:
    # Montgomery, Statistical Quality Control, table 7E.2, as worked at askfilo.com: 150 switches a sample; centre
    # 0.023, UCL 0.059 (cut off, not rounded, there: 0.0597), LCL 0; by that limit samples 9 and 17 are outside.
    switches = [8, 1, 3, 0, 2, 4, 0, 1, 10, 6, 6, 0, 4, 0, 3, 1, 15, 2, 3, 0]
    limits = p_limits([Count(met, 150) for met in switches])
    assert (limits[0].centre, limits[0].low) == (0.023, 0.0)
    assert limits[0].high == pytest.approx(0.0597, abs=5e-5)
    assert [i for i, met in enumerate(switches, start=1) if met / 150 > (limits[0].high or 1)] == [9, 17]


def test_c_chart_montgomery_7_3() -> None:
    limits = c_limits([c for i, c in enumerate(BOARDS, start=1) if i not in (6, 20)])
    assert round(limits.centre, 3) == 19.667
    assert [round(x or 0, 3) for x in (limits.low, limits.high)] == [6.363, 32.971]
    assert [i for i, c in enumerate(BOARDS, start=1) if not (limits.low or 0) <= c <= (limits.high or 0)] == [6, 20]


def test_c_chart_nist_wafer_defects() -> None:
    # NIST/SEMATECH e-Handbook 6.3.3.1 (pmc331): 25 wafers, 400 defects, c̄ 16, limits 4 and 28; wafer 24 is outside.
    wafers = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
    limits = c_limits(wafers)
    assert (limits.centre, limits.low, limits.high) == (16.0, 4.0, 28.0)
    assert [i for i, c in enumerate(wafers, start=1) if c > (limits.high or 0)] == [24]


def test_c_chart_apartment_inspection_floored_at_zero() -> None:
    # A worked answer at qammunity.org/4601579: defects in 8 apartments, c̄ 3.5, UCL 9.1.
    limits = c_limits([7, 3, 2, 1, 2, 5, 4, 4])
    assert (limits.centre, limits.low, round(limits.high or 0, 1)) == (3.5, 0.0, 9.1)
    with pytest.raises(ValueError, match="at least one point"):
        c_limits([])


def test_runs_as_told_for_thirteen_points() -> None:
    # Wentzel-Larsen and Anhøj, "Improving tools for quality improvement" (Science Trends): crossings from 3 to 4, 6 to
    # 7, 7 to 8, 9 to 10 and 10 to 11; five crossings, longest run three, nothing to see.
    found = runs([1, 1, 1, -1, -1, -1, 1, -1, -1, 1, -1, -1, -1])
    assert (found.useful, found.crossings, found.longest, found.signal) == (13, 5, 3, False)
    assert found.crossings_needed == 3, "fewer than three crossings would have been a signal"


def test_runs_of_the_qicharts2_vignette() -> None:
    # The qicharts2 vignette, "The Anhøj rules": 24 points, longest run 13 (limit 8), 4 crossings (limit 8): a signal.
    assert allowed_runs(24) == (8, 8)
    assert Runs(24, 13, 8, 4, 8).signal
    sides = [1, 1, -1, -1, 1, -1, *[-1] * 6, *[1] * 12]
    assert runs(sides).signal
    assert not Runs(24, 8, 8, 8, 8).signal, "the limits themselves are still chance"


@pytest.mark.parametrize(
    ("useful", "longest", "crossings"),
    [
        (10, 6, 2),
        (11, 6, 2),
        (12, 7, 3),
        (14, 7, 4),
        (17, 7, 5),
        (22, 7, 7),
        (23, 8, 7),
        (30, 8, 10),
        (46, 9, 17),
        (60, 9, 23),
    ],
)
def test_critical_values_of_appendix_2_of_the_qicharts2_vignette(useful: int, longest: int, crossings: int) -> None:
    assert allowed_runs(useful) == (longest, crossings)


def test_points_on_the_median_neither_break_nor_lengthen_a_run() -> None:
    assert runs([1, 0, 1, 0, 0, 1, -1]).longest == 3
    assert runs([0, 0]) == Runs(0, 0, 0, 0, 0)
