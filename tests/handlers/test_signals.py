"""Signals and findings through Slack's protocol: words, form, linking, Undo, answers, and every refusal."""

from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.signals import Signal, Source
from playground.actor import words
from tests.handlers.conftest import House

CHANNEL = "oak-house"


def test_words_are_saved_at_once_and_can_be_undone(house: House) -> None:
    amara = house.actor("amara")
    amara.command("/sip signal complaint Family not told about a fall")
    (signal,) = house.all(Signal)
    assert (signal.source, signal.theme, signal.on) == (Source.COMPLAINT, "unsorted", house.now().date())
    message = amara.told(CHANNEL)
    assert "Saved as S1: complaint" in words(message).replace("*", "")
    assert message["ephemeral"]
    amara.click(message, "signal.undo")
    amara.click(message, "signal.undo")
    amara.see("S1 was taken back", CHANNEL)
    (signal,) = house.all(Signal)
    assert signal.withdrawn_at is not None
    with house.program.desk.store.reading() as work:
        verbs = [e.verb for e in work.events(house.service.id, record_id=signal.id)]
    assert verbs == ["log signal", "withdraw signal"]


def test_the_theme_of_a_priority_is_heard_in_the_words(house: House) -> None:
    priority = house.priority("Falls")
    amara, deepa = house.actor("amara"), house.actor("deepa")
    amara.command("/sip concern incident: He fell by the lift at 21:00; a second fall this week")
    (signal,) = house.all(Signal)
    assert signal.theme == "falls"
    assert signal.priority_id is None
    shown = words(amara.told(CHANNEL))
    assert f"{ref(priority)}* Falls has the same theme" in shown
    assert "links it: it waits for them" in shown
    amara.command(f"/sip signal link {ref(signal)} {ref(priority)}")
    assert "may link signals to a priority" in words(amara.told(CHANNEL))
    deepa.command("/sip signals")
    deepa.click(deepa.told(CHANNEL), "signal.link#S1")
    assert "Link S1" in words(deepa.see_modal("For which priority is it evidence?"))
    deepa.command(f"/sip signal link {ref(signal)} {ref(priority)}")
    assert house.all(Signal)[0].priority_id == priority.id
    linked = deepa.see("It is evidence for", CHANNEL)
    assert "Undo" not in words(linked), "that would withdraw what Amara wrote"
    deepa.click(linked, "signal.unlink")
    deepa.close(deepa.see_modal("Unlink S1"))
    deepa.command(f"/sip signal unlink {ref(signal)}")
    assert deepa.submit({"reason": " "})["errors"]["reason"]
    deepa.submit({"reason": "It happened on another unit"})
    assert "belongs to no priority now" in words(deepa.modal())
    assert house.all(Signal)[0].priority_id is None


def test_the_form_is_filled_in_from_words_and_context(house: House) -> None:
    priority = house.priority()
    amara = house.actor("amara")
    amara.command(f"/sip signal {ref(priority)} Night staff did not know of the fall")
    view = amara.see_modal("Log a signal")
    assert len([b for b in view["blocks"] if b["type"] == "input"]) <= 6
    assert "Night staff did not know of the fall" in words(view)
    late = amara.submit({"source": "audit finding", "on": "2027-01-14"}, view)
    assert "has not come yet" in late["errors"]["on"]
    result = amara.submit({"source": "audit finding", "on": "2027-01-12", "reference": "Datix 4711"}, view)
    assert result["ok"], result
    (signal,) = house.all(Signal)
    assert (signal.priority_id, signal.theme, signal.reference) == (priority.id, "handovers", "Datix 4711")
    assert signal.summary == "Night staff did not know of the fall"
    assert "stays open until an action answers it" in words(amara.modal())


def test_a_signal_without_theme_and_priority_asks_for_one(house: House) -> None:
    amara = house.actor("amara")
    amara.command("/sip signal")
    view = amara.see_modal()
    result = amara.submit({"source": "feedback", "summary": "Tea comes late"}, view)
    assert "theme" in result["errors"]["theme"]
    assert house.all(Signal) == []


def test_a_finding_wants_an_action_or_a_reason(house: House) -> None:
    priority = house.priority()
    action = house.action(priority)
    other = house.action(house.priority("Falls"), what="Fit a lamp")
    deepa = house.actor("deepa")
    deepa.command(f"/sip signal {ref(priority)} audit finding 11 of 20 sheets incomplete")
    deepa.click(deepa.told(CHANNEL), "finding.answer")
    view = deepa.see_modal("Answer S1")
    assert "one of the two" in deepa.submit({}, view)["errors"]["action"]
    both = deepa.submit({"action": action.id, "reason": "not needed"}, view)
    assert "one of the two" in both["errors"]["action"]
    deepa.command("/sip answer S1 " + ref(other))
    assert "belongs to another priority" in words(deepa.told(CHANNEL))
    deepa.submit({"action": action.id, "reason": None}, view)
    assert house.all(Signal)[0].answered_by == action.id
    deepa.command("/sip answer S1 " + ref(action))
    assert "answered already" in words(deepa.told(CHANNEL))
    deepa.command(f"/sip signal {ref(priority)} record-level finding Two files without a review date")
    deepa.command("/sip signals")
    listed = words(deepa.told(CHANNEL))
    assert "Findings without an answer (1)" in listed
    assert "S2 for P1" in listed
    assert "S1" not in listed
    deepa.command("/sip answer S2 Both files belong to people who left in December")
    assert house.all(Signal, number=2)[0].answered_reason.startswith("Both files")
    deepa.command("/sip findings")
    assert "every finding has an answer" in words(deepa.told(CHANNEL))


def test_a_correction_keeps_both_and_names_its_reason(house: House) -> None:
    amara, beatriz = house.actor("amara"), house.actor("beatriz")
    amara.command("/sip signal complaint Family not told")
    amara.click(amara.told(CHANNEL), "signal.correct")
    view = amara.see_modal("Correct S1")
    assert "Nothing of S1 was changed" in " ".join(amara.submit({"reason": "typo"}, view)["errors"].values())
    amara.submit({"theme": "Families", "reason": "It had no theme"}, view)
    (signal,) = house.all(Signal)
    assert signal.theme == "families"
    assert signal.corrected_at is not None
    beatriz.command("/sip signal withdraw S1 it is wrong")
    assert "Only a" in words(beatriz.told(CHANNEL))
    assert house.all(Signal)[0].withdrawn_at is None
    amara.command("/sip signal withdraw S1 Written down twice")
    assert house.all(Signal)[0].withdrawn_at is not None
    amara.command("/sip signal correct S99")
    assert "no signal S99" in words(amara.told(CHANNEL))


def test_strangers_and_provider_oversight_log_nothing(house: House) -> None:
    house.priority()
    for who in (house.newcomer(), house.actor("priya")):
        for said in ("/sip signal", "/sip signal complaint Family not told", "/sip signal P1 complaint Not told"):
            assert who.command(said)["ok"]
            shown = words(who.told(CHANNEL))
            assert "Ask" in shown or "that you may see" in shown, shown
    assert house.all(Signal) == []
    assert house.all(Action) == []


def test_words_without_a_click_are_heard_and_harmless(house: House) -> None:
    amara = house.actor("amara")
    amara.say("signal complaint <!channel> *told* & <https://evil.example|click>")
    message = amara.see("Saved as S1")
    assert "<!channel>" not in message["text"]
    assert "<https" not in message["text"]
    amara.say("signal")
    button = amara.see("Open the form")
    amara.click(button, "words.run")
    assert amara.see_modal("Log a signal")
