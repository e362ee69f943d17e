"""Which column of a spreadsheet means which field of the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from bot.errors import BadInput

NEAR = 82.0  # of 100: "Responsible Person" -> "person responsible" (100), "Dealine" -> "deadline" (93)


class Field(StrEnum):
    """What of a plan a spreadsheet may hold; the value is how a person names it."""

    PRIORITY = "priority"
    ACTION = "action"
    OWNER = "owner"
    DUE = "due date"
    CHECK = "how we check it"
    STATUS = "status"
    PROBLEM = "problem statement"
    RATIONALE = "rationale"
    EVIDENCE = "evidence base"
    RISK = "risk"
    STATEMENT = "quality statement"
    AREAS = "affected areas"


# How plans out in the field head their columns.
KNOWN_AS: dict[Field, tuple[str, ...]] = {
    Field.PRIORITY: (
        "priority",
        "issue",
        "area",
        "area for improvement",
        "item",
        "theme",
        "standard",
        "title",
        "topic",
    ),
    Field.ACTION: (
        "action",
        "actions",
        "action required",
        "action to be taken",
        "what will be done",
        "task",
        "improvement",
    ),
    Field.OWNER: (
        *("owner", "lead", "person responsible", "responsible", "who", "by whom", "assigned to", "action owner"),
        *("responsible person", "allocated to"),
    ),
    Field.DUE: (
        "due date",
        "due",
        "deadline",
        "target date",
        "by when",
        "when",
        "completion date",
        "timescale",
        "due by",
    ),
    Field.CHECK: (
        *(
            "how we check it",
            "check",
            "how will we know",
            "measure of success",
            "success criteria",
            "evidence of completion",
        ),
        *("monitoring", "how measured", "assurance", "outcome measure"),
    ),
    Field.STATUS: ("status", "progress", "state", "rag", "rag rating", "completed", "complete"),
    Field.PROBLEM: ("problem statement", "problem", "finding", "findings", "concern", "shortfall", "what is wrong"),
    Field.RATIONALE: ("rationale", "why it matters", "reason", "impact", "impact on people", "why"),
    Field.EVIDENCE: ("evidence base", "evidence", "source", "identified by", "identified from", "key documents"),
    Field.RISK: ("risk", "risk level", "risk rating", "severity"),
    Field.STATEMENT: ("quality statement", "cqc statement", "key question", "kloe", "regulation", "domain"),
    Field.AREAS: ("affected areas", "unit", "location", "where", "department"),
}
NEEDED = (Field.ACTION, Field.OWNER, Field.DUE)


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each field by its place from 0, and the names of the columns that mean nothing here."""

    places: Mapping[Field, int]
    unused: tuple[str, ...]


def understood(names: Sequence[str], said: Mapping[Field, str] | None = None) -> Columns:
    """What each column means: as somebody said, else by the nearest of the names that plans use.

    Raises BadInput where a needed field has no column, or somebody named a column that is not there."""
    places: dict[Field, int] = {}
    for field, name in (said or {}).items():
        there = [i for i, each in enumerate(names) if _plain(each) == _plain(name)]
        if not there:
            raise BadInput(f"There is no column {name!r}. There are: {', '.join(n for n in names if n)}.")
        places[field] = there[0]
    scored = sorted(
        ((_likeness(name, field), -i, field) for i, name in enumerate(names) for field in Field if name),
        key=lambda found: (-found[0], -found[1]),
    )
    for score, minus, field in scored:
        if score >= NEAR and field not in places and -minus not in places.values():
            places[field] = -minus
    missing = [field for field in NEEDED if field not in places]
    if missing:
        raise BadInput(
            f"No column was found for: {', '.join(missing)}. The columns are: {', '.join(n for n in names if n)}. "
            "Rename one, or say which it is."
        )
    unused = tuple(name for i, name in enumerate(names) if name and i not in places.values())
    return Columns(places, unused)


def _likeness(name: str, field: Field) -> float:
    return max(fuzz.token_sort_ratio(_plain(name), known) for known in KNOWN_AS[field])


def _plain(name: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())
