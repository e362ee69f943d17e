"""What the fifteen registers hold at the end of the story of the plan that lost its grip, written down by hand."""

from datetime import date, datetime

from bot.reports.register_parts import Row

P1, P2 = "P1 Grip on everyday care", "P2 Medicines in the evening"
P3, P4 = "P3 Supervision of staff", "P4 Replies to families"
SUPERVISE = "Hold one supervision of 30 minutes with each of 24 staff in the office"
BOOK = "Hold two supervisions at 14:00 in the office every weekday, both written into the rota"
COUNT = "Count the evening tablets of every person at 20:00, two staff together"
RING = "Ring every family within 7 days of a complaint and sign the call in the book"
AMARA, BEATRIZ, DEEPA = "Amara Osei", "Beatriz Moreno", "Deepa Nair"
HANNAH, IDRIS, RUTH, PRIYA = "Hannah Whitfield", "Idris Bello", "Ruth Callaghan", "Priya Raman"
JAN_13, FEB_10, FEB_26, MAR_31, APR_1, MAY_28, JUN_1, JUN_30, JUL_1, JUL_20, JUL_27, SEP_9, SEP_10, SEP_15 = (
    date(2027, *day)
    for day in (
        *((1, 13), (2, 10), (2, 26), (3, 31), (4, 1), (5, 28), (6, 1)),
        *((6, 30), (7, 1), (7, 20), (7, 27), (9, 9), (9, 10), (9, 15)),
    )
)
SUPERVISED, MEDICINES = "M1 Staff supervised within two months", "M2 Medicine records right"
ANSWERED = "M3 Families answered within 7 days"
CHANCE, LUCK = "The true change probably lies between", "A small sample can meet it by luck."
STUCK = (
    f"{SUPERVISED} (practice): 7 of 24 then, 8 of 24 now: this could be chance. {CHANCE} 21 points worse and 29 points "
    "better. Target: 8 of 24 against at least 80 %: not met."
)
HALF_WAY = (
    f"{STUCK}\n{MEDICINES} (record): 11 of 20 then, 19 of 20 now: more than chance. {CHANCE} 13 points better and 61 "
    f"points better. Target: 19 of 20 against at least 90 %: met on the day. {LUCK}\n"
    f"{ANSWERED} (experience): 4 of 12 then, 5 of 12 now: this could be chance. {CHANCE} 27 points worse and 41 points "
    "better. Target: 5 of 12 against at least 75 %: not met."
)
NARROWED = "Asking alone did not move it"


def rows() -> dict[int, list[Row]]:
    """By the number of the register; the story reaches every one."""
    return _planned() | _done() | _reviewed() | _decided()


