"""The registers of what was decided: minutes, monthly oversight, long-running priorities, preparation, challenge."""

from datetime import date

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.escalations import Escalation
from bot.plan.measures import Measure, MeasureKind
from bot.plan.people import ROLE_NAMES
from bot.plan.priorities import Priority, first_target
from bot.plan.reviews import Decision, Review, ReviewKind, period_words
from bot.plan.says import day, unstopped
from bot.reports.register_parts import Filter, Row, day_of, each, named, reviews_in, spoken, words

GOVERNANCE_MINUTES = (
    "Review",
    "Date",
    "Priority",
    "Present",
    "Decision",
    "Outcome",
    "Movement then",
    "Next steps",
    "Next review",
    "Recorded by",
    "Signed by",
    "Signed",
)


def governance_minutes(account: Account, only: Filter) -> list[Row]:
    """Every governance review: the decision about the priority and what follows from it."""
    return [
        (
            ref(r),
            r.on,
            named(account, r.priority_id),
            r.present,
            words(r.decision),
            _outcome(r),
            r.movement,
            r.next_steps,
            r.next_review_on,
            account.name(r.person_id),
            account.name(r.signed_by),
            day_of(r.signed_at, account),
        )
        for r in reviews_in(account, only, ReviewKind.GOVERNANCE)
    ]


MONTHLY_OVERSIGHT = (
    "Review",
    "Month",
    "Date",
    "Priority",
    "Visible in daily care",
    "Unresolved",
    "Remaining problem",
    "Decision",
    "Movement then",
    "Slipped",
    "Next steps",
    "Next review",
    "Recorded by",
)


def monthly_oversight(account: Account, only: Filter) -> list[Row]:
    """Every monthly review: whether the change shows in daily care, and what was decided."""
    return [
        (
            ref(r),
            period_words(r.period),
            r.on,
            named(account, r.priority_id),
            r.improved,
            r.unresolved,
            words(r.remaining),
            words(r.decision),
            r.movement,
            r.slipped,
            r.next_steps,
            r.next_review_on,
            account.name(r.person_id),
        )
        for r in reviews_in(account, only, ReviewKind.MONTHLY)
    ]


IMPROVEMENT_SUMMARY = (
    "Review",
    "Month",
    "Priority",
    "Opened",
    "Months open",
    "Original target date",
    "Original target",
    "Progress then",
    "Improved",
    "Unresolved",
    "Why",
    "Decision",
    "Next steps",
    "Recorded by",
)


def improvement_summary(account: Account, only: Filter) -> list[Row]:
    """Every review of a long-running priority: the original target against the progress at that moment."""
    rows: list[Row] = []
    for r in reviews_in(account, only, ReviewKind.LONG_RUNNING):
        priority = account.priority(r.priority_id)
        if priority is None:
            continue
        rows.append(
            (
                ref(r),
                period_words(r.period),
                named(account, priority.id),
                priority.opened_on,
                _months(priority.opened_on, r.on),
                first_target(priority),
                _original_targets(account, priority, r),
                r.movement,
                r.improved,
                r.unresolved,
                r.why,
                words(r.decision),
                r.next_steps,
                account.name(r.person_id),
            )
        )
    return rows


PREPARATION_NOTE = (
    "Review",
    "Date",
    "Priority",
    "More specific and measurable",
    "Revised monitoring",
    "Unresolved",
    "Next steps",
    "Prepared by",
)


def preparation_note(account: Account, only: Filter) -> list[Row]:
    """Every governance preparation: are the revised actions more specific and measurable, and how are they watched."""
    return [
        (
            ref(r),
            r.on,
            named(account, r.priority_id),
            r.specific,
            r.monitoring,
            r.unresolved,
            r.next_steps,
            account.name(r.person_id),
        )
        for r in reviews_in(account, only, ReviewKind.PREPARATION)
    ]


MEETING_MINUTES = (
    "Record",
    "Date",
    "Meeting",
    "Priority",
    "Present",
    "Challenge",
    "Agreement",
    "Decision",
    "Escalated",
    "Response",
    "Outcome",
    "Next steps",
    "Recorded by",
    "Signed by",
)


def meeting_minutes(account: Account, only: Filter) -> list[Row]:
    """Every review that holds challenge, agreement or an escalation, and every escalation raised outside one."""
    escalations = each(account, only, account.escalations_of)
    by_review = {e.review_id: e for e in escalations if e.review_id}
    dated: list[tuple[date, int, Row]] = []
    for r in reviews_in(account, only, *ReviewKind):
        raised = by_review.get(r.id)
        if not (r.challenge or r.agreement or raised or r.decision is Decision.ESCALATE):
            continue
        dated.append(
            (
                r.on,
                r.number,
                (
                    ref(r),
                    r.on,
                    str(r.kind),
                    named(account, r.priority_id),
                    r.present,
                    r.challenge,
                    r.agreement,
                    words(r.decision),
                    *_escalated(account, raised),
                    r.next_steps,
                    account.name(r.person_id),
                    account.name(r.signed_by),
                ),
            )
        )
    for e in escalations:
        on = day_of(e.written_at, account)
        if e.review_id is None and on is not None and only.has(on):
            head = (ref(e), on, "escalation", named(account, e.priority_id), "", "", "", "")
            by = account.name(e.person_id) or f"the rule: {e.rule}"
            dated.append((on, e.number, (*head, *_escalated(account, e), "", by, "")))
    return [row for _, _, row in sorted(dated, key=lambda item: item[:2])]


def _escalated(account: Account, escalation: Escalation | None) -> tuple[str, str, str]:
    """Why and to whom, the response, the outcome."""
    if escalation is None:
        return "", "", ""
    answer = words(escalation.response) or "no response yet"
    if escalation.how:
        answer = f"{answer}: {escalation.how}"
    by = account.name(escalation.responded_by)
    return (
        f"{ref(escalation)} to {ROLE_NAMES[escalation.to]}: {escalation.why}",
        f"{answer} ({by})" if by else answer,
        escalation.outcome,
    )


def _outcome(review: Review) -> str:
    why = "" if review.decision is Decision.ESCALATE else review.why  # that is told with the escalation
    said = (("Improved", review.improved), ("Unresolved", review.unresolved), ("Why", why))
    return spoken(*said, ("Agreed", review.agreement))


def _months(since: date, until: date) -> int:
    """Whole months between two days."""
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def _original_targets(account: Account, priority: Priority, review: Review) -> str:
    """The first target of each measure that the priority had at the review, and what it is now where it was revised."""
    return "; ".join(_target_history(m) for m in _measures_then(account, priority, review))


def _measures_then(account: Account, priority: Priority, review: Review) -> list[Measure]:
    """The measures that a review could see: the priority's own, and those that a later split or reopening moved on."""
    found = {m.id: m for m in account.measures_of(priority)}
    for child in account.children_of(priority):
        found |= {m.id: m for m in _measures_then(account, child, review)}
    return sorted((m for m in found.values() if m.written_at <= review.written_at), key=lambda m: m.number)


def _target_history(measure: Measure) -> str:
    values = [*(change.was for change in measure.retargeted), measure.target]
    first = f"{ref(measure)} {measure.name}: {_amount(measure, values[0])}"
    changes = [
        f"revised to {_amount(measure, change.now)} on {day(change.on)}: {unstopped(change.reason)}"
        for change in measure.retargeted
    ]
    return ", ".join([first, *changes])


def _amount(measure: Measure, value: float | None) -> str:
    if value is None:
        return "no target"
    return f"{100 * value:g} %" if measure.kind is MeasureKind.PROPORTION else f"{value:g} a {measure.unit}"
