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
    """The ways of writing a name that leave little doubt: "Priya Raman", "P. Raman", "P Raman", "P.Raman", "Priya R.".

    A name of one word has none."""
    parts = name.split()
    if len(parts) < 2:
        return []
    given, last = parts[0], parts[-1]
    initials = [f"{given[0]}. {last}", f"{given[0]} {last}", f"{given[0]}.{last}", f"{given} {last[0]}."]
    return [name, f"{given} {last}", *initials]


def short_spellings(name: str) -> list[str]:
    """The parts of a name that may stand alone, though another person may bear them: "Raman", "Priya"."""
    parts = name.split()
    if len(parts) < 2:
        return parts
    initial = len(parts[0].rstrip(".")) == 1
    return [parts[-1], *([] if initial or parts[0] in _WORDS else [parts[0]])]


def pattern(spelled: Iterable[str], in_any_case: Iterable[str] = ()) -> re.Pattern[str]:
    """Finds any of these as whole words, the longest one first; nothing where there are none."""
    whole, exact = _alternatives(in_any_case), _alternatives(spelled)
    either = "|".join([*([f"(?i:{whole})"] if whole else []), *([exact] if exact else [])])
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")


def _alternatives(spelled: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted({each for each in spelled if each}, key=len, reverse=True)))


@dataclass(frozen=True)
class Naming:
    """Finds one person in texts: `sure` by what hardly means anybody else, `likely` also by a part of the name that
    nobody else here bears. `namesakes` are others with the very same name."""

    sure: re.Pattern[str]
    likely: re.Pattern[str]
    namesakes: tuple[Person, ...] = ()

    @classmethod
    def of(cls, person: Person, also: Sequence[str], everybody: Iterable[Person]) -> "Naming":
        """`also`: further names that the person had; `everybody`: who else may be meant."""
        own = () if person.erased_at else (person.name,)  # a pseudonym is no name, and its words are everyday words
        names = [name for name in (*own, *also) if name]
        others = [other for other in everybody if other.id != person.id]
        parts = {part for other in others for part in other.name.split()}
        theirs = {spelled.casefold() for other in others for spelled in full_spellings(other.name)}
        full = [s for name in names for s in full_spellings(name) if s == name or s.casefold() not in theirs]
        full += [f"<@{person.slack_id}>", person.slack_id]
        short = [s for name in names for s in short_spellings(name) if s not in parts]
        same = {name.casefold() for name in names}
        namesakes = tuple(other for other in others if other.name.casefold() in same)
        return cls(pattern((), full), pattern(short, full), namesakes)


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
