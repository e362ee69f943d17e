"""Reminder messages say what became of what they asked for."""

from bot.plan import actions, entries
from bot.plan.actions import Complete, MoreTime
from bot.plan.entries import LogEntry
from bot.plan.services import Shift
from handlers import reminders
from playground.actor import words
from tests.handlers.oak import Oak, at

DUE = "2027-05-26"
MORNING = f"{DUE} 09:00"


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
    assert "Now due Wed 9 Jun 2027. Moved by Amara Osei, <!date^" in said
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
        oak.wait(oak.watch.patience.doubt)
        oak.carry()
    (message,) = oak.dm("amara")
    assert "Marked done by Amara Osei" in words(message["blocks"])
