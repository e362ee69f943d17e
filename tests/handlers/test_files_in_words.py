"""Files that come with words to Grip, in a channel, a thread or its own conversation: none is dropped unsaid."""

import pytest

from bot.plan.access import ref
from bot.plan.actions import Action, ActionStatus
from bot.plan.entries import Entry, Evidence, EvidenceState
from playground.actor import words
from tests.handlers.conftest import House

OAK = "oak-house"
PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 50


@pytest.mark.parametrize("bare", [False, True], ids=["told of", "looked up"])
@pytest.mark.parametrize("threaded", [False, True], ids=["channel", "thread"])
def test_a_photo_with_a_mention_is_asked_about_and_kept(house: House, bare: bool, threaded: bool) -> None:
    house.slack.hub.faults.bare_mentions = bare
    action, amara = house.action(house.priority()), house.actor("amara")
    thread = amara.say("How are the rails?", OAK)["ts"] if threaded else None
    amara.say(f"@grip log {ref(action)} rails are fitted", OAK, thread, files=[amara.upload("rails.png", PHOTO)])
    asked = amara.see("Evidence for which action is this file?", OAK, thread)
    assert asked["ephemeral"]
    assert house.all(Entry) == [], "nothing is saved without its photo"
    amara.click(asked, f"talk.evidence#{ref(action)}")
    assert amara.submit({}, amara.see_modal("rails are fitted"))["ok"]
    assert [entry.what for entry in house.all(Entry)] == ["rails are fitted"]
    assert house.eventually(lambda: house.all(Evidence)[0].state is EvidenceState.KEPT)
    house.slack.hub.faults.bare_mentions = False


def test_a_mention_that_cannot_be_looked_up_says_what_to_do_with_a_file(house: House) -> None:
    house.slack.hub.faults.bare_mentions = True
    house.slack.fault("conversations.history", "http_500", times=1)
    action, amara = house.action(house.priority()), house.actor("amara")
    amara.say(f"@grip log {ref(action)} rails are fitted", OAK, files=[amara.upload("rails.png", PHOTO)])
    said = words(amara.see("Saved as E1", OAK))
    assert "If a file came with this, I could not see it. Choose Save as evidence" in said


def test_what_else_is_asked_for_beside_a_photo_is_still_to_be_done_by_a_press(house: House) -> None:
    action, amara = house.action(house.priority()), house.actor("amara")
    amara.say(f"done {ref(action)}", files=[amara.upload("rails.png", PHOTO)])
    asked = amara.see("Evidence for which action is this file?")
    assert "Sending a file does not do that; it is still to be done." in words(asked)
    assert house.all(Action)[0].status is ActionStatus.PLANNED
    amara.click(asked, "words.run")
    assert house.eventually(lambda: house.all(Action)[0].status is ActionStatus.DONE)
