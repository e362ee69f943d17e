"""What the golden thread refuses, as people meet it: with the reason and the way on, and nothing saved."""

from dataclasses import replace
from datetime import timedelta

from bot.plan.measures import Measure
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from playground.actor import words
from tests.handlers import account
from tests.handlers.conftest import House

OAK = "oak-house"


def told(house: House, who: str, typed: str) -> str:
    """What somebody is answered who types this."""
    actor = house.actor(who)
    actor.command(f"/sip {typed}", OAK)
    return words(actor.told(OAK)).replace("*", "")


def test_closing_without_a_sample_says_what_is_missing_and_offers_it(house: House) -> None:
    house.action(house.priority())
    shown = told(house, "ruth", "close P1")
    assert "P1 Handovers cannot be closed yet." in shown
    assert "A1 is not verified yet. Verify or cancel it first." in shown
    assert "Name the sample that shows it: one taken after the last action was verified." in shown
    assert "Take a sample" in shown
    assert "Review it instead" in shown


def test_nobody_verifies_their_own_action(house: House) -> None:
    house.action(house.priority(), owner="hannah")
    told(house, "hannah", "done A1")
    shown = told(house, "hannah", "verify A1 accept 20 sheets read")
    assert "A1 is yours, and nobody checks their own work. Ask Ruth Callaghan (Registered Manager)." in shown


def test_figures_that_cannot_be(house: House) -> None:
    measure = account.measure(house, house.priority())
    shown = told(house, "hannah", "sample M1 21/20 sheets")
    assert "21" in shown
    assert "20" in shown
    assert "You typed:" in shown
    assert not house.all(Sample)
    account.sample(house, measure, 9, baseline=True, ago=20)
    account.sample(house, measure, 12, ago=2)
    shown = told(house, "hannah", "sample M1 baseline 9/20 sheets")
    assert "baseline" in shown
    assert "correct" in shown.lower()
    assert len(house.all(Sample)) == 2


def test_a_closed_priority_is_reopened_and_not_reviewed(house: House) -> None:
    priority = house.priority()
    with house.program.desk.store.transaction() as work:
        work.save(replace(priority, status=PriorityStatus.CLOSED, closed_on=house.now().date() - timedelta(days=3)))
    shown = told(house, "ruth", "review P1 monthly")
    assert "P1 was closed on 10 January 2027. Reopen it first: /sip reopen P1." in shown
    assert not house.all(Review)


def test_a_split_into_one_is_none(house: House) -> None:
    house.priority()
    ruth = house.actor("ruth")
    ruth.command("/sip split P1", OAK)
    refused = ruth.submit({"first": "Nights"}, ruth.see_modal("Split P1"))
    assert refused["errors"] == {"second": "Please complete this required field."}
    refused = ruth.submit({"first": "Nights", "second": "nights"}, ruth.see_modal("Split P1"))
    assert refused["errors"] == {"second": "Give each new priority a name of its own."}
    assert len(house.all(Priority)) == 1


def test_a_measure_keeps_its_lens_and_unit_under_samples(house: House) -> None:
    measure = account.measure(house, house.priority())
    hannah = house.actor("hannah")
    hannah.command("/sip measure change M1", OAK)
    free = {b["block_id"] for b in hannah.see_modal("Change M1")["blocks"] if b["type"] == "input"}
    hannah.close()
    account.sample(house, measure, 9, baseline=True)
    hannah.command("/sip measure change M1", OAK)
    form = hannah.see_modal("Change M1")
    assert free - {b["block_id"] for b in form["blocks"] if b["type"] == "input"} == {"lens", "how", "unit"}
    shown = words(form)
    assert "define a new measure" in shown.lower(), shown
    (kept,) = house.all(Measure)
    assert kept.lens is measure.lens