def _planned() -> dict[int, list[Row]]:
    """Registers 1, 2, 6, 7 and 13."""
    base, why = "Audit AU-7 of 12 January and the complaints of the winter", "People miss medicines, and families stop"
    more = (f"{why} telling us", "Whole house", "high", "")
    broad = (
        "On 13 January 17 of 24 staff were unsupervised, 9 of 20 medicine records were wrong and 8 of 12 families had "
        "waited more than 7 days for a reply"
    )
    evening = "At 20:00 9 of 20 medicine records were wrong in January; 1 of 20 in April"
    unsupervised = "16 of 24 staff had no supervision within two months on 1 April"
    waited = "7 of 12 families waited more than 7 days for a reply on 1 April"
    closed, split = ("closed", RUTH, JAN_13, JUN_30), ("split", RUTH, JAN_13, JUN_30)
    files, records = (
        "Hannah reads 24 files on 26 February; 20 of 24 in two months",
        "Idris reads 20 records on 31 March",
    )
    now = "Hannah reads 24 files on 10 September; 20 of 24 in two months"
    rung = "Hannah rings 12 families on 31 March; 9 of 12 had a reply"
    slips = (
        "26 February 2027 to 31 March 2027: Two seniors were off sick; 31 March 2027 to 28 May 2027: No hour was left "
        "in the rota; 28 May 2027 to 9 September 2027: 24 hours at two a day"
    )
    theirs = ("Whole house", "high")
    return {
        1: [
            ("P1", "Grip on everyday care", broad, base, *more, *split, JUL_20, "split into P2, P3 and P4"),
            ("P2", "Medicines in the evening", evening, f"{base} (S1)", *more, *closed, JUL_20, "split from P1"),
            ("P3", "Supervision of staff", unsupervised, f"{base} (S3)", *more, *closed, SEP_15, "split from P1"),
            ("P4", "Replies to families", waited, f"{base} (S2)", *more, *closed, SEP_15, "split from P1"),
        ],
        2: [
            (
                *("A1", P3, BOOK, BEATRIZ, SEP_9, FEB_26, now, "10 September 2027 (sampled)", "verified", "strong"),
                *(SEP_9, SEP_9, HANNAH, "24 files read, 22 in two months", 3, slips),
            ),
            (
                *("A2", P2, COUNT, AMARA, MAR_31, MAR_31, f"{records}; 18 of 20 are right", "", "verified"),
                *("intermediate", MAR_31, MAR_31, HANNAH, "Counts of 14 evenings are signed by two", 0, ""),
            ),
            (
                *("A3", P4, RING, BEATRIZ, MAR_31, MAR_31, rung, "", "verified", "weak"),
                *(SEP_9, SEP_9, HANNAH, "12 families rung, 11 had a reply", 0, ""),
            ),
        ],
        6: [
            (
                *("S1", JAN_13, "incident", "medicines"),
                *("Evening tablets of J. K. were signed for and found in the pot", P2, *theirs, "D-311", AMARA, ""),
            ),
            (
                *("S2", JAN_13, "complaint", "replies"),
                *("Son of R. P. wrote twice about lost clothes and heard nothing", P4, *theirs, "C-21", BEATRIZ, ""),
            ),
            (
                *("S3", JAN_13, "audit finding", "supervision", "17 of 24 staff had no supervision since October"),
                *(P3, *theirs, "AU-7", IDRIS, "answered by A1"),
            ),
            (
                *("X2", JAN_13, "sample", "grip on everyday care", "Gaps at 20:00 (Medicine records right: 11 of 20)"),
                *(P1, *theirs, "Medicine records of one night", HANNAH, ""),
            ),
            (
                *("X4", APR_1, "sample", "grip on everyday care", "Staff supervised within two months: 8 of 24"),
                *(P1, *theirs, "Supervision files", IDRIS, "answered by A1"),
            ),
            (
                *("X6", APR_1, "sample", "grip on everyday care", "Families answered within 7 days: 5 of 12"),
                *(P1, *theirs, "Calls to families", IDRIS, "answered by A3"),
            ),
        ],
        7: [
            # Closed priorities are looked at again a month later; 20 August and 15 October 2027 are Fridays.
            ("A1", P3, "supervision of staff", "high", BOOK, "strong", BEATRIZ, SEP_9, "verified", date(2027, 10, 15)),
            (
                *("A2", P2, "medicines in the evening", "high", COUNT, "intermediate", AMARA, MAR_31, "verified"),
                date(2027, 8, 20),
            ),
            ("A3", P4, "replies to families", "high", RING, "weak", BEATRIZ, MAR_31, "verified", date(2027, 10, 15)),
        ],
        13: [
            ("A1", P3, "due date", "26 February 2027", "31 March 2027", "Two seniors were off sick", BEATRIZ, FEB_26),
            ("A1", P3, "due date", "31 March 2027", "28 May 2027", "No hour was left in the rota", BEATRIZ, MAR_31),
            ("A1", P3, "what will be done", SUPERVISE, BOOK, NARROWED, DEEPA, JUL_20),
            ("A1", P3, "how we check it", files, now, NARROWED, DEEPA, JUL_20),
            ("A1", P3, "due date", "28 May 2027", "9 September 2027", "24 hours at two a day", BEATRIZ, JUL_20),
        ],
    }


