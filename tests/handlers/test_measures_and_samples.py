"""Measures and samples through Slack's protocol: defining, sampling in words and forms, honest answers, refusals."""

from datetime import date
from typing import Any

from bot.plan import measures, milestones
from bot.plan.access import ref
from bot.plan.actions import Milestone
from bot.plan.measures import DefineMeasure, Lens, Measure, MeasureKind
from bot.plan.milestones import AddMilestone
from bot.plan.priorities import Priority
from bot.plan.samples import Sample
from playground.actor import Actor, words
from tests.handlers.conftest import House

CHANNEL = "oak-house"


def said(actor: Actor) -> str:
    """The newest message in the service's channel, without bold."""
    return words(actor.told(CHANNEL)).replace("*", "")


def insist(actor: Actor, answers: dict[str, object], view: dict[str, Any]) -> dict[str, Any]:
    """Submit a form, and once more where it is shown again with remarks on its wording."""
    result = actor.submit(answers, view)
    shown = actor.modal()
    again = result["ok"] and shown is not None and shown["callback_id"] == view["callback_id"]
    return actor.submit(answers, shown) if again else result


def measured(house: House, priority: Priority, **facts: object) -> Measure:
    """A measure of a priority, straight into the store."""
    plain = {"name": "Handover sheets complete", "lens": Lens.PRACTICE, "target": "90 %"}
    form = DefineMeasure.model_validate({**plain, **facts, "priority": priority.id})
    with house.program.desk.store.transaction() as work:
        return measures.define(work, house.people["ruth"], form, house.now())


def pointed(house: House, priority: Priority, on: str) -> Milestone:
    """A review point of a priority."""
    form = AddMilestone(of=ref(priority), on=date.fromisoformat(on))
    with house.program.desk.store.transaction() as work:
        return milestones.add(work, house.people["ruth"], form, house.now(), house.now().date())


def test_a_measure_is_defined_and_leads_to_its_baseline(house: House) -> None:
    priority = house.priority()
    hannah = house.actor("hannah")
    hannah.command(f"/sip measure new {ref(priority)} Handover sheets complete")
    view = hannah.see_modal("New measure")
    assert len([b for b in view["blocks"] if b["type"] == "input"]) <= 6
    assert "per cent" in hannah.submit({"lens": "practice", "target": "lots"}, view)["errors"]["target"]
    unclear = hannah.submit({"lens": "practice", "how": "COUNT/DOWN", "target": "2"}, view)
    assert "period" in unclear["errors"]["unit"]
    result = hannah.submit({"lens": "practice", "how": "PROPORTION/UP", "target": "90 %", "unit": "sheet"}, view)
    assert result["ok"], result
    (measure,) = house.all(Measure)
    assert (measure.target, measure.lens, measure.kind) == (0.9, Lens.PRACTICE, MeasureKind.PROPORTION)
    hannah.click(hannah.see_modal(), "sample.open")
    form = hannah.see_modal("This is its *baseline*")
    assert "cannot be" in hannah.submit({"n": 20, "met": 21}, form)["errors"]["met"]
    hannah.submit({"n": 20, "met": 9, "sampled": "20 sheets of all shifts"}, form)
    assert "baseline of M1" in words(hannah.modal()).replace("*", "")
    (sample,) = house.all(Sample)
    assert (sample.n, sample.met, sample.baseline, sample.failed) == (20, 9, True, False)


def test_one_window_holds_many_forms(house: House) -> None:
    priority = house.priority()
    hannah = house.actor("hannah")
    hannah.command(f"/sip measure new {ref(priority)}")
    for number in range(1, 6):
        hannah.submit({"name": f"Measure {number}", "lens": "record"})
        assert f"M{number}" in words(hannah.modal())
        hannah.click(hannah.see_modal(), "measure.new")
        hannah.see_modal("New measure")
    assert len(house.all(Measure)) == 5
    assert len(hannah.views()) == 1


