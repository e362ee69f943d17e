"""The second look through Slack's protocol: personal data is pointed out, kept on a second press, and never lost."""

from bot.plan.access import ref
from bot.plan.entries import Entry, Evidence
from bot.plan.journal import Event
from bot.plan.overrides import KEPT_PERSONAL_DATA
from bot.plan.signals import Signal
from playground.actor import Actor, words
from tests.handlers.conftest import House

NUMBER = "943 476 5919"  # passes the NHS check digit; belongs to nobody


def overrides(house: House, record: Entry | Signal) -> list[Event]:
    with house.program.desk.store.reading() as work:
        found = work.events(house.service.id, record_id=record.id)
        return [e for e in found if e.verb == KEPT_PERSONAL_DATA]


def opened(house: House, who: str = "amara") -> Actor:
    house.action(house.priority())
    actor = house.actor(who)
    actor.command("/sip log")
    actor.see_modal("Log implementation")
    return actor


def test_a_number_in_a_form_is_pointed_out_with_everything_typed_still_there(house: House) -> None:
    amara = opened(house)
    photo = amara.upload("sheet.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    said = f"Rang the surgery about {NUMBER}"
    assert amara.submit({"what": said, "kind": "walk-round", "attended": "Mrs Khan", "files": [photo]})["ok"]
    view = amara.see_modal("Nothing is saved yet")
    shown = words(view)
    assert "This looks like an NHS number (9•• 4•• 5•••)" in shown
    assert "Mrs" not in "".join(line for line in shown.splitlines() if "looks like" in line), "staff may be named"
    assert view["submit"]["text"] == "Save anyway"
    assert house.all(Entry) == []
    assert amara.submit({}, view)["ok"]
    assert "Saved as E1" in words(amara.see_modal("Saved as"))
    (entry,) = house.all(Entry)
    assert (entry.what, entry.kind, entry.attended) == (said, "walk-round", "Mrs Khan")
    assert [e.name for e in house.all(Evidence)] == ["sheet.png"]
    (kept,) = overrides(house, entry)
    assert kept.person_id == house.people["amara"].id
    assert "an NHS number (9•• 4•• 5•••) in what" in kept.reason
    assert NUMBER not in kept.reason


def test_what_is_put_right_is_saved_without_a_word_in_the_journal(house: House) -> None:
    amara = opened(house)
    amara.submit({"what": f"Rang about {NUMBER}"})
    amara.submit({"what": "Rang the surgery about E. M."}, amara.see_modal("Nothing is saved yet"))
    amara.see_modal("Saved as")
    (entry,) = house.all(Entry)
    assert overrides(house, entry) == []


def test_other_personal_data_is_asked_about_again(house: House) -> None:
    amara = opened(house)
    amara.submit({"what": f"Rang about {NUMBER}"})
    amara.submit({"what": f"Rang 07700 900123 about {NUMBER}"}, amara.see_modal("an NHS number"))
    second = amara.see_modal("a phone number")
    assert words(second).count("Nothing is saved yet") == 1, "the first notes made place for the second"
    assert house.all(Entry) == []
    amara.submit({}, second)
    amara.see_modal("Saved as")
    assert len(house.all(Entry)) == 1


def test_errors_of_the_form_come_with_the_notes_still_there(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.command(f"/sip more-time {ref(action)}")
    amara.submit({"due_on": "2027-01-01", "reason": f"Waiting for {NUMBER}"}, amara.see_modal("More time"))
    view = amara.see_modal("Nothing is saved yet")
    assert "has passed" in amara.submit({}, view)["errors"]["due_on"]
    assert amara.submit({"due_on": "2027-03-01"}, view)["ok"]


def test_a_file_name_is_looked_at(house: House) -> None:
    amara = opened(house)
    photo = amara.upload("MrsSmith_wound.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    amara.submit({"what": "Took a photo", "files": [photo]})
    view = amara.see_modal("a person's name")
    assert amara.submit({"files": []}, view)["ok"]
    amara.see_modal("Saved as")
    assert house.all(Evidence) == [], "a file that was taken out for its name does not come back"


def test_a_message_saved_as_evidence_is_looked_at(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.say(f"Chased the pharmacy for {NUMBER}", "oak-house")
    amara.message_shortcut("save_as_evidence", amara.last("oak-house"))
    amara.submit({"action": action.id, "what": "Chased the pharmacy"}, amara.see_modal("Save as evidence"))
    view = amara.see_modal("The message or its files hold what looks like an NHS number")
    amara.submit({}, view)
    amara.see_modal("Saved as")
    (entry,) = house.all(Entry)
    assert "in message" in overrides(house, entry)[0].reason


def test_words_are_held_masked_and_saved_on_a_press(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.command(f"/sip log {ref(action)} Rang 07700 900123 about the fall")
    held = amara.told("oak-house")
    assert held["ephemeral"]
    assert "Nothing is saved yet: this looks like a phone number (0•••• 9•••••)" in words(held)
    assert "07700" not in words(held)
    assert house.all(Entry) == []
    amara.click(held, "guard.keep")
    amara.see("Saved as E1", "oak-house")
    amara.click(held, "guard.keep")
    (entry,) = house.all(Entry)
    assert entry.what == "Rang 07700 900123 about the fall"
    assert len(overrides(house, entry)) == 1, "a second press changes nothing"


def test_held_words_stand_in_the_form_if_wished(house: House) -> None:
    house.action(house.priority())
    amara = house.actor("amara")
    amara.command("/sip signal complaint Daughter of 943 476 5919 was not rung")
    amara.click(amara.told("oak-house"), "guard.form")
    view = amara.see_modal("Daughter of 943 476 5919 was not rung")
    amara.submit({"summary": "Daughter of E. M. was not rung", "theme": "families"}, view)
    house.eventually(lambda: house.all(Signal))
    assert house.all(Signal)[0].summary == "Daughter of E. M. was not rung"


def test_words_too_long_for_a_button_open_the_form_at_once(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    long = f"{NUMBER} " + "and then the next thing happened " * 70
    amara.command(f"/sip log {ref(action)} {long}")
    assert long.strip() in words(amara.see_modal("Log implementation"))
    amara.close()
    amara.command(f"/sip done {ref(action)} {long}")
    told = words(amara.told("oak-house"))
    assert "in fewer words" in told
    assert long.strip() in told, "what no button carries is given back"


def test_words_in_the_conversation_are_held_too(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.say(f"{ref(action)} rang about {NUMBER}")
    held = amara.see("Nothing is saved yet")
    amara.click(held, "guard.keep")
    house.eventually(lambda: house.all(Entry))
    assert NUMBER in house.all(Entry)[0].what


def test_looking_something_up_is_never_held(house: House) -> None:
    house.action(house.priority())
    amara = house.actor("amara")
    amara.command(f"/sip find {NUMBER}")
    assert "Nothing is saved yet" not in words(amara.told("oak-house"))
