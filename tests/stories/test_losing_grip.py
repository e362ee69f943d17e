"""A long-running plan losing grip: one broad priority slips for half a year, is challenged, escalated and split, and
closes part by part."""

from typing import Any

from tests.handlers.conftest import House
from tests.stories.grip_rows import BOOK, COUNT, RING, SUPERVISE, rows
from tests.stories.stage import Stage

MET = "How many of them met the standard?"


def _begun(stage: Stage) -> None:
    """January: what everybody saw, one broad priority, its measures and actions."""
    signals = (
        ("amara", "incident", "Evening tablets of J. K. were signed for and found in the pot", "medicines", "D-311"),
        ("beatriz", "complaint", "Son of R. P. wrote twice about lost clothes and heard nothing", "replies", "C-21"),
        ("idris", "audit finding", "17 of 24 staff had no supervision since October", "supervision", "AU-7"),
    )
    for n, (who, source, summary, theme, reference) in enumerate(signals, 1):
        answers = {"source": source, "summary": summary, "theme": theme, "reference": reference}
        stage.fill(who, "signal", "Log a signal", answers, f"S{n}")
    stage.fill(
        "ruth",
        "priority new",
        "New priority",
        {
            "title": "Grip on everyday care",
            "problem_statement": "On 13 January 17 of 24 staff were unsupervised, 9 of 20 medicine records were wrong "
            "and 8 of 12 families had waited more than 7 days for a reply",
            "rationale": "People miss medicines, and families stop telling us",
            "evidence_base": "Audit AU-7 of 12 January and the complaints of the winter",
            "risk": "high",
        },
        "P1",
    )
    for n in (1, 2, 3):
        stage.say("deepa", f"signal link S{n} P1", f"S{n}")
    edit = {"affected_areas": "Whole house", "target_on": "2027-06-30", "reason": "Agreed with Priya"}
    stage.fill("ruth", "priority edit P1", "Edit P1", edit, "P1")
    measures = (
        ("Staff supervised within two months", "practice", "80", 24, 7, "Supervision files", "", ""),
        ("Medicine records right", "record", "90", 20, 11, "Medicine records of one night", "Gaps at 20:00", ""),
        ("Families answered within 7 days", "experience", "75", 12, 4, "Calls to families", "", "I gave up asking"),
    )
    for n, (name, lens, target, sampled, met, what, findings, quote) in enumerate(measures, 1):
        stage.fill("hannah", "measure new P1", "New measure", {"name": name, "lens": lens, "target": target}, name)
        figures: dict[str, Any] = {"n": sampled, "met": met, "sampled": what}
        figures |= {"findings": findings} if findings else {}
        figures |= {"in_their_words": quote} if quote else {}
        stage.fill("hannah", f"sample M{n}", MET, figures, f"baseline of M{n}")
    actions = (
        (SUPERVISE, "U0BEATRIZ", "2027-02-26", "Hannah reads 24 files on 26 February; 20 of 24 in two months", "weak"),
        (COUNT, "U0AMARA", "2027-03-31", "Idris reads 20 records on 31 March; 18 of 20 are right", "intermediate"),
        (RING, "U0BEATRIZ", "2027-03-31", "Hannah rings 12 families on 31 March; 9 of 12 had a reply", "weak"),
    )
    for what, owner, due, check, strength in actions:
        answers = {"what": what, "owner_id": owner, "due_on": due, "check": check, "strength": strength}
        stage.fill("deepa", "action new P1", "New action", answers, "owns it")
    stage.say("deepa", "answer S3 A1", "S3")


