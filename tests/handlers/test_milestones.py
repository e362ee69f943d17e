"""Review points through Slack's protocol: planned from an action or a priority, moved, cancelled, listed, reminded."""

from bot.plan.access import ref
from bot.plan.actions import Milestone
from playground.actor import words
from tests.handlers.conftest import House
from tests.handlers.test_measures_and_samples import CHANNEL, measured, said


def test_words_plan_a_review_point_and_the_list_leads_to_its_sample(house: House) -> None:
    priority = house.priority()
    action = house.action(priority)
    measured(house, priority)
    deepa, hannah = house.actor("deepa"), house.actor("hannah")
    deepa.command(f"/sip milestone add {ref(action)} 20/01/2027 20 handover sheets")
    assert "A review point of A1 is planned for Wed 20 Jan 2027" in said(deepa)
    (point,) = house.all(Milestone)
    assert (point.action_id, point.on.isoformat(), point.note) == (action.id, "2027-01-20", "20 handover sheets")
    deepa.command(f"/sip milestone add {ref(action)} 20/01/2027")
    assert "is planned already" in said(deepa)
    deepa.command(f"/sip milestone add {ref(priority)} 01/01/2027")
    assert "has passed" in said(deepa)
    deepa.command(f"/sip milestone add {ref(priority)} 31/02/2027")
    assert "is no day" in said(deepa)
    hannah.command(f"/sip milestones {ref(action)}")
    assert "A1 Use the 8-line sheet: Wed 20 Jan 2027; 20 handover sheets" in said(hannah)
    hannah.click(hannah.told(CHANNEL), text="Record a sample")
    assert "This is its *baseline*" in words(hannah.see_modal("Record a sample"))


def test_a_review_point_is_planned_moved_and_cancelled_in_forms(house: House) -> None:
    priority = house.priority()
    house.action(priority)
    deepa = house.actor("deepa")
    deepa.command("/sip milestone add")
    view = deepa.see_modal("Plan a review point")
    result = deepa.submit({"of": ref(priority), "on": "2027-02-01"}, view)
    assert result["ok"], result
    deepa.click(deepa.see_modal(), "milestone.move")
    view = deepa.see_modal("Move a review point")
    assert "already" in deepa.submit({"on": "2027-02-01", "reason": "Half term"}, view)["errors"]["on"]
    deepa.submit({"on": "2027-02-08", "reason": "Half term"}, view)
    assert "is on Mon 8 Feb 2027 now" in words(deepa.modal())
    assert house.all(Milestone)[0].on.isoformat() == "2027-02-08"
    deepa.click(deepa.see_modal(), "milestone.cancel")
    deepa.submit({"reason": "Sampled with the audit instead"}, deepa.see_modal("Cancel a review point"))
    assert house.all(Milestone)[0].cancelled_at is not None
    deepa.command("/sip milestone move")
    assert "No review point waits" in said(deepa)


def test_those_who_may_not_plan_are_told_whom_to_ask(house: House) -> None:
    priority = house.priority()
    action = house.action(priority)
    for name in ("amara", "hannah", "priya"):
        actor = house.actor(name)
        for typed in ("milestone add", f"milestone add {ref(action)} 20/01/2027", f"milestone add {ref(priority)}"):
            actor.command(f"/sip {typed}")
            assert "Only a" in said(actor), (name, typed)
    assert house.all(Milestone) == []


def test_the_morning_message_offers_the_sample(house: House) -> None:
    priority = house.priority()
    measure = measured(house, priority)
    ruth, hannah = house.actor("ruth"), house.actor("hannah")
    hannah.command(f"/sip sample {ref(measure)} 9/20")
    ruth.command(f"/sip milestone add {ref(priority)} 20/01/2027 20 sheets")
    house.slack.move_clock(to="2027-01-20T09:30:00+00:00")
    morning = hannah.see("sample due today")
    hannah.click(morning, text="Record a sample")
    view = hannah.see_modal("Which review point does it answer?")
    hannah.submit({"n": 20, "met": 19}, view)
    assert "It answers the review point of Wed 20 Jan 2027" in words(hannah.modal())
    assert house.all(Milestone)[0].sample_id
    house.eventually(lambda: "Nothing here needs you any more" in words(hannah.dm()[-1]))
