"""What a review's decision does to its priority."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.errors import BadInput
from bot.plan.access import open_record, ref
from bot.plan.account import Account
from bot.plan.closing import pass_gate
from bot.plan.escalations import LEADERS, Escalation, keep
from bot.plan.measures import Measure, retargeted
from bot.plan.milestones import drop, waiting
from bot.plan.people import Person, Right, Role
from bot.plan.priorities import Priority, PriorityStatus, extended
from bot.plan.reviews import DECIDING, PROVIDER_DECISIONS, Decision, Review, ReviewKind
from bot.plan.samples import Sample
from bot.plan.saving import save
from bot.work import Work

STATUS_AFTER = {
    Decision.KEEP_OPEN: PriorityStatus.OPEN,
    Decision.PARTIALLY_IMPROVED: PriorityStatus.PARTIALLY_IMPROVED,
    Decision.READY_TO_CLOSE: PriorityStatus.READY_TO_CLOSE,
}


@dataclass(frozen=True)
class Consequences:
    """What a review changed: its priority as it is now, a measure with another target, an escalation it raised."""

    priority: Priority
    measure: Measure | None = None
    escalation: Escalation | None = None


def check_decision(kind: ReviewKind, decision: Decision | None, why: str) -> None:
    """Raise BadInput for a decision that a review of this kind cannot take, or one that lacks its reason."""
    if decision is None:
        return
    if kind not in DECIDING:
        raise BadInput(
            f"A {kind} review decides nothing. Leave the decision to a monthly, long-running or governance review.",
            field="decision",
        )
    if kind is ReviewKind.QUARTERLY and decision not in PROVIDER_DECISIONS:
        raise BadInput(
            "Provider oversight keeps a priority open or escalates it; the Registered Manager decides the rest. "
            "Write what you want under challenge.",
            field="decision",
        )
    if decision in (Decision.EXTEND, Decision.REVISE_TARGET, Decision.ESCALATE, Decision.SPLIT) and not why:
        raise BadInput(f"Say why: to {decision} wants a reason.", field="why")


def carry_out(
    work: Work,
    person: Person,
    account: Account,
    priority: Priority,
    review: Review,
    sample: Sample | None,
    now: datetime,
    today: date,
    *,
    target_on: date | None = None,
    measure: str = "",
    target: str = "",
    escalate_to: Role | None = None,
) -> Consequences:
    """Do what the review decided. *Split* changes nothing yet: the split itself names the children.

    Raises BadInput where the decision lacks what it needs; then nothing of the review is kept."""
    decision, reason = review.decision, f"{ref(review)}: {review.why or review.unresolved or review.decision}"
    if decision in STATUS_AFTER:
        changed = replace(priority, status=STATUS_AFTER[decision], wake_at=now)
        if changed.status is priority.status:
            return Consequences(priority)
        return Consequences(save(work, person, now, str(decision), priority, changed, reason=reason))
    if decision is Decision.EXTEND:
        later = extended(priority, person, target_on, review.why, today)
        return Consequences(save(work, person, now, "extend priority", priority, later, reason=reason))
    if decision is Decision.REVISE_TARGET:
        return Consequences(priority, measure=_retarget(work, person, priority, review, measure, target, now, today))
    if decision is Decision.ESCALATE:
        to = escalate_to or _above(review)
        if to not in LEADERS:
            raise BadInput("Escalate to the Registered Manager or to provider oversight.", field="escalate_to")
        return Consequences(priority, escalation=keep(work, person, priority, review.why, to, now, review_id=review.id))
    if decision is Decision.CLOSE:
        return _close(work, person, account, priority, review, sample, now)
    return Consequences(priority)


def _above(review: Review) -> Role:
    """A provider's review calls on the manager; everybody else's on the provider."""
    return Role.REGISTERED_MANAGER if review.kind is ReviewKind.QUARTERLY else Role.PROVIDER_OVERSIGHT


def _retarget(
    work: Work,
    person: Person,
    priority: Priority,
    review: Review,
    typed: str,
    target: str,
    now: datetime,
    today: date,
) -> Measure:
    if not typed:
        raise BadInput("Choose the measure whose target changes.", field="measure")
    measure, _ = open_record(work, person, Measure, typed, Right.DECIDE)
    if measure.priority_id != priority.id:
        raise BadInput(f"{ref(measure)} belongs to another priority. Choose one of {ref(priority)}.", field="measure")
    aimed = retargeted(measure, person, target, review.why, today)
    return save(work, person, now, "revise target", measure, aimed, reason=f"{ref(review)}: {review.why}")


def _close(
    work: Work,
    person: Person,
    account: Account,
    priority: Priority,
    review: Review,
    sample: Sample | None,
    now: datetime,
) -> Consequences:
    if sample and sample.on > review.on:
        raise BadInput(f"{ref(sample)} is newer than this review. Choose a later day for it.", field="on")
    over = pass_gate(account, priority, person, sample, review.override_reason)
    for milestone in waiting(work, priority.id):
        drop(work, person, milestone, now, f"{ref(priority)} was closed")
    closed = replace(priority, status=PriorityStatus.CLOSED, closed_on=review.on, wake_at=now)
    saved = save(work, person, now, "close priority", priority, closed, reason=f"{ref(review)} on {_named(sample)}")
    if not over:
        return Consequences(saved)
    why = f"{ref(priority)} was closed over this: {' '.join(over)} The reason given: {review.override_reason}"
    told = keep(work, person, saved, why, Role.PROVIDER_OVERSIGHT, now, rule="closure gate", review_id=review.id)
    return Consequences(saved, escalation=told)


def _named(sample: Sample | None) -> str:
    return ref(sample) if sample else "no sample"
