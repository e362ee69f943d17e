"""How many records would tell, against the published table."""

import pytest

from bot.insight.counts import Better, Count, Tally
from bot.insight.planning import advice, enough_events, met_needed, records_against_standard, records_to_tell


@pytest.mark.parametrize(
    ("observed", "standard", "records"),
    [(0.5, 0.8, 12), (0.5, 0.9, 6), (0.6, 0.8, 25), (0.7, 0.9, 20), (0.8, 0.95, 20)],
)
def test_records_needed_against_a_standard(observed: float, standard: float, records: int) -> None:
    assert records_against_standard(observed, standard) == records


def test_an_observed_share_above_the_standard_and_one_equal_to_it() -> None:
    assert records_against_standard(0.9, 0.5) == 10
    assert records_against_standard(0.8, 0.8) is None


@pytest.mark.parametrize(
    ("then", "n", "met"), [(Count(5, 10), 10, 10), (Count(10, 20), 20, 17), (Count(15, 30), 30, 24)]
)
def test_what_the_follow_up_must_reach(then: Count, n: int, met: int) -> None:
    assert met_needed(then, n) == met
    assert met_needed(Count(then.n - then.met, then.n), n, Better.DOWN) == n - met


def test_near_the_ceiling_no_sample_can_show_it() -> None:
    assert met_needed(Count(19, 20), 20) is None
    assert "already near its best" in advice(Count(19, 20), Count(20, 20), Better.UP)


def test_how_many_records_would_tell_if_the_share_stays() -> None:
    assert records_to_tell(Count(9, 20), Count(7, 9)) == 30
    assert records_to_tell(Count(12, 20), Count(12, 20)) is None
    assert records_to_tell(Count(12, 20), Count(11, 20)) is None
    assert "or fewer" in advice(Count(12, 20), Count(11, 20), Better.DOWN)


def test_events_enough_to_tell() -> None:
    assert not enough_events(Tally(3, 1), Tally(2, 1))
    assert enough_events(Tally(3, 1), Tally(3, 1))
    assert not enough_events(Tally(0, 1), Tally(0, 1))
