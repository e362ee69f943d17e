"""What an action's owner and the ladder hear, at the edges: weekends, holidays, month ends, snoozes, changes."""

from datetime import date, datetime, timedelta

import pytest

from bot.plan.actions import Action, ActionStatus
from bot.plan.people import Role
from bot.plan.services import Cadence, Nation
from bot.timing.action_cadence import ladder, new_on_ladder, next_rung
from bot.timing.due import Context, Due, To, recipients
from bot.timing.outbox import ReminderState
from bot.timing.reminders import (
    due,
    just_before,
    next_wake,
)
from tests.bot.timing.records import action, context, day, service, utc

OAK = context()
OWNER = To(person_id="own")


def heard(subject: Action, facts: Context, since: str, until: str) -> list[tuple[str, date]]:
    """Kind and day of everything that goes to the owner on the days from `since` to `until`, told day by day."""
    found: list[tuple[str, date]] = []
    at = day(since)
    while at <= day(until):
        found += [(each.kind, each.on) for each in one_day(subject, facts, at) if each.to == OWNER]
        at += timedelta(days=1)
    return found


def one_day(subject: Action, facts: Context, on: date) -> list[Due]:
    now = utc(on.isoformat(), "09:00")
    return due(subject, facts, now - timedelta(days=1), now)


def days(kind: str, *isos: str) -> list[tuple[str, date]]:
    return [(kind, day(iso)) for iso in isos]


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        ("2026-11-25", ["2026-11-20", "2026-11-25"]),  # over a weekend
        ("2026-11-29", ["2026-11-25", "2026-11-27"]),  # due on a Sunday: said on the Friday before
        ("2026-12-28", ["2026-12-22", "2026-12-24"]),  # due on a bank holiday
        ("2026-12-29", ["2026-12-22", "2026-12-29"]),
        ("2026-04-07", ["2026-03-31", "2026-04-07"]),  # after Easter
        ("2026-03-30", ["2026-03-25", "2026-03-30"]),  # the clocks went forward on the 29th
        ("2026-10-26", ["2026-10-21", "2026-10-26"]),  # and back on the 25th
        ("2028-02-29", ["2028-02-24", "2028-02-29"]),
        ("2027-01-04", ["2026-12-29", "2027-01-04"]),
    ],
)
def test_due_soon_comes_three_working_days_before_and_on_the_day(due_on: str, expected: list[str]) -> None:
    first = (day(due_on) - timedelta(days=20)).isoformat()
    assert heard(action(due_on), OAK, first, due_on) == days("due_soon", *expected)


def test_the_nation_decides_what_a_working_day_is() -> None:
    scotland = context(service=service(nation=Nation.SCOTLAND))
    assert heard(action("2026-12-02"), scotland, "2026-11-20", "2026-12-02") == days(
        "due_soon", "2026-11-26", "2026-12-02"
    )
    assert heard(action("2026-12-02"), OAK, "2026-11-20", "2026-12-02") == days("due_soon", "2026-11-27", "2026-12-02")


def test_due_soon_is_not_said_on_the_day_on_which_the_action_was_written() -> None:
    fresh = action("2026-11-25", written_at=utc("2026-11-20", "00:10"))
    assert heard(fresh, OAK, "2026-11-20", "2026-11-25") == days("due_soon", "2026-11-25")


def test_overdue_starts_the_next_morning_and_comes_every_second_working_day() -> None:
    assert heard(action("2026-11-25"), OAK, "2026-11-26", "2026-12-04") == days(
        "overdue", "2026-11-26", "2026-11-30", "2026-12-02", "2026-12-04"
    )


@pytest.mark.parametrize(
    ("due_on", "first"),
    [("2026-11-27", "2026-11-30"), ("2026-12-24", "2026-12-29"), ("2026-12-31", "2027-01-04")],
)
def test_the_morning_after_is_a_working_morning(due_on: str, first: str) -> None:
    assert heard(action(due_on), OAK, due_on, first) == days("due_soon", due_on) + days("overdue", first)


