"""Samples: how many of how many met the standard, at baseline and after each milestone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample (`X9`) of one measure: `met` of `n`, or `count` in `periods` for a count measure.

    `comparable` is False where another tool or population was used or the same records were sampled again; a verdict
    is then never given. `periods` is how many periods of the measure a count covers. A follow-up that missed the target
    of its day is `failed`: a finding, open until an action answers it or a person says why none is needed.
    """

    LETTER: ClassVar[str] = "X"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    measure_id: str
    milestone_id: str | None = None
    baseline: bool = False
    on: date
    n: int | None = None
    met: int | None = None
    count: int | None = None
    periods: float = 1.0
    sampled: str = ""
    findings: str = ""
    in_their_words: str = ""
    comparable: bool = True
    not_comparable_reason: str = ""
    failed: bool = False
    with_ids: tuple[str, ...] = ()  # the people who took it together with its sampler
    answered_by: str | None = None
    answered_reason: str = ""
    person_id: str
    written_at: datetime
    withdrawn_at: datetime | None = None
    corrected_at: datetime | None = None
    version: int = 1


def samples_under(work: Work, measure_id: str) -> list[Sample]:
    """The samples of a measure that stand, oldest first."""
    found = work.all(Sample, measure_id=measure_id, withdrawn_at=None)
    return sorted(found, key=lambda s: (s.on, s.number))
