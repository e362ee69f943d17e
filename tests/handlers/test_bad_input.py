"""What bad input gets: a sentence that says what to do, the words kept, nothing half-saved."""

import pytest

from bot.errors import Refusal
from bot.plan.access import ref
from bot.plan.entries import Entry, Evidence
from bot.plan.people import Person
from handlers.entries import span_of
from playground.actor import words
from tests.handlers.conftest import House


def test_a_text_over_three_thousand_characters_comes_back_whole(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    long = "Briefed the night team on the new sheet. " * 90 + "The end."
    amara.command(f"/sip log {ref(action)} {long}")
    shown = words(amara.told("oak-house"))
    assert "3,000 fit" in shown
    assert "The end." in shown
    assert house.all(Entry) == []


def test_a_person_who_left_cannot_own_an_action(house: House) -> None:
    priority = house.priority()
    house.slack.happen("deactivate_user", user="U0GARETH")
    deepa = house.actor("deepa")
    deepa.command(f"/sip action new {ref(priority)} Lock the trolley at 22:00")
    view = deepa.see_modal("New action")
    result = deepa.submit(
        {"owner_id": "U0GARETH", "due_on": "2027-02-01", "check": "Idris reads ten night sheets on 9 Feb"}, view
    )
    assert "has left" in result["errors"]["owner_id"]


def test_a_profile_change_is_followed(house: House) -> None:
    house.slack.happen("deactivate_user", user="U0AMARA")
    house.eventually(lambda: not house.all(Person, slack_id="U0AMARA")[0].active)


def test_a_channel_of_no_service_names_the_ones_there_are(house: House) -> None:
    stranger = house.newcomer()
    stranger.command("/sip status", "general")
    assert "belongs to no service" in words(stranger.told("general"))


def test_a_file_that_is_a_login_page_is_said_so_to_the_person(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.command("/sip log")
    page = amara.upload("photo.jpg", b"<!DOCTYPE html><html><body>Sign in</body></html>")
    amara.submit({"action": action.id, "what": "Walked round", "files": [page]}, amara.see_modal())
    house.eventually(lambda: house.all(Evidence)[0].problem)
    amara.see("photo.jpg")
    assert len(house.all(Entry)) == 1


def test_a_message_becomes_evidence_with_its_words_files_and_link(house: House) -> None:
    action = house.action(house.priority())
    beatriz, amara = house.actor("beatriz"), house.actor("amara")
    photo = amara.upload("board.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    said = "The new board is up — all eight items “filled in”. " * 55
    beatriz.say(said, "oak-house")
    message = amara.last("oak-house")
    amara.message_shortcut("save_as_evidence", message)
    view = amara.see_modal("Save as evidence")
    result = amara.submit({"action": action.id, "what": "Board hung in the office"}, view)
    assert result["ok"], result
    (evidence,) = house.all(Evidence)
    assert evidence.text.startswith("The new board is up")
    assert "/archives/C0OAKHOUSE/p" in evidence.link
    assert photo


def test_control_characters_are_left_out(house: House) -> None:
    action = house.action(house.priority())
    house.actor("amara").command(f"/sip log {ref(action)} Briefed\x00 six\x07 staff")
    assert house.all(Entry)[0].what == "Briefed six staff"


def test_a_photo_in_the_conversation_asks_for_the_action(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    photo = amara.upload("sheet.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    assert photo
    amara.say("the sheet on Willow", files=[photo])
    message = amara.see("Evidence for which action")
    amara.click(message, f"talk.evidence#{ref(action)}")
    result = amara.submit({"what": "All eight items filled in"}, amara.see_modal("Save as evidence"))
    assert result["ok"], result
    house.eventually(lambda: house.all(Evidence)[0].sha256)
    answered = amara.see("Saved as E1")
    assert answered["ts"] == message["ts"]
    assert not answered.get("blocks"), "the question is answered, so its buttons are gone"
    other = house.action(house.priority("Falls"))
    amara.say(f"log {ref(other).lower()}: rails are fitted", files=[amara.upload("rails.png", b"\x89PNG\r\n\x1a\n1")])
    asked = amara.see(f"Evidence for {ref(other)}")
    assert f"Evidence for {ref(action)}" not in words(asked), "they said which"
    amara.click(asked, f"talk.evidence#{ref(other)}")
    assert "log a2" not in words(amara.see_modal("rails are fitted"))


def test_plain_words_speak_the_same_verbs(house: House) -> None:
    action = house.action(house.priority(), due_in=1)
    house.slack.move_clock(to="2027-01-15T09:30:00+00:00")
    amara = house.actor("amara")
    amara.say("what is overdue?")
    assert "Only visible to you" not in words(amara.see("Overdue in Oak House (1)"))
    amara.command("/sip overdue")
    assert "Only visible to you" in words(amara.see("Overdue in Oak House (1)", "oak-house"))
    amara.say(f"{ref(action)} done")
    amara.see("is marked done")
    amara.say("@Grip help", "oak-house")
    amara.see("What you can say to Grip", "oak-house")


@pytest.mark.parametrize("when", ["soon/night", "2026-13-01/night", "2026-12-01/noon", "2026-12-01"])
def test_a_shift_that_no_form_of_ours_offers_is_refused_in_words(when: str) -> None:
    with pytest.raises(Refusal, match="older message or form"):
        span_of(when)
