"""Changing a priority through Slack's protocol: details and words with a reason, stale forms, refusals."""

from bot.plan.access import ref
from bot.plan.priorities import ChangeRisk, Priority, Risk, change_risk
from playground.actor import words
from tests.handlers.conftest import House
from tests.handlers.test_measures_and_samples import insist, said


def test_details_change_each_for_itself_under_one_reason(house: House) -> None:
    priority = house.priority()
    ruth = house.actor("ruth")
    ruth.command(f"/sip priority edit {ref(priority)}")
    view = ruth.see_modal("Edit P1")
    assert "Nothing of P1 was changed" in " ".join(ruth.submit({"reason": "none"}, view)["errors"].values())
    past = ruth.submit({"target_on": "2026-12-01", "reason": "A wish"}, view)
    assert "has passed" in past["errors"]["target_on"]
    assert house.all(Priority)[0].version == priority.version
    answers = {"affected_areas": "Willow, nights", "lead_id": "U0DEEPA", "risk": "moderate", "target_on": "2027-06-30"}
    result = ruth.submit({**answers, "reason": "Deepa runs the nights"}, view)
    assert result["ok"], result
    assert "lead Deepa Nair" in words(ruth.modal())
    (found,) = house.all(Priority)
    assert (found.affected_areas, found.risk, found.lead_id) == (
        "Willow, nights",
        Risk.MODERATE,
        house.people["deepa"].id,
    )
    assert [(e.was, str(e.now)) for e in found.extensions] == [(None, "2027-06-30")]
    with house.program.desk.store.reading() as work:
        events = [(e.verb, e.reason) for e in work.events(house.service.id, record_id=priority.id)]
    assert events[1:] == [
        (verb, "Deepa runs the nights") for verb in ("revise priority", "change risk", "extend priority")
    ]


def test_words_change_and_a_stale_form_is_refused(house: House) -> None:
    priority = house.priority()
    ruth = house.actor("ruth")
    ruth.command(f"/sip priority revise {ref(priority)}")
    view = ruth.see_modal("Revise P1")
    better = "At 20:00 on Willow, 11 of 20 night staff could not name who fell that day (audit of 12 January)"
    insist(ruth, {"problem_statement": better, "reason": "The audit named them"}, view)
    assert "is saved" in words(ruth.modal())
    assert house.all(Priority)[0].problem_statement == better
    ruth.command(f"/sip priority edit {ref(priority)}")
    stale = ruth.see_modal("Edit P1")
    form = ChangeRisk(priority=ref(priority), risk=Risk.LOW, reason="Two months without a fall")
    with house.program.desk.store.transaction() as work:
        change_risk(work, house.people["ruth"], form, house.now())
    refused = ruth.submit({"risk": "moderate", "reason": "late"}, stale)
    assert "was changed" in " ".join(refused["errors"].values())
    assert house.all(Priority)[0].risk is Risk.LOW


def test_only_the_manager_changes_a_priority(house: House) -> None:
    priority = house.priority()
    for name in ("amara", "deepa", "hannah", "idris", "priya"):
        for typed in (f"priority edit {ref(priority)}", f"priority revise {ref(priority)}"):
            actor = house.actor(name)
            actor.command(f"/sip {typed}")
            assert "Only a Registered Manager may" in said(actor), (name, typed)
            assert actor.modal() is None
    ruth = house.actor("ruth")
    ruth.command("/sip priority edit")
    assert "Say which priority" in said(ruth)
