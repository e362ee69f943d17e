"""The inspector's questions over one small account, sentence by sentence with the records behind each."""

from dataclasses import replace
from datetime import date

import pytest

from bot.errors import NotFound
from bot.plan import reviewing
from bot.plan.account import Account
from bot.plan.escalations import RaiseEscalation, raise_by_person
from bot.plan.measures import Lens
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import ReviewKind
from bot.plan.signals import Source
from bot.reports.inspection import Inspection, inspect
from bot.reports.narrowing import asked, topic_words
from bot.reports.progress import series_of
from bot.reports.standing import Outcome, standings
from bot.reports.thread import Strand, thread_of
from tests.bot.plan.scene import AUDIT, MANAGER, Scene
from tests.bot.reports.oak_house import tell

DEC_1 = date(2026, 12, 1)


def told(found: Inspection, number: int) -> list[tuple[bool, str, tuple[str, ...]]]:
    return [(s.unresolved, s.text, s.refs) for s in found.questions[number - 1].sentences]


def test_what_is_unresolved_stands_first_in_every_answer_and_each_sentence_names_its_records(scene: Scene) -> None:
    account = tell(scene).account()
    found = inspect(account, DEC_1)
    for question in found.questions:
        flags = [s.unresolved for s in question.sentences]
        assert flags == sorted(flags, reverse=True), question.title
        assert all(s.refs for s in question.sentences)
    known = {
        f"{r.LETTER}{r.number}"
        for kind in ("priorities", "signals", "measures", "actions")
        for r in getattr(account, kind)
    }
    known |= {
        f"{r.LETTER}{r.number}"
        for kind in ("entries", "samples", "reviews", "escalations")
        for r in getattr(account, kind)
    }
    assert {r for q in found.questions for s in q.sentences for r in s.refs} <= known


def test_the_answers_of_oak_house(scene: Scene) -> None:
    found = inspect(tell(scene).account(), DEC_1)
    assert [(s.text, s.unresolved) for s in found.summary] == [("Partly improved: P1 Handovers.", True)]
    why = told(found, 1)
    assert why[0] == (
        True,
        "X3 Handovers complete: 17 of 20 on 16 November 2026 missed its target; no action of P1 answers it yet.",
        ("X3", "P1"),
    )
    assert (True, "S3 (1 complaint) belongs to no priority yet.", ("S3",)) in why
    assert (
        False,
        "P1 rests on 1 complaint and 1 audit finding: Two complaints and an audit.",
        ("P1", "S1", "S2"),
    ) in why
    assert told(found, 2)[0] == (
        True,
        (
            "A2 of Olu Owens is overdue by 8 days, due on 23 November 2026 (moved once from 9 November 2026: "
            "Printer broke): Pair each agency nurse with a night lead."
        ),
        ("A2",),
    )
    moved = told(found, 3)
    assert moved[0][1].startswith("M1 Handovers complete (record): 9 of 20 then, 17 of 20 now: more than chance.")
    assert moved[0][0] is True, "improved, and yet its target is missed"
    assert moved[0][2] == ("M1", "X1", "X3")
    assert any("M2 Families told (experience): baseline 3 of 10" in text for _, text, _ in moved)
    assert (False, "In their words on 2 November 2026: “Nobody rang.”", ("X2",)) in told(found, 4)
    answered = [text for _, text, _ in told(found, 5)]
    assert any(
        text.startswith("Escalated to Provider oversight") and "stronger supervision" in text for text in answered
    )
    assert any("challenge: What of weekends?" in text for text in answered)


def test_a_priority_that_nobody_measures_owns_or_answers_for_is_said_so(scene: Scene) -> None:
    scene.priority()
    found = inspect(scene.account(), DEC_1)
    said = [text for q in found.questions for text in (s.text for s in q.sentences if s.unresolved)]
    assert any("No signal is linked to it" in text for text in said)
    assert any("it has no action yet" in text for text in said)
    assert "P1 has no measure, so nothing shows whether it moved." in said
    assert "Nobody using the service was asked about P1: it has no measure through the experience lens." in said
    assert [s.text for s in found.summary] == ["Cannot be told yet: P1 Handovers."]


def test_single_remarks_are_not_denied_where_nothing_measures_experience(scene: Scene) -> None:
    measure = scene.measure(scene.priority(), lens=Lens.PRACTICE)
    scene.sample(measure, 9, 20, baseline=True, in_their_words="It is over there.")
    said = [text for _, text, _ in told(inspect(scene.account(), DEC_1), 4)]
    assert said[0].endswith("what people see of it is known from single remarks alone.")
    assert "It is over there." in said[1]


