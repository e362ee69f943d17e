"""Whether a gain lasted: drift after improvement, recurrence after closure, and paper that ran ahead of practice."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.insight.counts import Better, Count
from bot.insight.movement import Verdict, compare

RECURRENCE_MONTHS = 6


class Lens(StrEnum):
    """Through whose eyes a measure looks."""

    RECORD = "record"
    PRACTICE = "practice"
    EXPERIENCE = "experience"


@dataclass(frozen=True)
class DatedCount:
    """One sample and the day on which it was taken."""

    when: date
    count: Count


@dataclass(frozen=True)
class Drift:
    """A gain that fell back: the best improved follow-up, the newest one, and a sentence."""

    best: DatedCount
    newest: DatedCount
    sentence: str


@dataclass(frozen=True)
class Recurrence:
    """Trouble back after closure: failing samples and signals on the theme, and a sentence."""

    samples: tuple[DatedCount, ...]
    signals: tuple[date, ...]
    sentence: str


def by_day(samples: Iterable[DatedCount]) -> tuple[DatedCount, ...]:
    """Samples in order of date, those of one day pooled, so that the order within a day cannot matter."""
    days: dict[date, Count] = {}
    for sample in samples:
        days[sample.when] = days[sample.when] + sample.count if sample.when in days else sample.count
    return tuple(DatedCount(day, days[day]) for day in sorted(days))


def drift(
    baseline: Count, follow_ups: Iterable[DatedCount], better: Better = Better.UP, target: float | None = None
) -> Drift | None:
    """Whether the newest sample fell back after an earlier one had improved on the baseline.

    Drift is: worse than the best improved one by more than chance, or no longer to be told from the baseline while
    under the target (a share, 0 to 1; with no target the baseline alone decides). Returns None where neither holds.
    """
    days = by_day(follow_ups)
    if len(days) < 2:
        return None
    newest, earlier = days[-1], days[:-1]
    improved = [d for d in earlier if compare(baseline, d.count, better).verdict is Verdict.IMPROVED]
    if not improved:
        return None
    best = max(improved, key=lambda d: (better.sign * d.count.share, d.count.n, d.when))
    under = target is None or (newest.count.share - target) * better.sign < 0
    fell = compare(best.count, newest.count, better).verdict is Verdict.WORSE
    told = compare(baseline, newest.count, better).verdict
    lost = under and told in (Verdict.NO_CHANGE, Verdict.WORSE)  # a sample too small to judge has lost nothing
    slid = (newest.count.share - best.count.share) * better.sign < 0
    if not (fell or (lost and slid)):
        return None
    why = "worse than the best, by more than chance" if fell else "no longer told apart from the baseline"
    sentence = f"{baseline} at first, {best.count} at best, {newest.count} now: {why}."
    return Drift(best, newest, sentence)


def recurrence(
    closed_on: date,
    closing_standard: float,
    samples: Iterable[DatedCount],
    signals: Sequence[date],
    better: Better = Better.UP,
    months: int = RECURRENCE_MONTHS,
) -> Recurrence | None:
    """Whether the problem came back after closure.

    A durability sample under the closing standard (a share, 0 to 1) at any time after it, or a new signal on the theme
    within `months` of it. Returns None where neither happened.
    """
    failing = tuple(
        s for s in by_day(samples) if s.when > closed_on and (s.count.share - closing_standard) * better.sign < 0
    )
    until = months_after(closed_on, months)
    fresh = tuple(sorted(s for s in signals if closed_on < s <= until))
    if not failing and not fresh:
        return None
    parts = []
    if failing:
        bound = "at least" if better is Better.UP else "at most"
        counts = ", ".join(str(s.count) for s in failing)
        parts.append(f"sampled {counts} against the closing standard of {bound} {100 * closing_standard:g} %")
    if fresh:
        parts.append(f"{len(fresh)} new signal{'' if len(fresh) == 1 else 's'} on the theme within {months} months")
    return Recurrence(failing, fresh, f"Since closure: {'; '.join(parts)}.")


def paperwork_practice_mismatch(latest: Iterable[tuple[Lens, Verdict]]) -> bool:
    """Whether a record-lens measure of a priority improved while one of its practice or experience measures did not.

    Takes the newest verdict of each measure. A lens that nobody measured is no mismatch, and neither is a sample too
    small to judge or not comparable: it has not said anything yet.
    """
    verdicts = list(latest)
    judged = {Verdict.IMPROVED, Verdict.WORSE, Verdict.NO_CHANGE}
    paper = any(lens is Lens.RECORD and v is Verdict.IMPROVED for lens, v in verdicts)
    life = [v for lens, v in verdicts if lens is not Lens.RECORD and v in judged]
    return paper and any(v is not Verdict.IMPROVED for v in life)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
