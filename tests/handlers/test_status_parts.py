"""The status of parts of a plan, of owners, and of several services side by side."""

from bot.ids import new_id
from bot.plan import measures, sampling
from bot.plan.measures import DefineMeasure, Lens
from bot.plan.people import Role, RoleHolding
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.sampling import RecordSample
from bot.plan.services import Service
from bot.reports.standing import Outcome
from handlers.views.status import stands
from playground.actor import words
from tests.handlers.conftest import House


def sampled(house: House, priority: Priority) -> None:
    """A measure of the priority with a baseline and a follow-up."""
    store, now = house.program.desk.store, house.now()
    with store.transaction() as work:
        form = DefineMeasure(priority=priority.id, name="Handovers complete", lens=Lens.RECORD, target="90")
        measure = measures.define(work, house.people["hannah"], form, now)
        for met, baseline in ((9, True), (17, False)):
            taken = RecordSample(measure=measure.id, n=20, met=met, baseline=baseline)
            sampling.record(work, house.people["hannah"], taken, now, now.date())


def posted(house: House) -> str:
    """What the newest shared message of the channel says."""
    ruth = house.actor("ruth")
    house.eventually(lambda: [m for m in ruth.messages("oak-house") if not m["ephemeral"]])
    shared = [m for m in ruth.messages("oak-house") if not m["ephemeral"]]
    return words(shared[-1])


def test_what_was_decided_and_what_the_samples_say_never_say_one_thing_twice() -> None:
    said = {(status, outcome): stands(status, outcome) for status in PriorityStatus for outcome in Outcome}
    assert said[PriorityStatus.PARTIALLY_IMPROVED, Outcome.PARTLY] == "partially improved as its samples show"
    assert said[PriorityStatus.OPEN, Outcome.UNKNOWN] == "open (no sample tells yet what moved)"
    assert said[PriorityStatus.READY_TO_CLOSE, Outcome.DRIFTED].endswith("(its samples fell back after improving)")
    assert not [words for words in said.values() if "part" in words and words.count("part") > 1]


def test_the_status_of_one_priority_shows_its_measures(house: House) -> None:
    priority = house.priority("Handovers")
    house.action(house.priority("Falls"), owner="beatriz", what="Move the tables")
    sampled(house, priority)
    house.slack.move_clock(to="2027-01-14T10:00:00+00:00")
    house.actor("ruth").command("/sip status P1")
    shown = posted(house)
    assert "about P1 Handovers" in shown
    assert "high risk, open (its samples improved)" in shown
    assert "9 of 20 then, 17 of 20 now: more than chance" in shown
    assert "Since Mon 14 Dec 2026: open priorities 1 (0 a month ago)" in shown
    assert "Move the tables" not in shown


def test_words_that_name_a_theme_find_their_service_where_the_place_names_none(house: House) -> None:
    house.priority("Handovers")
    now = house.now()
    with house.program.desk.store.transaction() as work:
        fern = Service(
            id=new_id(now), workspace_id=house.service.workspace_id, name="Fern", channel_id="C0FERN", wake_at=now
        )
        work.add(fern)
        holding = RoleHolding(id=new_id(now), workspace_id=fern.workspace_id, service_id=fern.id,
                              person_id=house.people["ruth"].id, role=Role.REGISTERED_MANAGER)  # fmt: skip
        work.add(holding)
    ruth = house.actor("ruth")
    ruth.say("status of handovers")
    assert "The status of Oak House, about the theme “handovers”, is being posted in" in words(
        ruth.see("is being posted in")
    )
    ruth.say("status of laundry")
    ruth.see("Say it in the channel of the one you mean: Fern, Oak House")


def test_owners_are_shown_to_whoever_asks_alone(house: House) -> None:
    house.action(house.priority(), due_in=1)
    house.slack.move_clock(to="2027-01-18T10:00:00+00:00")
    ruth = house.actor("ruth")
    ruth.command("/sip status owners")
    shown = ruth.told("oak-house")
    assert shown["ephemeral"]
    assert "Amara Osei: 1 open, 1 overdue" in shown["text"]
    ruth.command("/sip status Amara Osei")
    assert "1 action is not finished, 1 of them overdue." in words(ruth.told("oak-house"))


def test_services_side_by_side_for_those_who_may_read_them(house: House) -> None:
    house.action(house.priority(), due_in=1)
    now = house.now()
    with house.program.desk.store.transaction() as work:
        court = Service(id=new_id(now), workspace_id="T0MEADOW", channel_id="C0WILLOWCT", name="Willow Court")
        work.add(court)
        role = RoleHolding(
            id=new_id(now),
            workspace_id="T0MEADOW",
            service_id=court.id,
            role=Role.PROVIDER_OVERSIGHT,
            person_id=house.people["priya"].id,
        )
        work.add(role)
    house.slack.move_clock(to="2027-01-18T10:00:00+00:00")
    priya = house.actor("priya")
    priya.command("/sip status provider")
    said = priya.told("oak-house")["text"]
    assert "Oak House: open priorities 1, high risk 1, overdue actions 1" in said
    assert "Willow Court: open priorities 0" in said
    amara = house.actor("amara")
    amara.command("/sip status provider")
    assert "Willow Court" not in amara.told("oak-house")["text"]
