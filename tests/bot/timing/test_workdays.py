"""Working days against the published bank holidays, and local times through both clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plan.services import Nation
from bot.timing import workdays
from bot.timing.workdays import local_instant
from tests.bot.timing.records import day, utc

ENGLAND, SCOTLAND, IRELAND = Nation.ENGLAND, Nation.SCOTLAND, Nation.NORTHERN_IRELAND
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
NATIONS = st.sampled_from(list(Nation))


# As published on gov.uk/bank-holidays.
@pytest.mark.parametrize(
    ("nation", "year", "published"),
    [
        (ENGLAND, 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (ENGLAND, 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (ENGLAND, 2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
        (Nation.WALES, 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (SCOTLAND, 2027, "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28"),
        (IRELAND, 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28"),
    ],
)
def test_only_the_legal_bank_holidays_count(nation: Nation, year: int, published: str) -> None:
    assert sorted(workdays.bank_holidays(nation, year)) == [day(f"{year}-{each}") for each in published.split()]


@given(DAYS, NATIONS)
def test_no_bank_holiday_lies_on_a_weekend(any_day: date, nation: Nation) -> None:
    assert all(each.weekday() < 5 for each in workdays.bank_holidays(nation, any_day.year))


def test_easter_monday_is_worked_in_scotland_alone() -> None:
    easter_monday = day("2026-04-06")
    assert workdays.is_working_day(easter_monday, SCOTLAND)
    assert not workdays.is_working_day(easter_monday, ENGLAND)


def test_second_of_january_is_a_holiday_in_scotland_alone() -> None:
    assert workdays.next_working_day_on_or_after(day("2026-01-01"), ENGLAND) == day("2026-01-02")
    assert workdays.next_working_day_on_or_after(day("2026-01-01"), SCOTLAND) == day("2026-01-05")


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-11-25", 1, "2026-11-26"),
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-11-29", -3, "2026-11-25"),  # from a Sunday
        ("2026-12-24", 1, "2026-12-29"),  # over Christmas and the substitute for Boxing Day
        ("2026-12-31", 1, "2027-01-04"),  # over New Year's Day and a weekend
        ("2026-04-02", 1, "2026-04-07"),  # over Easter
        ("2028-02-28", 1, "2028-02-29"),  # into a leap day
        ("2026-11-28", 0, "2026-11-28"),  # nothing to add, not even from a Saturday
    ],
)
def test_adding_working_days(start: str, count: int, expected: str) -> None:
    assert workdays.add_working_days(day(start), count, ENGLAND) == day(expected)


@given(DAYS, st.integers(1, 30), NATIONS)
def test_working_days_between_is_the_reverse_of_adding(start: date, count: int, nation: Nation) -> None:
    end = workdays.add_working_days(start, count, nation)
    assert workdays.is_working_day(end, nation)
    assert workdays.working_days_between(start, end, nation) == count
    assert workdays.working_days_between(end, start, nation) == -count


def test_previous_working_day_before_a_long_weekend() -> None:
    assert workdays.previous_working_day_on_or_before(day("2026-05-25"), ENGLAND) == day("2026-05-22")
    assert workdays.previous_working_day_on_or_before(day("2026-05-26"), ENGLAND) == day("2026-05-26")


@pytest.mark.parametrize(
    ("any_day", "expected"),
    [("2026-11-17", "2026-11-02"), ("2027-01-31", "2027-01-04"), ("2026-05-01", "2026-05-01")],
)
def test_first_working_day_of_the_month(any_day: str, expected: str) -> None:
    assert workdays.first_working_day_of_month(day(any_day), ENGLAND) == day(expected)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-31", -1, "2026-11-30"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_later_stops_at_the_end_of_the_month(start: str, months: int, expected: str) -> None:
    assert workdays.months_later(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("on", "at", "instant"),
    [
        ("2026-03-28", "09:00", utc("2026-03-28", "09:00")),
        ("2026-03-29", "00:59", utc("2026-03-29", "00:59")),
        ("2026-03-29", "01:00", utc("2026-03-29", "01:00")),  # skipped: the moment of the jump
        ("2026-03-29", "01:30", utc("2026-03-29", "01:00")),
        ("2026-03-29", "02:00", utc("2026-03-29", "01:00")),
        ("2026-03-29", "09:00", utc("2026-03-29", "08:00")),
        ("2026-10-25", "01:30", utc("2026-10-25", "00:30")),  # doubled: the first of the two
        ("2026-10-25", "02:00", utc("2026-10-25", "02:00")),
        ("2026-10-25", "09:00", utc("2026-10-25", "09:00")),
    ],
)
def test_local_times_through_the_clock_changes(on: str, at: str, instant: datetime) -> None:
    assert local_instant(day(on), time.fromisoformat(at), "Europe/London") == instant


def test_a_day_that_starts_without_a_midnight() -> None:
    # Lebanon's clocks jump from 00:00 to 01:00.
    assert local_instant(day("2026-03-29"), time(0), "Asia/Beirut") == utc("2026-03-28", "22:00")
    assert workdays.local_date(utc("2026-03-28", "22:00"), "Asia/Beirut") == day("2026-03-29")


@given(DAYS, st.times(), st.sampled_from(["Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata"]))
def test_an_instant_shows_its_local_time_or_lies_at_a_jump(on: date, at: time, zone: str) -> None:
    instant = local_instant(on, at, zone)
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wished = datetime.combine(on, at.replace(fold=0))
    if shown != wished:
        before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        assert before.replace(tzinfo=None) < wished < shown
        assert before.utcoffset() != instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert instant.tzinfo is UTC
