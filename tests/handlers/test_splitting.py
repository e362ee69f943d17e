"""Splitting a priority through Slack's protocol, step by step."""

from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.measures import Measure
from bot.plan.priorities import Priority, PriorityStatus
from playground.actor import words
from tests.handlers.account import measure
from tests.handlers.conftest import House


def test_a_priority_is_split_in_three_steps(house: House) -> None:
    priority = house.priority()
    measure(house, priority)
    for what in ("Use the sheet on days", "Use the sheet on nights"):
        house.action(priority, what=what)
    ruth = house.actor("ruth")
    ruth.command(f"/sip split {ref(priority)}")
    names = ruth.see_modal("(1 of 3)")
    alone = ruth.submit({"first": "Handovers on days", "second": " "}, names)
    assert alone["errors"]["second"]
    twice = ruth.submit({"first": "Handovers on days", "second": "handovers ON days"}, names)
    assert "name of its own" in twice["errors"]["second"]
    assert ruth.submit({"first": "Handovers on days", "second": "Handovers on nights"}, names)["ok"]
    shares = ruth.see_modal("(2 of 3)")
    left = ruth.submit({"first": ["A1"]}, shares)
    assert "A2 is still open" in left["errors"]["first"]
    both = ruth.submit({"first": ["A1", "A2"], "second": ["A2"]}, shares)
    assert "one of the new priorities only" in both["errors"]["second"]
    assert ruth.submit({"first": ["A1"], "second": ["A2", "M1"]}, shares)["ok"]
    last = ruth.see_modal("(3 of 3)")
    answers = {
        "first": "Days leave out visits by the GP",
        "second": "Nights start without the falls of the day",
        "reason": "They need different actions",
    }
    assert house.all(Priority, split_from=priority.id) == []
    assert ruth.submit(answers, last)["ok"]
    ruth.submit(answers, last)
    days, nights = house.all(Priority, order="number", split_from=priority.id)
    assert (days.title, nights.problem_statement) == ("Handovers on days", answers["second"])
    assert [a.priority_id for a in house.all(Action, order="number")] == [days.id, nights.id]
    assert house.all(Measure)[0].priority_id == nights.id
    assert house.all(Priority, id=priority.id)[0].status is PriorityStatus.SPLIT
    saved = ruth.see_modal("was split")
    ruth.click(saved, f"action.new#{ref(nights)}")
    assert "P3 Handovers on nights" in words(ruth.see_modal("New action"))
    ruth.command(f"/sip review {ref(priority)} monthly")
    assert "P1 was split: P2 and P3 carry it on" in words(ruth.told("oak-house"))


def test_a_priority_without_records_goes_straight_to_the_words(house: House) -> None:
    priority = house.priority()
    ruth = house.actor("ruth")
    ruth.command("/sip split")
    ruth.choose(ruth.told("oak-house"), "priority.split", "P1 Handovers")
    names = ruth.see_modal("(1 of 3)")
    ruth.submit({"first": "Days", "second": "Nights", "third": "Weekends"}, names)
    last = ruth.see_modal("(3 of 3)")
    words_ = {"first": "Days are late", "second": "Nights are late", "third": "Weekends are late", "reason": "Broad"}
    assert ruth.submit(words_, last)["ok"]
    assert len(house.all(Priority, split_from=priority.id)) == 3
