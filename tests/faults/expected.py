"""The independent checker: what should have been told, worked out from the words of the cadence alone.

An action is announced three working days before its due date and on the day; the morning after it is overdue, then
every two working days. (The scene has no bank holiday, and its services call nobody else to late actions.)
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
REF = re.compile(r"\bA\d+\b")
Told = tuple[str, date, str]  # a person's Slack id, the local day, the action


@dataclass(frozen=True, slots=True)
class Owed:
    """An action as the scene planted it."""

    ref: str
    owner: str
    due_on: date


def working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def moved(day: date, count: int) -> date:
    """So many working days later, or earlier when negative."""
    step = timedelta(days=1 if count > 0 else -1)
    while count:
        day += step
        if working_day(day):
            count -= 1 if step.days > 0 else -1
    return day


def days_of(action: Owed, last: date) -> Iterable[date]:
    """Every day up to `last` on which the owner is told of the action."""
    yield moved(action.due_on, -3)
    yield action.due_on
    late = moved(action.due_on, 1)
    while late <= last:
        yield late
        late = moved(late, 2)


def expected(actions: Iterable[Owed], first: date, last: date) -> Counter[Told]:
    """Everything that should be told from `first` to `last`, each once."""
    return Counter((a.owner, day, a.ref) for a in actions for day in days_of(a, last) if first <= day <= last)


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
