"""At which moment of which morning a person hears: their own hours and the place's, clock changes, nights, holidays."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.plan.services import Nation, Service
from playground.actor import words
from tests.handlers.oak import Oak, at, headline


def test_complaint_06_a_second_reminder_of_the_day_waits_for_the_next_morning(oak: Oak) -> None:
    oak.action("2027-05-26")
    oak.come("2027-05-26 09:00")
    other = oak.action("2027-06-04", what="Moved to today")
    with oak.store.transaction() as work:
        work.save(replace(other, due_on=at("2027-05-25 12:00").date(), written_at=oak.now - timedelta(days=9)))
    oak.come("2027-05-26 16:03")
    oak.come("2027-05-26 17:02")
    assert len(oak.dm("amara")) == 1
    oak.come("2027-05-27 09:00")
    (_, second) = oak.dm("amara")
    assert "Moved to today" in words(second["blocks"])
    assert "it comes late" not in words(second["blocks"])


@pytest.mark.parametrize(
    ("due", "day"),
    [("2027-03-29", "2027-03-29"), ("2027-10-31", "2027-10-29"), ("2027-11-01", "2027-11-01")],
)
def test_complaint_08_nine_o_clock_is_nine_o_clock_on_both_sides_of_a_clock_change(
    tmp_path: Path, due: str, day: str
) -> None:
    """The clocks change on Sunday 28 March and Sunday 31 October 2027; Easter Monday is 29 March."""
    with Oak(tmp_path, start="2027-03-01 10:00", scopes=None) as oak:
        with oak.store.transaction() as work:
            service = work.get(Service, oak.service.id)
            assert service
            work.save(replace(service, nation=Nation.SCOTLAND))  # where Easter Monday is a working day
        oak.action(due)
        oak.come(f"{day} 08:59")
        before = len(oak.dm("amara"))
        oak.come(f"{day} 09:00")
        assert len(oak.dm("amara")) == before + 1


@pytest.mark.parametrize(
    ("due", "back", "before", "sent"),
    [
        ("2027-05-26", "2027-05-26 19:00", "2027-05-27 08:59", "2027-05-27 09:00"),  # in the evening
        ("2027-05-28", "2027-05-28 23:30", "2027-06-01 08:59", "2027-06-01 09:00"),  # a weekend, then a bank holiday
        ("2027-05-26", "2027-05-26 13:40", "2027-05-26 14:44", "2027-05-26 14:45"),  # the handover around 14:00
    ],
)
def test_complaint_10_nobody_is_woken_at_night_on_a_weekend_a_holiday_or_in_a_handover(
    oak: Oak, due: str, back: str, before: str, sent: str
) -> None:
    oak.action(due)
    oak.come(back)
    oak.come(before)
    assert oak.dm("amara") == []
    oak.come(sent)
    assert len(oak.dm("amara")) == 1


def test_people_hear_in_their_own_zone_and_at_the_hour_they_like(oak: Oak) -> None:
    oak.prefer("amara", zone="Asia/Manila")
    oak.prefer("beatriz", hour=11)
    oak.action("2027-05-26", owner="amara")
    oak.action("2027-05-26", owner="beatriz")
    oak.come("2027-05-26 01:59")
    assert oak.dm("amara") == []
    oak.come("2027-05-26 02:00")  # nine in the morning in Manila
    assert len(oak.dm("amara")) == 1
    oak.come("2027-05-26 10:59")
    assert oak.dm("beatriz") == []
    oak.come("2027-05-26 11:00")
    assert len(oak.dm("beatriz")) == 1


def test_reminders_of_one_morning_from_two_services_come_as_one_message(oak: Oak) -> None:
    willow = oak.another_service("Willow Court", "C0WILLOW", opens=time(10, 30))
    oak.action("2027-05-26", what="For Oak House")
    oak.action("2027-05-26", what="For Willow Court", thread=oak.priority(willow))
    oak.come("2027-05-26 09:00")
    oak.come("2027-05-26 10:29")
    assert oak.dm("amara") == []
    oak.come("2027-05-26 10:30")
    (message,) = oak.dm("amara")
    assert headline(message) == "2 actions need you today"
