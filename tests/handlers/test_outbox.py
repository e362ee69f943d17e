"""Deliveries on their way to Slack: once each, whatever breaks on the way."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.plan import actions, entries
from bot.plan.actions import Complete, MoreTime
from bot.plan.entries import LogEntry
from bot.plan.people import Person
from bot.plan.services import Shift
from bot.timing.outbox import DeliveryKind, DeliveryState, ReminderState
from handlers import reminders
from handlers.buckets import Buckets
from handlers.carriers.reconcile import metadata
from handlers.outbox import DOUBT, LEASE
from handlers.tick import tick
from playground.actor import wait_for, words
from tests.handlers.oak import CHANNEL, Oak, at

DUE = "2027-05-26"
MORNING = f"{DUE} 09:00"


@pytest.fixture
def oak(tmp_path: Path) -> Iterator[Oak]:
    """Oak House on Tuesday 18 May 2027."""
    with Oak(tmp_path) as oak:
        yield oak


def posts(oak: Oak) -> int:
    """How many messages the bot posted, seen from Slack's side."""
    return sum(
        message.by_bot for channel in oak.slack.hub.world.channels.values() for message in channel.messages.values()
    )


def test_complaint_01_same_reminder_twice_with_two_processes(oak: Oak) -> None:
    for number in range(6):
        oak.action(DUE, what=f"Change {number}")
        oak.action(DUE, owner="beatriz", what=f"Change {number}")
    oak.move(MORNING)
    stores = [oak.open_store() for _ in range(3)]
    boxes = [oak.outbox(oak.desk_over(store), buckets=Buckets()) for store in stores]

    def process(number: int) -> None:
        for _ in range(3):
            tick(oak.desk_over(stores[number]), oak.now)
            boxes[number].run_once(oak.now)

    threads = [threading.Thread(target=process, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for box, store in zip(boxes, stores, strict=True):
        box.stop()
        store.close()
    assert len(oak.dm("amara")) == 1
    assert len(oak.dm("beatriz")) == 1
    assert {r.state for r in oak.reminders(person_id=oak.people["amara"].id)} <= {
        ReminderState.SENT,
        ReminderState.LAPSED,
    }


@pytest.mark.parametrize("fault", ["drop_reply", "http_500_after", "error_after"])
def test_a_reply_that_was_lost_is_looked_up_and_the_message_is_not_sent_again(oak: Oak, fault: str) -> None:
    oak.action(DUE)
    oak.slack.fault("chat.postMessage", fault, times=1)
    oak.come(MORNING)
    (morning,) = oak.deliveries(DeliveryKind.MORNING)
    assert (morning.state, morning.doubtful) == (DeliveryState.WAITING, True)
    assert oak.reminders("due_soon")[-1].state is ReminderState.WAITING
    oak.wait(DOUBT.total_seconds())
    oak.carry()
    (morning,) = oak.deliveries(DeliveryKind.MORNING)
    assert (morning.state, morning.doubtful) == (DeliveryState.SENT, False)
    assert oak.reminders("due_soon")[-1].state is ReminderState.SENT
    (message,) = oak.dm("amara")
    assert (morning.ts, morning.channel) == (message["ts"], message["channel"])
    assert posts(oak) == 1


@pytest.mark.parametrize("fault", ["drop_request", "http_500"])
def test_a_request_that_never_arrived_is_sent_again_and_says_nothing_of_a_repeat(oak: Oak, fault: str) -> None:
    oak.action(DUE)
    oak.slack.fault("chat.postMessage", fault, times=1)
    oak.come(MORNING)
    assert posts(oak) == 0
    oak.wait(DOUBT.total_seconds())
    oak.carry()
    (message,) = oak.dm("amara")
    assert "repeat" not in words(message["blocks"])


def test_where_slack_lets_nobody_look_it_is_sent_again_and_says_that_it_may_be_a_repeat(tmp_path: Path) -> None:
    with Oak(tmp_path, scopes={"chat:write", "im:write", "users:read"}) as oak:
        oak.action(DUE)
        oak.slack.fault("chat.postMessage", "drop_reply", times=1)
        oak.come(MORNING)
        oak.wait(DOUBT.total_seconds())
        oak.carry()
        first, second = oak.dm("amara")
        assert "may be a repeat" not in words(first["blocks"])
        assert "may be a repeat" in words(second["blocks"])
        assert "may be a repeat" in second["text"]


def dies_before_marking(oak: Oak, *, posted: bool) -> None:
    """What a process leaves behind that was killed after its claim, before or after Slack took the message."""
    with oak.store.transaction() as work:
        (claimed,) = work.claim(oak.now, oak.now + LEASE, "a process that is no more", 10)
    if posted:
        client = oak.desk.client_of(claimed.workspace_id)
        place = oak.people["amara"].slack_id
        client.chat_postMessage(channel=place, text="1 action needs you today", metadata=metadata(claimed))


@pytest.mark.parametrize("posted", [True, False])
def test_a_process_killed_between_claim_and_mark_loses_nothing_and_doubles_nothing(oak: Oak, posted: bool) -> None:
    oak.action(DUE)
    oak.move(MORNING)
    oak.tick()
    dies_before_marking(oak, posted=posted)
    oak.carry()
    assert posts(oak) == posted  # the lease still runs
    oak.wait(LEASE.total_seconds())
    oak.tick()
    oak.carry()
    assert posts(oak) == 1
    assert oak.deliveries(DeliveryKind.MORNING)[0].state is DeliveryState.SENT
    assert oak.reminders("due_soon")[-1].state is ReminderState.SENT


def test_a_process_killed_between_tick_and_outbox_loses_nothing(oak: Oak) -> None:
    oak.action(DUE)
    oak.move(MORNING)
    oak.tick()
    oak.store.close()
    oak.store = oak.open_store()
    oak.desk = oak.desk_over(oak.store)
    oak.carry()
    assert len(oak.dm("amara")) == 1


def test_a_channel_post_in_doubt_is_looked_up_in_the_channel_and_in_its_thread(oak: Oak) -> None:
    oak.leave(
        DeliveryKind.POST,
        {"channel": CHANNEL, "text": "Status", "blocks": [], "thread": [{"text": "Detail", "blocks": []}]},
    )
    oak.slack.fault("chat.postMessage", "drop_reply", times=2)
    for _ in range(4):
        oak.carry()
        oak.wait(DOUBT.total_seconds() + 5)
    (status,) = [m for m in oak.posted() if m["text"] == "Status"]
    assert [m["text"] for m in oak.posted(thread_ts=status["ts"])] == ["Status", "Detail"]
    assert {d.state for d in oak.deliveries()} == {DeliveryState.SENT}


def test_a_thread_keeps_its_order_and_exists_once(oak: Oak) -> None:
    thread = [{"text": f"Part {number}", "blocks": []} for number in range(1, 4)]
    oak.leave(DeliveryKind.POST, {"channel": CHANNEL, "text": "Status", "blocks": [], "thread": thread})
    for _ in range(4):
        oak.carry()
        oak.wait(1)
    (status,) = [m for m in oak.posted() if m["text"] == "Status"]
    assert [m["text"] for m in oak.posted(thread_ts=status["ts"])] == ["Status", "Part 1", "Part 2", "Part 3"]


def test_a_429_is_waited_out_and_counts_as_no_try(oak: Oak) -> None:
    oak.action(DUE)
    oak.action(DUE, owner="beatriz")
    oak.slack.fault("chat.postMessage", "rate_limited", times=1, retry_after=30)
    oak.move(MORNING)
    oak.tick()
    ahead = [0.0]
    box = oak.outbox(buckets=Buckets(monotonic=lambda: time.monotonic() + ahead[0]))
    box.run_once(oak.now)
    assert posts(oak) == 0
    assert len(oak.slack.calls("chat.postMessage")) == 1  # the other person's message was not even tried
    waiting = oak.deliveries(DeliveryKind.MORNING)
    assert {d.state for d in waiting} == {DeliveryState.WAITING}
    assert {d.attempts for d in waiting} == {0}
    assert min(d.next_at for d in waiting) > oak.now + timedelta(seconds=29)
    for _ in range(3):
        oak.wait(30)
        ahead[0] += 30
        box.run_once(oak.now)
    box.stop()
    assert (len(oak.dm("amara")), len(oak.dm("beatriz"))) == (1, 1)
    assert len(oak.slack.calls("chat.postMessage")) == 3


def test_a_deactivated_person_is_given_up_and_the_deputy_is_told_once(oak: Oak) -> None:
    for what in ("One", "Two"):
        oak.action(DUE, what=what)
    oak.slack.hub.world.users["U0AMARA"].deleted = True
    oak.come(MORNING)
    (morning,) = oak.deliveries(DeliveryKind.MORNING, person_id=oak.people["amara"].id)
    assert (morning.state, morning.error) == (DeliveryState.FAILED, "user_disabled")
    assert oak.reminders("due_soon", person_id=oak.people["amara"].id)[-1].state is ReminderState.DROPPED
    (told,) = oak.dm("deepa")
    assert "cannot reach Amara Osei" in told["text"]
    with oak.store.reading() as work:
        person = work.get(Person, oak.people["amara"].id)
    assert person
    assert not person.active  # Slack was asked who that is
    oak.come("2027-05-27 09:00")
    assert len([m for m in oak.dm("deepa") if "cannot reach" in m["text"]]) == 1
    assert "1 day overdue" in words(oak.dm("deepa")[-1]["blocks"])


@pytest.mark.parametrize(
    ("happening", "said"),
    [("archive", "archived"), ("leave", "/invite @Grip")],
)
def test_who_asked_for_a_post_that_cannot_be_made_is_told_in_words(oak: Oak, happening: str, said: str) -> None:
    channel = oak.slack.hub.world.channels[CHANNEL]
    if happening == "archive":
        channel.archived = True
    else:
        channel.members.discard(oak.slack.bot_user)
    oak.leave(DeliveryKind.POST, {"channel": CHANNEL, "text": "Status", "blocks": [], "tell": "U0DEEPA"})
    oak.carry()
    (told,) = oak.dm("deepa")
    assert said in told["text"]
    assert oak.dm("ruth") == []


def test_a_token_that_was_revoked_loses_no_reminder(oak: Oak) -> None:
    oak.action(DUE)
    grant = oak.slack.hub.world.grants[oak.slack.bot_token]
    grant.revoked = True
    oak.come(MORNING)
    (morning,) = oak.deliveries(DeliveryKind.MORNING)
    assert (morning.state, morning.error) == (DeliveryState.FAILED, "token_revoked")
    grant.revoked = False
    oak.come("2027-05-27 09:00")
    (message,) = oak.dm("amara")
    assert "1 day overdue" in words(message["blocks"])


def test_slack_that_stays_away_is_given_up_after_an_hour_and_the_person_is_told_when_it_is_back(oak: Oak) -> None:
    oak.leave(DeliveryKind.POST, {"channel": CHANNEL, "text": "Status", "blocks": [], "tell": "U0DEEPA"})
    oak.slack.fault("chat.postMessage", "error", error="service_unavailable", channel=CHANNEL)
    began = oak.now
    while oak.deliveries()[0].state is DeliveryState.WAITING:
        oak.wait((oak.deliveries()[0].next_at - oak.now).total_seconds())
        oak.carry()
    assert timedelta(minutes=60) < oak.now - began < timedelta(minutes=90)
    oak.carry()
    (told,) = oak.dm("deepa")
    assert "could not be posted" in told["text"]


def chart_and_table() -> list[dict]:
    series = [{"name": "On time", "data": [{"label": "May", "value": 4}, {"label": "June", "value": 7}]}]
    cell = lambda text: {"type": "raw_text", "text": text}  # noqa: E731 - three words of a table
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Status"}},
        {
            "type": "data_visualization",
            "title": "Actions",
            "chart": {
                "type": "bar",
                "series": series,
                "axis_config": {"categories": ["May", "June"], "x_label": "Month", "y_label": "Actions"},
            },
        },
        {
            "type": "data_table",
            "caption": "Actions",
            "rows": [[cell("Action"), cell("Due")], [cell("A1"), cell("Wed 26 May")]],
        },
    ]


@pytest.mark.parametrize(
    ("refused", "kinds"),
    [
        ([], ["section", "data_visualization", "data_table"]),
        (["data_visualization"], ["section", "section", "section", "table"]),
        (["data_visualization", "data_table", "table"], ["section", "section", "section", "section"]),
        (["data_visualization", "data_table", "table", "section"], []),
    ],
)
def test_where_blocks_are_refused_the_same_content_goes_out_in_older_ones(
    oak: Oak, refused: list[str], kinds: list[str]
) -> None:
    oak.slack.control("faults", reject_blocks=refused)
    text = "Status. Actions: May 4, June 7. A1 due Wed 26 May."
    oak.leave(DeliveryKind.POST, {"channel": CHANNEL, "text": text, "blocks": chart_and_table()})
    oak.carry()
    message = oak.posted()[-1]
    assert [block["type"] for block in message.get("blocks") or []] == kinds
    shown = words(message)
    assert "Wed 26 May" in shown
    assert "June" in shown


def test_the_message_says_what_became_of_each_action_and_takes_its_buttons_away(oak: Oak) -> None:
    first, second, third = (oak.action(DUE, what=what) for what in ("One", "Two", "Three"))
    oak.come(MORNING)
    oak.wait(60)
    amara = oak.people["amara"]
    with oak.store.transaction() as work:
        done = actions.complete(work, amara, Complete(action=first.id), oak.now)
        assert reminders.touch(work, done, oak.now) == 1
        assert reminders.touch(work, done, oak.now) == 0  # asked for once
        later = MoreTime(action=second.id, due_on=at("2027-06-09 12:00").date(), reason="Two of six were off sick")
        moved, _ = actions.more_time(work, amara, later, oak.now, oak.now.date())
        reminders.touch(work, moved, oak.now)
        logged = LogEntry(action=third.id, what="Briefed <!channel> & six night staff")
        entries.log(work, amara, logged, oak.now, (oak.now.date(), Shift.EARLY))
        started = work.get(type(third), third.id)
        assert started
        reminders.touch(work, started, oak.now)
    oak.carry()
    (message,) = oak.dm("amara")
    said = words(message["blocks"])
    assert message["blocks"][0]["text"]["text"] == "1 action needs you today"
    assert "Marked done by Amara Osei, <!date^" in said
    assert "Now due Wed 9 Jun 2027. More time was asked for by Amara Osei, <!date^" in said
    assert "Logged by Amara Osei" in said
    assert "Briefed &lt;!channel&gt; &amp; six night staff" in said
    ids = [e["action_id"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert ids == ["log.open#A3", "action.done#A3", "action.more_time#A3", "action.not_mine#A3", "action.snooze#A3"]
    assert "Marked done by Amara Osei" in message["text"]
    with oak.store.transaction() as work:
        back = actions.undo_complete(work, amara, first.id, None, oak.now)
        reminders.touch(work, back, oak.now)
    oak.carry()
    assert oak.dm("amara")[0]["blocks"][0]["text"]["text"] == "2 actions need you today"


def test_an_action_answered_while_its_message_is_on_the_way_is_shown_as_answered(oak: Oak) -> None:
    action = oak.action(DUE)
    oak.slack.fault("chat.postMessage", "drop_reply", times=1)
    oak.come(MORNING)  # it arrived; we do not know
    with oak.store.transaction() as work:
        done = actions.complete(work, oak.people["amara"], Complete(action=action.id), oak.now)
        reminders.touch(work, done, oak.now)
    for _ in range(3):
        oak.wait(DOUBT.total_seconds())
        oak.carry()
    (message,) = oak.dm("amara")
    assert "Marked done by Amara Osei" in words(message["blocks"])


def test_the_lease_of_a_slow_try_does_not_make_another_process_double_it(oak: Oak) -> None:
    oak.leave(DeliveryKind.POST, {"channel": CHANNEL, "text": "Status", "blocks": []})
    oak.slack.fault("chat.postMessage", "slow", times=1, delay=0.4)
    slow = oak.outbox()
    thread = threading.Thread(target=slow.run_once, args=(oak.now,))
    thread.start()
    wait_for(lambda: oak.deliveries()[0].state is DeliveryState.CLAIMED)
    time.sleep(0.1)
    oak.now += LEASE  # the clock leaps, and another process takes it for abandoned
    oak.carry()
    thread.join()
    slow.stop()
    assert {d.state for d in oak.deliveries()} == {DeliveryState.SENT}
    assert len([m for m in oak.posted() if m["text"] == "Status"]) <= 2  # in this one case it cannot be known


def test_workers_carry_what_waits_and_stop_when_told(oak: Oak) -> None:
    box = oak.outbox(buckets=Buckets())
    box.start()
    for number in range(12):
        slack_id = "U0AMARA" if number % 2 else "U0BEATRIZ"
        oak.leave(DeliveryKind.POST, {"channel": f"{slack_id}", "text": f"Word {number}", "blocks": []})
    box.poke()
    wait_for(lambda: posts(oak) >= 2)
    box.stop()
    sent = [d for d in oak.deliveries() if d.state is DeliveryState.SENT]
    assert len(sent) == posts(oak)
    assert not [d for d in oak.deliveries() if d.state is DeliveryState.CLAIMED]


def test_an_unknown_fault_of_our_own_is_tried_again_and_then_given_up(oak: Oak) -> None:
    delivery = oak.leave(DeliveryKind.FETCH, {"evidence": "the wrong word"})
    oak.carry()
    (waiting,) = oak.deliveries(id=delivery.id)
    assert (waiting.state, waiting.attempts, waiting.error) == (DeliveryState.WAITING, 1, "KeyError")


def test_a_profile_is_asked_for_and_kept(oak: Oak) -> None:
    oak.slack.hub.world.users["U0AMARA"].tz = "Europe/Lisbon"
    oak.leave(DeliveryKind.PROFILE, {}, person_id=oak.people["amara"].id)
    oak.carry()
    with oak.store.reading() as work:
        person = work.get(Person, oak.people["amara"].id)
    assert person
    assert person.zone == "Europe/Lisbon"


def test_home_is_refreshed_for_those_who_ever_opened_it(oak: Oak) -> None:
    oak.leave(DeliveryKind.HOME, {}, person_id=oak.people["amara"].id)
    with oak.store.transaction() as work:
        work.save(replace(oak.people["ruth"], seen_home_at=oak.now))
    oak.leave(DeliveryKind.HOME, {}, person_id=oak.people["ruth"].id)
    oak.carry()
    states = {d.person_id: d.state for d in oak.deliveries()}
    assert states == {
        oak.people["amara"].id: DeliveryState.DROPPED,
        oak.people["ruth"].id: DeliveryState.SENT,
    }
    assert "U0RUTH" in oak.slack.hub.world.homes
