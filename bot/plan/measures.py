"""Measures: what is measured for a priority, through which lens, and where it should arrive."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar


class Lens(StrEnum):
    RECORD = "record"
    PRACTICE = "practice"
    EXPERIENCE = "experience"


class MeasureKind(StrEnum):
    PROPORTION = "proportion of a sample"
    COUNT = "count per period"


class Better(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebase:
    """A person's decision, with a reason, that limits are computed anew from a day on."""

    on: str  # ISO date
    reason: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retarget:
    """One change of a target, kept with its reason."""

    on: date
    was: float | None
    now: float | None
    reason: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure (`M4`). `target` is a share from 0 to 1 for a proportion, a count per period otherwise; `unit` is the
    period of a count (week, month), else what one sampled record is (handover, care file)."""

    LETTER: ClassVar[str] = "M"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    name: str
    lens: Lens
    kind: MeasureKind
    better: Better
    target: float | None = None
    unit: str = ""
    rebased: tuple[Rebase, ...] = ()
    retargeted: tuple[Retarget, ...] = ()
    person_id: str
    written_at: datetime
    version: int = 1
