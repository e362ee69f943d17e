"""The status by itself: on the days and in the channel that were chosen, once, with what changed since a month ago."""

from datetime import time

from bot.plan import rhythm
from bot.plan.rhythm import ChangeStatusPosts
from bot.timing.outbox import DeliveryKind, DeliveryState
from playground.actor import words
from tests.handlers.oak import Oak

OTHER = "C0WILLOW"  # Grip is in it


def choose(oak: Oak, *days: int, at: time = time(14, 45), monthly: bool = False, channel: str = "") -> None:
    """The manager chooses when the status comes."""
    form = ChangeStatusPosts(service_id=oak.service.id, weekdays=days, at=at, monthly=monthly, channel_id=channel)
    with oak.store.transaction() as work:
        rhythm.change_status_posts(work, oak.people["ruth"], form, oak.now)


def posted(oak: Oak) -> list[str]:
    """The first messages of threads that the channel was given."""
    return [words(m["blocks"]) for m in oak.posted() if m.get("thread_ts", m["ts"]) == m["ts"]]


def details(oak: Oak) -> list[str]:
    """What stands in the thread of the first one."""
    first = oak.posted()[0]["ts"]
    return [m["text"] for m in oak.posted(thread_ts=first) if m["ts"] != first]


def test_it_comes_once_at_its_time_with_the_month_before_and_details_in_its_thread(oak: Oak) -> None:
    oak.action("2027-05-20", what="Use the 8-line sheet.")
    choose(oak, 0, 3)
    for moment in ("2027-05-19 14:45", "2027-05-20 09:00", "2027-05-20 14:44"):
        oak.come(moment)
    assert posted(oak) == []
    oak.come("2027-05-20 14:45")
    (told,) = posted(oak)
    assert "Oak House: service improvement plan on Thu 20 May 2027" in told
    assert "Since Tue 20 Apr 2027: open priorities 1 (0 a month ago)" in told
    assert "Posted by itself on Mondays and Thursdays at 14:45." in told
    (priority,) = details(oak)
    assert "P1 Handovers" in priority
    again = oak.open_store()
    oak.desk = oak.desk_over(again)
    for moment in ("2027-05-20 14:46", "2027-05-20 15:30", "2027-05-21 14:45"):
        oak.come(moment)
    assert len(posted(oak)) == 1
    oak.come("2027-05-24 14:45")
    assert len(posted(oak)) == 2
    again.close()


def test_the_month_and_a_bank_holiday_fall_together_on_one_post(oak: Oak) -> None:
    choose(oak, 0, 1, at=time(9, 30), monthly=True)
    oak.move("2027-05-28 12:00")
    oak.come("2027-05-31 09:30")  # the spring bank holiday
    before = len(posted(oak))
    oak.come("2027-06-01 09:30")  # Monday's, Tuesday's and the month's
    assert len(posted(oak)) == before + 1


def test_a_change_while_it_waits_holds_for_it_too(oak: Oak) -> None:
    choose(oak, 1, at=time(16, 0))
    oak.come("2027-05-18 10:05")
    choose(oak, 1, at=time(11, 0))
    oak.come("2027-05-18 10:06")
    oak.come("2027-05-18 11:00")
    assert len(posted(oak)) == 1
    choose(oak, 1, at=time(15, 0))
    oak.come("2027-05-18 15:00")
    assert len(posted(oak)) == 1  # once a day, whatever is changed
    choose(oak, 2, at=time(15, 0))
    oak.come("2027-05-19 00:05")
    choose(oak)
    oak.come("2027-05-19 15:00")
    assert len(posted(oak)) == 1
    (dropped,) = [d for d in oak.deliveries(DeliveryKind.STATUS) if d.state is DeliveryState.DROPPED]
    assert "not one of those chosen" in dropped.error


def test_a_time_that_has_passed_is_not_made_up_for_but_a_bot_that_was_away_posts_the_newest(oak: Oak) -> None:
    choose(oak, 0, 1, 2, 3, 4, at=time(9, 0))  # it is ten o'clock
    oak.come("2027-05-18 10:01")
    assert posted(oak) == []
    oak.move("2027-05-19 00:01")
    oak.tick()
    oak.move("2027-05-20 00:01")
    oak.tick()
    oak.come("2027-05-20 11:00")  # two are owed, and Slack was not to be reached until now
    (told,) = posted(oak)
    assert "Thu 20 May 2027" in told


def test_a_crash_after_the_post_doubles_nothing(oak: Oak) -> None:
    choose(oak, 2, at=time(10, 0))
    oak.slack.fault("chat.postMessage", "drop_reply", times=1)
    oak.come("2027-05-19 10:00")
    oak.come("2027-05-19 10:02")
    assert len(posted(oak)) == 1
    (sent,) = oak.deliveries(DeliveryKind.STATUS)
    assert sent.state is DeliveryState.SENT
    assert len(details(oak)) == 1


def test_a_channel_of_its_own_and_one_that_grip_was_removed_from(oak: Oak) -> None:
    choose(oak, 2, at=time(10, 0), channel=OTHER)
    oak.come("2027-05-19 10:00")
    assert posted(oak) == []
    oak.slack.fault("chat.postMessage", "error", error="not_in_channel", times=1)
    oak.come("2027-05-26 10:00")
    assert f"cannot post the status of Oak House in <#{OTHER}>" in oak.dm("deepa")[-1]["text"]