def _slipping(stage: Stage) -> None:
    """February to June: work is logged, one date slips twice, one part improves and two do not."""
    stage.on("2027-02-10")
    more = {"staff_response": "Glad of the hour", "barriers": "The rota left no other hour free"}
    supervised = {"kind": "supervision", "attended": "3"} | more
    stage.answer("beatriz", "log A1 Supervised three of 24 staff", "Open form", "Change E1", supervised, "E1")
    told = {"what": "Briefed the night team on counting at 20:00", "kind": "briefing", "attended": "Amara, two agency"}
    stage.fill("amara", "log A2", "Log implementation", told, "E2")
    for day, due, reason in (
        ("2027-02-26", "2027-03-31", "Two seniors were off sick"),
        ("2027-03-31", "2027-05-28", "No hour was left in the rota"),
    ):
        stage.on(day)
        stage.fill("beatriz", "more-time A1", "More time", {"due_on": due, "reason": reason}, "is now due")
    stage.say("amara", "done A2", "waits for a check by Hannah Whitfield")
    stage.say("hannah", "verify A2 accept Counts of 14 evenings are signed by two", "is verified")
    stage.on("2027-04-01")
    for measure, n, met, what, outcome in (
        ("M1", 24, 8, "Supervision files", "no measurable change"),
        ("M2", 20, 19, "Medicine records of one night", "improved"),
        ("M3", 12, 5, "Calls to families", "no measurable change"),
    ):
        stage.fill("idris", f"sample {measure}", MET, {"n": n, "met": met, "sampled": what}, outcome)
    judged = {"judgement": "partly improved", "improved": "Medicine records", "unresolved": "Supervision and replies"}
    stage.fill("hannah", "review P1 assurance", "Assurance review", judged, "R1")
    monthly = {
        "decision": "partially improved",
        "improved": "Medicines are counted every evening",
        "unresolved": "No more staff are supervised than in January",
        "remaining": "unchanged",
        "next_steps": "Beatriz books six supervisions in April",
        "next_review_on": "2027-05-04",
    }
    stage.fill("ruth", "review P1 monthly", "Monthly review", monthly, "is partially improved")
    stage.on("2027-06-01")
    gathered = {
        "remaining": "differently understood",
        "improved": "Medicines",
        "unresolved": "Supervision, replies",
        "why": "Three problems under one name; each needs its own actions",
    }
    stage.fill("deepa", "review P1 pack", "Review pack", gathered, "R3")


def _gripped(stage: Stage) -> None:
    """July: the provider challenges and calls on the manager, who splits; the actions are narrowed."""
    stage.on("2027-07-01")
    challenge = {
        "challenge": "Half a year of reminders and the same figures: what will be different by September?",
        "agreement": "Split by 20 July; supervision goes into the rota",
        "decision": "escalate",
    }
    stage.begin("priya", "review P1 quarterly", "Provider review", challenge)
    why = {"why": "A1 slipped twice and supervision has not moved", "escalate_to": "Registered Manager"}
    stage.submit("priya", "Provider review", challenge | why, "L1")
    stage.on("2027-07-14")
    respond = {"response": "split the priority", "how": "Medicines, supervision and replies by 20 July"}
    stage.answer("ruth", "escalate L1", "Choose a response", "Respond to L1", respond, "split the priority")
    longrun = {
        "decision": "split",
        "improved": "Medicine records",
        "unresolved": "Supervision and replies to families",
        "why": "One broad priority hid that two of three parts did not move",
        "next_steps": "Split into three by 20 July",
    }
    stage.fill("ruth", "review P1 long-running", "Long-running review", longrun, "R5")
    stage.on("2027-07-20")
    names = {"first": "Medicines in the evening", "second": "Supervision of staff", "third": "Replies to families"}
    stage.begin("ruth", "split P1", "Split P1 (1 of 3)", names)
    shares = {"first": ["A2", "M2", "S1"], "second": ["A1", "M1", "S3"], "third": ["A3", "M3", "S2"]}
    stage.begin("ruth", "", "Split P1 (2 of 3)", shares)
    about = {
        "first": "At 20:00 9 of 20 medicine records were wrong in January; 1 of 20 in April",
        "second": "16 of 24 staff had no supervision within two months on 1 April",
        "third": "7 of 12 families waited more than 7 days for a reply on 1 April",
        "reason": "Medicines improved, supervision and replies did not",
    }
    stage.submit("ruth", "Split P1 (3 of 3)", about, "was split")
    outcome = {"outcome": "Split into P2, P3 and P4 on 20 July"}
    stage.answer("ruth", "escalate L1", "Write the outcome", "Outcome of L1", outcome, "is kept")
    narrowed = {
        "what": BOOK,
        "check": "Hannah reads 24 files on 10 September; 20 of 24 in two months",
        "strength": "strong",
        "reason": "Asking alone did not move it",
    }
    stage.fill("deepa", "action revise A1", "Revise A1", narrowed, "A1")
    later = {"due_on": "2027-09-09", "reason": "24 hours at two a day"}
    stage.fill("beatriz", "more-time A1", "More time", later, "is now due")
    stage.say("deepa", "milestone add A1 10/09/2027 24 files", "A review point of A1 is planned")
    stage.fill(
        "hannah",
        "review P3 preparation",
        "Governance preparation",
        {"specific": "A1 names the day, the hour and the rota", "monitoring": "24 files on 10 September"},
        "R6",
    )
    agreed = {
        "decision": "keep open",
        "present": "R Callaghan, D Nair, P Raman",
        "challenge": "Who takes the hour when a senior is sick?",
        "agreement": "Deepa stands in",
        "next_steps": "Beatriz supervises two staff a day from 26 July",
        "next_review_on": "2027-09-10",
    }
    stage.fill("ruth", "review P3 governance", "Governance review", agreed, "R7")
    stage.say("ruth", "sign R7", "R7 is signed")


