"""Care records, practice or only paperwork: files improve, care does not; the actions are narrowed until both do."""

from tests.handlers.conftest import House
from tests.stories.care_rows import CHECK, WATCH, WATCHED, WRITE, rows
from tests.stories.stage import Stage


def tell(stage: Stage) -> None:
    """From a record-level finding in January to closure in March 2027."""
    finding = {
        "source": "record-level finding",
        "summary": "Plan of H. W. on Willow unit says nothing of mouth care; gums were sore",
        "on": "2027-01-11",
        "theme": "mouth care",
        "reference": "CP-9",
    }
    stage.fill("hannah", "signal", "Log a signal", finding, "S1")
    stage.fill(
        "ruth",
        "priority new",
        "New priority",
        {
            "title": "Mouth care",
            "problem_statement": "On Willow unit, 22 of 30 care plans leave out mouth care (audit of 12 January 2027)",
            "rationale": "People eat less and have pain",
            "evidence_base": "Audit of 30 care plans on 12 January: 8 complete",
            "risk": "moderate",
        },
        "P1",
    )
    stage.say("deepa", "signal link S1 P1", "S1")
    for name, lens in (("Plans that cover mouth care", "record"), ("Mouth care seen given", "practice")):
        stage.fill("hannah", "measure new P1", "New measure", {"name": name, "lens": lens, "target": "80"}, name)
    figures = "How many of them met the standard?"
    stage.fill("hannah", "sample M1", figures, {"n": 30, "met": 8, "sampled": "Care plans"}, "baseline of M1")
    stage.fill("hannah", "sample M2", figures, {"n": 20, "met": 6, "sampled": "Morning care"}, "baseline of M2")
    answers = {"what": WRITE, "owner_id": "U0AMARA", "due_on": "2027-01-29", "check": CHECK, "strength": "weak"}
    stage.fill("deepa", "action new P1", "New action", answers, "owns it")
    stage.say("deepa", "answer S1 A1", "S1 is answered by A1")
    stage.on("2027-01-20")
    stage.fill(
        "deepa",
        "log A1",
        "Log implementation",
        {"what": "Went through six plans with key workers", "kind": "file support", "attended": "4"},
        "Saved as E1",
    )
    stage.on("2027-01-27")
    stage.fill("idris", "sample M1", figures, {"n": 30, "met": 27, "sampled": "Care plans"}, "improved")
    stage.fill("idris", "sample M2", figures, {"n": 20, "met": 7, "sampled": "Morning care"}, "no measurable change")
    stage.fill(
        "deepa",
        "action revise A1",
        "Revise A1",
        {
            "what": WATCH,
            "check": WATCHED,
            "reason": "Paper alone",
        },
        "A1",
    )
    stage.fill(
        "hannah",
        "review P1 preparation",
        "Governance preparation",
        {"specific": "A1 names the unit and the hour", "monitoring": "20 mornings a month", "unresolved": "Practice"},
        "R1",
    )
    stage.say("amara", "done A1", "waits for a check by Hannah Whitfield")
    stage.say("hannah", "verify A1 accept The sheet of this morning is signed for two people", "is verified")
    stage.on("2027-02-26")
    stage.fill("idris", "sample M2", figures, {"n": 20, "met": 17, "sampled": "Morning care"}, "improved")
    answer = "A1 narrowed to what is seen in the morning"
    stage.say("deepa", "answer X4 " + answer, "X4 needs no action")
    judged = {"judgement": "improved", "improved": "Care is given, and plans say so"}
    stage.fill("hannah", "review P1 assurance", "Assurance review", judged, "R2")
    stage.on("2027-03-01")
    stage.fill("ruth", "close P1", "Close P1", {"improved": "People have clean mouths"}, "closed")


def test_care_records_practice_or_only_paperwork(house: House) -> None:
    stage = Stage(house)
    tell(stage)
    stage.holds(rows())
