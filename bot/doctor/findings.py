"""One finding of the doctor: how grave it is, and the sentence that says what to do about it."""

from collections.abc import Iterable
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


def exit_code(lines: Iterable[Line]) -> int:
    """0 where nothing is missing, else 1; warnings do not count."""
    return int(any(line.level is Level.MISSING for line in lines))
