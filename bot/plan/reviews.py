"""Reviews: what changed, whether it was enough, and what was decided."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar


class ReviewKind(StrEnum):
    ASSURANCE = "assurance"
    MONTHLY = "monthly"
    LONG_RUNNING = "long-running"
    GOVERNANCE = "governance"
    QUARTERLY = "quarterly provider"


class Remaining(StrEnum):
    """The remaining problem, compared with the last review."""

    SMALLER = "smaller"
    UNCHANGED = "unchanged"
    DIFFERENT = "differently understood"


class Decision(StrEnum):
    KEEP_OPEN = "keep open"
    PARTIALLY_IMPROVED = "partially improved"
    READY_TO_CLOSE = "ready to close"
    CLOSE = "close"
    EXTEND = "extend"
    REVISE_TARGET = "revise target"
    SPLIT = "split"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One review (`R5`) of one priority. `period` names its month (`2026-11`), quarter (`2026-Q4`) or day."""

    LETTER: ClassVar[str] = "R"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    kind: ReviewKind
    period: str
    on: date
    improved: str = ""
    unresolved: str = ""
    why: str = ""
    remaining: Remaining | None = None
    decision: Decision | None = None
    challenge: str = ""
    agreement: str = ""
    next_steps: str = ""
    next_review_on: date | None = None
    movement: str = ""  # the movement against baseline at that moment, in words
    sample_id: str | None = None  # the sample that a closure names
    override_reason: str = ""  # written reason for closing over no measurable change or too few to judge
    person_id: str
    written_at: datetime
    version: int = 1
