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
    REASSESSMENT = "reassessment"
    PACK = "review pack"
    PREPARATION = "governance preparation"


class Judgement(StrEnum):
    """What a person makes of the samples; the figures stand beside it."""

    IMPROVED = "improved"
    PARTLY = "partly improved"
    NOT_IMPROVED = "not improved"


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
    """One review (`R5`) of one priority. `period` names its month (`2026-11`), quarter (`2026-Q4`) or day.

    `movement`, `slipped` and `evidence` are frozen at that moment: what moved against the baseline, what slipped, and
    (in a review pack) the evidence gathered. `specific` and `monitoring` are the governance preparation's: whether the
    revised actions are more specific and measurable, and the revised monitoring approach."""

    LETTER: ClassVar[str] = "R"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    kind: ReviewKind
    period: str
    on: date
    present: str = ""
    improved: str = ""
    unresolved: str = ""
    why: str = ""
    judgement: Judgement | None = None
    remaining: Remaining | None = None
    decision: Decision | None = None
    challenge: str = ""
    agreement: str = ""
    next_steps: str = ""
    next_review_on: date | None = None
    specific: str = ""
    monitoring: str = ""
    movement: str = ""
    slipped: str = ""
    evidence: str = ""
    sample_id: str | None = None  # the sample that a closure or a reassessment names
    override_reason: str = ""  # written reason for closing over no measurable change or too few to judge
    person_id: str
    written_at: datetime
    signed_by: str | None = None
    signed_at: datetime | None = None
    corrected_at: datetime | None = None
    version: int = 1
