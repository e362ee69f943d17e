"""Somebody who was erased, in Slack: what they did is shown under a pseudonym, and if they speak again they are new."""

from argparse import Namespace
from dataclasses import replace

from bot.commands import keeping
from bot.plan.people import Person, RoleHolding
from playground.actor import words
from tests.handlers.conftest import House


def test_their_work_is_shown_and_they_come_back_as_somebody_new(house: House) -> None:
    house.action(house.priority("Handovers"))
    beatriz, ruth = house.actor("beatriz"), house.actor("ruth")
    beatriz.command("/sip log A1 Briefed six night staff on the sheet")
    assert "Saved as E1" in words(beatriz.told("oak-house"))
    store, known = house.program.desk.store, house.people["beatriz"]
    with store.transaction() as work:
        for held in work.all(RoleHolding, person_id=known.id):
            work.save(replace(held, ended_at=house.now()))
    given = Namespace(person="Beatriz Moreno", also=[], in_texts=False, apply=True)
    keeping.erase_person(store, given, house.now())

    ruth.command("/sip register 3")
    assert "a former member of staff (#1)" in words(ruth.told("oak-house"))
    for typed in ("status", "priority P1", "inspect", "find night staff", "overdue", "takeover", "setup"):
        ruth.command(f"/sip {typed}")
        assert "Beatriz" not in words(ruth.told("oak-house")), typed

    beatriz.command("/sip mine")
    assert "no role" in words(beatriz.told("oak-house"))
    met = house.all(Person, slack_id="U0BEATRIZ")
    assert [person.id == known.id for person in met] == [False]
    (erased,) = house.all(Person, id=known.id)
    assert erased.name == "a former member of staff (#1)"
