"""Deliveries on their way to Slack: once each, whatever breaks on the way."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from slack_sdk import WebClient

from bot.timing.outbox import DeliveryKind, DeliveryState, ReminderState
from handlers.buckets import Buckets
from handlers.carriers.reconcile import metadata
from handlers.doubts import Patience, Watch
from handlers.tick import tick
from handlers.workspaces import ManyWorkspaces
from playground.actor import wait_for, words
from storage.installations import Installation, Installations
from tests.handlers.oak import CHANNEL, TEAM, Oak

DUE = "2027-05-26"
MORNING = f"{DUE} 09:00"
LEASE, DOUBT = Patience().lease, Patience().doubt


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


def test_what_is_due_waits_uncounted_while_no_key_opens_the_token(oak: Oak) -> None:
    oak.action(DUE)
    oak.move(MORNING)
    oak.tick()
    right, wrong = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    token = Installation(TEAM, "", "UBOT", "", oak.slack.bot_token, "", None, oak.now)
    Installations(oak.store, [right]).keep(token)

    def carry(key: str) -> None:
        many = ManyWorkspaces(oak.settings, Installations(oak.store, [key]), lambda: oak.now)
        many.renew()
        box = oak.outbox(replace(oak.desk, client_of=many.client_of), buckets=Buckets(pace=1000))
        box.run_once(oak.now)
        box.stop()

    for _ in range(20):  # more often than anything is tried
        carry(wrong)
        oak.now += timedelta(minutes=1)
    (waiting,) = [d for d in oak.deliveries() if d.kind is DeliveryKind.MORNING]
    assert (waiting.state, waiting.attempts, waiting.doubtful) == (DeliveryState.WAITING, 0, False)
    assert oak.dm("amara") == []
    carry(right)
    assert len(oak.dm("amara")) == 1


@pytest.mark.parametrize("fault", ["drop_reply", "http_500_after", "error_after"])
def test_a_reply_that_was_lost_is_looked_up_and_the_message_is_not_sent_again(oak: Oak, fault: str) -> None:
    oak.action(DUE)
    oak.slack.fault("chat.postMessage", fault, times=1)
    oak.come(MORNING)
    (morning,) = oak.deliveries(DeliveryKind.MORNING)
    assert (morning.state, morning.doubtful) == (DeliveryState.WAITING, True)
    assert oak.reminders("due_soon")[-1].state is ReminderState.WAITING
    oak.wait(DOUBT)
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
    oak.wait(DOUBT)
    oak.carry()
    (message,) = oak.dm("amara")
    assert "repeat" not in words(message["blocks"])


def test_where_slack_lets_nobody_look_it_is_sent_again_and_says_that_it_may_be_a_repeat(tmp_path: Path) -> None:
    with Oak(tmp_path, scopes={"chat:write", "im:write", "users:read"}) as oak:
        oak.action(DUE)
        oak.slack.fault("chat.postMessage", "drop_reply", times=1)
        oak.come(MORNING)
        oak.wait(DOUBT)
        oak.carry()
        first, second = oak.dm("amara")
        assert "may be a repeat" not in words(first["blocks"])
        assert "may be a repeat" in words(second["blocks"])
        assert "may be a repeat" in second["text"]


def dies_before_marking(oak: Oak, *, posted: bool) -> None:
    """What a process leaves behind that was killed after its claim, before or after Slack took the message."""
    with oak.store.transaction() as work:
        (claimed,) = work.claim(oak.now, oak.now, "a process that is no more", 10, DeliveryKind.MORNING)
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
    oak.wait(LEASE)
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
        oak.wait(DOUBT + 5)
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


@pytest.mark.parametrize("answers", [True, False])
def test_a_clock_that_leaps_while_another_is_in_the_middle_of_a_post_does_not_double_it(
    oak: Oak, answers: bool
) -> None:
    """Slack takes its time, the clock leaps over every lease, and meanwhile another process looks for work."""
    oak.leave(DeliveryKind.POST, {"channel": CHANNEL, "text": "Status", "blocks": []})
    oak.slack.fault("chat.postMessage", "slow", times=1, delay=0.6)
    if not answers:
        oak.slack.fault("chat.postMessage", "drop_reply", times=1)
    patience = Patience(2.0)
    boxes = [oak.outbox(buckets=Buckets(), watch=Watch(patience)) for _ in range(2)]
    thread = threading.Thread(target=boxes[0].run_once, args=(oak.now,))
    thread.start()
    wait_for(lambda: oak.deliveries()[0].state is DeliveryState.CLAIMED)
    for _ in range(3):
        oak.now += timedelta(days=7)  # the clock leaps
        boxes[1].run_once(oak.now)
    thread.join()
    wait_for(lambda: boxes[1].run_once(oak.now) + (oak.deliveries()[0].state is DeliveryState.SENT))
    for box in boxes:
        box.stop()
    assert {d.state for d in oak.deliveries()} == {DeliveryState.SENT}
    assert len([m for m in oak.posted() if m["text"] == "Status"]) == 1


def test_whoever_held_a_message_too_long_does_not_post_it_any_more(oak: Oak) -> None:
    """A machine that slept between the claim and the call: by then another process may have sent it."""
    oak.leave(DeliveryKind.POST, {"channel": CHANNEL, "text": "Status", "blocks": []})
    slept, client_of = [0.0], oak.desk.client_of

    def once_slow(workspace: str) -> WebClient:
        slept[0] = Patience().last_call
        return client_of(workspace)

    desk = replace(oak.desk, client_of=once_slow)
    box = oak.outbox(desk, buckets=Buckets(), watch=Watch(holding=lambda: time.monotonic() + slept[0]))
    tried = box.run_once(oak.now)
    box.stop()
    assert (tried, len(oak.slack.calls("chat.postMessage")), posts(oak)) == (2, 1, 1)


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


def test_complaint_10_a_try_that_is_put_off_past_closing_time_joins_the_next_morning(oak: Oak) -> None:
    oak.action("2027-05-25", what="Late already")
    oak.action("2027-05-27", what="Due tomorrow")
    oak.move(MORNING)
    oak.tick()
    oak.slack.fault("chat.postMessage", "rate_limited", times=1, retry_after=600)
    oak.come(f"{DUE} 16:55")
    oak.come(f"{DUE} 17:06")
    oak.come("2027-05-27 00:01")
    assert posts(oak) == 0
    oak.come("2027-05-27 08:59")
    assert posts(oak) == 0
    oak.come("2027-05-27 09:00")
    (message,) = oak.dm("amara")
    said = words(message["blocks"])
    assert message["blocks"][0]["text"]["text"] == "2 actions need you today"
    assert "This was due to reach you on Wed 26 May 2027; Slack could not be reached in time." in said
    assert said.count("due to reach you") == 1


def test_an_unknown_fault_of_our_own_is_tried_again_and_then_given_up(oak: Oak) -> None:
    delivery = oak.leave(DeliveryKind.FETCH, {"evidence": "the wrong word"})
    oak.carry()
    (waiting,) = oak.deliveries(id=delivery.id)
    assert (waiting.state, waiting.attempts, waiting.error) == (DeliveryState.WAITING, 1, "KeyError")
