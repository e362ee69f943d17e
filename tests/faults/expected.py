"""The independent checker: what should have been told, worked out from the words of the cadence alone.

An action is announced three working days before its due date and on the day; the morning after it is overdue, then
every two working days. Whoever was away, or whose bot slept, hears on the first morning back of the newest of what
passed, once. (The services of the scene call nobody else to late actions.)
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
REF = re.compile(r"\bA\d+\b")
Told = tuple[str, date, str]  # a person's Slack id, the local day, the action

# gov.uk/bank-holidays, England and Wales, typed from there and not taken from the library that the bot asks.
_HOLIDAYS = """
    2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
    2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
"""
BANK_HOLIDAYS = frozenset(map(date.fromisoformat, _HOLIDAYS.split()))
LAPSES = {"soon": 5, "late": 7}  # calendar days after which a reminder says nothing to anybody any more


@dataclass(frozen=True, slots=True)
class Owed:
    """An action as the scene planted it."""

    ref: str
    owner: str
    due_on: date


def working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def moved(day: date, count: int) -> date:
    """So many working days later, or earlier when negative."""
    step = timedelta(days=1 if count > 0 else -1)
    while count:
        day += step
        if working_day(day):
            count -= 1 if step.days > 0 else -1
    return day


def days_of(action: Owed, last: date) -> Iterable[tuple[date, str]]:
    """Every day up to `last` on which the owner is told of the action, in order, and whether it is late by then."""
    yield moved(action.due_on, -3), "soon"
    yield action.due_on, "soon"
    late = moved(action.due_on, 1)
    while late <= last:
        yield late, "late"
        late = moved(late, 2)


def expected(actions: Iterable[Owed], mornings: Sequence[date]) -> Counter[Told]:
    """Everything that should be told on these mornings, each once; between them the bots were away."""
    owed: Counter[Told] = Counter()
    spans = list(pairwise([mornings[0] - timedelta(days=1), *mornings]))
    for action in actions:
        days = list(days_of(action, mornings[-1]))
        for before, day in spans:
            passed = [(on, kind) for on, kind in days if before < on <= day]
            if passed and (day - passed[-1][0]).days <= LAPSES[passed[-1][1]]:
                owed[action.owner, day, action.ref] += 1
    return owed


def received(messages: Iterable[tuple[str, str, str]]) -> tuple[Counter[Told], Counter[tuple[str, date]]]:
    """What Slack took in, from (person, ts, text): what was told, and how many messages each person had each day."""
    told: Counter[Told] = Counter()
    mornings: Counter[tuple[str, date]] = Counter()
    for person, ts, text in messages:
        day = datetime.fromtimestamp(float(ts), LONDON).date()
        mornings[(person, day)] += 1
        told.update((person, day, ref) for ref in set(REF.findall(text)))
    return told, mornings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checker found: what is missing, what came twice, and what nobody should have been told."""

    owed: int
    messages: int
    lost: list[Told]
    doubled: list[object]
    strange: list[Told]

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing doubled, nothing strange."""
        return not (self.lost or self.doubled or self.strange)


def check(owed: Counter[Told], messages: Iterable[tuple[str, str, str]]) -> Outcome:
    """Compare what was owed with what Slack took in."""
    told, mornings = received(messages)
    return Outcome(
        owed=owed.total(),
        messages=mornings.total(),
        lost=sorted((owed - told).elements()),
        doubled=[*(t for t, n in told.items() if n > 1), *(m for m, n in mornings.items() if n > 1)],
        strange=sorted(t for t in told if t not in owed),
    )
