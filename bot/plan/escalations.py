"""Escalations: why leadership was called on, and which response it chose."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.plan.people import Role


class Response(StrEnum):
    TIGHTEN = "tighten the actions"
    EXTEND = "extend the review period"
    OBSERVE = "more management observation"
    SAMPLE_WIDER = "wider sampling"
    SUPERVISE = "stronger supervision"
    DEEPER = "deeper practice review"
    CHALLENGE = "provider challenge"
    REVISE_TARGET = "revise the target"
    SPLIT = "split the priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One escalation (`L2`) of one priority: raised by a person, or by an early-warning rule (`rule`)."""

    LETTER: ClassVar[str] = "L"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    why: str
    rule: str = ""
    to: Role
    response: Response | None = None
    how: str = ""  # how the response will be carried out
    responded_by: str | None = None
    responded_at: datetime | None = None
    outcome: str = ""
    outcome_at: datetime | None = None
    review_id: str | None = None  # the review that raised it
    person_id: str | None  # None: raised by a rule
    written_at: datetime
    wake_at: datetime | None = None
    version: int = 1
