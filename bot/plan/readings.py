"""What the samples of one measure say: movement against baseline, standing against target, drift."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.insight.counts import Better as Good
from bot.insight.counts import Count, Tally
from bot.insight.durability import DatedCount, Drift, drift
from bot.insight.movement import AgainstTarget, Movement, Verdict, against_target, compare, compare_rates
from bot.plan.access import ref
from bot.plan.measures import Measure, MeasureKind
from bot.plan.samples import Sample
from bot.plan.says import day

NOT_ALIKE = "it was sampled in another way"


@dataclass(frozen=True)
class Reading:
    """One measure as its samples tell it. `movement` compares the follow-ups of the newest day, taken as one sample,
    with the baseline; `target` sets them against the target. None where there is nothing to compare."""

    measure: Measure
    baseline: Sample | None
    follow_ups: tuple[Sample, ...]
    movement: Movement | None
    target: AgainstTarget | None
    drift: Drift | None

    @property
    def newest(self) -> Sample | None:
        """The newest sample, the baseline where it stands alone."""
        return self.follow_ups[-1] if self.follow_ups else self.baseline

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the newest follow-up; None where there is none."""
        return self.movement.verdict if self.movement else None


def reading_of(measure: Measure, samples: Sequence[Sample]) -> Reading:
    """What the samples of a measure that stand (oldest first) say."""
    baseline = next((s for s in samples if s.baseline), None)
    follow_ups = tuple(s for s in samples if not s.baseline)
    newest = by_day(follow_ups)[-1] if follow_ups else (baseline,) if baseline else ()
    target = None
    if newest and measure.target is not None:
        target = against_target(counted(measure, *newest), measure.target, Good(measure.better.value))
    movement = movement_between(measure, baseline, *newest) if baseline and follow_ups else None
    return Reading(measure, baseline, follow_ups, movement, target, _drift(measure, baseline, follow_ups))


def by_day(samples: Sequence[Sample]) -> list[tuple[Sample, ...]]:
    """Samples of each day together, oldest day first; of a day on which any can be compared, those that can."""
    days: dict[date, list[Sample]] = {}
    for sample in sorted(samples, key=lambda s: (s.on, s.number)):
        days.setdefault(sample.on, []).append(sample)
    return [tuple([s for s in taken if s.comparable] or taken) for taken in days.values()]


def told(reading: Reading) -> str:
    """A reading in one line: what was measured, both counts, the verdict, the interval, the target, the drift."""
    measure = reading.measure
    head = f"{ref(measure)} {measure.name} ({measure.lens})"
    if reading.baseline is None:
        return f"{head}: no baseline yet."
    first = counted(measure, reading.baseline)
    if reading.movement is None:
        return f"{head}: baseline {first} on {day(reading.baseline.on)}; no follow-up yet."
    said = [reading.movement.sentence, reading.movement.in_words]
    if reading.drift:
        said.append(f"Drift: {reading.drift.sentence}")
    if reading.target:
        said.append(f"Target: {reading.target.sentence}")
    return f"{head}: {' '.join(words for words in said if words)}"


def counted(measure: Measure, *samples: Sample) -> Count | Tally:
    """A sample, or several of one day together, as the statistics take it."""
    if measure.kind is MeasureKind.COUNT:
        periods = math.fsum(s.periods for s in samples)
        return Tally(sum(s.count or 0 for s in samples), periods, measure.unit or "period")
    return Count(sum(s.met or 0 for s in samples), sum(s.n or 1 for s in samples))


def movement_between(measure: Measure, then: Sample, *now: Sample) -> Movement:
    """How a later sample of a measure, or several of one day together, compares with an earlier one."""
    before, after = counted(measure, then), counted(measure, *now)
    better = Good(measure.better.value)
    why = next((s.not_comparable_reason or NOT_ALIKE for s in (*now, then) if not s.comparable), "")
    if isinstance(before, Tally) and isinstance(after, Tally):
        return compare_rates(before, after, better, why_not=why)
    if isinstance(before, Count) and isinstance(after, Count):
        return compare(before, after, better, why_not=why)
    raise TypeError("a measure's samples are all of one kind")


def _drift(measure: Measure, baseline: Sample | None, follow_ups: Sequence[Sample]) -> Drift | None:
    """Drift is told of proportions alone: a rate has no best sample to fall back from, its chart says it."""
    if baseline is None or measure.kind is MeasureKind.COUNT:
        return None
    first = counted(measure, baseline)
    dated = [DatedCount(s.on, c) for s in follow_ups if s.comparable and isinstance(c := counted(measure, s), Count)]
    if not isinstance(first, Count):
        return None
    return drift(first, dated, Good(measure.better.value), measure.target)
