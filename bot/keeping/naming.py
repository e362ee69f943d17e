"""How a text may name a member of staff, and putting something else in the place of the name."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from bot.plan.people import Person

R = TypeVar("R")

# Given names that are everyday words too: standing alone they are left, or sentences would lose their sense.
_WORDS = frozenset(
    """
    April August Bill Chance Dawn Faith Grace Hope Iris Ivy Joy June Lily Mark May Mercy Pat Patience Pearl Penny Rob
    Rose Ruby Summer Sue Will
    """.split()  # noqa: SIM905 - a paragraph reads better than thirty quoted words
)
# What names the thing itself, not a person: never rewritten.
_KEPT = frozenset({"id", "workspace_id", "service_id", "sha256", "slack_file_id", "record_kind", "mimetype", "unit"})
# Fields that hold nothing but names of staff, as typed.
NAMES_TYPED = frozenset({("Entry", "attended"), ("Review", "present")})
# Fields that Grip or Slack filled in, not a person.
MACHINE_MADE = frozenset({("EarlyWarning", "sentence"), ("Evidence", "link")})


def full_spellings(name: str) -> list[str]:
    """The ways of writing a name that leave no doubt: "Priya Raman", "P. Raman", "P Raman", "P.Raman", "Priya R."."""
    parts = name.split()
    if len(parts) < 2:
        return [name] if name else []
    given, last = parts[0], parts[-1]
    return [name, f"{given[0]}. {last}", f"{given[0]} {last}", f"{given[0]}.{last}", f"{given} {last[0]}."]


def short_spellings(name: str) -> list[str]:
    """The parts of a name that may stand alone, though another person may bear them: "Raman", "Priya"."""
    parts = name.split()
    if len(parts) < 2:
        return []
    return [parts[-1], *([] if parts[0] in _WORDS else [parts[0]])]


def pattern(spelled: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these as whole words, the longest one first; nothing where there are none."""
    longest_first = sorted({each for each in spelled if each}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)" if longest_first else r"(?!)")


@dataclass(frozen=True)
class Naming:
    """Finds one person in texts: `sure` beyond doubt, `likely` also by a part of the name that nobody else bears."""

    sure: re.Pattern[str]
    likely: re.Pattern[str]

    @classmethod
    def of(cls, person: Person, also: Sequence[str], others: Iterable[Person]) -> "Naming":
        """`also`: further names that the person had; `others`: who else may be meant by a part of a name."""
        names = [person.name, *also]
        borne = {part for other in others if other.id != person.id for part in other.name.split()}
        full = [f"<@{person.slack_id}>", person.slack_id, *(s for name in names for s in full_spellings(name))]
        short = [s for name in names for s in short_spellings(name) if s not in borne]
        return cls(pattern(full), pattern([*full, *short]))


def texts(record: Any) -> Iterator[tuple[str, str]]:
    """Every text of a record by field, those of the values it holds too; choices and ids are left out."""
    for field in fields(record):
        value = getattr(record, field.name)
        if _is_text(field.name, value):
            yield field.name, value
        elif _holds(value):
            yield from ((field.name, text) for one in value for _, text in texts(one))


def rewritten(record: R, rewrite: Callable[[str, str], str], within: str = "") -> R:
    """The record with each of its texts as `rewrite(field, text)` gives it; `within`: the field that holds it."""
    changes: dict[str, Any] = {}
    for field in fields(record):  # type: ignore[arg-type]  # every record is a dataclass
        value = getattr(record, field.name)
        name = within or field.name
        if _is_text(field.name, value):
            changes[field.name] = rewrite(name, value)
        elif _holds(value):
            changes[field.name] = tuple(rewritten(one, rewrite, name) for one in value)
    return replace(record, **changes)  # type: ignore[type-var]


def _is_text(name: str, value: object) -> bool:
    return type(value) is str and name not in _KEPT and not name.endswith(("_id", "_by"))


def _holds(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])
