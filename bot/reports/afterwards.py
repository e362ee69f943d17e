"""What was seen of a priority after it was closed: whether the gain lasted."""

from datetime import date

from bot.insight.counts import Better, Count
from bot.insight.durability import DatedCount, Recurrence, recurrence
from bot.plan.account import Account
from bot.plan.priorities import Priority
from bot.plan.readings import counted
from bot.plan.reviews import Decision, Review
from bot.plan.samples import Sample
from bot.plan.signals import Signal


def closing_review(account: Account, priority: Priority) -> Review | None:
    """The review on which a priority was closed."""
    closing = [r for r in account.reviews_of(priority) if r.decision is Decision.CLOSE]
    return closing[-1] if closing else None


def samples_since(account: Account, priority: Priority, closed_on: date) -> tuple[Sample, ...]:
    """The samples taken after the day of closure, oldest first."""
    return tuple(s for s in account.samples_of(priority) if s.on > closed_on)


def signals_since(account: Account, priority: Priority, closed_on: date) -> tuple[Signal, ...]:
    """The signals of the priority or of its theme after the day of closure, oldest first."""
    theme = priority.theme.casefold()
    return tuple(
        s
        for s in account.signals
        if not s.withdrawn_at and s.on > closed_on and (s.priority_id == priority.id or s.theme.casefold() == theme)
    )


def recurrences(account: Account, priority: Priority) -> tuple[Recurrence, ...]:
    """How the problem came back after closure, one for each measure it shows in; none where it held.

    The closing standard is the target; without one, the share of the sample on which it was closed."""
    if priority.closed_on is None:
        return ()
    review = closing_review(account, priority)
    signals = [s.on for s in signals_since(account, priority, priority.closed_on)]
    found: list[Recurrence] = []
    for measure in account.measures_of(priority):
        closing = account.sample(review.sample_id) if review else None
        standard = measure.target
        if standard is None and closing is not None and closing.measure_id == measure.id:
            count = counted(measure, closing)
            standard = count.share if isinstance(count, Count) else None
        if standard is None:
            continue
        later = [
            DatedCount(s.on, count)
            for s in samples_since(account, priority, priority.closed_on)
            if s.measure_id == measure.id and isinstance(count := counted(measure, s), Count)
        ]
        # New signals are told once, with the first measure.
        seen = recurrence(priority.closed_on, standard, later, [] if found else signals, Better(measure.better.value))
        if seen:
            found.append(seen)
    return tuple(found)
