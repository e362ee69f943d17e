"""Reviews: what changed, whether it was enough, and what was decided."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from bot.errors import BadInput
from bot.plan.people import Right


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


# The kinds in which a decision about the priority is taken; their minutes are signed.
DECIDING = frozenset({ReviewKind.MONTHLY, ReviewKind.LONG_RUNNING, ReviewKind.GOVERNANCE, ReviewKind.QUARTERLY})
# Provider oversight challenges and escalates; the priority stays the Registered Manager's to decide.
PROVIDER_DECISIONS = frozenset({Decision.KEEP_OPEN, Decision.ESCALATE})

RIGHT_TO: dict[ReviewKind, Right] = {
    ReviewKind.ASSURANCE: Right.ASSURE,
    ReviewKind.MONTHLY: Right.DECIDE,
    ReviewKind.LONG_RUNNING: Right.DECIDE,
    ReviewKind.GOVERNANCE: Right.DECIDE,
    ReviewKind.QUARTERLY: Right.OVERSEE,
    ReviewKind.REASSESSMENT: Right.REASSESS,
    ReviewKind.PACK: Right.GATHER,
    ReviewKind.PREPARATION: Right.PREPARE,
}

_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
_QUARTER = re.compile(r"^(\d{4})-Q([1-4])$", re.IGNORECASE)
_MONTHLY = frozenset({ReviewKind.MONTHLY, ReviewKind.LONG_RUNNING})


def suggested_period(kind: ReviewKind, today: date) -> str:
    """The period that a review of today is most likely about: the month or quarter that has ended, else the day."""
    first = today.replace(day=1)
    if kind in _MONTHLY:
        year, month0 = divmod(first.year * 12 + first.month - 2, 12)
        return f"{year}-{month0 + 1:02}"
    if kind is ReviewKind.QUARTERLY:
        year, quarter0 = divmod(first.year * 4 + (first.month - 1) // 3 - 1, 4)
        return f"{year}-Q{quarter0 + 1}"
    return today.isoformat()


def named_period(kind: ReviewKind, typed: str, today: date) -> str:
    """The period as reviews of that kind name it. Raises BadInput for none, another form, or one to come."""
    text = typed.strip()
    if kind in _MONTHLY:
        match = _MONTH.match(text)
        if not match:
            raise BadInput("Name the month under review, for example 2026-11.", field="period")
        first = date(int(match[1]), int(match[2]), 1)
    elif kind is ReviewKind.QUARTERLY:
        match = _QUARTER.match(text)
        if not match:
            raise BadInput("Name the quarter under review, for example 2026-Q4.", field="period")
        first, text = date(int(match[1]), 3 * int(match[2]) - 2, 1), text.upper()
    else:
        return text or today.isoformat()
    if first > today:
        raise BadInput("That period has not begun yet. Name the one under review.", field="period")
    return text


def period_words(period: str) -> str:
    """A period as people read it: "November 2026", "October to December 2026", "5 May 2026"."""
    if match := _MONTH.match(period):
        return f"{date(int(match[1]), int(match[2]), 1):%B %Y}"
    if match := _QUARTER.match(period):
        last = 3 * int(match[2])
        return f"{date(int(match[1]), last - 2, 1):%B} to {date(int(match[1]), last, 1):%B %Y}"
    try:
        on = date.fromisoformat(period)
    except ValueError:
        return period
    return f"{on.day} {on:%B %Y}"
