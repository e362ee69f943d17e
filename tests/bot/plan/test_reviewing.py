"""Reviews of every kind: who may, what each must say, what it freezes, what its decision does, and its signature."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import BadInput, NotAllowed
from bot.plan import actions, corrections, reviewing
from bot.plan.actions import MoreTime
from bot.plan.briefing import briefing
from bot.plan.corrections import CorrectReview
from bot.plan.measures import Lens
from bot.plan.people import Role
from bot.plan.priorities import PriorityStatus
from bot.plan.reviewing import RecordReview, SignMinutes
from bot.plan.reviews import (
    Decision,
    Judgement,
    Remaining,
    ReviewKind,
    named_period,
    period_words,
    suggested_period,
)
from bot.plan.signals import Source
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, PROVIDER, QUALITY, TEAM, Scene

COMPLETE: dict[ReviewKind, dict[str, Any]] = {
    ReviewKind.ASSURANCE: {"judgement": Judgement.PARTLY},
    ReviewKind.MONTHLY: {"period": "2026-10", "decision": Decision.KEEP_OPEN},
    ReviewKind.LONG_RUNNING: {
        "period": "2026-10",
        "unresolved": "Nights.",
        "why": "Agency staff.",
        "decision": Decision.KEEP_OPEN,
    },
    ReviewKind.GOVERNANCE: {"decision": Decision.PARTIALLY_IMPROVED},
    ReviewKind.QUARTERLY: {"period": "2026-q3", "challenge": "Why is it still training alone?"},
    ReviewKind.REASSESSMENT: {"sample": "X2"},
    ReviewKind.PACK: {"remaining": Remaining.SMALLER},
    ReviewKind.PREPARATION: {"specific": "Yes: shift, sheet and count are named.", "monitoring": "10 sheets a week."},
}
MAY = {
    ReviewKind.ASSURANCE: {QUALITY, MANAGER},
    ReviewKind.MONTHLY: {MANAGER},
    ReviewKind.LONG_RUNNING: {MANAGER},
    ReviewKind.GOVERNANCE: {MANAGER},
    ReviewKind.QUARTERLY: {PROVIDER},
    ReviewKind.REASSESSMENT: {AUDIT, MANAGER},
    ReviewKind.PACK: {DEPUTY, MANAGER},
    ReviewKind.PREPARATION: {QUALITY, MANAGER},
}


def review(kind: ReviewKind, **facts: Any) -> RecordReview:
    return RecordReview.model_validate({"priority": "P1", "kind": kind} | COMPLETE[kind] | facts)


@pytest.fixture
def sampled(scene: Scene) -> Scene:
    """P1 with a baseline (X1) and an improved follow-up (X2) under its target of 90 per cent."""
    measure = scene.measure(scene.priority(), target="90")
    scene.sample(measure, 9, 20, baseline=True, on=scene.today - timedelta(days=20))
    scene.sample(measure, 17, 20)
    return scene


@pytest.mark.parametrize("kind", ReviewKind)
def test_each_kind_is_recorded_by_its_roles_alone(sampled: Scene, kind: ReviewKind) -> None:
    for who in Role:
        if who not in MAY[kind]:
            sampled.refused(who, reviewing.record, review(kind), "Only a", error=NotAllowed)
    first, *others = sorted(MAY[kind])
    kept, _ = sampled.repeats(first, reviewing.record, review(kind))
    assert (kept.number, kept.kind) == (1, kind)
    assert sampled.last(kept).verb == f"record {kind} review"
    assert "9 of 20 then, 17 of 20 now: more than chance." in kept.movement
    assert kept.written_at == sampled.now
    assert all(may in Role for may in others)


@pytest.mark.parametrize(
    ("kind", "left_out"), [(kind, field) for kind, fields in reviewing.MUST_SAY.items() for field in fields]
)
def test_what_a_kind_must_say(sampled: Scene, kind: ReviewKind, left_out: str) -> None:
    form = review(kind)
    bare = form.model_copy(update={left_out: type(getattr(form, left_out))() if left_out == "sample" else None})
    said = sampled.refused(min(MAY[kind]), reviewing.record, bare, ".", field=left_out)
    assert said == reviewing.MUST_SAY[kind][left_out]


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (ReviewKind.MONTHLY, "", "Name the month"),
        (ReviewKind.MONTHLY, "November", "Name the month"),
        (ReviewKind.LONG_RUNNING, "2026-13", "Name the month"),
        (ReviewKind.MONTHLY, "2026-12", "has not begun"),
        (ReviewKind.QUARTERLY, "2026-11", "Name the quarter"),
        (ReviewKind.QUARTERLY, "2027-Q1", "has not begun"),
    ],
)
def test_a_period_is_named(sampled: Scene, kind: ReviewKind, typed: str, words: str) -> None:
    sampled.refused(min(MAY[kind]), reviewing.record, review(kind, period=typed), words, field="period")


def test_one_review_of_a_month(sampled: Scene) -> None:
    form = review(ReviewKind.MONTHLY)
    kept, _ = sampled.do(MANAGER, reviewing.record, form)
    assert kept.period == "2026-10"
    words = "monthly review of P1 for October 2026 is recorded already: R1"
    sampled.refused(MANAGER, reviewing.record, form, words, field="period")
    sampled.do(MANAGER, reviewing.record, review(ReviewKind.MONTHLY, period="2026-11"))
    sampled.do(MANAGER, reviewing.record, review(ReviewKind.LONG_RUNNING))
    quarter, _ = sampled.do(PROVIDER, reviewing.record, review(ReviewKind.QUARTERLY))
    assert quarter.period == "2026-Q3"


@pytest.mark.parametrize(
    ("kind", "today", "period", "words"),
    [
        (ReviewKind.MONTHLY, date(2026, 12, 1), "2026-11", "November 2026"),
        (ReviewKind.LONG_RUNNING, date(2027, 1, 4), "2026-12", "December 2026"),
        (ReviewKind.QUARTERLY, date(2027, 1, 4), "2026-Q4", "October to December 2026"),
        (ReviewKind.QUARTERLY, date(2026, 4, 1), "2026-Q1", "January to March 2026"),
        (ReviewKind.GOVERNANCE, date(2026, 5, 5), "2026-05-05", "5 May 2026"),
    ],
)
def test_the_suggested_period_is_the_one_that_ended(kind: ReviewKind, today: date, period: str, words: str) -> None:
    assert suggested_period(kind, today) == period
    assert named_period(kind, period, today) == period
    assert period_words(period) == words


def test_days_of_a_review(sampled: Scene) -> None:
    ahead = review(ReviewKind.GOVERNANCE, on=sampled.today + timedelta(days=1))
    sampled.refused(MANAGER, reviewing.record, ahead, "has not come yet", field="on")
    back = review(ReviewKind.GOVERNANCE, next_review_on=sampled.today)
    sampled.refused(MANAGER, reviewing.record, back, "comes after this one", field="next_review_on")


def test_judging_wants_a_follow_up(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    scene.sample(measure, 9, 20, baseline=True)
    scene.refused(QUALITY, reviewing.record, review(ReviewKind.ASSURANCE), "no follow-up sample", field="judgement")
    compared = review(ReviewKind.REASSESSMENT, sample="X1")
    scene.refused(AUDIT, reviewing.record, compared, "is the baseline itself", field="sample")


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        (Decision.PARTIALLY_IMPROVED, PriorityStatus.PARTIALLY_IMPROVED),
        (Decision.READY_TO_CLOSE, PriorityStatus.READY_TO_CLOSE),
        (Decision.KEEP_OPEN, PriorityStatus.OPEN),
        (Decision.SPLIT, PriorityStatus.OPEN),
    ],
)
def test_a_decision_sets_the_status(sampled: Scene, decision: Decision, status: PriorityStatus) -> None:
    form = review(ReviewKind.GOVERNANCE, decision=decision, why="Nights differ.")
    kept, consequences = sampled.do(MANAGER, reviewing.record, form)
    priority = sampled.account().priorities[0]
    assert priority.status is consequences.priority.status is status
    changed = [e for e in sampled.events(priority.id) if e.verb == str(decision)]
    assert [e.reason for e in changed] == (["R1: Nights differ."] if status is not PriorityStatus.OPEN else [])
    back, _ = sampled.do(MANAGER, reviewing.record, review(ReviewKind.MONTHLY))
    assert sampled.account().priorities[0].status is PriorityStatus.OPEN
    assert (kept.number, back.number) == (1, 2)


def test_extending_moves_the_target_date(sampled: Scene) -> None:
    form = review(ReviewKind.MONTHLY, decision=Decision.EXTEND, why="Two leads are new.")
    sampled.refused(MANAGER, reviewing.record, form, "Choose the new target date", field="target_on")
    later = sampled.today + timedelta(days=60)
    _, consequences = sampled.do(MANAGER, reviewing.record, form.model_copy(update={"target_on": later}))
    assert consequences.priority.target_on == later
    assert consequences.priority.extensions[0].reason == "Two leads are new."
    bare = review(ReviewKind.MONTHLY, period="2026-11", decision=Decision.EXTEND, target_on=later)
    sampled.refused(MANAGER, reviewing.record, bare, "wants a reason", field="why")


def test_revising_the_target(sampled: Scene) -> None:
    form = review(ReviewKind.GOVERNANCE, decision=Decision.REVISE_TARGET, why="90 % was never measured anywhere.")
    sampled.refused(MANAGER, reviewing.record, form, "Choose the measure", field="measure")
    named = form.model_copy(update={"measure": "M1", "target": "85"})
    _, consequences = sampled.do(MANAGER, reviewing.record, named)
    assert consequences.measure is not None
    assert consequences.measure.target == 0.85
    assert sampled.last(consequences.measure).reason == "R1: 90 % was never measured anywhere."
    sampled.measure(sampled.priority(title="Medicines"))
    other = form.model_copy(update={"measure": "M2", "target": "85"})
    sampled.refused(MANAGER, reviewing.record, other, "belongs to another priority", field="measure")


def test_escalating_raises_an_escalation(sampled: Scene) -> None:
    form = review(ReviewKind.GOVERNANCE, decision=Decision.ESCALATE, why="A third month without movement.")
    kept, consequences = sampled.do(MANAGER, reviewing.record, form)
    assert consequences.escalation is not None
    raised = sampled.get(consequences.escalation)
    assert (raised.to, raised.review_id, raised.why) == (
        Role.PROVIDER_OVERSIGHT,
        kept.id,
        "A third month without movement.",
    )
    down = review(ReviewKind.QUARTERLY, decision=Decision.ESCALATE, why="Bring a new plan.")
    _, answer = sampled.do(PROVIDER, reviewing.record, down)
    assert answer.escalation.to is Role.REGISTERED_MANAGER
    aside = form.model_copy(update={"escalate_to": Role.TEAM_LEADER})
    sampled.refused(MANAGER, reviewing.record, aside, "Escalate to the Registered Manager", field="escalate_to")


def test_who_decides_what(sampled: Scene) -> None:
    for kind in (ReviewKind.ASSURANCE, ReviewKind.REASSESSMENT, ReviewKind.PACK, ReviewKind.PREPARATION):
        form = review(kind, decision=Decision.READY_TO_CLOSE)
        sampled.refused(min(MAY[kind]), reviewing.record, form, "decides nothing", field="decision")
    form = review(ReviewKind.QUARTERLY, decision=Decision.READY_TO_CLOSE)
    sampled.refused(PROVIDER, reviewing.record, form, "the Registered Manager decides the rest", field="decision")


def test_a_review_freezes_what_moved_and_what_slipped(sampled: Scene) -> None:
    sampled.action(sampled.account().priorities[0])
    later = sampled.today + timedelta(days=30)
    sampled.do(sampled.owner, actions.more_time, MoreTime(action="A1", due_on=later, reason="Printer broke."))
    kept, _ = sampled.do(MANAGER, reviewing.record, review(ReviewKind.MONTHLY, next_steps="Induction gate."))
    assert kept.slipped == (
        "A1 (Olu Owens) moved on 2 November 2026 from 16 November 2026 to 2 December 2026: Printer broke"
    )
    sampled.wait(45)
    sampled.sample(sampled.account().measures[0], 10, 20)
    assert sampled.get(kept).movement == kept.movement, "what was known then stays as it was"
    above = briefing(sampled.account(), sampled.account().priorities[0], sampled.today)
    assert "9 of 20 then, 10 of 20 now: this could be chance." in above.moved[0]
    assert "Drift:" in above.moved[0]
    assert above.slipped == ("A1 (Olu Owens) overdue since 2 December 2026",)
    assert above.promised == ("R1 of 2 November 2026: Induction gate.",)
    assert above.findings == (
        "X2 Handovers complete: 17 of 20 on 2 November 2026 missed its target",
        "X3 Handovers complete: 10 of 20 on 17 December 2026 missed its target",
    )


def test_a_review_pack_gathers_what_is_new(sampled: Scene) -> None:
    sampled.signal(priority="P1", source=Source.INCIDENT, summary="Fall at 03:00, not handed over.")
    families = sampled.measure(sampled.account().priorities[0], name="Families told", lens=Lens.EXPERIENCE)
    sampled.sample(families, 3, 10, baseline=True, in_their_words="Nobody rang.")
    kept, _ = sampled.do(DEPUTY, reviewing.record, review(ReviewKind.PACK))
    assert kept.evidence.splitlines() == [
        "Audits: X1 Handovers complete: 9 of 20 on 13 October 2026; X2 Handovers complete: 17 of 20 on 2 November 2026",
        "Incidents: S1 incident: Fall at 03:00, not handed over",
        'Feedback: X3 Families told: 3 of 10 on 2 November 2026, in their words: "Nobody rang."',
        "Practice: nothing new",
    ]
    sampled.wait(30)
    sampled.signal(priority="P1", source=Source.OBSERVATION, summary="Night lead reads the sheet aloud.")
    again, _ = sampled.do(DEPUTY, reviewing.record, review(ReviewKind.PACK))
    assert again.evidence.splitlines() == [
        "Audits: nothing new",
        "Incidents: nothing new",
        "Feedback: nothing new",
        "Practice: S2 observation: Night lead reads the sheet aloud",
    ]


def test_minutes_are_signed_once_by_the_manager(sampled: Scene) -> None:
    sampled.do(MANAGER, reviewing.record, review(ReviewKind.GOVERNANCE))
    sampled.do(QUALITY, reviewing.record, review(ReviewKind.ASSURANCE))
    sign = SignMinutes(review="R1")
    sampled.refused(QUALITY, reviewing.sign, sign, "may sign minutes", error=NotAllowed)
    signed = sampled.repeats(MANAGER, reviewing.sign, sign)
    assert (signed.signed_by, signed.signed_at) == (sampled.people[MANAGER].id, sampled.now)
    sampled.refused(MANAGER, reviewing.sign, sign, "signed already by Rosa Diaz")
    sampled.refused(MANAGER, reviewing.sign, SignMinutes(review="R2"), "holds no minutes to sign")


def test_corrected_minutes_want_signing_again(sampled: Scene) -> None:
    kept, _ = sampled.do(MANAGER, reviewing.record, review(ReviewKind.GOVERNANCE, challenge="Why nights?"))
    sampled.do(MANAGER, reviewing.sign, SignMinutes(review="R1"))
    form = CorrectReview(review="R1", reason="Piers asked more.", challenge="Why nights, and since when?")
    fixed = sampled.repeats(MANAGER, corrections.correct_review, form)
    assert (fixed.challenge, fixed.signed_at, fixed.corrected_at) == (
        "Why nights, and since when?",
        None,
        sampled.now,
    )
    made = sampled.events(kept.id)[0]
    assert sampled.last(kept).corrects == made.id
    with sampled.store.reading() as work:
        assert reviewing.unsigned(work, sampled.people[MANAGER], sampled.service.id) == [fixed]
    sampled.refused(MANAGER, corrections.correct_review, form, "Nothing of R1 was changed")
    sampled.refused(TEAM, corrections.correct_review, form, "may decide a review", error=NotAllowed)


def test_a_period_of_ones_own_is_kept(sampled: Scene) -> None:
    kept, _ = sampled.do(MANAGER, reviewing.record, review(ReviewKind.GOVERNANCE, period="Board, autumn"))
    assert period_words(kept.period) == "Board, autumn"
    with pytest.raises(BadInput):
        named_period(ReviewKind.MONTHLY, "Board, autumn", sampled.today)