def _done() -> dict[int, list[Row]]:
    """Registers 3 and 8: E1 was written before A1 was narrowed, and tells what it was then."""
    written = (datetime(2027, 2, 10, 10, 0), datetime(2027, 7, 27, 11, 0))  # noqa: DTZ001  # the clocks on the wall
    briefed = "Briefed the night team on counting at 20:00"
    return {
        3: [
            (
                *("E2", FEB_10, "early", f"A2 {COUNT}", briefed, "Amara, two agency", None),
                *("", "", "", AMARA, written[0]),
            )
        ],
        8: [
            (
                *("E1", FEB_10, "early", f"A1 {SUPERVISE}", "supervision", "Supervised three of 24 staff", "", 3),
                *("Glad of the hour", "The rota left no other hour free", "verified", "", BEATRIZ, written[0]),
            ),
            (
                *("E3", JUL_27, "early", f"A1 {BOOK}", "supervision", "Supervised two staff at 14:00 as the rota says"),
                *("", 2, "", "", "verified", "", BEATRIZ, written[1]),
            ),
        ],
    }


def _reviewed() -> dict[int, list[Row]]:
    """Registers 4, 9, 12 and 14."""
    half = ("partly improved", "Improved: Medicine records. Unresolved: Supervision and replies.", HANNAH, APR_1)
    files, one_night, calls = "Supervision files", "Medicine records of one night", "Calls to families"
    moved, stuck = "improved", "no measurable change"
    eighty, ninety, three_quarters = "at least 80 %", "at least 90 %", "at least 75 %"

    def judged(what: str, on: date) -> Row:
        return ("improved", f"Improved: {what}.", HANNAH, on)

    audits = (
        "S3 audit finding: 17 of 24 staff had no supervision since October; X2 Medicine records right: 11 of 20 on "
        "13 January 2027; X5 Medicine records right: 19 of 20 on 1 April 2027"
    )
    incidents = "S1 incident: Evening tablets of J. K. were signed for and found in the pot"
    feedback = (
        "S2 complaint: Son of R. P. wrote twice about lost clothes and heard nothing; X3 Families answered within 7 "
        'days: 4 of 12 on 13 January 2027, in their words: "I gave up asking"; X6 Families answered within 7 days: '
        "5 of 12 on 1 April 2027"
    )
    practice = (
        "X1 Staff supervised within two months: 7 of 24 on 13 January 2027; X4 Staff supervised within two months: 8 "
        "of 24 on 1 April 2027; E1 (observation, walk-round or supervision)"
    )
    watched = "24 files on 10 September"
    why = "Three problems under one name; each needs its own actions"
    return {
        4: [
            (
                *("X4", APR_1, P1, SUPERVISED, "practice", files, "7 of 24", "8 of 24", stuck),
                *(eighty, "missed", "", "", IDRIS, *half),
            ),
            (
                *("X5", APR_1, P1, MEDICINES, "record", one_night, "11 of 20", "19 of 20", moved),
                *(ninety, "met", "", "", IDRIS, *half),
            ),
            (
                *("X6", APR_1, P1, ANSWERED, "experience", calls, "4 of 12", "5 of 12", stuck),
                *(three_quarters, "missed", "", "", IDRIS, *half),
            ),
            (
                *("X7", JUL_20, P2, MEDICINES, "record", one_night, "11 of 20", "20 of 20", moved),
                *(ninety, "met", "", "", IDRIS, *judged("Medicines are right", JUL_20)),
            ),
            (
                *("X8", SEP_10, P3, SUPERVISED, "practice", files, "7 of 24", "22 of 24", moved),
                *(eighty, "met", "", "", IDRIS, *judged("Supervision", SEP_10)),
            ),
            (
                *("X9", SEP_10, P4, ANSWERED, "experience", calls, "4 of 12", "11 of 12", moved),
                *(three_quarters, "met", "", "They rang back the same day", IDRIS, *judged("Replies", SEP_10)),
            ),
        ],
        9: [
            (
                *("R10", SEP_10, P3, SUPERVISED, "practice", "X1", JAN_13, "7 of 24", "X8", SEP_10, "22 of 24"),
                *(moved, "yes, for the better", f"{CHANCE} 36 points better and 78 points better."),
                "Newcombe 95 % interval and Fisher's exact test (p < 0.05), at least 10 records each time",
                *("Supervision is in the rota", "", IDRIS),
            )
        ],
        12: [
            (
                *("R3", JUN_1, P1, audits, incidents, feedback, practice, "differently understood"),
                f"Improved: Medicines. Unresolved: Supervision, replies. Why: {why}.",
                DEEPA,
            )
        ],
        14: [("R6", JUL_20, P3, "A1 names the day, the hour and the rota", watched, "", "", HANNAH)],
    }


