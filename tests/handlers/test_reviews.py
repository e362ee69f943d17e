"""Reviews through Slack's protocol: the briefing above the questions, every kind, decisions, corrections, refusals."""

from dataclasses import replace
from datetime import timedelta

from bot.plan.access import ref
from bot.plan.escalations import Escalation
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.reviews import Decision, Judgement, Remaining, Review, ReviewKind
from playground.actor import Json, words
from tests.handlers.account import measure, measured, review, sample, today
from tests.handlers.conftest import House


def inputs(view: Json) -> list[str]:
    """The questions of a form, in order."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def test_a_monthly_review_shows_what_moved_slipped_and_was_promised(house: House) -> None:
    priority = measured(house)
    house.action(priority, due_in=2, what="Lock the trolley")
    review(house, priority, next_steps="Deepa observes 5 handovers on nights")
    house.slack.move_clock(advance_seconds=4 * 24 * 3600)
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} monthly")
    view = ruth.see_modal("Monthly review")
    shown = words(view)
    assert "December 2026" in shown
    assert "What moved" in shown
    assert "9 of 20 then, 17 of 20 now" in shown
    assert "overdue since" in shown
    assert "Deepa observes 5 handovers on nights" in shown
    assert inputs(view) == ["decision", "improved", "unresolved", "remaining", "next_steps", "next_review_on"]
    answers = {
        "decision": "partially improved",
        "improved": "Night staff read out the sheet; 3 walk-rounds saw it",
        "remaining": "smaller",
        "next_review_on": (today(house) + timedelta(days=28)).isoformat(),
    }
    assert not ruth.submit({"improved": "x"}, view)["ok"]
    first = ruth.submit(answers, view)
    assert first["ok"], first
    kept = house.all(Review, order="number")[-1]
    assert (kept.period, kept.decision, kept.remaining) == (
        "2026-12",
        Decision.PARTIALLY_IMPROVED,
        Remaining.SMALLER,
    )
    assert "9 of 20 then, 17 of 20 now" in kept.movement
    saved = words(ruth.modal())
    assert f"Saved as *{ref(kept)}*" in saved
    assert "is partially improved" in saved
    assert house.all(Priority, id=priority.id)[0].status is PriorityStatus.PARTIALLY_IMPROVED
    told = house.actor("deepa").see("Decided: partially improved")
    assert told
    assert "Ruth Callaghan recorded the monthly review" in words(told)
    assert "P1 is partially improved" not in words(told), "which would say it twice"


def test_a_decision_asks_what_it_wants_and_keeps_what_was_typed(house: House) -> None:
    priority = measured(house)
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} governance")
    view = ruth.see_modal("Governance review")
    typed = {"agreement": {"agreement": {"type": "plain_text_input", "value": "Two more weeks of coaching"}}}
    result = ruth.click(view, "review.decision", selected_option="extend", state=typed)
    assert result["ok"], result
    grown = ruth.see_modal("New target date")
    assert len(inputs(grown)) <= 6
    assert {"target_on", "why", "agreement"} <= set(inputs(grown))
    assert "Two more weeks of coaching" in words(grown)
    past = ruth.submit({"target_on": "2026-01-01", "why": "Two staff off sick"}, grown)
    assert "has passed" in past["errors"]["target_on"]
    later = today(house) + timedelta(days=60)
    assert ruth.submit({"target_on": later.isoformat(), "why": "Two staff off sick"}, grown)["ok"]
    assert house.all(Priority, id=priority.id)[0].target_on == later
    (kept,) = house.all(Review)
    assert (kept.decision, kept.agreement) == (Decision.EXTEND, "Two more weeks of coaching")


def test_a_form_that_did_not_show_what_the_decision_wants_shows_it_before_anything_is_kept(house: House) -> None:
    priority = measured(house)
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} governance")
    view = ruth.see_modal("Governance review")
    answers = {"decision": "revise target", "agreement": "95 is within reach"}
    assert ruth.submit(answers, view)["ok"]
    grown = ruth.see_modal("New target")
    assert house.all(Review) == []
    assert "95 is within reach" in words(grown)
    assert {"measure", "target", "why"} <= set(inputs(grown))
    ruth.submit({"measure": grown_option(grown, "measure"), "target": "95", "why": "17 of 20 reached"}, grown)
    assert "has a new target" in words(ruth.see_modal("Saved"))


def test_personal_data_is_pointed_out_once_through_all_steps(house: House) -> None:
    priority = measured(house)
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} governance")
    view = ruth.see_modal("Governance review")
    answers = {"decision": "extend", "agreement": "Call the daughter on 020 7946 0018"}
    ruth.submit(answers, view)
    asked = ruth.see_modal("020 7946 0018")
    assert house.all(Review) == []
    ruth.submit({}, asked)
    grown = ruth.see_modal("New target date")
    later = (today(house) + timedelta(days=60)).isoformat()
    ruth.submit({"target_on": later, "why": "Agency staff left"}, grown)
    (kept,) = house.all(Review)
    assert kept.agreement == "Call the daughter on 020 7946 0018"


def grown_option(view: Json, name: str) -> str:
    """The first choice of a select."""
    block = next(b for b in view["blocks"] if b.get("block_id") == name)
    return str(block["element"]["options"][0]["value"])


def test_an_escalation_in_a_review_reaches_the_provider_once(house: House) -> None:
    priority = measured(house, met=9)
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} governance")
    view = ruth.see_modal("Governance review")
    ruth.click(view, "review.decision", selected_option="escalate")
    grown = ruth.see_modal("Escalate to whom?")
    assert ruth.submit({"why": "No change since October"}, grown)["ok"]
    ruth.submit({"why": "No change since October"}, grown)
    (escalation,) = house.all(Escalation)
    priya = house.actor("priya")
    told = priya.see("Which response do you choose?")
    assert "No change since October" in words(told)
    priya.click(told, "escalation.respond")
    form = priya.see_modal("Respond to")
    assert priya.submit({"response": "wider sampling", "how": "40 sheets"}, form)["ok"]
    assert house.all(Escalation)[0].response == "wider sampling"
    assert "wider sampling" in words(ruth.see("chose the response"))
    assert len([m for m in priya.dm() if ref(escalation) in words(m)]) == 1


def test_assurance_judgements_and_reassessment_by_their_own_people(house: House) -> None:
    priority = measured(house)
    hannah, idris = house.actor("hannah"), house.actor("idris")
    hannah.command(f"/sip review {ref(priority)} assurance")
    view = hannah.see_modal("Assurance review")
    hannah.submit({"judgement": "not improved", "unresolved": "Nights still miss it"}, view)
    assert house.all(Review)[0].judgement is Judgement.NOT_IMPROVED
    told = house.actor("ruth").see("Judged: not improved")
    house.actor("ruth").click(told, "review.open")
    assert house.actor("ruth").see_modal("Governance review")
    idris.command(f"/sip review {ref(priority)} reassessment")
    form = idris.see_modal("Reassessment")
    assert "X2 17 of 20" in words(form)
    idris.submit({"improved": "Sheets are complete"}, form)
    assert house.all(Review, order="number")[-1].sample_id


def test_provider_pack_preparation_and_long_running(house: House) -> None:
    priority = measured(house)
    priya = house.actor("priya")
    priya.command(f"/sip review {ref(priority)} quarterly")
    view = priya.see_modal("Provider review")
    options = next(b for b in view["blocks"] if b.get("block_id") == "decision")["element"]["options"]
    assert [o["value"] for o in options] == ["keep open", "escalate"]
    assert priya.submit({"challenge": "  "}, view)["errors"]["challenge"]
    assert priya.submit({"challenge": "Why only day staff?"}, view)["ok"]
    assert "Why only day staff?" in words(house.actor("ruth").see("quarterly provider review"))
    deepa, hannah, ruth = (house.actor(name) for name in ("deepa", "hannah", "ruth"))
    deepa.command(f"/sip review {ref(priority)} pack")
    pack = deepa.see_modal("Gathered since the last pack")
    assert deepa.submit({"remaining": "smaller"}, pack)["ok"]
    hannah.command(f"/sip review {ref(priority)} preparation")
    form = hannah.see_modal("Governance preparation")
    assert hannah.submit({"specific": "A1 names the sheet", "monitoring": "10 sheets a week"}, form)["ok"]
    ruth.command(f"/sip review {ref(priority)} long-running 2026-12")
    form = ruth.see_modal("Long-running review")
    missing = ruth.submit({"decision": "keep open", "unresolved": "Nights", "why": " "}, form)
    assert missing["errors"]["why"]
    assert ruth.submit({"decision": "keep open", "unresolved": "Nights", "why": "Agency staff"}, form)["ok"]
    kinds = {r.kind for r in house.all(Review)}
    assert kinds == {ReviewKind.QUARTERLY, ReviewKind.PACK, ReviewKind.PREPARATION, ReviewKind.LONG_RUNNING}


def test_a_month_is_reviewed_once_and_the_next_is_offered(house: House) -> None:
    priority = measured(house)
    review(house, priority, kind=ReviewKind.MONTHLY, period="2026-12")
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} monthly")
    assert "January 2027" in words(ruth.see_modal("Monthly review"))
    ruth.close()
    ruth.command(f"/sip review {ref(priority)} monthly 2026-12")
    view = ruth.see_modal("December 2026")
    again = ruth.submit({"decision": "keep open"}, view)
    assert "is recorded already: R1" in " ".join(again["errors"].values())


def test_the_kind_is_asked_for_and_only_what_one_may_is_offered(house: House) -> None:
    priority = measured(house)
    hannah = house.actor("hannah")
    hannah.command("/sip review")
    asked = hannah.told("oak-house")
    shown = words(asked)
    assert "Which review" in shown
    assert "Assurance review" in shown
    assert "Monthly review" not in shown
    hannah.click(asked, "review.open#assurance")
    assert hannah.see_modal("Assurance review")
    ruth = house.actor("ruth")
    ruth.command(f"/sip review {ref(priority)} yearly")
    assert "is no kind of review" in words(ruth.told("oak-house"))
    falls = house.priority("Falls")
    ruth.command("/sip review monthly 2026-12")
    ruth.choose(ruth.told("oak-house"), "review.open", "P1 Handovers")
    assert "December 2026" in words(ruth.see_modal("Monthly review"))
    ruth.close()
    for each in (priority, falls):
        review(house, each, kind=ReviewKind.MONTHLY, period="2026-12")
    ruth.command("/sip review monthly 2026-12")
    assert "Every open priority has its monthly review of December 2026" in words(ruth.told("oak-house"))
    ruth.command("/sip review")
    ruth.choose(ruth.told("oak-house"), "review.open", "P2 Falls")
    assert "Which review of *P2* Falls" in words(ruth.see("Which review of P2", "oak-house"))


def test_refusals_of_reviews(house: House) -> None:
    priority = house.priority()
    ruth, amara, hannah, callum = (*(house.actor(n) for n in ("ruth", "amara", "hannah")), house.newcomer())
    for actor, said, answer in (
        (amara, "/sip review P1", "Your role records no reviews. Ask Ruth Callaghan"),
        (amara, "/sip review P1 monthly", "Only a Registered Manager may decide a review"),
        (hannah, "/sip review P1 governance", "Only a Registered Manager may decide a review"),
        (hannah, "/sip close P1", "Only a Registered Manager may open, change or close a priority"),
        (hannah, "/sip review P1 assurance", "no follow-up sample to judge yet"),
        (ruth, "/sip review P1 reassessment", "no follow-up to set against a baseline"),
        (ruth, "/sip review P9 monthly", "There is no priority P9"),
        (callum, "/sip review P1 monthly", "There is no priority P1 that you may see"),
        (ruth, "/sip review P1 monthly 2029-01", "has not begun yet"),
    ):
        actor.command(said)
        assert answer in words(actor.told("oak-house")), said
        assert actor.modal() is None, said
    of = measure(house, priority)
    sample(house, of, 9, baseline=True)
    with house.program.desk.store.transaction() as work:
        work.save(replace(priority, status=PriorityStatus.CLOSED, closed_on=today(house)))
    ruth.command("/sip review P1 monthly")
    assert "Reopen it first" in words(ruth.told("oak-house"))


def test_words_in_the_conversation_offer_a_button(house: House) -> None:
    priority = measured(house)
    ruth = house.actor("ruth")
    ruth.say(f"review {ref(priority)} monthly")
    asked = ruth.see("I need a few more words")
    ruth.click(asked, "words.run")
    assert ruth.see_modal("Monthly review")
