"""When a person may be reached: hours, zones, handovers, nights, holidays and clock changes."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plan.people import Person
from bot.plan.services import Service, ShiftTimes
from bot.timing.cadence import in_hours, next_morning
from tests.bot.timing.records import day, instants, person, scottish, service, utc

OAK = service()
OPEN_EARLY = service(opens=time(7, 0), closes=time(22, 0))
ZONES = ["Europe/London", "Europe/Paris", "America/New_York", "Asia/Tokyo", "Pacific/Auckland"]


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-11-25", utc("2026-11-25", "09:00")),
        ("2026-11-28", utc("2026-11-30", "09:00")),  # a Saturday
        ("2026-12-25", utc("2026-12-29", "09:00")),  # Christmas, Boxing Day, its substitute
        ("2027-01-01", utc("2027-01-04", "09:00")),
        ("2026-04-03", utc("2026-04-07", "08:00")),  # Easter, in summer time already
        ("2026-03-27", utc("2026-03-27", "09:00")),  # the working day before the clocks go forward
        ("2026-03-28", utc("2026-03-30", "08:00")),  # and the one after
        ("2026-10-23", utc("2026-10-23", "08:00")),
        ("2026-10-24", utc("2026-10-26", "09:00")),
        ("2028-02-29", utc("2028-02-29", "09:00")),
    ],
)
def test_the_morning_of_a_day(moment: str, goes: datetime) -> None:
    assert next_morning(day(moment), person(), OAK) == goes
    assert next_morning(day(moment), None, OAK) == goes


def test_the_morning_after_an_instant_is_never_before_it() -> None:
    assert next_morning(utc("2026-11-25", "09:00"), person(), OAK) == utc("2026-11-25", "09:00")
    assert next_morning(utc("2026-11-25", "09:01"), person(), OAK) == utc("2026-11-26", "09:00")
    assert next_morning(utc("2026-11-27", "09:01"), person(), OAK) == utc("2026-11-30", "09:00")


def test_holidays_are_those_of_the_services_nation() -> None:
    assert next_morning(day("2026-11-30"), person(), scottish()) == utc("2026-12-01", "09:00")
    assert next_morning(day("2026-11-30"), person(), OAK) == utc("2026-11-30", "09:00")


@pytest.mark.parametrize(
    ("home", "hour", "goes"),
    [
        (OAK, 11, "11:00"),
        (OAK, 14, "14:45"),  # within the afternoon handover, so after it
        (OAK, 6, "09:00"),  # before the service opens
        (OAK, 20, "09:00"),  # after it closes
        (OPEN_EARLY, 7, "07:00"),
        (OPEN_EARLY, 8, "08:45"),
        (OPEN_EARLY, 20, "20:45"),
        (OPEN_EARLY, 23, "07:00"),  # the quiet of the night
        (service(opens=time(8, 0)), None, "08:45"),
        (service(opens=time(5, 0)), None, "07:00"),
        (service(shifts=ShiftTimes(early=time(9, 0))), None, "09:45"),
    ],
)
def test_the_preferred_hour_within_hours_and_outside_handovers(home: Service, hour: int | None, goes: str) -> None:
    assert next_morning(day("2026-11-25"), person(hour=hour), home) == utc("2026-11-25", goes)


@pytest.mark.parametrize(
    ("zone", "goes"),
    [
        ("Europe/Paris", utc("2026-11-25", "08:45")),  # nine in Paris is the home's morning handover
        ("America/New_York", utc("2026-11-25", "14:45")),  # and nine in New York its afternoon one
        ("Asia/Tokyo", utc("2026-11-25", "00:00")),
        ("Pacific/Auckland", utc("2026-11-24", "20:45")),
        ("Nowhere/Atlantis", utc("2026-11-25", "09:00")),  # a zone that nobody knows: the service's
        ("../etc/passwd", utc("2026-11-25", "09:00")),
    ],
)
def test_a_person_in_another_zone_has_their_own_morning(zone: str, goes: datetime) -> None:
    assert next_morning(day("2026-11-25"), person(zone), OAK) == goes


def test_the_weekday_is_that_of_the_persons_own_calendar() -> None:
    # Friday noon in London is Saturday in Auckland already: the next morning there is Monday's.
    friday = utc("2026-11-27", "12:00")
    assert next_morning(friday, person("Pacific/Auckland"), OAK) == utc("2026-11-29", "20:45")
    assert not in_hours(friday, person("Pacific/Auckland"), OAK)
    assert in_hours(friday, person(), OAK)


@pytest.mark.parametrize(
    ("shifts", "goes"),
    [
        (ShiftTimes(), "18:45"),
        (ShiftTimes(night=time(21, 0)), "19:45"),
        (ShiftTimes(night=time(22, 0)), "20:45"),
        (ShiftTimes(night=time(0, 0)), "22:45"),
    ],
)
def test_people_on_nights_hear_before_the_handover_into_their_shift(shifts: ShiftTimes, goes: str) -> None:
    night_owl = person(nights=True, hour=10)
    assert next_morning(day("2026-11-25"), night_owl, service(shifts=shifts)) == utc("2026-11-25", goes)


def test_people_on_nights_are_left_alone_by_day_and_after_midnight() -> None:
    night_owl = person(nights=True)
    allowed = [hour for hour in range(24) if in_hours(utc("2026-11-25", f"{hour:02}:40"), night_owl, OAK)]
    assert allowed == [21, 22, 23]  # at 40 minutes past: not yet at 18:40, and at 19:40 and 20:40 there is a handover
    assert in_hours(utc("2026-11-25", "18:45"), night_owl, OAK)
    assert not in_hours(utc("2026-11-25", "19:30"), night_owl, OAK)
    assert not in_hours(utc("2026-11-29", "22:00"), night_owl, OAK)  # Sunday


def test_people_on_nights_hear_by_the_clock_of_the_place_where_their_shift_is() -> None:
    assert next_morning(day("2026-11-25"), person("Asia/Tokyo", nights=True), OAK) == utc("2026-11-25", "18:45")
    assert next_morning(day("2026-07-01"), person(nights=True), OAK) == utc("2026-07-01", "17:45")


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("08:59", False),
        ("09:00", True),
        ("13:29", True),
        ("13:30", False),
        ("14:44", False),
        ("14:45", True),
        ("16:59", True),
        ("17:00", False),
    ],
)
def test_hours_to_the_minute(at: str, allowed: bool) -> None:
    assert in_hours(utc("2026-11-25", at), person(), OAK) is allowed
    assert in_hours(utc("2026-11-25", at), None, OAK) is allowed


def test_nothing_on_weekends_and_bank_holidays() -> None:
    assert not any(in_hours(utc(on, "10:00"), person(), OAK) for on in ("2026-11-28", "2026-11-29", "2026-12-28"))


def test_hours_that_leave_nothing_still_let_a_message_through() -> None:
    squeezed = service(opens=time(8, 0), closes=time(8, 30))
    goes = next_morning(day("2026-11-25"), person(), squeezed)
    assert goes == utc("2026-11-25", "08:00")
    assert in_hours(goes, person(), squeezed)


PEOPLE = st.builds(person, st.sampled_from(ZONES), st.none() | st.integers(0, 23), nights=st.booleans())
INSTANTS = instants("2026-01-01", "2028-12-31")


@given(INSTANTS, PEOPLE, st.sampled_from([OAK, OPEN_EARLY, scottish()]))
def test_every_morning_message_goes_in_hours_and_comes_within_a_week(
    moment: datetime, somebody: Person, home: Service
) -> None:
    goes = next_morning(moment, somebody, home)
    assert moment <= goes < moment + timedelta(days=7)
    assert in_hours(goes, somebody, home)
    local = goes.astimezone(ZoneInfo(somebody.zone)).time()
    here = goes.astimezone(ZoneInfo(home.zone)).time()
    assert here == time(18, 45) if somebody.preferences.nights else time(7, 0) <= local < time(22, 0)
    for start, end in (("07:30", "08:45"), ("13:30", "14:45"), ("19:30", "20:45")):
        assert not time.fromisoformat(start) <= here < time.fromisoformat(end)
