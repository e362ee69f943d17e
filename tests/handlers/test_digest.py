"""The weekly digest: once a week in the channel, with what is late, what the bot noticed and what it missed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.plan import actions, clocks, entries, measures, sampling
from bot.plan.actions import MoreTime
from bot.plan.clocks import StartClock
from bot.plan.entries import LogEntry
from bot.plan.measures import DefineMeasure, Lens
from bot.plan.priorities import ClockKind
from bot.plan.sampling import RecordSample
from bot.plan.services import Shift
from bot.timing.outbox import DeliveryKind, DeliveryState
from playground.actor import words
from tests.handlers.oak import CHANNEL, Oak

MONDAY = "2027-05-24 09:00"


@pytest.fixture
def oak(tmp_path: Path) -> Iterator[Oak]:
    """Oak House on Tuesday 18 May 2027, with a digest on Mondays."""
    with Oak(tmp_path, digest_on=0) as oak:
        yield oak


def digests(oak: Oak) -> list[str]:
    """What the channel was told, oldest first."""
    return [words(message["blocks"]) for message in oak.posted() if message["user"] == oak.slack.bot_user]


def test_a_monday_tells_the_week_with_what_is_unresolved_first(oak: Oak) -> None:
    oak.action("2027-05-20", what="Use the <!channel> sheet.")
    oak.action("2027-05-25", owner="beatriz", what="Read the falls list aloud")
    slipped = oak.action("2027-05-27", what="Check 6 night rounds")
    ruth, hannah = oak.people["ruth"], oak.people["hannah"]
    today = oak.now.date()
    with oak.store.transaction() as work:
        later = MoreTime(action=slipped.id, due_on=date(2027, 6, 9), reason="Two of six were off sick")
        actions.more_time(work, ruth, later, oak.now, today)
        entry = LogEntry(action=slipped.id, what="Briefed six night staff")
        entries.log(work, ruth, entry, oak.now, (today, Shift.LATE))
        clocks.start(work, ruth, StartClock(priority=oak.thread.id, kind=ClockKind.REMEDIAL_PLAN), oak.now, today)
        form = DefineMeasure(priority=oak.thread.id, name="Handovers complete", lens=Lens.RECORD, target="90")
        measure = measures.define(work, hannah, form, oak.now)
        first = RecordSample(measure=measure.id, met=9, n=20, baseline=True, on=date(2027, 5, 3))
        sampling.record(work, hannah, first, oak.now, today=today)
        second = RecordSample(measure=measure.id, met=11, n=20, on=today)
        sampling.record(work, hannah, second, oak.now, today=today)
    for day in range(19, 24):
        oak.come(f"2027-05-{day} 12:00")
    assert digests(oak) == []
    oak.come("2027-05-24 08:59")
    assert digests(oak) == []
    oak.come(MONDAY)
    (told,) = digests(oak)
    assert "Oak House: the week from Mon 24 May 2027" in told
    assert "*Overdue (1)*\n• A1 Use the &lt;!channel&gt; sheet (Amara Osei, 4 days overdue)" in told
    assert "*Due this week (1)*\n• A2 Read the falls list aloud (Beatriz Moreno, due Tue 25 May 2027)" in told
    assert (
        "A3 Check 6 night rounds (Amara Osei) moved from 27 May 2027 to 9 June 2027: Two of six were off sick" in told
    )
    assert "P1 commissioner's remedial plan: due on 1 June 2027, 8 days left" in told
    assert "P1 Handovers: M1 Handovers complete (record):" in told
    assert "11 of 20" in told
    assert "1 logged last week (1 on late shifts)" in told
    order = [told.index(part) for part in ("Overdue", "Dates that moved", "Statutory clocks", "What the samples say")]
    assert order == sorted(order)
    assert "Not told in time" not in told
    assert "Two of six were off sick" in oak.posted()[-1]["text"]
    for _ in range(3):
        oak.come(MONDAY)
    oak.come("2027-05-24 16:03")
    assert len(digests(oak)) == 1


def test_a_week_in_which_nothing_happened_says_so(oak: Oak) -> None:
    oak.come(MONDAY)
    (told,) = digests(oak)
    for plainly in (
        "No action is overdue.",
        "No follow-up sample was recorded.",
        "Nothing was logged, done or decided.",
    ):
        assert plainly in told


def test_a_bank_holiday_puts_it_off_and_the_restart_in_between_doubles_nothing(oak: Oak) -> None:
    oak.come(MONDAY)
    oak.come("2027-05-31 09:00")  # the spring bank holiday
    assert len(digests(oak)) == 1
    oak.move("2027-06-01 08:30")
    oak.tick()
    again = oak.open_store()
    oak.desk = oak.desk_over(again)
    oak.come("2027-06-01 09:00")
    oak.come("2027-06-01 09:01")
    again.close()
    assert [told.splitlines()[0] for told in digests(oak)][1:] == ["Oak House: the week from Tue 1 Jun 2027"]


def test_a_channel_that_opens_later_and_a_restart_in_the_evening_wait_for_hours(oak: Oak) -> None:
    oak.come("2027-05-24 19:30")
    assert digests(oak) == []
    oak.come("2027-05-25 09:00")
    (told,) = digests(oak)
    assert "Tue 25 May" in told


def test_a_digest_that_comes_days_too_late_is_left_out_and_the_next_tells_what_lapsed(oak: Oak) -> None:
    oak.action("2027-05-20")
    oak.move("2027-05-20 00:01")
    oak.tick()  # what is due today is on record, and then the bot is away for three weeks
    oak.come("2027-06-05 09:00")  # a Saturday; Monday was a bank holiday, so that the digest was due on Tuesday
    assert digests(oak) == []
    oak.come("2027-06-07 09:00")
    (told,) = digests(oak)
    assert "changed since Mon 31 May 2027" in told
    assert "Not told in time" not in told  # A1 is overdue, and that is what Amara is told
    assert {d.payload["on"] for d in oak.deliveries(DeliveryKind.DIGEST)} == {"2027-06-07"}


def test_what_lapsed_while_the_bot_was_away_is_told(oak: Oak) -> None:
    oak.action("2027-06-10", what="Use the 8-line sheet.")
    oak.come(MONDAY)
    assert len(digests(oak)) == 1
    oak.store.close()
    oak.store = oak.open_store()
    oak.desk = oak.desk_over(oak.store)
    oak.come("2027-06-18 09:00")  # eight days after it was due; the digests of three weeks were not sent
    oak.come("2027-06-21 09:00")
    told = digests(oak)[-1]
    assert "changed since Mon 24 May 2027" in told
    assert "• Action due soon: A1 Use the 8-line sheet, meant for Amara Osei on 10 June 2027" in told
    oak.come("2027-06-28 09:00")
    assert "Not told in time" not in digests(oak)[-1]


def test_a_channel_that_grip_was_removed_from_is_told_to_the_deputy_once(oak: Oak) -> None:
    oak.slack.fault("chat.postMessage", "error", error="not_in_channel", times=1)
    oak.come(MONDAY)
    (failed,) = oak.deliveries(DeliveryKind.DIGEST)
    assert failed.state is DeliveryState.FAILED
    (message,) = oak.dm("deepa")
    assert f"cannot post the weekly digest of Oak House in <#{CHANNEL}>" in message["text"]
    assert "/invite @Grip" in message["text"]
    oak.slack.fault("chat.postMessage", "error", error="not_in_channel", times=1)
    oak.come("2027-06-01 09:00")
    assert len([m for m in oak.dm("deepa") if "digest" in m["text"]]) == 1
