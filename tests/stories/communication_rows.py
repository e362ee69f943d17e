"""What the fifteen registers hold at the end of the communication story, written down by hand."""

from datetime import date, datetime

from bot.reports.register_parts import Row

P1 = "P1 Handovers on nights"
JAN_13, JAN_27, JAN_28 = date(2027, 1, 13), date(2027, 1, 27), date(2027, 1, 28)
FEB_1, FEB_3, MAR_3 = date(2027, 2, 1), date(2027, 2, 3), date(2027, 3, 3)
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


def rows() -> dict[int, list[Row]]:
    """By the number of the register; those that the story does not touch are empty."""
    held: dict[int, list[Row]] = {number: [] for number in (8, 11, 12, 13, 14, 15)}
    held[1] = [
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
    held[2] = [
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
    held[3] = [
        (
            "E1",
            date(2027, 1, 14),
            "night",
            f"A1 {SHEET}",
            "Briefed night staff on the 8-line sheet with two examples",
            "",
            6,
            "",
            "",
            "briefing.txt",
            "Amara Osei",
            datetime(2027, 1, 14, 21, 0),  # noqa: DTZ001  # what the clock on the wall showed
        )
    ]
    judged = (
        "improved",
        "Improved: Sheets and calls. Unresolved: Agency nights are few in the sample.",
        "Hannah Whitfield",
        FEB_1,
    )
    records, calls = ("M1 Handovers complete", "record"), ("M2 Families told the day", "experience")
    held[4] = [
        (
            *("X3", FEB_1, P1, *records, "Handover sheets of nights", "9 of 20", "19 of 20", "improved"),
            *("at least 90 %", "met", "One sheet was not signed", "", "Idris Bello", *judged),
        ),
        (
            *("X4", FEB_1, P1, *calls, "Calls to families", "4 of 20", "17 of 20", "improved"),
            *("at least 75 %", "met", "", "They rang within the hour", "Idris Bello", *judged),
        ),
    ]
    held[5] = [
        (
            "R4",
            FEB_3,
            P1,
            "R Callaghan, H Whitfield",
            "close",
            "Improved: Falls of the day reach the night; families say so.",
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
    held[6] = [
        ("S1", date(2027, 1, 12), "complaint", "handovers", fall, *about, "C-14", "Amara Osei", ""),
        ("S2", JAN_13, "incident", "handovers", frame, *about, "", "Beatriz Moreno", ""),
        ("X1", JAN_13, "sample", theme, missing, *about, sheets, "Hannah Whitfield", ""),
        ("X3", FEB_1, "sample", theme, unsigned, *about, sheets, "Idris Bello", ""),
    ]
    held[7] = [
        ("A1", P1, theme, "high", SHEET, "intermediate", "Amara Osei", JAN_27, "verified", MAR_3),
        ("A2", P1, theme, "high", CALL, "intermediate", "Beatriz Moreno", JAN_28, "verified", MAR_3),
    ]
    held[9] = [
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
    held[10] = [
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
    return held
