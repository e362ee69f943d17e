"""A small run of the fault harness on each engine; the large one is `python -m tests.faults.run --kills 500`."""

from collections import Counter
from datetime import date

import pytest

from tests.faults.expected import Owed, check, expected
from tests.faults.run import Plan, run

SEED = 20270111


@pytest.mark.parametrize(("engine", "replicas"), [("sqlite", 1), ("postgresql", 3)])
def test_random_kills_lose_nothing_and_double_nothing(engine: str, replicas: int) -> None:
    outcome = run(Plan(engine, replicas, kills=10, owners=30, actions=3, days=1, seed=SEED, lease=3.0))
    assert outcome.owed > 150
    assert (outcome.lost, outcome.doubled, outcome.strange) == ([], [], [])


def test_the_checker_sees_what_is_missing_doubled_or_strange() -> None:
    played = [date(2027, 1, day) for day in (11, 12, 13, 14, 15, 18, 19, 20)]
    owed = expected([Owed("A1", "U1", date(2027, 1, 14))], played)
    days = [date(2027, 1, 11), date(2027, 1, 14), date(2027, 1, 15), date(2027, 1, 19)]
    assert owed == Counter({("U1", day, "A1"): 1 for day in days})
    monday, friday = "1799658000.0", "1800003600.0"
    outcome = check(owed, [("U1", monday, "A1 due"), ("U1", monday, "A1 due"), ("U1", friday, "A9 late")])
    assert [told[1] for told in outcome.lost] == days[1:]
    assert outcome.doubled == [("U1", days[0], "A1"), ("U1", days[0])]
    assert outcome.strange == [("U1", days[2], "A9")]
