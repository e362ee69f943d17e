"""The wording coach through Slack's protocol: once, with better examples, and never in the way of what is urgent."""

from datetime import timedelta
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action, Strength
from bot.plan.journal import Event
from bot.plan.overrides import SAVED_AS_WORDED
from bot.plan.priorities import Priority
from playground.actor import Actor, words
from tests.handlers.conftest import House

VAGUE = "Remind all staff to improve handovers"
SHARP = "Night and day leads use the 8-line handover sheet at 08:00 and 20:00 on Willow unit"
CHECK = "Quality lead reads 20 sheets picked at random on 21 Dec; standard 18 of 20"


def form(house: House) -> tuple[Actor, dict[str, Any]]:
    priority = house.priority()
    deepa = house.actor("deepa")
    deepa.command(f"/sip action new {ref(priority)}")
    return deepa, deepa.see_modal("New action")


def due(house: House, days: int = 20) -> str:
    return (house.now().date() + timedelta(days=days)).isoformat()


def overrides(house: House, record: Action | Priority) -> list[Event]:
    with house.program.desk.store.reading() as work:
        return [e for e in work.events(house.service.id, record_id=record.id) if e.verb == SAVED_AS_WORDED]


def test_vague_words_are_pointed_out_once_and_saved_as_worded(house: House) -> None:
    deepa, view = form(house)
    deepa.submit({"what": VAGUE, "owner_id": "U0AMARA", "due_on": due(house), "check": "We will monitor"}, view)
    held = deepa.see_modal("Nothing is saved yet")
    shown = words(held)
    assert "“improve”: It names a wish" in shown
    assert "“all staff”: What belongs to everyone belongs to nobody." in shown
    assert "It does not say how many." in shown
    assert "Weak on its own" in shown
    assert house.all(Action) == []
    assert deepa.submit({}, held)["ok"]
    deepa.see_modal("was added to")
    (action,) = house.all(Action)
    assert (action.what, action.check, action.strength) == (VAGUE, "We will monitor", Strength.WEAK)
    (noted,) = overrides(house, action)
    assert noted.reason.startswith("Saved as worded.")
    assert "What belongs to everyone belongs to nobody." in noted.reason


def test_what_was_made_better_but_not_perfect_is_not_held_again(house: House) -> None:
    deepa, view = form(house)
    deepa.submit({"what": VAGUE, "owner_id": "U0AMARA", "due_on": due(house), "check": CHECK}, view)
    deepa.submit({"what": "Remind the 9 night staff about handovers"}, deepa.see_modal("Nothing is saved yet"))
    deepa.see_modal("was added to")
    (action,) = house.all(Action)
    assert len(overrides(house, action)) == 1


def test_sharp_words_are_saved_at_once_with_their_strength(house: House) -> None:
    deepa, view = form(house)
    deepa.submit({"what": SHARP, "owner_id": "U0AMARA", "due_on": due(house), "check": CHECK}, view)
    assert "Intermediate" in words(deepa.see_modal("was added to"))
    (action,) = house.all(Action)
    assert action.strength is Strength.INTERMEDIATE
    assert overrides(house, action) == []


def test_a_chosen_strength_stands(house: House) -> None:
    deepa, view = form(house)
    facts = {"what": VAGUE, "owner_id": "U0AMARA", "due_on": due(house), "check": CHECK, "strength": "strong"}
    deepa.submit(facts, view)
    held = deepa.see_modal("Nothing is saved yet")
    assert "suggested" not in words(held)
    deepa.submit({}, held)
    deepa.see_modal("was added to")
    assert house.all(Action)[0].strength is Strength.STRONG


def test_an_urgent_action_is_saved_at_once_and_its_wording_noted(house: House) -> None:
    deepa, view = form(house)
    deepa.submit({"what": VAGUE, "owner_id": "U0AMARA", "due_on": due(house, 1), "check": "We will monitor"}, view)
    deepa.see_modal("was added to")
    (action,) = house.all(Action)
    assert len(overrides(house, action)) == 1


def test_a_problem_without_number_or_place(house: House) -> None:
    ruth = house.actor("ruth")
    ruth.command("/sip priority new Communication")
    facts = {
        "problem_statement": "Communication needs to improve",
        "rationale": "People wait.",
        "evidence_base": "Two complaints.",
        "risk": "high",
    }
    ruth.submit(facts, ruth.see_modal("New priority"))
    held = ruth.see_modal("Nothing is saved yet")
    assert "It has no number" in words(held)
    assert "11 of 20 night handovers in May" in words(held)
    ruth.submit({}, held)
    house.eventually(lambda: house.all(Priority))
    assert len(overrides(house, house.all(Priority)[0])) == 1


def test_personal_data_and_wording_are_pointed_out_together(house: House) -> None:
    deepa, view = form(house)
    said = "Remind all staff about Mrs Smith"
    deepa.submit({"what": said, "owner_id": "U0AMARA", "due_on": due(house), "check": CHECK}, view)
    held = deepa.see_modal("Nothing is saved yet")
    assert "a person's name (M•• S••••)" in words(held)
    assert "“all staff”" in words(held)
    deepa.submit({}, held)
    deepa.see_modal("was added to")
    with house.program.desk.store.reading() as work:
        verbs = [e.verb for e in work.events(house.service.id, record_id=house.all(Action)[0].id)]
    assert verbs == ["create action", "keep personal data", "save as worded"]
