"""Care records, practice or only paperwork: files improve, care does not; the actions are narrowed until both do."""

from datetime import date, datetime

from tests.handlers.conftest import House
from tests.stories.stage import Stage

P1 = "P1 Mouth care"
REMIND = "Write mouth care into the care plan of every person on Willow unit"
WATCH = "Watch mouth care of two people on Willow unit every morning and sign the sheet"


def tell(stage: Stage) -> None:
    """From an audit finding in January to closure in March 2027."""
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
    for name, lens in (("Plans that cover mouth care", "record"), ("Mouth care seen given", "practice")):
        stage.fill("hannah", "measure new P1", "New measure", {"name": name, "lens": lens, "target": "80"}, name)
    figures = "How many of them met the standard?"
    stage.fill("hannah", "sample M1", figures, {"n": 30, "met": 8, "sampled": "Care plans"}, "baseline of M1")
    stage.fill("hannah", "sample M2", figures, {"n": 20, "met": 6, "sampled": "Morning care"}, "baseline of M2")
    check = "Idris reads 30 plans by 27 January; 24 of 30 cover mouth care"
    answers = {"what": REMIND, "owner_id": "U0AMARA", "due_on": "2027-01-29", "check": check, "strength": "weak"}
    stage.fill("deepa", "action new P1", "New action", answers, "owns it")
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
            "check": "Idris watches 20 mornings by 26 February; 16 of 20 are done",
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
    stage.say("deepa", "answer X4 " + answer, "X4")
    stage.on("2027-03-01")
    stage.fill("ruth", "close P1", "Close P1", {"improved": "People have clean mouths"}, "closed")


def test_care_records_practice_or_only_paperwork(house: House) -> None:
    stage = Stage(house)
    tell(stage)
    held = stage.registers()
    jan_27 = date(2027, 1, 27)
    by = ("Paper alone", "Deepa Nair", jan_27)
    check = "Idris reads 30 plans by 27 January; 24 of 30 cover mouth care"
    watched = "Idris watches 20 mornings by 26 February; 16 of 20 are done"
    assert held[8] == [
        (
            "E1",
            date(2027, 1, 20),
            "early",
            f"A1 {WATCH}",
            "file support",
            "Went through six plans with key workers",
            "4",
            4,
            "",
            "",
            "verified",
            "",
            "Deepa Nair",
            datetime(2027, 1, 20, 10, 0),  # noqa: DTZ001  # what the clock on the wall showed
        )
    ]
    assert held[13] == [
        ("A1", P1, "what will be done", REMIND, WATCH, *by),
        ("A1", P1, "how we check it", check, watched, *by),
    ]
    assert held[14] == [
        ("R1", jan_27, P1, "A1 names the unit and the hour", "20 mornings a month", "Practice", "", "Hannah Whitfield")
    ]
    baseline = ("6 of 20",)
    assert [(row[0], row[4], row[6], row[7], row[8], row[10]) for row in held[4]] == [
        ("X3", "record", "8 of 30", "27 of 30", "improved", "met"),
        ("X4", "practice", *baseline, "7 of 20", "no measurable change", "missed"),
        ("X5", "practice", *baseline, "17 of 20", "improved", "met"),
    ]
    (priority,) = held[1]
    assert (priority[8], priority[12]) == ("closed", date(2027, 3, 1))
    jan_29, amara, checked = date(2027, 1, 29), "Amara Osei", "The sheet of this morning is signed for two people"
    when = (jan_27, jan_27, "Hannah Whitfield")
    assert held[2] == [("A1", P1, WATCH, amara, jan_29, jan_29, watched, "", "verified", "weak", *when, checked, 0, "")]
    missed, why = "Mouth care seen given: 7 of 20", "no action needed: A1 narrowed to what is seen in the morning"
    assert held[6] == [
        ("X4", jan_27, "sample", "mouth care", missed, P1, "", "moderate", "Morning care", "Idris Bello", why)
    ]
    assert held[7] == [("A1", P1, "mouth care", "moderate", WATCH, "weak", amara, jan_29, "verified", None)]
    for number in (3, 9, 10, 11, 12, 15):
        assert held[number] == [], number
