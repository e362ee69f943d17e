"""Samples: how many of how many met the standard, at baseline and after each milestone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample (`X9`) of one measure: `met` of `n`, or `count` in the period for a count measure.

    `comparable` is False where another tool or population was used or the same records were sampled again; a verdict
    is then never given. A failed sample is a finding: open until an action answers it or a person says why not.
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
    sampled: str = ""
    findings: str = ""
    in_their_words: str = ""
    comparable: bool = True
    answered_by: str | None = None
    answered_reason: str = ""
    person_id: str
    written_at: datetime
    withdrawn_at: datetime | None = None
    version: int = 1
