"""Communication weakness: from a family's complaint to a closed priority, and what the fifteen registers hold of it."""

from tests.handlers.conftest import House
from tests.stories.communication_rows import CALL, SHEET, rows
from tests.stories.stage import Stage


def tell(stage: Stage) -> None:
    """Three weeks in January and February 2027."""
    stage.fill(
        "amara",
        "signal",
        "Log a signal",
        {
            "source": "complaint",
            "summary": "Daughter of E. M. was told nothing of the fall of 11 January",
            "on": "2027-01-12",
            "theme": "handovers",
            "reference": "C-14",
        },
        "S1",
    )
    stage.fill(
        "beatriz",
        "signal",
        "Log a signal",
        {
            "source": "incident",
            "summary": "Night staff walked E. M. without the frame; the day shift had not passed on the fall",
            "theme": "handovers",
        },
        "S2",
    )
    stage.fill(
        "ruth",
        "priority new",
        "New priority",
        {
            "title": "Handovers on nights",
            "problem_statement": "At 20:00 on Willow unit, 11 of 20 handovers left out a fall or change of the day",
            "rationale": "People may fall again, and families hear of it late",
            "evidence_base": "Audit of 20 handover sheets on 12 January: 9 complete",
            "risk": "high",
        },
        "P1",
    )
    stage.say("deepa", "signal link S1 P1", "S1")
    stage.say("deepa", "signal link S2 P1", "S2")
    stage.fill(
        "ruth",
        "priority edit P1",
        "Edit P1",
        {"affected_areas": "Willow unit", "target_on": "2027-03-31", "reason": "Agreed with Hannah"},
        "P1",
    )
    for name, lens, target in (("Handovers complete", "record", "90 %"), ("Families told the day", "experience", "75")):
        answers = {"name": name, "lens": lens, "target": target}
        stage.fill("hannah", "measure new P1", "New measure", answers, name)
    stage.fill(
        "hannah",
        "sample M1",
        "baseline",
        {
            "n": 20,
            "met": 9,
            "sampled": "Handover sheets of nights",
            "findings": "Falls and new pain relief were left out",
        },
        "baseline of M1",
    )
    stage.fill(
        "hannah",
        "sample M2",
        "baseline",
        {"n": 20, "met": 4, "sampled": "Calls to families", "in_their_words": "Nobody rang us"},
        "baseline of M2",
    )
    for what, owner, due, check in (
        (
            SHEET,
            "U0AMARA",
            "2027-01-27",
            "Hannah reads 20 sheets by 27 January; 18 of 20 are complete",
        ),
        (
            CALL,
            "U0BEATRIZ",
            "2027-01-28",
            "Hannah rings 5 families by 28 January; 4 of 5 were told on the day",
        ),
    ):
        answers = {"what": what, "owner_id": owner, "due_on": due, "check": check, "strength": "intermediate"}
        stage.fill("deepa", "action new P1", "New action", answers, "owns it")
    stage.say("deepa", "milestone add A1 01/02/2027 20 sheets of nights", "A review point of A1 is planned")

    stage.on("2027-01-14", "21:00")
    stage.fill(
        "amara",
        "log A1",
        "Log implementation",
        {
            "what": "Briefed night staff on the 8-line sheet with two examples",
            "kind": "briefing",
            "attended": "6",
            "files": [("briefing.txt", b"The 8 lines of the sheet")],
        },
        "Saved as E1",
    )
    stage.on("2027-01-20")
    stage.say("beatriz", "log A2 Rang two families on the day of the fall; both calls are signed in the sheet", "E2")
    stage.on("2027-01-27")
    stage.say("amara", "done A1", "waits for a check by Hannah Whitfield")
    stage.say("beatriz", "done A2", "waits for a check by Hannah Whitfield")
    stage.say("hannah", "verify A1 accept 20 sheets read, 19 complete", "is verified")
    stage.say("hannah", "verify A2 accept 5 families rung, 5 were told on the day", "is verified")

    stage.on("2027-02-01")
    stage.fill(
        "idris",
        "sample M1",
        "How many of them met the standard?",
        {"n": 20, "met": 19, "sampled": "Handover sheets of nights", "findings": "One sheet was not signed"},
        "improved",
    )
    stage.fill(
        "idris",
        "sample M2",
        "How many of them met the standard?",
        {"n": 20, "met": 17, "sampled": "Calls to families", "in_their_words": "They rang within the hour"},
        "improved",
    )
    stage.fill(
        "hannah",
        "review P1 assurance",
        "Assurance review",
        {"judgement": "improved", "improved": "Sheets and calls", "unresolved": "Agency nights are few in the sample."},
        "R1",
    )
    stage.fill(
        "idris",
        "review P1 reassessment",
        "Reassessment",
        {"sample": "X3 19 of 20, Mon 1 Feb 2027", "improved": "Sheets are complete"},
        "R2",
    )
    stage.fill(
        "ruth",
        "review P1 monthly",
        "Monthly review",
        {
            "decision": "ready to close",
            "improved": "Night staff read the sheet aloud at 20:00",
            "remaining": "smaller",
            "next_steps": "Close with the team on 3 February",
            "next_review_on": "2027-02-03",
        },
        "is ready to close",
    )
    stage.on("2027-02-03")
    stage.fill(
        "ruth",
        "close P1",
        "Close P1",
        {
            "sample": "X3 19 of 20, Mon 1 Feb 2027",
            "improved": "Falls of the day reach the night; families say so",
            "next_steps": "Hannah resamples 20 sheets in May",
            "present": "R Callaghan, H Whitfield",
        },
        "closed",
    )
    stage.say("ruth", "sign R4", "R4 is signed")


def test_communication_weakness_from_complaint_to_closure(house: House) -> None:
    stage = Stage(house)
    tell(stage)
    stage.holds(rows())
