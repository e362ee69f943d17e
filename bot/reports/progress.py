"""A measure's samples as a judged series, and what was done when, for its charts."""

from collections.abc import Iterable
from datetime import date

from bot.insight.counts import Better as Good
from bot.insight.series import Data, Point, Rebase, Series, read
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import ActionStatus
from bot.plan.measures import Measure, MeasureKind
from bot.plan.priorities import Priority
from bot.plan.samples import Sample
from bot.plan.sampling import value_of
from bot.reports.chart_words import Mark
from bot.reports.register_parts import day_of

MARK_LENGTH = 62


def series_of(account: Account, measure: Measure) -> Series:
    """The samples of a measure, baseline and follow-ups, judged as one series; what cannot be compared is left out."""
    return series_from(measure, account.samples_of(measure))


def series_from(measure: Measure, samples: Iterable[Sample]) -> Series:
    """The same from the samples of a measure that stand."""
    shares = measure.kind is MeasureKind.PROPORTION
    stand = [s for s in samples if s.comparable]
    followed = {s.on for s in stand if not s.baseline}
    return read(
        # Points of one day are pooled; a baseline must not be pooled with what it is compared with.
        [_point(s, shares=shares) for s in stand if not (s.baseline and s.on in followed)],
        Data.SAMPLES if shares else Data.FIGURES,
        Good(measure.better.value),
        measure.target,
        [Rebase(date.fromisoformat(r.on), r.reason) for r in measure.rebased],
    )


def _point(sample: Sample, *, shares: bool) -> Point:
    value = value_of(sample)
    return Point(sample.on, value, n=sample.n) if shares else Point(sample.on, value, periods=sample.periods)


def unit_of(measure: Measure) -> str:
    """What the figures of a measure count, for its axis; shares need no unit."""
    return f"a {measure.unit}" if measure.kind is MeasureKind.COUNT else ""


def marks_of(account: Account, priority: Priority, *, words: bool = True) -> list[Mark]:
    """The days on which actions of a priority were verified; without `words` by reference alone."""
    found = []
    for action in account.actions_of(priority):
        on = day_of(action.verified_at, account)
        if on and action.status is ActionStatus.VERIFIED:
            what = action.what if len(action.what) <= MARK_LENGTH else f"{action.what[: MARK_LENGTH - 1].rstrip()}…"
            found.append(Mark(on, f"{ref(action)} verified: {what}" if words else f"{ref(action)} verified"))
    return sorted(found, key=lambda m: m.when)
