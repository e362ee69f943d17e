"""A person's morning is one message: early warnings that wait for it come in it, whatever breaks on the way."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.plan import actions, warnings
from bot.plan.actions import MoreTime
from bot.plan.warnings import AnswerWarning, EarlyWarning
from bot.timing.outbox import DeliveryKind, DeliveryState
from handlers import warnings as warned
from playground.actor import words
from tests.handlers.oak import Oak

DUE = "2027-05-26"


@pytest.fixture
def oak(tmp_path: Path) -> Iterator[Oak]:
    """Oak House on the evening before an action of Amara's is due; another of hers has slipped twice that evening."""
    with Oak(tmp_path) as oak:
        oak.action(DUE, what="Use the 8-line sheet")
        slipping = oak.action("2027-07-01", what="Fit the rails")
        oak.come("2027-05-25 22:30")
        for day in (8, 15):
            form = MoreTime(action=slipping.id, due_on=date(2027, 7, day), reason="Two of six were off sick")
            with oak.store.transaction() as work:
                actions.more_time(work, oak.people["amara"], form, oak.now, oak.now.date())
        oak.come("2027-05-25 22:31")
        assert [d.state for d in oak.deliveries(DeliveryKind.WARNING)][:1] == [DeliveryState.WAITING]
        yield oak


def from_bot(oak: Oak, slack_id: str) -> list[dict[str, Any]]:
    """Everything that the bot told a person."""
    actor = oak.slack.actor(slack_id)
    try:
        return [message for message in actor.dm() if message["user"] == oak.slack.bot_user]
    finally:
        actor.close_line()


def test_what_the_bot_noticed_overnight_comes_in_the_morning_message(oak: Oak) -> None:
    oak.come(f"{DUE} 08:59")
    assert from_bot(oak, "U0AMARA") == []
    oak.come(f"{DUE} 09:00")
    oak.come(f"{DUE} 09:10")
    (message,) = from_bot(oak, "U0AMARA")
    assert message["blocks"][0]["text"]["text"] == "1 action needs you today"
    for said in (words(message["blocks"]), message["text"]):
        assert "Use the 8-line sheet" in said
        assert "1 early warning in Oak House" in said
        assert "moved twice" in said
    assert len(message["blocks"]) <= 50
    (ruths,) = from_bot(oak, "U0RUTH")  # nothing else needs her that morning: it comes alone
    assert ruths["blocks"][0]["text"]["text"] == "1 early warning in Oak House"
    assert {d.state for d in oak.deliveries(DeliveryKind.WARNING, person_id=oak.people["amara"].id)} == {
        DeliveryState.DROPPED
    }


@pytest.mark.parametrize("fault", ["drop_reply", "drop_request"])
def test_a_lost_reply_neither_loses_nor_doubles_it(oak: Oak, fault: str) -> None:
    oak.slack.fault("chat.postMessage", fault, times=2)
    oak.come(f"{DUE} 09:00")
    for _ in range(4):
        oak.wait(oak.watch.patience.doubt)
        oak.tick()
        oak.carry()
    (message,) = from_bot(oak, "U0AMARA")
    assert "moved twice" in words(message["blocks"])
    assert "Use the 8-line sheet" in words(message["blocks"])
    assert len(from_bot(oak, "U0RUTH")) == 1


def test_the_answer_shows_in_the_morning_message_too(oak: Oak) -> None:
    oak.come(f"{DUE} 09:00")
    with oak.store.transaction() as work:
        (warning,) = work.all(EarlyWarning)
        form = AnswerWarning(warning=warning.id, reason="The rails come from abroad", request_id=oak.press())
        answered = warnings.answer(work, oak.people["ruth"], form, oak.now)
        warned.bring_up(work, answered, oak.now)
    oak.carry()
    (message,) = from_bot(oak, "U0AMARA")
    said = words(message["blocks"])
    assert "Answered by Ruth Callaghan: The rails come from abroad" in said
    assert "Use the 8-line sheet" in said


def test_a_morning_that_could_not_be_sent_gives_back_what_it_took_along(oak: Oak) -> None:
    oak.slack.fault("chat.postMessage", "http_500", channel="U0AMARA")
    oak.come(f"{DUE} 09:00")
    for hour in range(10, 18):
        oak.come(f"{DUE} {hour}:30")
    assert from_bot(oak, "U0AMARA") == []
    oak.slack.clear_faults()
    oak.come("2027-05-27 00:01")
    oak.come("2027-05-27 09:00")
    (message,) = from_bot(oak, "U0AMARA")
    said = words(message["blocks"])
    assert "moved twice" in said
    assert "Use the 8-line sheet" in said
