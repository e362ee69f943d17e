"""Escalations through Slack's protocol: raised, told, answered by whoever was called on, concluded."""

from bot.plan.escalations import Escalation, Response
from bot.plan.people import Role
from playground.actor import words
from tests.handlers.conftest import House


def test_an_escalation_is_raised_answered_and_concluded(house: House) -> None:
    house.priority()
    ruth, priya = house.actor("ruth"), house.actor("priya")
    ruth.command("/sip escalate P1 No change on nights since October")
    form = ruth.see_modal("Escalate P1")
    assert "No change on nights since October" in words(form)
    assert ruth.submit({}, form)["ok"]
    ruth.submit({}, form)
    (escalation,) = house.all(Escalation)
    assert (escalation.to, escalation.why) == (Role.PROVIDER_OVERSIGHT, "No change on nights since October")
    assert "Priya Raman will hear of it" in words(ruth.modal())
    told = priya.see("Which response do you choose?")
    ruth.command("/sip escalate L1")
    mine = ruth.told("oak-house")
    assert "No response yet" in words(mine)
    assert "Choose a response" not in words(mine)
    priya.click(told, "escalation.respond")
    respond = priya.see_modal("Respond to L1")
    assert priya.submit({"response": "deeper practice review", "how": "Two nights in May"}, respond)["ok"]
    assert house.all(Escalation)[0].response is Response.DEEPER
    assert "Add an action" in words(priya.modal())
    answer = ruth.see("Priya Raman chose the response to L1")
    ruth.click(answer, "escalation.conclude#L1")
    outcome = ruth.see_modal("Outcome of L1")
    assert ruth.submit({"outcome": "  "}, outcome)["errors"]["outcome"]
    assert ruth.submit({"outcome": "15 of 20 after four weeks"}, outcome)["ok"]
    assert house.all(Escalation)[0].outcome == "15 of 20 after four weeks"
    priya.see("15 of 20 after four weeks")
    ruth.command("/sip escalations")
    assert "No escalation is open" in words(ruth.told("oak-house"))


def test_the_provider_calls_on_the_manager_and_may_answer_at_once(house: House) -> None:
    house.priority()
    priya, ruth = house.actor("priya"), house.actor("ruth")
    priya.command("/sip escalate P1")
    form = priya.see_modal("Escalate P1")
    answers = {"why": "Slipped twice", "to": "registered_manager", "response": "tighten the actions"}
    assert priya.submit(answers, form)["ok"]
    (escalation,) = house.all(Escalation)
    assert (escalation.to, escalation.response) == (Role.REGISTERED_MANAGER, Response.TIGHTEN)
    assert "Slipped twice" in words(ruth.see("escalated P1"))


def test_refusals_of_escalations(house: House) -> None:
    house.priority()
    ruth, deepa, priya, callum = (*(house.actor(n) for n in ("ruth", "deepa", "priya")), house.newcomer())
    ruth.command("/sip escalate P1 late")
    ruth.submit({}, ruth.see_modal("Escalate P1"))
    for actor, said, answer in (
        (deepa, "/sip escalate P1 late", "Only a Registered Manager or Provider oversight may escalate"),
        (ruth, "/sip escalate P9 late", "There is no priority P9"),
        (callum, "/sip escalate P1 late", "that you may see"),
        (callum, "/sip escalations", "no role"),
        (callum, "/sip escalate L1", "that you may see"),
    ):
        actor.command(said)
        assert answer in words(actor.told("oak-house")), said
    deepa.command("/sip escalations")
    shown = deepa.told("oak-house")
    assert "L1" in words(shown)
    assert "Choose a response" not in words(shown)
    priya.command("/sip escalations")
    page = priya.told("oak-house")
    priya.click(page, "escalation.respond#L1")
    form = priya.see_modal("Respond to L1")
    priya.submit({"response": "wider sampling"}, form)
    priya.click(page, "escalation.respond#L1")
    again = priya.submit({"response": "wider sampling"}, priya.see_modal("Respond to L1"))
    assert "has that response already" in " ".join(again["errors"].values())
