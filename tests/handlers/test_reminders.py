"""The buttons of the reminder message that are about reminders: quiet for a while, and when to be reminded."""

import json
from datetime import date
from typing import Any

import pytest

from bot.plan.actions import Action, Slip
from bot.plan.people import Person, Preferences
from handlers import forms, press, reminders
from playground.actor import words
from tests.handlers.oak import PEOPLE, TEAM, Oak

BUTTONS = {button.id: button for button in reminders.FEATURE.buttons}
FORMS = {form.id: form for form in reminders.FEATURE.forms}
DUE = "2027-05-26"


def body(oak: Oak, name: str, **more: Any) -> dict[str, Any]:
    slack_id = PEOPLE[name][0]
    trigger = oak.slack.hub.trigger(oak.slack.hub.world.users[slack_id])
    return {"team": {"id": TEAM}, "user": {"id": slack_id, "team_id": TEAM}, "trigger_id": trigger} | more


def choose(oak: Oak, name: str, message: dict[str, Any], choice: str) -> None:
    """Choose from the menu of the first action in a message, as Slack would send it."""
    menus = [e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"] if e["type"] == "overflow"]
    (option,) = [o for o in menus[0]["options"] if o["text"]["text"] == choice]
    action = {"action_id": menus[0]["action_id"], "type": "overflow", "selected_option": option}
    container = {"type": "message", "channel_id": message["channel"], "message_ts": message["ts"]}
    press.pressed(oak.desk, BUTTONS, body(oak, name, actions=[action], container=container))


def action_now(oak: Oak, action: Action) -> Action:
    with oak.store.reading() as work:
        found = work.get(Action, action.id)
    assert found
    return found


@pytest.mark.parametrize(
    ("choice", "until", "again"),
    [
        ("Quiet until tomorrow", date(2027, 5, 27), "2027-05-27 09:00"),
        ("Quiet until Monday", date(2027, 5, 31), "2027-06-01 09:00"),  # that Monday is a bank holiday
        ("Quiet for a week", date(2027, 6, 2), "2027-06-02 09:00"),
    ],
)
def test_quiet_until_the_chosen_day_and_heard_again_on_it(oak: Oak, choice: str, until: date, again: str) -> None:
    action = oak.action(DUE)
    oak.come(f"{DUE} 09:00")
    choose(oak, "amara", oak.dm("amara")[0], choice)
    assert action_now(oak, action).snoozed_until == until
    assert action_now(oak, action).due_on == date(2027, 5, 26)
    with oak.store.reading() as work:
        assert work.count(Slip) == 0
    oak.carry()
    (message,) = oak.dm("amara")
    assert "Quiet until" in words(message["blocks"])
    assert "by Amara Osei" in words(message["blocks"])
    assert not [block for block in message["blocks"] if block["type"] == "actions"]
    day = date(2027, 5, 27)
    while day < date.fromisoformat(again[:10]):
        oak.come(f"{day} 09:00")
        day = date.fromordinal(day.toordinal() + 1)
    assert len(oak.dm("amara")) == 1
    oak.come(again)
    assert len(oak.dm("amara")) == 2


def test_quiet_until_a_day_of_ones_own(oak: Oak) -> None:
    action = oak.action(DUE)
    oak.come(f"{DUE} 09:00")
    choose(oak, "amara", oak.dm("amara")[0], "Quiet until a day I choose")
    actor = oak.slack.actor(PEOPLE["amara"][0])
    view = actor.modal()
    actor.close_line()
    assert view

    def submitted(day: str) -> dict[str, Any]:
        assert view
        state = {"values": {"until": {"until": {"type": "datepicker", "selected_date": day}}}}
        return forms.submitted(oak.desk, FORMS, body(oak, "amara", view=view | {"state": state, "hash": day}))

    assert "after today" in submitted(DUE)["errors"]["until"]
    assert "move its due date" in submitted("2027-07-26")["errors"]["until"]
    assert "quiet until Fri 4 Jun 2027" in json.dumps(submitted("2027-06-04"))
    assert action_now(oak, action).snoozed_until == date(2027, 6, 4)


def test_the_deputy_says_that_a_late_action_was_seen_and_the_journal_keeps_it(oak: Oak) -> None:
    action = oak.action("2027-05-19")
    oak.come("2027-05-26 09:00")
    message = oak.dm("deepa")[-1]
    (seen,) = [e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]
    container = {"type": "message", "channel_id": message["channel"], "message_ts": message["ts"]}
    for _ in range(2):
        pressed = body(oak, "deepa", actions=[{**seen, "type": "button"}], container=container)
        press.pressed(oak.desk, BUTTONS, pressed)
    oak.carry()
    shown = oak.dm("deepa")[-1]["blocks"]
    assert "Seen by you" in words(shown)
    assert not [b for b in shown if b["type"] == "actions"]
    with oak.store.reading() as work:
        kept = [e for e in work.events(action.service_id, record_id=action.id) if e.verb == "acknowledge"]
    assert [e.person_id for e in kept] == [oak.people["deepa"].id]
    assert action_now(oak, action).version == action.version
    oak.come("2027-05-28 09:00")  # it is still late, and still told
    assert "Seen by you" not in words(oak.dm("deepa")[-1]["blocks"])


def test_the_choice_counts_from_the_day_on_which_it_is_made(oak: Oak) -> None:
    action = oak.action(DUE)
    oak.come(f"{DUE} 09:00")
    message = oak.dm("amara")[0]
    oak.move("2027-06-03 12:00")
    choose(oak, "amara", message, "Quiet until tomorrow")
    assert action_now(oak, action).snoozed_until == date(2027, 6, 4)


def test_a_double_press_changes_nothing_twice(oak: Oak) -> None:
    action = oak.action(DUE)
    oak.come(f"{DUE} 09:00")
    message = oak.dm("amara")[0]
    for _ in range(2):
        choose(oak, "amara", message, "Quiet for a week")
    assert action_now(oak, action).version == action.version + 1


def test_somebody_elses_action_is_not_made_quiet(oak: Oak) -> None:
    action = oak.action(DUE)
    oak.come(f"{DUE} 09:00")
    choose(oak, "beatriz", oak.dm("amara")[0], "Quiet for a week")
    assert action_now(oak, action).snoozed_until is None


@pytest.mark.parametrize(
    ("when", "wish", "said"),
    [
        ("11", Preferences(hour=11), "come at 11:00"),
        ("nights", Preferences(nights=True), "before the handover into your night shift"),
        ("service", Preferences(), "when your service opens"),
    ],
)
def test_a_person_chooses_when_to_be_reminded(oak: Oak, when: str, wish: Preferences, said: str) -> None:
    oak.prefer("amara", hour=8)
    press.pressed(oak.desk, BUTTONS, body(oak, "amara", actions=[{"action_id": "reminders.preferences"}], container={}))
    actor = oak.slack.actor(PEOPLE["amara"][0])
    view = actor.modal()
    actor.close_line()
    assert view
    assert "at most one reminder message a morning" in json.dumps(view)
    assert "News about your own work" in json.dumps(view)
    (select,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert select["initial_option"]["value"] == "8"
    (option,) = [option for option in select["options"] if option["value"] == when]
    view["state"] = {"values": {"when": {"when": {"type": "static_select", "selected_option": option}}}}
    answer = forms.submitted(oak.desk, FORMS, body(oak, "amara", view=view))
    assert said in json.dumps(answer)
    with oak.store.reading() as work:
        person = work.get(Person, oak.people["amara"].id)
    assert person
    assert person.preferences == wish
