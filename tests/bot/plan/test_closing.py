"""The closure gate: what stands in the way, what may be closed over with a reason, and who may not decide."""

from datetime import timedelta

import pytest

from bot.errors import NotAllowed
from bot.plan import closing, milestones, reviewing, revisions
from bot.plan.measures import Lens
from bot.plan.milestones import AddMilestone
from bot.plan.people import Role
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import Decision, ReviewKind
from bot.plan.revisions import CancelAction
from bot.plan.signals import Source
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, PROVIDER, QUALITY, Scene


def close(sample: str = "", reason: str = "", priority: str = "P1") -> RecordReview:
    return RecordReview(
        priority=priority,
        kind=ReviewKind.GOVERNANCE,
        decision=Decision.CLOSE,
        sample=sample,
        override_reason=reason,
        improved="Handovers hold what the night needs.",
    )


def ready(scene: Scene, met: int = 17, who: Role = QUALITY) -> Priority:
    """Baseline 9 of 20, one action verified, then a follow-up (X2) two days later."""
    priority = scene.priority()
    measure = scene.measure(priority)
    scene.sample(measure, 9, 20, baseline=True)
    scene.verified(scene.action(priority))
    scene.wait(2)
    scene.sample(measure, met, 20, who)
    return priority


def test_a_priority_closes_on_a_sample_after_its_last_verified_action(scene: Scene) -> None:
    priority = ready(scene)
    point = scene.do(DEPUTY, milestones.add, AddMilestone(of="P1", on=scene.today + timedelta(days=30)))
    account = scene.account()
    assert [s.number for s in closing.closable_on(account, priority, scene.people[MANAGER])] == [2]
    assert closing.unresolved(account, priority) == ()
    review, consequences = scene.repeats(MANAGER, reviewing.record, close("X2"))
    closed = scene.get(priority)
    assert (closed.status, closed.closed_on) == (PriorityStatus.CLOSED, scene.today)
    assert consequences.escalation is None
    assert scene.get(point).cancelled_at == scene.now
    assert review.sample_id == account.samples[-1].id
    assert "9 of 20 then, 17 of 20 now: more than chance." in review.movement
    assert (scene.last(priority).verb, scene.last(priority).reason) == ("close priority", "R1 on X2")


def test_closing_without_a_sample_is_refused_with_the_way_on(scene: Scene) -> None:
    ready(scene)
    said = scene.refused(MANAGER, reviewing.record, close(), "P1 cannot be closed yet", field="sample")
    assert said.endswith("Name the sample that shows it: one taken after the last action was verified.")


def test_every_action_must_be_verified_or_cancelled(scene: Scene) -> None:
    priority = ready(scene)
    scene.action(priority)
    scene.done(scene.action(priority))
    scene.refused(MANAGER, reviewing.record, close("X2"), "A2 and A3 are not verified yet", field="decision")
    scene.do(DEPUTY, revisions.cancel, CancelAction(action="A2", reason="Replaced."))
    scene.refused(MANAGER, reviewing.record, close("X2"), "A3 is not verified yet", field="decision")


def test_a_sample_taken_before_the_last_verification_proves_nothing(scene: Scene) -> None:
    priority = ready(scene)
    scene.wait(1)
    scene.verified(scene.action(priority))
    words = "X2 was taken on 4 November 2026, and the last action, A2, was verified on 5 November 2026"
    scene.refused(MANAGER, reviewing.record, close("X2"), words, field="sample")
    measure = scene.account().measures[0]
    scene.sample(measure, 18, 20)  # the same day, but written down after the check
    scene.do(MANAGER, reviewing.record, close("X3"))


def test_a_back_dated_sample_of_the_same_day_counts_only_when_written_after_the_check(scene: Scene) -> None:
    priority = scene.priority()
    measure = scene.measure(priority)
    scene.sample(measure, 9, 20, baseline=True)
    action = scene.action(priority)
    scene.sample(measure, 17, 20)
    scene.now += timedelta(hours=1)
    scene.verified(action)
    scene.refused(MANAGER, reviewing.record, close("X2"), "Take a sample after that", field="sample")


