"""A plan as it stood at the end of an earlier day, worked out from the dates that its records carry."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus, Milestone
from bot.plan.decisions import STATUS_AFTER
from bot.plan.escalations import Escalation
from bot.plan.measures import Measure, target_at
from bot.plan.priorities import LIVE_STATUSES, Priority, PriorityStatus
from bot.plan.reviews import Review
from bot.plan.warnings import EarlyWarning
from bot.timing.workdays import local_instant

R = TypeVar("R")


def account_on(account: Account, on: date) -> Account:
    """The account at the end of that day in the service's zone.

    What records carry no date for is taken as it is now: the risk of a priority, the words and owner of an action,
    whether an open one was begun, answers to findings; a cancelled action counts as cancelled all along."""
    until = local_instant(on + timedelta(days=1), time(0), account.service.zone)

    def there(records: Iterable[Any]) -> list[Any]:
        return [r for r in records if r.written_at < until]

    reviews: list[Review] = there(account.reviews)
    slips = there(account.slips)
    moved_later = {s.action_id: s.from_on for s in reversed(account.slips) if s.written_at >= until}
    return Account(
        service=account.service,
        people=account.people,
        priorities=tuple(_priority(account, p, reviews, on, until) for p in account.priorities if p.opened_on <= on),
        signals=tuple(_standing(there(account.signals), until)),
        measures=tuple(_measure(m, on) for m in there(account.measures)),
        actions=tuple(_action(a, moved_later, until) for a in there(account.actions)),
        slips=tuple(slips),
        revisions=tuple(there(account.revisions)),
        milestones=tuple(_milestone(m, account, until) for m in there(account.milestones)),
        entries=tuple(_standing(there(account.entries), until)),
        evidence=tuple(there(account.evidence)),
        samples=tuple(_standing(there(account.samples), until)),
        reviews=tuple(reviews),
        escalations=tuple(_escalation(e, until) for e in there(account.escalations)),
        warnings=tuple(_warning(w, until) for w in there(account.warnings)),
    )


def _standing(records: Iterable[Any], until: datetime) -> list[Any]:
    """What was withdrawn later still stood then."""
    return [replace(r, withdrawn_at=None) if r.withdrawn_at and r.withdrawn_at >= until else r for r in records]


def _priority(account: Account, priority: Priority, reviews: list[Review], on: date, until: datetime) -> Priority:
    """Live again where it was closed, split or reopened later; its status is that of the last decision by then."""
    status, closed_on = priority.status, priority.closed_on
    after = [p for p in account.children_of(priority) if p.written_at >= until]
    ended_later = (closed_on is not None and closed_on > on) or bool(after and status not in LIVE_STATUSES)
    if status in LIVE_STATUSES or ended_later:
        decided = [r.decision for r in reviews if r.priority_id == priority.id and r.decision in STATUS_AFTER]
        status = STATUS_AFTER[decided[-1]] if decided and decided[-1] else PriorityStatus.OPEN
        closed_on = None
    later = [change for change in priority.extensions if change.on > on]
    target_on = later[0].was if later else priority.target_on
    extensions = tuple(change for change in priority.extensions if change.on <= on)
    return replace(priority, status=status, closed_on=closed_on, target_on=target_on, extensions=extensions)


def _measure(measure: Measure, on: date) -> Measure:
    kept = tuple(change for change in measure.retargeted if change.on <= on)
    return replace(measure, target=target_at(measure, on), retargeted=kept)


def _action(action: Action, moved_later: dict[str, date], until: datetime) -> Action:
    due_on = moved_later.get(action.id, action.due_on)
    if action.status is ActionStatus.CANCELLED:
        return replace(action, due_on=due_on)
    if action.verified_at and action.verified_at < until:
        return replace(action, due_on=due_on)
    checked: dict[str, Any] = {"verified_at": None, "verified_by": None, "verification": ""}
    if action.done_at and action.done_at < until:
        return replace(action, due_on=due_on, status=ActionStatus.DONE, **checked)
    still = ActionStatus.PLANNED if action.status is ActionStatus.PLANNED else ActionStatus.IN_PROGRESS
    return replace(action, due_on=due_on, status=still, done_at=None, done_by=None, **checked)


def _milestone(milestone: Milestone, account: Account, until: datetime) -> Milestone:
    sample = account.sample(milestone.sample_id)
    if sample and sample.written_at >= until:
        milestone = replace(milestone, sample_id=None)
    if milestone.cancelled_at and milestone.cancelled_at >= until:
        milestone = replace(milestone, cancelled_at=None)
    return milestone


def _escalation(escalation: Escalation, until: datetime) -> Escalation:
    if escalation.responded_at and escalation.responded_at >= until:
        escalation = replace(escalation, response=None, how="", responded_by=None, responded_at=None)
    if escalation.outcome_at and escalation.outcome_at >= until:
        escalation = replace(escalation, outcome="", outcome_at=None)
    return escalation


def _warning(warning: EarlyWarning, until: datetime) -> EarlyWarning:
    if warning.answered_at and warning.answered_at >= until:
        warning = replace(warning, answer="", answered_by=None, answered_at=None)
    if warning.ended_at and warning.ended_at >= until:
        warning = replace(warning, ended_at=None)
    return warning
