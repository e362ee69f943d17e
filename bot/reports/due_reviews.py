"""What a reminder of a review says of each priority: what moved, what slipped, what warns, and whether it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.plan.account import Account
from bot.plan.briefing import moved, slipped
from bot.plan.priorities import Priority
from bot.plan.reviews import ReviewKind
from bot.plan.warnings import EarlyWarning

# The kind of review that a kind of reminder asks for.
REVIEW_OF: dict[str, ReviewKind] = {
    "monthly_review": ReviewKind.MONTHLY,
    "long_running": ReviewKind.LONG_RUNNING,
    "quarterly_review": ReviewKind.QUARTERLY,
}


@dataclass(frozen=True, slots=True)
class DueReview:
    """One priority whose review of a period is due, in lines of text; `recorded`: somebody has reviewed it."""

    priority: Priority
    kind: ReviewKind
    period: str
    moved: tuple[str, ...]
    slipped: tuple[str, ...]
    warns: tuple[str, ...]
    recorded: bool


def due_reviews(
    account: Account,
    standing: Sequence[EarlyWarning],
    priorities: Iterable[Priority],
    kind: ReviewKind,
    period: str,
    today: date,
) -> tuple[DueReview, ...]:
    """One for each of the priorities, in the order given. `standing` are the early warnings that wait for somebody."""
    return tuple(
        DueReview(
            priority=priority,
            kind=kind,
            period=period,
            moved=moved(account, priority),
            slipped=slipped(account, priority, today),
            warns=tuple(f"{w.rule}: {w.sentence}" for w in standing if w.priority_id == priority.id),
            recorded=any(r.kind is kind and r.period == period for r in account.reviews_of(priority)),
        )
        for priority in priorities
    )
