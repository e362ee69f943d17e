"""However time is cut into ticks, the same things fall due, each once."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.plan.actions import ActionStatus
from bot.plan.priorities import ClockKind, PriorityStatus, StatutoryClock
from bot.plan.services import Nation
from bot.timing.due import Context, Due, Subject, To
from bot.timing.outbox import ReminderState
from bot.timing.reminders import due, just_before, next_wake
from tests.bot.timing.records import action, context, instants, milestone, priority, service

DATES = st.dates(date(2026, 2, 1), date(2028, 4, 1))
MAYBE = st.none() | DATES
INSTANTS = instants("2026-02-01", "2028-04-01")


def actions(due_on: date, status: ActionStatus, done_at: datetime | None, snoozed: date | None) -> Subject:
    return action(due_on.isoformat(), status=status, done_at=done_at, snoozed_until=snoozed)


def priorities(opened: date, closed: date | None, deadline: date) -> Subject:
    changes: dict[str, Any] = {"status": PriorityStatus.CLOSED, "closed_on": closed} if closed else {}
    started = deadline - timedelta(days=28)
    clock = StatutoryClock(kind=ClockKind.REGULATION_17, started_on=started, due_on=deadline)
    return priority(opened_on=opened, clocks=(clock,), **changes)


SUBJECTS: st.SearchStrategy[Subject] = st.one_of(
    st.builds(actions, DATES, st.sampled_from(ActionStatus), st.none() | INSTANTS, MAYBE),
    st.builds(lambda on: milestone(on.isoformat()), DATES),
    st.builds(priorities, DATES, MAYBE, DATES),
    st.just(service()),
)
CONTEXTS = st.builds(
    lambda nation, zone, unjudged, sampled: context(
        service=service(nation=nation, zone=zone), unjudged_since=unjudged, last_sample_on=sampled
    ),
    st.sampled_from(Nation),
    st.sampled_from(["Europe/London", "Asia/Beirut", "America/New_York"]),
    MAYBE,
    MAYBE,
)
# Cuts that fall on midnights and clock changes as well as anywhere.
CUTS = st.lists(INSTANTS | DATES.map(lambda on: datetime(on.year, on.month, on.day, tzinfo=UTC)), max_size=12)


def names(found: list[Due]) -> list[tuple[str, To]]:
    return [(each.key(None), each.to) for each in found]


@settings(max_examples=150, deadline=None)
@given(SUBJECTS, CONTEXTS, INSTANTS, st.integers(1, 200), CUTS)
def test_any_split_into_ticks_gives_the_same_with_no_key_twice(
    subject: Subject, facts: Context, start: datetime, length: int, cuts: list[datetime]
) -> None:
    end = start + timedelta(days=length)
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    whole = names(due(subject, facts, start, end))
    split = [name for since, now in pairwise(edges) for name in names(due(subject, facts, since, now))]
    assert sorted(map(str, split)) == sorted(map(str, whole))
    assert len(set(whole)) == len(whole)


@settings(max_examples=100, deadline=None)
@given(SUBJECTS, CONTEXTS, INSTANTS, st.integers(1, 90))
def test_waking_only_when_told_misses_nothing(subject: Subject, facts: Context, start: datetime, length: int) -> None:
    end = start + timedelta(days=length)
    woken: list[tuple[str, To]] = []
    wake = next_wake(subject, facts, start)
    while wake is not None and wake <= end:
        woken += names(due(subject, facts, just_before(wake), wake))
        wake = next_wake(subject, facts, wake)
    assert sorted(map(str, woken)) == sorted(map(str, names(due(subject, facts, start, end))))


@settings(max_examples=100, deadline=None)
@given(SUBJECTS, CONTEXTS, INSTANTS, st.integers(1, 200))
def test_a_return_after_a_stop_brings_each_recipient_one_of_each_kind(
    subject: Subject, facts: Context, start: datetime, length: int
) -> None:
    found = due(subject, facts, start, start + timedelta(days=length))
    waiting = [(each.kind, each.to) for each in found if each.state is ReminderState.WAITING]
    assert len(set(waiting)) == len(waiting)
