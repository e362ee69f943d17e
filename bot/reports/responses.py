"""How leadership answered for one priority: challenge, decisions, escalations, revisions, dates and targets."""

from collections.abc import Iterator
from datetime import date

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.escalations import Escalation, is_waiting
from bot.plan.measures import MeasureKind
from bot.plan.people import ROLE_NAMES
from bot.plan.priorities import Priority
from bot.plan.reviews import DECIDING, Decision, Review
from bot.plan.says import day, refs, unstopped, verb
from bot.reports.register_parts import day_of
from bot.reports.sentences import Sentence, ended, of

Dated = tuple[date, Sentence]
_CHANGING = frozenset({Decision.EXTEND, Decision.REVISE_TARGET, Decision.SPLIT, Decision.ESCALATE})


def responses(account: Account, priority: Priority) -> tuple[Sentence, ...]:
    """Every answer of leadership on record, the newest first; an escalation without a response is unresolved."""
    return tuple(sentence for _, sentence in newest_first(account, priority))


def newest_first(account: Account, priority: Priority) -> list[Dated]:
    """The same with the day of each."""
    return sorted(dated(account, priority), key=lambda pair: pair[0], reverse=True)


def dated(account: Account, priority: Priority) -> list[Dated]:
    """The same with the day of each, in no order."""
    return [
        *_reviews(account, priority),
        *_escalations(account, priority),
        *_revisions(account, priority),
        *_dates(priority),
        *_targets(account, priority),
        *_children(account, priority),
    ]


def _reviews(account: Account, priority: Priority) -> Iterator[Dated]:
    for review in account.reviews_of(priority):
        if review.kind in DECIDING or review.challenge or review.agreement:
            yield review.on, Sentence(_review_words(review), of(review), about=ref(priority))


def _review_words(review: Review) -> str:
    decided = f" decided: {review.decision}" if review.decision else ""
    parts = [f"The {review.kind} review of {day(review.on)}{decided}"]
    if review.decision in _CHANGING and review.why:
        parts.append(f"why: {unstopped(review.why)}")
    parts += [f"challenge: {unstopped(review.challenge)}"] if review.challenge else []
    parts += [f"agreed: {unstopped(review.agreement)}"] if review.agreement else []
    parts += [f"next: {unstopped(review.next_steps)}"] if review.next_steps else []
    return ended("; ".join(parts))


def _escalations(account: Account, priority: Priority) -> Iterator[Dated]:
    for escalation in account.escalations_of(priority):
        on = day_of(escalation.written_at, account) or priority.opened_on
        waiting = is_waiting(escalation)
        yield on, Sentence(_escalation_words(account, escalation, on), of(escalation), waiting, about=ref(priority))


def _escalation_words(account: Account, escalation: Escalation, on: date) -> str:
    raised = f"Escalated to {ROLE_NAMES[escalation.to]} on {day(on)}: {ended(escalation.why)}"
    if is_waiting(escalation):
        return f"{raised} No response is on record yet."
    by = account.name(escalation.responded_by)
    how = f", {unstopped(escalation.how)}" if escalation.how else ""
    answered = f" Response{f' of {by}' if by else ''}: {escalation.response}{how}." if escalation.response else ""
    outcome = f" Outcome: {ended(escalation.outcome)}" if escalation.outcome else " No outcome is on record yet."
    return f"{raised}{answered}{outcome}"


def _revisions(account: Account, priority: Priority) -> Iterator[Dated]:
    for action in account.actions_of(priority):
        for revision in account.revisions_of(action):
            on = day_of(revision.written_at, account)
            if on is None:
                continue
            changed = "given to another owner" if revision.to_owner_id else "revised"
            reason = f": {ended(revision.reason)}" if revision.reason else "."
            yield on, Sentence(f"{ref(action)} was {changed} on {day(on)}{reason}", of(action), about=ref(priority))


def _dates(priority: Priority) -> Iterator[Dated]:
    for change in priority.extensions:
        was = f" from {day(change.was)}" if change.was else ""
        to = f" to {day(change.now)}" if change.now else ""
        words = f"The target date was moved{was}{to} on {day(change.on)}: {ended(change.reason)}"
        yield change.on, Sentence(words, of(priority), about=ref(priority))


def _targets(account: Account, priority: Priority) -> Iterator[Dated]:
    for measure in account.measures_of(priority):
        per_cent = measure.kind is MeasureKind.PROPORTION

        def amount(value: float | None, *, share: bool = per_cent) -> str:
            return "none" if value is None else f"{100 * value:g} %" if share else f"{value:g}"

        for change in measure.retargeted:
            words = (
                f"The target of {ref(measure)} was changed from {amount(change.was)} to {amount(change.now)} on "
                f"{day(change.on)}: {ended(change.reason)}"
            )
            yield change.on, Sentence(words, of(measure), about=ref(priority))


def _children(account: Account, priority: Priority) -> Iterator[Dated]:
    for how, field in (("split", "split_from"), ("reopened", "reopened_from")):
        after = [p for p in account.children_of(priority) if getattr(p, field) == priority.id]
        if after:
            carried = verb(after, "carries", "carry")
            # A part of a split is as old as the problem: it keeps the day on which that was opened.
            on = day_of(after[0].written_at, account) or after[0].opened_on
            words = f"{ref(priority)} was {how} on {day(on)}: {refs(after)} {carried} it on."
            yield on, Sentence(words, of(priority, *after), about=ref(priority))
