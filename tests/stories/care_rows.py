"""What the fifteen registers hold at the end of the care-records story, written down by hand."""

from datetime import date, datetime

from bot.reports.register_parts import Row

P1 = "P1 Mouth care"
WRITE = "Write mouth care into the care plan of every person on Willow unit"
WATCH = "Watch mouth care of two people on Willow unit every morning and sign the sheet"
CHECK = "Idris reads 30 plans by 27 January; 24 of 30 cover mouth care"
WATCHED = "Idris watches 20 mornings by 26 February; 16 of 20 are done"
AMARA, DEEPA, HANNAH, IDRIS, RUTH = "Amara Osei", "Deepa Nair", "Hannah Whitfield", "Idris Bello", "Ruth Callaghan"
JAN_11, JAN_13, JAN_27 = date(2027, 1, 11), date(2027, 1, 13), date(2027, 1, 27)
JAN_29, FEB_26, MAR_1 = date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 1)
PLANS, SEEN = ("M1 Plans that cover mouth care", "record"), ("M2 Mouth care seen given", "practice")
MOVED = (
    "M1 Plans that cover mouth care (record): 8 of 30 then, 27 of 30 now: more than chance. The true change probably "
    "lies between 40 points better and 77 points better. Target: 27 of 30 against at least 80 %: met on the day. A "
    "small sample can meet it by luck.\n"
    "M2 Mouth care seen given (practice): 6 of 20 then, 17 of 20 now: more than chance. The true change probably lies "
    "between 25 points better and 73 points better. Target: 17 of 20 against at least 80 %: met on the day. A small "
    "sample can meet it by luck."
)


def rows() -> dict[int, list[Row]]:
    """By the number of the register; those that the story does not touch are empty."""
    held: dict[int, list[Row]] = {number: [] for number in (3, 9, 10, 11, 12, 15)}
    issue = "On Willow unit, 22 of 30 care plans leave out mouth care (audit of 12 January 2027)"
    held[1] = [
        (
            *("P1", "Mouth care", issue, "Audit of 30 care plans on 12 January: 8 complete (S1)"),
            *("People eat less and have pain", "", "moderate", "", "closed", RUTH, JAN_13, None, MAR_1, ""),
        )
    ]
    found = "The sheet of this morning is signed for two people"
    held[2] = [
        (
            *("A1", P1, WATCH, AMARA, JAN_29, JAN_29, WATCHED, "", "verified", "weak"),
            *(JAN_27, JAN_27, HANNAH, found, 0, ""),
        )
    ]
    judged = ("improved", "Improved: Care is given, and plans say so.", HANNAH, FEB_26)
    target = "at least 80 %"
    held[4] = [
        (
            *("X3", JAN_27, P1, *PLANS, "Care plans", "8 of 30", "27 of 30", "improved"),
            *(target, "met", "", "", IDRIS, *judged),
        ),
        (
            *("X4", JAN_27, P1, *SEEN, "Morning care", "6 of 20", "7 of 20", "no measurable change"),
            *(target, "missed", "", "", IDRIS, *judged),
        ),
        (
            *("X5", FEB_26, P1, *SEEN, "Morning care", "6 of 20", "17 of 20", "improved"),
            *(target, "met", "", "", IDRIS, *judged),
        ),
    ]
    better = "Improved: People have clean mouths."
    held[5] = [("R3", MAR_1, P1, "", "close", better, MOVED, "", None, RUTH, "", None)]
    sore, missed = "Plan of H. W. on Willow unit says nothing of mouth care; gums were sore", "Mouth care seen given"
    why = "no action needed: A1 narrowed to what is seen in the morning"
    held[6] = [
        (
            "S1",
            JAN_11,
            "record-level finding",
            "mouth care",
            sore,
            P1,
            "",
            "moderate",
            "CP-9",
            HANNAH,
            "answered by A1",
        ),
        *[
            (
                *("X4", JAN_27, "sample", "mouth care", f"{missed}: 7 of 20"),
                *(P1, "", "moderate", "Morning care", IDRIS, why),
            )
        ],
    ]
    # A month after closure is Thursday 1 April 2027, a working day between Easter Monday and the weekend.
    held[7] = [("A1", P1, "mouth care", "moderate", WATCH, "weak", AMARA, JAN_29, "verified", date(2027, 4, 1))]
    held[8] = [
        (
            # Written before A1 was narrowed, the entry tells what A1 was then.
            *("E1", date(2027, 1, 20), "early", f"A1 {WRITE}", "file support"),
            *("Went through six plans with key workers", "", 4, "", "", "verified", "", DEEPA),
            datetime(2027, 1, 20, 10, 0),  # noqa: DTZ001  # what the clock on the wall showed
        )
    ]
    by = ("Paper alone", DEEPA, JAN_27)
    held[13] = [
        ("A1", P1, "what will be done", WRITE, WATCH, *by),
        ("A1", P1, "how we check it", CHECK, WATCHED, *by),
    ]
    held[14] = [("R1", JAN_27, P1, "A1 names the unit and the hour", "20 mornings a month", "Practice", "", HANNAH)]
    return held
