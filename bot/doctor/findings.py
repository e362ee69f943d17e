"""One finding of the doctor: how grave it is, and the sentence that says what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "OK"
    WARNING = "WARNING"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, and what to do about it where there is something to do."""

    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.level:<8}{self.text}"


def at_most(lines: Sequence[Line], what: str, most: int = 20) -> list[Line]:
    """The first of these lines, the gravest foremost where there are too many, and how many more `what` there are."""
    if len(lines) <= most:
        return list(lines)
    gravest = sorted(lines, key=lambda line: (Level.MISSING, Level.WARNING, Level.OK).index(line.level))
    shown, rest = gravest[:most], gravest[most:]
    return [*shown, Line(rest[0].level, f"And {len(rest)} more {what}.")]


def exit_code(lines: Iterable[Line]) -> int:
    """0 where nothing is missing, else 1; warnings do not count."""
    return int(any(line.level is Level.MISSING for line in lines))