def test_only_the_newest_follow_up_of_its_own_closes(scene: Scene) -> None:
    priority = ready(scene)
    measure = scene.account().measures_of(priority)[0]
    scene.refused(MANAGER, reviewing.record, close("X1"), "X1 is the baseline itself", field="sample")
    scene.sample(measure, 10, 20)
    scene.refused(MANAGER, reviewing.record, close("X2"), "X3 is newer than X2", field="sample")
    other = scene.measure(scene.priority(title="Medicines"))
    scene.sample(other, 9, 20, baseline=True)
    scene.refused(MANAGER, reviewing.record, close("X4"), "X4 is no sample of P1", field="sample")


def test_whoever_took_the_sample_alone_does_not_decide(scene: Scene) -> None:
    ready(scene, who=MANAGER)
    scene.refused(MANAGER, reviewing.record, close("X2"), "You took X2 alone", field="sample")
    measure = scene.account().measures[0]
    scene.sample(measure, 18, 20, who=MANAGER, with_ids=(scene.people[AUDIT].id,))
    scene.do(MANAGER, reviewing.record, close("X3"))


@pytest.mark.parametrize(("met", "verdict"), [(12, "this could be chance"), (2, "worse, and more than chance")])
def test_closing_without_improvement_wants_a_reason_and_goes_to_the_provider(
    scene: Scene, met: int, verdict: str
) -> None:
    priority = ready(scene, met)
    said = scene.refused(MANAGER, reviewing.record, close("X2"), "would close over this", field="override_reason")
    assert verdict in said
    _, consequences = scene.do(MANAGER, reviewing.record, close("X2", "The unit closes on Friday."))
    raised = consequences.escalation
    assert raised is not None
    assert (raised.to, raised.rule, raised.priority_id) == (Role.PROVIDER_OVERSIGHT, "closure gate", priority.id)
    assert verdict in raised.why
    assert "The unit closes on Friday." in raised.why
    assert scene.get(priority).status is PriorityStatus.CLOSED


def test_too_few_to_judge_wants_a_reason_too(scene: Scene) -> None:
    priority = scene.priority()
    measure = scene.measure(priority)
    scene.sample(measure, 3, 8, baseline=True)
    scene.verified(scene.action(priority))
    scene.wait(1)
    scene.sample(measure, 8, 8)
    scene.refused(MANAGER, reviewing.record, close("X2"), "too few to judge", field="override_reason")


def test_paper_that_improved_does_not_hide_practice_that_did_not(scene: Scene) -> None:
    priority = ready(scene)
    practice = scene.measure(priority, name="Handovers watched", lens=Lens.PRACTICE)
    scene.refused(MANAGER, reviewing.record, close("X2"), "no baseline yet", field="override_reason")
    scene.sample(practice, 8, 20, baseline=True)
    scene.sample(practice, 9, 20)
    scene.refused(MANAGER, reviewing.record, close("X2"), "8 of 20 then, 9 of 20 now", field="override_reason")


def test_an_open_finding_and_no_verified_action_are_named(scene: Scene) -> None:
    priority = scene.priority()
    measure = scene.measure(priority)
    scene.sample(measure, 9, 20, baseline=True)
    scene.signal(source=Source.AUDIT, priority="P1")
    scene.sample(measure, 17, 20)
    said = scene.refused(MANAGER, reviewing.record, close("X2"), "would close over this", field="override_reason")
    assert "No action of it was ever verified." in said
    assert "S1 is a finding without an answer." in said


def test_only_the_manager_closes(scene: Scene) -> None:
    ready(scene)
    for who in (QUALITY, DEPUTY, AUDIT, PROVIDER):
        scene.refused(who, reviewing.record, close("X2"), "may decide a review", error=NotAllowed)


def test_a_closed_priority_is_not_reviewed_again(scene: Scene) -> None:
    ready(scene)
    scene.do(MANAGER, reviewing.record, close("X2"))
    scene.refused(MANAGER, reviewing.record, close("X2"), "was closed on 4 November 2026. Reopen it", field="priority")
    measure = scene.account().measures[0]
    scene.wait(90)
    durable = scene.sample(measure, 16, 20)  # the watch goes on
    assert not durable.failed
