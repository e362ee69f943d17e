"""Statutory clocks through Slack's protocol: started, counted down, met, refused."""

from datetime import date

from bot.plan.priorities import Priority
from playground.actor import words
from tests.handlers.conftest import House


def test_a_clock_is_started_counted_down_and_met(house: House) -> None:
    house.priority()
    ruth = house.actor("ruth")
    ruth.command("/sip clock P1")
    ruth.click(ruth.told("oak-house"), "clock.start#P1")
    form = ruth.see_modal("Start a clock")
    ahead = ruth.submit({"kind": "REGULATION_17", "started_on": "2027-01-20"}, form)
    assert "not come yet" in ahead["errors"]["started_on"]
    assert ruth.submit({"kind": "REGULATION_17", "started_on": "2027-01-11"}, form)["ok"]
    assert "due Mon 8 Feb 2027" in words(ruth.modal())
    (clock,) = house.all(Priority)[0].clocks
    assert clock.due_on == date(2027, 2, 8)
    amara = house.actor("amara")
    amara.command("/sip clocks")
    shown = amara.told("oak-house")
    assert "26 days left" in words(shown)
    assert "Mark met" not in words(shown)
    ruth.command("/sip clock")
    ruth.click(ruth.told("oak-house"), "clock.meet#P1-regulation_17")
    meet = ruth.see_modal("Mark it met")
    early = ruth.submit({"met_on": "2027-01-02"}, meet)
    assert "Choose a day from 11 January 2027" in early["errors"]["met_on"]
    assert ruth.submit({"met_on": "2027-01-13"}, meet)["ok"]
    assert house.all(Priority)[0].clocks[0].met_on == date(2027, 1, 13)
    assert "met on Wed 13 Jan 2027" in words(ruth.modal())


def test_one_clock_of_a_kind_runs_at_a_time(house: House) -> None:
    house.priority()
    ruth = house.actor("ruth")
    ruth.command("/sip clock P1")
    results = []
    for _ in range(2):
        ruth.click(ruth.told("oak-house"), "clock.start#P1")
        form = ruth.see_modal("Start a clock")
        results.append(ruth.submit({"kind": "REMEDIAL_PLAN", "started_on": "2027-01-12"}, form))
    assert results[0]["ok"]
    assert "runs already" in results[1]["errors"]["kind"]
    assert len(house.all(Priority)[0].clocks) == 1
