"""Deliveries that Slack refuses: given up in words, tried again, or sent in older blocks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.plan.people import Person
from bot.timing.outbox import DeliveryKind, DeliveryState, ReminderState
from playground.actor import words
from tests.handlers.oak import CHANNEL, Oak

DUE = "2027-05-26"
MORNING = f"{DUE} 09:00"


def test_a_deactivated_person_is_given_up_and_the_deputy_is_told_once(oak: Oak) -> None:
    for what in ("One", "Two"):
        oak.action(DUE, what=what)
    oak.slack.hub.world.users["U0AMARA"].deleted = True
    oak.come(MORNING)
    (morning,) = oak.deliveries(DeliveryKind.MORNING, person_id=oak.people["amara"].id)
    assert (morning.state, morning.error) == (DeliveryState.FAILED, "user_disabled")
    assert oak.reminders("due_soon", person_id=oak.people["amara"].id)[-1].state is ReminderState.DROPPED
    (told,) = [message for message in oak.dm("deepa") if "Who takes over?" not in message["text"]]
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


def cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text}


def chart_and_table() -> list[dict[str, Any]]:
    series = [{"name": "On time", "data": [{"label": "May", "value": 4}, {"label": "June", "value": 7}]}]
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
