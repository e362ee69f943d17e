"""Shifts: which one is on, and on which date it counts, through midnights and clock changes."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given

from bot.plan.services import Shift, ShiftTimes
from bot.timing.shifts import shift_at
from tests.bot.timing.records import day, instants, service, utc

OAK = service()


@pytest.mark.parametrize(
    ("on", "at", "shift", "counts_on"),
    [
        ("2026-11-25", "07:59", Shift.NIGHT, "2026-11-24"),
        ("2026-11-25", "08:00", Shift.EARLY, "2026-11-25"),
        ("2026-11-25", "13:59", Shift.EARLY, "2026-11-25"),
        ("2026-11-25", "14:00", Shift.LATE, "2026-11-25"),
        ("2026-11-25", "20:00", Shift.NIGHT, "2026-11-25"),
        ("2026-11-26", "00:00", Shift.NIGHT, "2026-11-25"),
        ("2027-01-01", "03:00", Shift.NIGHT, "2026-12-31"),
        ("2028-02-29", "02:00", Shift.NIGHT, "2028-02-28"),
        ("2026-07-01", "06:59", Shift.NIGHT, "2026-06-30"),  # 07:59 in British Summer Time
        ("2026-07-01", "07:00", Shift.EARLY, "2026-07-01"),
    ],
)
def test_the_shift_and_the_date_it_counts_on(on: str, at: str, shift: Shift, counts_on: str) -> None:
    span = shift_at(utc(on, at), OAK)
    assert (span.shift, span.on) == (shift, day(counts_on))


@pytest.mark.parametrize(("on", "hours"), [("2026-03-28", 11), ("2026-10-24", 13), ("2026-06-10", 12)])
def test_the_night_of_a_clock_change_is_an_hour_shorter_or_longer(on: str, hours: int) -> None:
    span = shift_at(utc(on, "23:00"), OAK)
    assert (span.shift, span.on, span.length) == (Shift.NIGHT, day(on), timedelta(hours=hours))


def test_both_passes_of_the_doubled_hour_belong_to_the_same_night() -> None:
    spans = {shift_at(utc("2026-10-25", at), OAK) for at in ("00:30", "01:30")}
    assert len(spans) == 1


def test_a_night_that_starts_after_midnight_counts_on_that_date() -> None:
    late_nights = service(shifts=ShiftTimes(night=time(0, 30)))
    assert shift_at(utc("2026-11-25", "00:15"), late_nights).shift is Shift.LATE
    span = shift_at(utc("2026-11-25", "00:45"), late_nights)
    assert (span.shift, span.on) == (Shift.NIGHT, date(2026, 11, 25))


@given(instants("2026-01-01", "2028-12-31"))
def test_every_instant_lies_in_its_shift(instant: datetime) -> None:
    span = shift_at(instant, OAK)
    assert span.starts <= instant < span.ends
