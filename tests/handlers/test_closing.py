"""Closing and reopening through Slack's protocol: the gate with its way on, the written reason, who may."""

from bot.plan.access import ref
from bot.plan.escalations import Escalation
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.reviews import Decision, Review
from playground.actor import words
from tests.handlers.account import measure, measured, sample, verified
from tests.handlers.conftest import House


def status(house: House, number: int = 1) -> PriorityStatus:
    """How a priority stands."""
    found: PriorityStatus = house.all(Priority, number=number)[0].status
    return found


def test_closing_without_a_sample_shows_what_stands_in_the_way_and_the_way_on(house: House) -> None:
    priority = house.priority()
    house.action(priority)
    ruth = house.actor("ruth")
    ruth.command(f"/sip close {ref(priority)}")
    page = ruth.told("oak-house")
    shown = words(page)
    assert "cannot be closed yet" in shown
    assert "A1 is not verified yet" in shown
    assert "Name the sample that shows it" in shown
    assert ruth.modal() is None
    measure(house, priority)
    ruth.click(page, "sample.open")
    assert ruth.see_modal()
    assert status(house) is PriorityStatus.OPEN


def test_a_priority_closes_on_its_sample_and_is_reopened_with_its_history(house: House) -> None:
    priority = measured(house, met=19)
    ruth = house.actor("ruth")
    ruth.command(f"/sip close {ref(priority)}")
    view = ruth.see_modal("Close P1")
    assert "9 of 20 then, 19 of 20 now" in words(view)
    assert "X2 19 of 20" in words(view)
    assert ruth.submit({"improved": "Night staff know who fell"}, view)["ok"]
    ruth.submit({"improved": "Night staff know who fell"}, view)
    assert status(house) is PriorityStatus.CLOSED
    (review,) = house.all(Review)
    assert review.decision is Decision.CLOSE
    assert house.all(Escalation) == []
    house.actor("deepa").see("P1 is closed")
    for said, answer in {
        "close P1": "Reopen it first",
        "review P1 monthly": "Reopen it first",
        "split P1": "Reopen it first",
        "escalate P1 late": "Reopen it first",
    }.items():
        ruth.command(f"/sip {said}")
        assert answer in words(ruth.told("oak-house")), said
    ruth.close()
    ruth.command("/sip reopen")
    ruth.choose(ruth.told("oak-house"), "priority.reopen", "P1 Handovers")
    form = ruth.see_modal("Reopen P1")
    assert ruth.submit({"reason": " "}, form)["errors"]["reason"]
    assert ruth.submit({"reason": "Two handovers without the fall"}, form)["ok"]
    assert "carries *P1* on" in words(ruth.modal())
    assert (status(house), status(house, 2)) == (PriorityStatus.REOPENED, PriorityStatus.OPEN)
    ruth.command("/sip reopen P1")
    assert "P1 was reopened: P2 carries it on" in words(ruth.told("oak-house"))
    ruth.command("/sip reopen P2")
    assert "is not closed" in words(ruth.told("oak-house"))


def test_closing_over_no_change_wants_a_reason_and_the_provider_hears_of_it(house: House) -> None:
    priority = measured(house, met=10)
    ruth = house.actor("ruth")
    ruth.command(f"/sip close {ref(priority)}")
    view = ruth.see_modal("Closing now would close over this")
    assert not ruth.submit({"improved": "Nothing measurable"}, view)["ok"]
    answers = {"improved": "Nothing measurable", "override_reason": "The unit closes in May"}
    assert ruth.submit(answers, view)["ok"]
    assert status(house) is PriorityStatus.CLOSED
    (escalation,) = house.all(Escalation)
    assert escalation.rule == "closure gate"
    told = words(house.actor("priya").see("The unit closes in May"))
    assert "P1" in told


def test_closing_in_a_review_names_what_is_in_the_way(house: House) -> None:
    priority = house.priority()
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} governance")
    view = ruth.see_modal("Governance review")
    ruth.click(view, "review.decision", selected_option="close")
    grown = ruth.see_modal("cannot be closed yet")
    ruth.submit({}, grown)
    assert "cannot be closed yet" in words(ruth.modal())
    assert house.all(Review) == []


def test_whoever_sampled_alone_does_not_decide(house: House) -> None:
    priority = house.priority()
    of = measure(house, priority)
    sample(house, of, 9, baseline=True, ago=20)
    verified(house, house.action(priority))
    house.slack.move_clock(advance_seconds=24 * 3600)
    house.eventually(lambda: house.now().day == 14)
    sample(house, of, 19, who="ruth")
    ruth = house.actor("ruth")
    ruth.command("/sip close P1")
    assert "You took X2 alone" in words(ruth.told("oak-house"))


def test_closing_and_reopening_are_the_managers(house: House) -> None:
    measured(house)
    for name in ("amara", "deepa", "hannah", "idris", "priya"):
        actor = house.actor(name)
        for said in ("/sip close P1", "/sip reopen P1", "/sip split P1"):
            actor.command(said)
            assert "Only a Registered Manager may" in words(actor.told("oak-house")), (name, said)
    callum = house.newcomer()
    for said in ("/sip close P1", "/sip reopen P1", "/sip split P1", "/sip clock P1", "/sip close"):
        callum.command(said)
        shown = words(callum.told("oak-house"))
        assert "that you may see" in shown or "no role" in shown, said