def test_the_ladder_is_kept_to_the_day_and_the_owner_hears_on_each_rung() -> None:
    late = action("2026-11-25")
    told = {on: {to for each in one_day(late, OAK, on) for to in [each.to]} for on in working_days("2026-11-26", 30)}
    first_told = {role: min(on for on in told if To(role=role) in told[on]) for role in Role if role in LADDER}
    assert first_told == {
        Role.DEPUTY: day("2026-12-02"),
        Role.REGISTERED_MANAGER: day("2026-12-09"),
        Role.PROVIDER_OVERSIGHT: day("2026-12-23"),
    }
    assert all(OWNER in told[on] for on in told if told[on])


LADDER = (Role.DEPUTY, Role.REGISTERED_MANAGER, Role.PROVIDER_OVERSIGHT)


def working_days(first: str, count: int) -> list[date]:
    return [day(first) + timedelta(days=n) for n in range(count)]


def test_a_rung_on_a_day_off_waits_for_the_next_working_day() -> None:
    late = action("2026-12-18")  # seven days later is Christmas
    assert new_on_ladder(late, OAK.service, day("2026-12-29")) == (Role.DEPUTY,)
    assert ladder(late, OAK.service, day("2026-12-24")) == ()
    assert next_rung(late, OAK.service, day("2026-12-24")) == (day("2026-12-29"), Role.DEPUTY)
    assert next_rung(late, OAK.service, day("2027-02-01")) is None


def test_the_figures_are_the_services_own() -> None:
    own = Cadence(due_soon_days=1, overdue_every_days=5, overdue_deputy_calendar_days=3)
    facts = context(service=service(cadence=own))
    assert heard(action("2026-11-25"), facts, "2026-11-16", "2026-12-08") == [
        *days("due_soon", "2026-11-24", "2026-11-25"),
        *days("overdue", "2026-11-26", "2026-11-30", "2026-12-07"),  # the rung on the 30th starts the count anew
    ]


@pytest.mark.parametrize("status", [ActionStatus.VERIFIED, ActionStatus.CANCELLED])
def test_a_finished_action_never_wakes(status: ActionStatus) -> None:
    finished = action("2026-11-25", status=status)
    assert next_wake(finished, OAK, utc("2026-11-01")) is None
    assert due(finished, OAK, utc("2026-11-01"), utc("2027-11-01")) == []


def test_an_open_action_always_wakes_again() -> None:
    late = action("2026-11-25")
    wakes = [utc("2026-11-01")]
    for _ in range(40):
        wake = next_wake(late, OAK, wakes[-1])
        assert wake is not None
        wakes.append(wake)
    assert wakes[1:5] == [utc(f"2026-11-{each}") for each in ("20", "25", "26", "30")]
    assert wakes == sorted(set(wakes))


def test_it_wakes_at_the_services_midnight_in_summer_and_winter() -> None:
    assert next_wake(action("2026-06-12"), OAK, utc("2026-06-10")) == utc("2026-06-11", "23:00")
    assert next_wake(action("2026-10-26"), OAK, utc("2026-10-22")) == utc("2026-10-26")


def test_due_means_up_to_now_and_after_since() -> None:
    late = action("2026-11-25")
    midnight = utc("2026-11-20")
    assert [each.on for each in due(late, OAK, just_before(midnight), midnight)] == [day("2026-11-20")]
    assert due(late, OAK, midnight, midnight + timedelta(hours=9)) == []


