"""How every bench reports: a table of figures beside their goals, and the same as JSON for a machine."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured figure. `goal` is the bound (None: told, not judged); `met` says whether the value is within it.

    `unit` is "ratio" for a ratio of two measurements of the same run, otherwise "s", "ms", "MB", "1/s" and so on.
    """

    name: str
    value: float
    goal: float | None
    met: bool
    unit: str = "ratio"


def under(name: str, value: float, goal: float, unit: str = "ratio") -> Figure:
    """A figure that should stay under its goal."""
    return Figure(name, value, goal, value < goal, unit)


def at_least(name: str, value: float, goal: float, unit: str = "ratio") -> Figure:
    """A figure that should reach its goal."""
    return Figure(name, value, goal, value >= goal, unit)


def told(name: str, value: float, unit: str) -> Figure:
    """A figure without a goal, printed so that a reader can judge the ratios."""
    return Figure(name, value, goal=None, met=True, unit=unit)


def options(description: str) -> argparse.ArgumentParser:
    """The command line that every bench has; a bench adds its own arguments to it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here as a JSON list")
    return parser


def table(figures: Sequence[Figure]) -> str:
    """The figures as text, one line each."""
    rows = [("figure", "value", "unit", "goal", "met")]
    rows += [(f.name, f"{f.value:,.3g}", f.unit, "" if f.goal is None else f"{f.goal:g}", _word(f)) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def report(figures: Sequence[Figure], json_file: Path | None = None) -> None:
    """Prints the table and, where a file is named, writes [{"name", "value", "goal", "met", "unit"}] to it."""
    print(table(figures))
    if json_file:
        json_file.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")


def _word(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return "yes" if figure.met else "NO"