def _decided() -> dict[int, list[Row]]:
    """Registers 5, 10, 11 and 15."""
    two_a_day, team = "Beatriz supervises two staff a day from 26 July", "R Callaghan, D Nair, P Raman"
    medicines = (
        f"{MEDICINES} (record): 11 of 20 then, 20 of 20 now: more than chance. {CHANCE} 20 points better and 66 points "
        f"better. Target: 20 of 20 against at least 90 %: met on the day. {LUCK}"
    )
    supervised = (
        f"{SUPERVISED} (practice): 7 of 24 then, 22 of 24 now: more than chance. {CHANCE} 36 points better and 78 "
        f"points better. Target: 22 of 24 against at least 80 %: met on the day. {LUCK}"
    )
    answered = (
        f"{ANSWERED} (experience): 4 of 12 then, 11 of 12 now: more than chance. {CHANCE} 20 points better and 79 "
        f"points better. Target: 11 of 12 against at least 75 %: met on the day. {LUCK}"
    )
    rota, week = "Every member of staff has an hour in the rota", "Families hear back in a week"
    slipped = (
        "A1 (Beatriz Moreno) moved on 26 February 2027 from 26 February 2027 to 31 March 2027: Two seniors were off "
        "sick; moved on 31 March 2027 from 31 March 2027 to 28 May 2027: No hour was left in the rota\n"
        "A3 (Beatriz Moreno) overdue since 31 March 2027"
    )
    at_first = f"{SUPERVISED}: 80 %; {MEDICINES}: 90 %; {ANSWERED}: 75 %"
    sick = "Who takes the hour when a senior is sick?"
    return {
        5: [
            (
                *("R7", JUL_20, P3, team, "keep open", "Agreed: Deepa stands in.", STUCK, two_a_day, SEP_10),
                *(RUTH, RUTH, JUL_20),
            ),
            (
                *("R9", JUL_20, P2, "R Callaghan", "close", "Improved: Two count every evening.", medicines, "", None),
                *(RUTH, RUTH, SEP_15),
            ),
            (
                *("R13", SEP_15, P3, "R Callaghan, P Raman", "close", f"Improved: {rota}.", supervised, "", None),
                *(RUTH, RUTH, SEP_15),
            ),
            (
                *("R14", SEP_15, P4, "R Callaghan, P Raman", "close", f"Improved: {week}.", answered, "", None),
                *(RUTH, RUTH, SEP_15),
            ),
        ],
        10: [
            (
                *("R2", "March 2027", APR_1, P1, "Medicines are counted every evening"),
                *("No more staff are supervised than in January", "unchanged", "partially improved", HALF_WAY, slipped),
                *("Beatriz books six supervisions in April", date(2027, 5, 4), RUTH),
            )
        ],
        11: [
            (
                *("R5", "June 2027", P1, JAN_13, 6, JUN_30, at_first, HALF_WAY),
                *("Medicine records", "Supervision and replies to families"),
                "One broad priority hid that two of three parts did not move",
                *("split", "Split into three by 20 July", RUTH),
            )
        ],
        15: [
            (
                *("R4", JUL_1, "quarterly provider", P1, ""),
                "Half a year of reminders and the same figures: what will be different by September?",
                *("Split by 20 July; supervision goes into the rota", "escalate"),
                "L1 to Registered Manager: A1 slipped twice and supervision has not moved",
                "split the priority: Medicines, supervision and replies by 20 July (Ruth Callaghan)",
                *("Split into P2, P3 and P4 on 20 July", "", PRIYA, ""),
            ),
            (
                *("R7", JUL_20, "governance", P3, team, sick, "Deepa stands in", "keep open"),
                *("", "", "", two_a_day, RUTH, RUTH),
            ),
        ],
    }