def _closed_in_parts(stage: Stage) -> None:
    """July to September: medicines close at once, supervision and replies once samples show them."""
    stage.fill("idris", "sample M2", MET, {"n": 20, "met": 20, "sampled": "Medicine records of one night"}, "improved")
    close = {"sample": "X7 20 of 20, Tue 20 Jul 2027", "improved": "Two count every evening", "present": "R Callaghan"}
    _judged(stage, "P2", "Medicines are right", "R8")
    stage.fill("ruth", "close P2", "Close P2", close, "closed")
    stage.on("2027-07-27")
    two = {"what": "Supervised two staff at 14:00 as the rota says", "kind": "supervision", "attended": "2"}
    stage.fill("beatriz", "log A1", "Log implementation", two, "E3")
    stage.say("beatriz", "log A3 Rang nine families within the week, each call signed in the book", "E4")
    stage.on("2027-09-09")
    for action, found in (("A1", "24 files read, 22 in two months"), ("A3", "12 families rung, 11 had a reply")):
        stage.say("beatriz", f"done {action}", "waits for a check by Hannah Whitfield")
        stage.say("hannah", f"verify {action} accept {found}", "is verified")
    stage.on("2027-09-10")
    for measure, n, met, what, quote in (
        ("M1", 24, 22, "Supervision files", ""),
        ("M3", 12, 11, "Calls to families", "They rang back the same day"),
    ):
        answers = {"n": n, "met": met, "sampled": what} | ({"in_their_words": quote} if quote else {})
        stage.fill("idris", f"sample {measure}", MET, answers, "improved")
    resampled = {"sample": "X8 22 of 24, Fri 10 Sep 2027", "improved": "Supervision is in the rota"}
    stage.fill("idris", "review P3 reassessment", "Reassessment", resampled, "R10")
    for sample, answer in (("X4", "A1"), ("X6", "A3")):
        stage.say("deepa", f"answer {sample} {answer}", f"{sample} is answered by {answer}")
    _judged(stage, "P3", "Supervision", "R11")
    _judged(stage, "P4", "Replies", "R12")
    stage.on("2027-09-15")
    for priority, sample, better in (
        ("P3", "X8 22 of 24, Fri 10 Sep 2027", "Every member of staff has an hour in the rota"),
        ("P4", "X9 11 of 12, Fri 10 Sep 2027", "Families hear back in a week"),
    ):
        close = {"sample": sample, "improved": better, "present": "R Callaghan, P Raman"}
        stage.fill("ruth", f"close {priority}", f"Close {priority}", close, "closed")
    for review in ("R9", "R13", "R14"):
        stage.say("ruth", f"sign {review}", f"{review} is signed")


def _judged(stage: Stage, priority: str, improved: str, review: str) -> None:
    """The quality lead judges the newest samples of one part."""
    judged = {"judgement": "improved", "improved": improved}
    stage.fill("hannah", f"review {priority} assurance", "Assurance review", judged, review)


def tell(stage: Stage) -> None:
    """From 13 January to 15 September 2027."""
    _begun(stage)
    _slipping(stage)
    _gripped(stage)
    _closed_in_parts(stage)


def test_a_long_running_plan_losing_grip_from_first_signal_to_closure_of_its_parts(house: House) -> None:
    stage = Stage(house)
    tell(stage)
    stage.holds(rows())