def test_words_record_a_sample_and_say_what_moved(house: House) -> None:
    priority = house.priority()
    measure = measured(house, priority)
    point = pointed(house, priority, "2027-01-20")
    idris, hannah = house.actor("idris"), house.actor("hannah")
    idris.command(f"/sip sample {ref(measure)} 9/20 handover sheets read")
    assert "baseline of M1" in said(idris)
    house.slack.move_clock(to="2027-01-20T10:00:00+00:00")
    idris.command(f"/sip sample {ref(measure)} 12 of 20 handover sheets read")
    shown = said(idris)
    assert "no measurable change" in shown.lower()
    assert "It misses the target" in shown
    assert "It answers the review point of Wed 20 Jan 2027" in shown
    assert "Hannah Whitfield is asked to judge it" in shown
    follow_up = house.all(Sample, baseline=False)[0]
    assert house.all(Milestone)[0].sample_id == follow_up.id == house.all(Sample, milestone_id=point.id)[0].id
    told = hannah.see("Your judgement is next")
    assert "Idris Bello sampled" in words(told)
    assert "no measurable change" in words(told).lower()
    idris.click(idris.told(CHANNEL), "sample.undo")
    idris.see("X2 was taken back", CHANNEL)
    assert house.all(Milestone)[0].sample_id is None


def test_improved_is_said_only_when_it_is(house: House) -> None:
    priority = house.priority()
    measure = measured(house, priority)
    hannah = house.actor("hannah")
    hannah.command(f"/sip sample {ref(measure)} 9/20")
    hannah.command(f"/sip sample {ref(measure)} 19/20 sheets of all shifts")
    shown = said(hannah)
    assert "What moved: improved. 9 of 20 then, 19 of 20 now: more than chance." in shown
    assert "Judge it" in shown
    hannah.command(f"/sip sample {ref(measure)} 4/5 sheets")
    assert "too few" in said(hannah).lower()
    hannah.command("/sip measures")
    assert "9 of 20" in said(hannah)
    hannah.click(hannah.told(CHANNEL), "measure.show#M1")
    assert "New limits" in words(hannah.see("4 of 5", CHANNEL))


def test_a_baseline_after_a_follow_up_and_other_bad_figures_are_refused(house: House) -> None:
    priority = house.priority()
    measure = measured(house, priority)
    hannah = house.actor("hannah")
    hannah.command(f"/sip sample {ref(measure)} follow-up 3/20")
    assert "has no baseline yet" in said(hannah)
    hannah.command(f"/sip sample {ref(measure)} 21/20")
    assert "21 of 20 cannot be" in said(hannah)
    hannah.command(f"/sip sample {ref(measure)} 9/20")
    hannah.command(f"/sip sample {ref(measure)} 12/20")
    hannah.command(f"/sip sample {ref(measure)} baseline 3/20")
    assert "has its baseline already: X1" in said(hannah)
    hannah.command("/sip sample withdraw X1 wrong")
    assert "is the baseline of follow-ups" in said(hannah)
    hannah.command("/sip sample M9 3/20")
    assert "no measure M9" in said(hannah)
    assert [(s.met, s.n) for s in house.all(Sample, order="number")] == [(9, 20), (12, 20)]


def test_the_form_steps_from_measure_to_figures_and_holds_the_rarer_questions(house: House) -> None:
    priority = house.priority()
    first = measured(house, priority)
    falls = measured(house, priority, name="Falls", lens="record", kind="count per period", better="down", unit="month",
                     target="2")  # fmt: skip
    hannah = house.actor("hannah")
    hannah.command(f"/sip sample {ref(falls)} 17/20 handover sheets")
    assert "M2 is a count: write how many there were" in said(hannah)
    hannah.command(f"/sip sample {ref(falls)} 9 in 3 months: the incident log")
    assert "9 in 3 months" in said(hannah)
    hannah.command("/sip sample 4 the incident log")  # no measure is named: asked for, and the words stay
    hannah.submit({"measure": falls.id}, hannah.see_modal("What did you sample?"))
    assert "the incident log" in words(hannah.see_modal("How many were there?"))
    view = hannah.see_modal("How many were there?")
    assert len([b for b in view["blocks"] if b["type"] == "input"]) <= 6
    hannah.click(view, "sample.more")
    view = hannah.see_modal("Who sampled with you?")
    answers = {"count": 1, "periods": 1, "with_ids": ["U0IDRIS"], "not_comparable_reason": "Another log was used"}
    result = hannah.submit(answers, view)
    assert result["ok"], result
    assert "not comparable" in words(hannah.modal())
    sample = house.all(Sample, baseline=False)[0]
    assert sample.with_ids == (house.people["idris"].id,)
    assert not sample.comparable
    hannah.command(f"/sip sample {ref(first)} some sheets")
    assert "some sheets" in words(hannah.see_modal("How many of them met the standard?"))


