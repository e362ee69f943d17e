"""Logging on shift through Slack's protocol: words, form, Undo, evidence, and what bad input gets."""

from bot.plan.access import ref
from bot.plan.actions import Action, ActionStatus
from bot.plan.entries import Entry, EntryKind, Evidence, EvidenceState
from playground.actor import Actor, words
from tests.handlers.conftest import House


def answered(actor: Actor, typed: str) -> str:
    actor.command(typed)
    return words(actor.told("oak-house"))


def test_words_are_saved_as_they_stand(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    result = amara.command(f"/sip log {ref(action)} Briefed 6 night staff on the new sheet")
    assert result["ok"], result
    (entry,) = house.all(Entry)
    assert entry.what == "Briefed 6 night staff on the new sheet"
    assert (entry.kind, entry.attended_count, entry.shift) == (EntryKind.BRIEFING, 6, "early")
    shown = words(amara.told("oak-house"))
    assert "Saved as E1" in shown
    assert "Undo" in shown
    assert "Add evidence" in shown
    assert "Open form" in shown
    assert amara.told("oak-house")["ephemeral"]
    assert house.all(Action)[0].status is ActionStatus.IN_PROGRESS


def test_undo_takes_back_once_and_keeps_the_journal(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.command(f"/sip log {ref(action)} Briefed 6 night staff")
    message = amara.told("oak-house")
    amara.click(message, "log.undo")
    amara.see("E1 was taken back", "oak-house")
    (entry,) = house.all(Entry)
    assert entry.withdrawn_at is not None
    with house.program.desk.store.reading() as work:
        verbs = [e.verb for e in work.events(house.service.id, record_id=entry.id)]
    assert verbs == ["log", "withdraw"]


def test_the_form_is_filled_in_and_keeps_a_file(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.command("/sip log")
    view = amara.see_modal("Log implementation")
    assert len([b for b in view["blocks"] if b["type"] == "input"]) <= 6
    photo = amara.upload("sheet.png", b"\x89PNG\r\n\x1a\n" + b"0" * 200)
    result = amara.submit({"what": "Walked round at 21:00", "kind": "walk-round", "files": [photo]})
    assert result["ok"], result
    assert "Saved as E1" in words(amara.modal())
    (entry,) = house.all(Entry, action_id=action.id)
    assert entry.kind is EntryKind.WALK_ROUND
    house.eventually(lambda: house.all(Evidence)[0].state is EvidenceState.KEPT)
    assert len(house.program.desk.files.get(house.all(Evidence)[0].sha256 or "")) == 208


def test_an_empty_line_keeps_the_form_open_with_the_words(house: House) -> None:
    house.action(house.priority())
    amara = house.actor("amara")
    amara.command("/sip log")
    amara.see_modal()
    result = amara.submit({"what": "   "})
    assert result["errors"]["what"]
    assert amara.modal()
    assert house.all(Entry) == []


def test_an_unknown_reference_says_what_to_do_and_gives_the_words_back(house: House) -> None:
    amara = house.actor("amara")
    amara.command("/sip log A99 Briefed 6 night staff")
    shown = words(amara.told("oak-house"))
    assert "no action A99" in shown
    assert "/sip mine" in shown
    assert "Briefed 6 night staff" in shown


def test_typed_mentions_and_links_are_harmless(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    typed = "<!channel> *all* <https://evil.example|click> & <@U0RUTH>"
    amara.command(f"/sip log {ref(action)} {typed}")
    message = amara.told("oak-house")
    assert "<!channel>" not in message["text"]
    assert "<https" not in message["text"]
    assert "<@" not in message["text"]
    assert house.all(Entry)[0].what == typed


def test_whoever_briefs_is_told_where_the_staff_response_goes(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    hint = "How did staff respond, and what stood in the way?"
    amara.command(f"/sip log {ref(action)} Briefed six night staff on the sheet")
    saved = amara.told("oak-house")
    assert hint in words(saved)
    amara.click(saved, text="Open form")
    amara.submit({"staff_response": "They asked for a line about drinks"}, amara.see_modal("Change E1"))
    changed = amara.modal()
    assert changed
    assert hint not in words(changed)
    assert "E1 is changed; what it said before stays in the journal" in words(changed)

    # Undo takes back the change alone; what takes back the whole entry says so and asks first.
    amara.click(changed, text="Undo the change")
    amara.see_modal("E1 reads again as before")
    assert house.all(Entry)[0].staff_response == ""
    amara.close(everything=True)
    amara.click(saved, text="Undo")
    meanwhile = amara.see("E1 was changed since then, so nothing was taken back", "oak-house")
    assert house.all(Entry)[0].withdrawn_at is None
    (back,) = [e for b in meanwhile["blocks"] for e in b.get("elements", ()) if e.get("action_id") == "log.undo"]
    assert back["text"]["text"] == "Take back E1"
    assert "The whole entry no longer counts" in back["confirm"]["text"]["text"]
    amara.click(meanwhile, text="Take back E1")
    amara.click(amara.see("E1 was taken back", "oak-house"), text="Log it again")
    assert "Briefed six night staff on the sheet" in str(amara.see_modal("Log implementation"))
    amara.close(everything=True)
    amara.command(f"/sip log {ref(action)} Sheets are on the units")
    assert hint not in words(amara.told("oak-house"))


def test_an_entry_is_found_again_said_differently_and_taken_back_by_who_wrote_it(house: House) -> None:
    action = house.action(house.priority())
    amara, beatriz = house.actor("amara"), house.actor("beatriz")
    amara.command("/sip undo")
    assert "You have logged nothing here that still stands" in words(amara.told("oak-house"))
    amara.command(f"/sip log {ref(action)} Briefed 6 night staff")
    amara.command(f"/sip log {ref(action)} Hung up the board")
    amara.command("/sip log correct")
    listed = words(amara.told("oak-house"))
    assert listed.index("Hung up the board") < listed.index("Briefed 6 night staff"), "the newest first"
    amara.click(amara.told("oak-house"), "log.show#E1")
    amara.see("E1 stands, for", "oak-house")

    amara.command("/sip log correct e1: Briefed 7 night staff")
    form = amara.see_modal("So far it says: Briefed 6 night staff")
    assert amara.submit({}, form)["ok"]
    assert [e.what for e in house.all(Entry, order="number")] == ["Briefed 7 night staff", "Hung up the board"]
    assert house.all(Entry, order="number")[0].attended_count == 7
    amara.command("/sip undo E1")
    amara.click(amara.told("oak-house"), "log.undo")
    amara.see("E1 was taken back", "oak-house")
    amara.command("/sip undo E1")
    assert "E1 was taken back" in words(amara.told("oak-house"))
    amara.command("/sip amend E1 Briefed 8")
    assert "E1 was taken back. Log it again instead." in words(amara.told("oak-house"))

    beatriz.command("/sip log correct E2")
    assert "Only the person who wrote an entry" in words(beatriz.told("oak-house"))
    assert "There is no E9 that you may see" in answered(amara, "/sip undo E9")
    assert "There is no E2 that you may see" in answered(house.newcomer(), "/sip undo E2")
    amara.command("/sip log correct the sheet on the wall")
    assert "correct the sheet on the wall" in words(amara.see_modal("Log implementation"))


def test_words_that_miss_the_verb_or_name_two_actions_are_not_lost(house: House) -> None:
    priority = house.priority()
    first, second = house.action(priority), house.action(priority, what="Fit the rails")
    amara = house.actor("amara")
    amara.say("clipped the tables for 3 people")
    amara.click(amara.see("I do not know"), "log.open")
    form = amara.see_modal("clipped the tables for 3 people")
    assert amara.submit({"action": second.id}, form)["ok"]
    assert [(e.action_id, e.what) for e in house.all(Entry)] == [(second.id, "clipped the tables for 3 people")]

    for long in ("clipped the tables " * 120 + "at last", "log " + "clipped the rails " * 120 + "at last"):
        amara.say(long)
        said = words(amara.see(f"copy; for what was done on shift, press Log implementation and paste them.\n{long}"))
        assert "no button can carry so many words" in said  # more than its 2,000 characters

    amara.command(f"/sip log{ref(first)} nospace")
    amara.click(amara.told("oak-house"), text=f"Yes: log {ref(first)} nospace")
    assert [e.what for e in house.all(Entry, action_id=first.id)] == ["nospace"]

    amara.command(f"/sip log {ref(first)}, {ref(second).lower()} and {ref(second)}: both done")
    form = amara.see_modal(f"An entry is for one action. Log the same once more for {ref(second)}.")
    assert amara.submit({}, form)["ok"]
    assert [e.what for e in house.all(Entry, action_id=first.id, order="number")] == ["nospace", "both done"]


def test_help_about_one_verb_and_about_none(house: House) -> None:
    amara = house.actor("amara")
    said = answered(amara, "/sip help log")
    assert "/sip log correct" in said
    assert "/sip milestone" not in said
    said = answered(amara, "/sip help nonsense")
    assert "There is no `/sip nonsense`" in said
    assert "/sip milestone" in said