def test_after_a_stop_only_the_newest_is_waiting_and_the_rest_lapse() -> None:
    found = due(action("2026-11-25"), OAK, utc("2026-11-18"), utc("2026-12-02", "10:00"))
    to_owner = [(each.kind, each.on, each.state) for each in found if each.to == OWNER]
    assert to_owner == [
        ("due_soon", day("2026-11-20"), ReminderState.LAPSED),
        ("due_soon", day("2026-11-25"), ReminderState.LAPSED),
        ("overdue", day("2026-11-26"), ReminderState.LAPSED),
        ("overdue", day("2026-11-30"), ReminderState.LAPSED),
        ("overdue", day("2026-12-02"), ReminderState.WAITING),
    ]
    assert all(each.reason for each in found if each.state is ReminderState.LAPSED)


def test_a_new_due_date_gives_new_keys() -> None:
    before = due(action("2026-11-25"), OAK, utc("2026-11-01"), utc("2026-12-31"))
    after = due(action("2026-11-30"), OAK, utc("2026-11-01"), utc("2026-12-31"))
    assert not {each.key("own") for each in before} & {each.key("own") for each in after}
    assert before[0].key("own") == "due_soon:action:a12:2026-11-25@2026-11-20:own"


def test_a_snooze_silences_until_its_day_and_speaks_on_it() -> None:
    snoozed = action("2026-11-25", snoozed_until=day("2026-11-24"))
    assert heard(snoozed, OAK, "2026-11-16", "2026-11-26") == [
        *days("due_soon", "2026-11-24", "2026-11-25"),
        *days("overdue", "2026-11-26"),
    ]


def test_a_snooze_past_the_due_date_does_not_hide_the_ladder() -> None:
    snoozed = action("2026-11-25", snoozed_until=day("2026-12-05"))  # a Saturday
    assert heard(snoozed, OAK, "2026-11-26", "2026-12-09") == days("overdue", "2026-12-02", "2026-12-07", "2026-12-09")


def test_an_action_that_is_not_mine_is_asked_of_the_deputy() -> None:
    disowned = action("2026-11-25", not_mine_at=utc("2026-11-19", "09:30"))
    assert [each.to for each in one_day(disowned, OAK, day("2026-11-20"))] == [To(role=Role.DEPUTY)]
    # and once the ladder reaches the deputy as well, they hear once
    assert [each.to for each in one_day(disowned, OAK, day("2026-12-02"))] == [To(role=Role.DEPUTY)]


def test_verification_is_asked_for_after_three_working_days_and_again() -> None:
    done = action("2026-12-31", status=ActionStatus.DONE, done_at=utc("2026-12-23", "23:30"))
    found = due(done, OAK, utc("2026-12-23"), utc("2027-01-08"))
    assert [(each.kind, each.on) for each in found] == days("verification", "2026-12-30", "2027-01-05", "2027-01-08")
    assert {each.to for each in found} == {To(role=Role.QUALITY_LEAD, without="own")}


def test_done_just_before_midnight_in_summer_counts_on_the_local_date() -> None:
    done = action("2026-06-30", status=ActionStatus.DONE, done_at=utc("2026-06-09", "23:30"))  # 00:30 on the 10th
    assert next_wake(done, OAK, utc("2026-06-10")) == utc("2026-06-14", "23:00")


def test_nobody_is_asked_to_verify_their_own_action() -> None:
    to = To(role=Role.QUALITY_LEAD, without="qua")
    assert recipients(to, OAK) == ["man"]


def test_a_role_that_nobody_holds_and_an_owner_who_left_are_stood_in_for() -> None:
    assert recipients(To(role=Role.DEPUTY), context(holders={Role.REGISTERED_MANAGER: ["man"]})) == ["man"]
    assert recipients(OWNER, context(gone={"own"})) == ["dep"]
    assert recipients(OWNER, context(holders={}, gone={"own"})) == []
    assert recipients(To(), OAK) == []


def test_a_walk_over_years_stays_quick() -> None:
    ancient = action("2020-01-06", written_at=utc("2019-12-01"))
    assert next_wake(ancient, OAK, utc("2026-11-25")) is not None
    now: datetime = utc("2026-11-25")
    assert next_wake(ancient, OAK, now) <= now + timedelta(days=7)  # type: ignore[operator]