def test_a_correction_tells_anew_what_moved(house: House) -> None:
    priority = house.priority()
    measure = measured(house, priority)
    hannah = house.actor("hannah")
    hannah.command(f"/sip sample {ref(measure)} 9/20")
    hannah.command(f"/sip sample {ref(measure)} 19/20")
    hannah.click(hannah.told(CHANNEL), "sample.correct")
    view = hannah.see_modal("Correct X2")
    hannah.submit({"met": 10, "reason": "Nine sheets were of another unit"}, view)
    shown = words(hannah.modal()).replace("*", "")
    assert "X2 is corrected" in shown
    assert "no measurable change" in shown.lower()
    assert house.all(Sample, number=2)[0].failed


def test_targets_and_limits_change_with_a_reason(house: House) -> None:
    priority = house.priority()
    measure = measured(house, priority)
    ruth, hannah = house.actor("ruth"), house.actor("hannah")
    hannah.command(f"/sip measure retarget {ref(measure)} 80% It is what the standard says")
    assert "Only a Registered Manager may" in said(hannah)
    ruth.command(f"/sip measure retarget {ref(measure)} 80 % It is what the standard says")
    assert "at least 80 %" in said(ruth)
    ruth.command(f"/sip measure retarget {ref(measure)}")
    same = ruth.submit({"target": "80 %", "reason": "again"}, ruth.see_modal("New target"))
    assert "already" in same["errors"]["target"]
    hannah.command(f"/sip measure rebase {ref(measure)}")
    hannah.submit({"reason": "The new sheet is in use everywhere"}, hannah.see_modal("New limits"))
    changed = house.all(Measure)[0]
    assert (changed.target, len(changed.retargeted), len(changed.rebased)) == (0.8, 1, 1)


def test_a_lens_does_not_change_under_samples(house: House) -> None:
    priority = house.priority()
    measure = measured(house, priority)
    hannah = house.actor("hannah")
    hannah.command(f"/sip measure change {ref(measure)}")
    view = hannah.see_modal("Change M1")
    hannah.command(f"/sip sample {ref(measure)} 9/20")
    refused = hannah.submit({"lens": "record", "reason": "mistaken"}, view)
    assert "Define a new measure instead" in refused["errors"]["lens"]
    hannah.command(f"/sip measure change {ref(measure)}")
    view = hannah.see_modal("Its name can change")
    hannah.submit({"name": "Sheets complete at 20:00", "reason": "Clearer"}, view)
    assert house.all(Measure)[0].name == "Sheets complete at 20:00"


def test_those_who_may_not_are_told_whom_to_ask(house: House) -> None:
    priority = house.priority()
    measured(house, priority)
    for name in ("amara", "deepa", "priya"):
        actor = house.actor(name)
        for typed in ("sample M1 9/20", "sample", "measure new", "measure retarget M1 80% why", "measure rebase M1"):
            actor.command(f"/sip {typed}")
            assert "Only a" in said(actor), (name, typed)
            assert actor.modal() is None
    callum = house.newcomer()
    for typed in ("sample M1 9/20", "sample", "measures", "measures M1", "measure new", "measure change M1"):
        callum.command(f"/sip {typed}")
        assert "Handover sheets" not in said(callum), typed
    assert house.all(Sample) == []
