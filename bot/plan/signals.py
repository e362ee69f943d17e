"""Signals: what first said that something is wrong, before or after a priority exists for it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar


class Source(StrEnum):
    COMPLAINT = "complaint"
    INCIDENT = "incident"
    AUDIT = "audit finding"
    FEEDBACK = "feedback"
    OBSERVATION = "observation"
    RECORD = "record-level finding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One complaint, incident, finding or piece of feedback (`S5`). A finding stays open until an action answers it
    or a person says why none is needed."""

    LETTER: ClassVar[str] = "S"

    id: str
    workspace_id: str
    service_id: str
    number: int
    on: date
    source: Source
    theme: str
    summary: str
    reference: str = ""
    priority_id: str | None = None
    answered_by: str | None = None  # the action that answers a finding
    answered_reason: str = ""  # or why none is needed
    person_id: str
    written_at: datetime
    withdrawn_at: datetime | None = None
    corrected_at: datetime | None = None
    version: int = 1