def test_a_baseline_and_a_follow_up_of_one_day_are_not_pooled_in_the_chart(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    scene.sample(measure, 9, 20, baseline=True)
    scene.sample(measure, 19, 20)
    (point,) = series_of(scene.account(), measure).points
    assert point.point.value == 0.95, "the share of the follow-up, not 28 of 40"


def test_the_thread_says_who_did_a_step_and_not_who_planned_it(scene: Scene) -> None:
    scene.verified(scene.action(scene.priority()))
    steps = {s.text.split(" by ")[0]: s.named for s in thread_of(scene.account(), scene.account().priorities[0])}
    assert steps["Marked done"]
    assert steps["Checked"]


def test_slow_progress_without_an_answer_of_leadership_is_said_so(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    scene.sample(measure, 9, 20, baseline=True)
    scene.sample(measure, 10, 20)
    (_, text, refs), *_ = told(inspect(scene.account(), DEC_1), 5)
    assert text == "P1: no measurable change, and no challenge, decision, escalation or revision is on record."
    assert refs == ("P1",)
    scene.do(MANAGER, raise_by_person, RaiseEscalation(priority="P1", why="Nothing moves."))
    (unresolved, text, refs), *_ = told(inspect(scene.account(), DEC_1), 5)
    assert unresolved
    assert refs == ("L1",)
    assert text.endswith("No response is on record yet.")


def test_a_complaint_after_actions_began_is_unresolved(scene: Scene) -> None:
    priority = scene.priority()
    scene.entry(scene.action(priority))
    scene.wait(3)
    scene.signal(priority="P1")
    scene.signal(priority="P1", source=Source.FEEDBACK, summary="The new sheet helps.")
    people = told(inspect(scene.account(), scene.today), 4)
    assert (True, ("S1",)) in [(flag, refs) for flag, _, refs in people]
    assert (False, ("S2",)) in [(flag, refs) for flag, _, refs in people]


def test_a_closed_priority_tells_whether_it_lasted(scene: Scene) -> None:
    priority = scene.priority()
    measure = scene.measure(priority)
    scene.sample(measure, 5, 20, baseline=True)
    scene.verified(scene.action(priority))
    scene.wait(1)
    scene.sample(measure, 19, 20, who=AUDIT)
    review = {"priority": "P1", "kind": ReviewKind.GOVERNANCE, "decision": "close", "sample": "X2"}
    scene.do(MANAGER, reviewing.record, RecordReview.model_validate(review))
    closed = told(inspect(scene.account(), scene.today), 1)
    assert closed == [(False, "P1 Handovers was closed on 3 November 2026.", ("P1", "R1"))]
    moved = told(inspect(scene.account(), scene.today), 3)
    assert [words.split(".")[0] for _, words, _ in moved] == ["No priority is open"], "and not: nothing is on record"
    later = told(inspect(scene.account(), date(2027, 1, 4)), 1)
    assert later[0] == (
        True,
        "Whether P1 lasted is not known: no sample was taken since it was closed.",
        ("P1",),
    )
    scene.wait(60)
    scene.sample(measure, 8, 20)
    again = told(inspect(scene.account(), scene.today), 1)
    assert again[0][1] == "P1 Handovers: Since closure: sampled 8 of 20 against the closing standard of at least 80 %."


def outcome(scene: Scene) -> Outcome:
    return standings(scene.account(), scene.today)[0].outcome


def test_outcomes_are_no_better_than_the_worst_measure(scene: Scene) -> None:
    priority = scene.priority()
    record = scene.measure(priority)
    assert outcome(scene) is Outcome.UNKNOWN
    scene.sample(record, 5, 20, baseline=True)
    scene.wait(1)
    scene.sample(record, 19, 20)
    assert outcome(scene) is Outcome.IMPROVED
    asks = scene.measure(priority, name="Families told", lens=Lens.EXPERIENCE)
    assert outcome(scene) is Outcome.PARTLY, "one measure has no follow-up yet"
    scene.sample(asks, 5, 20, baseline=True)
    scene.sample(asks, 6, 20)
    assert outcome(scene) is Outcome.PARTLY
    assert standings(scene.account(), scene.today)[0].mismatch
    scene.wait(1)
    scene.sample(record, 6, 20)
    assert outcome(scene) is Outcome.DRIFTED


def with_framework(account: Account, key: str) -> Account:
    return replace(account, service=replace(account.service, framework=key))


def test_statements_of_both_frameworks_find_the_priority_through_the_map(scene: Scene) -> None:
    scene.priority(quality_statement="S2", title="Handovers")
    scene.priority(quality_statement="Governance, management and sustainability", title="Audits", theme="audits")
    scene.priority(quality_statement="", title="Falls", theme="falls")
    account = scene.account()

    def found(text: str) -> list[str]:
        return [s.priority.title for s in inspect(account, DEC_1, asked(account, text)).standings]

    assert found("S2") == found("ks3") == found("safe systems, pathways and transitions") == ["Handovers"]
    assert found("W5") == found("KW4") == found("Governance and management") == ["Audits"]
    assert found("P1 P3") == ["Handovers", "Falls"]
    assert found("Fall") == ["Falls"]
    newer = with_framework(account, "asc-2026-draft")
    assert topic_words(account, account.priorities[1]) == "Governance, management and sustainability"
    assert topic_words(newer, newer.priorities[1]) == (
        "Governance, management and sustainability (now Governance and management)"
    )
    for text, said in {"P9": "There is no priority P9", "W1": "Tagged so far", "soup": "Its themes are"}.items():
        with pytest.raises(NotFound, match=said):
            asked(account, text)


def test_the_thread_runs_in_order_of_time_from_signal_to_review(scene: Scene) -> None:
    account = tell(scene).account()
    steps = thread_of(account, account.priorities[0])
    assert [s.on for s in steps] == sorted(s.on for s in steps)
    assert {s.strand for s in steps} == set(Strand) - {Strand.CLOSURE}
    strands = [s.strand for s in steps if s.on == date(2026, 11, 2)]
    assert strands[0] is Strand.SIGNAL
    assert Strand.BASELINE in strands
    entries = [s for s in steps if s.strand is Strand.DONE]
    assert entries[0].refs == ("E1", "A1")
    assert "6 attended" in entries[0].text
    assert "evidence:" in entries[0].text
    told_reviews = [r for s in steps if s.strand is Strand.REVIEW for r in s.refs if r.startswith("R")]
    assert sorted(told_reviews) == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]
