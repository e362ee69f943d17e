"""Communication weakness: from a family's complaint to a closed priority, and what the fifteen registers hold of it."""

from datetime import date, datetime

from tests.handlers.conftest import House
from tests.stories.stage import Stage

P1 = "P1 Handovers on nights"
JAN_13, JAN_27, JAN_28, FEB_1, FEB_3 = (date(2027, *day) for day in ((1, 13), (1, 27), (1, 28), (2, 1), (2, 3)))
SHEET = "Fill in the 8-line handover sheet at 20:00 on Willow unit every night"
CALL = "Ring the family on the day of every fall and sign the call in the sheet"
MOVED = (
    "M1 Handovers complete (record): 9 of 20 then, 19 of 20 now: more than chance. The true change probably lies "
    "between 22 points better and 70 points better. Target: 19 of 20 against at least 90 %: met on the day. A small "
    "sample can meet it by luck.\n"
    "M2 Families told the day (experience): 4 of 20 then, 17 of 20 now: more than chance. The true change probably "
    "lies between 35 points better and 80 points better. Target: 17 of 20 against at least 75 %: met on the day. A "
    "small sample can meet it by luck."
)


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
    held = stage.registers()
    assert held[1] == [
        (
            "P1",
            "Handovers on nights",
            "At 20:00 on Willow unit, 11 of 20 handovers left out a fall or change of the day",
            "Audit of 20 handover sheets on 12 January: 9 complete (S1 and S2)",
            "People may fall again, and families hear of it late",
            "Willow unit",
            "high",
            "",
            "closed",
            "Ruth Callaghan",
            JAN_13,
            date(2027, 3, 31),
            FEB_3,
            "",
        )
    ]
    assert held[2] == [
        (
            "A1",
            P1,
            SHEET,
            "Amara Osei",
            JAN_27,
            JAN_27,
            "Hannah reads 20 sheets by 27 January; 18 of 20 are complete",
            "1 February 2027 (sampled)",
            "verified",
            "intermediate",
            JAN_27,
            JAN_27,
            "Hannah Whitfield",
            "20 sheets read, 19 complete",
            0,
            "",
        ),
        (
            "A2",
            P1,
            CALL,
            "Beatriz Moreno",
            JAN_28,
            JAN_28,
            "Hannah rings 5 families by 28 January; 4 of 5 were told on the day",
            "",
            "verified",
            "intermediate",
            JAN_27,
            JAN_27,
            "Hannah Whitfield",
            "5 families rung, 5 were told on the day",
            0,
            "",
        ),
    ]
    assert held[3] == [
        (
            "E1",
            date(2027, 1, 14),
            "night",
            f"A1 {SHEET}",
            "Briefed night staff on the 8-line sheet with two examples",
            "6",
            6,
            "",
            "",
            "briefing.txt",
            "Amara Osei",
            datetime(2027, 1, 14, 21, 0),  # noqa: DTZ001  # what the clock on the wall showed
        )
    ]
    judged = ("improved", "Sheets and calls. Agency nights are few in the sample.", "Hannah Whitfield", FEB_1)
    records, calls = ("M1 Handovers complete", "record"), ("M2 Families told the day", "experience")
    assert held[4] == [
        (
            *("X3", FEB_1, P1, *records, "Handover sheets of nights", "9 of 20", "19 of 20", "improved"),
            *("at least 90 %", "met", "One sheet was not signed", "", "Idris Bello", *judged),
        ),
        (
            *("X4", FEB_1, P1, *calls, "Calls to families", "4 of 20", "17 of 20", "improved"),
            *("at least 75 %", "met", "", "They rang within the hour", "Idris Bello", *judged),
        ),
    ]
    assert held[5] == [
        (
            "R4",
            FEB_3,
            P1,
            "R Callaghan, H Whitfield",
            "close",
            "Falls of the day reach the night; families say so",
            MOVED,
            "Hannah resamples 20 sheets in May",
            None,
            "Ruth Callaghan",
            "Ruth Callaghan",
            FEB_3,
        )
    ]
    about = (P1, "Willow unit", "high")
    fall = "Daughter of E. M. was told nothing of the fall of 11 January"
    frame = "Night staff walked E. M. without the frame; the day shift had not passed on the fall"
    missing = "Falls and new pain relief were left out (Handovers complete: 9 of 20)"
    unsigned = "One sheet was not signed (Handovers complete: 19 of 20)"
    sheets, theme = "Handover sheets of nights", "handovers on nights"
    assert held[6] == [
        ("S1", date(2027, 1, 12), "complaint", "handovers", fall, *about, "C-14", "Amara Osei", ""),
        ("S2", JAN_13, "incident", "handovers", frame, *about, "", "Beatriz Moreno", ""),
        ("X1", JAN_13, "sample", theme, missing, *about, sheets, "Hannah Whitfield", ""),
        ("X3", FEB_1, "sample", theme, unsigned, *about, sheets, "Idris Bello", ""),
    ]
    assert held[7] == [
        ("A1", P1, theme, "high", SHEET, "intermediate", "Amara Osei", JAN_27, "verified", FEB_3),
        ("A2", P1, theme, "high", CALL, "intermediate", "Beatriz Moreno", JAN_28, "verified", FEB_3),
    ]
    assert held[9] == [
        (
            *("R2", FEB_1, P1, *records, "X1", JAN_13, "9 of 20", "X3", FEB_1, "19 of 20"),
            "improved",
            "yes, for the better",
            "The true change probably lies between 22 points better and 70 points better.",
            "Newcombe 95 % interval and Fisher's exact test (p < 0.05), at least 10 records each time",
            "Sheets are complete",
            "",
            "Idris Bello",
        )
    ]
    assert held[10] == [
        (
            "R3",
            "January 2027",
            FEB_1,
            P1,
            "Night staff read the sheet aloud at 20:00",
            "",
            "smaller",
            "ready to close",
            MOVED,
            "",
            "Close with the team on 3 February",
            FEB_3,
            "Ruth Callaghan",
        )
    ]
    for number in (8, 11, 12, 13, 14, 15):
        assert held[number] == [], number
