"""The stories as they are written in stories/*.toml, read and put into one order of time."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.demo.days import Days
from bot.plan.services import Shift

Day = int | str


class StepRow(BaseModel):
    """One step: on which day and at which local time who did what; every other key is a field of the verb's form.

    `as` is how later steps call the record that comes of it; several names are parted by commas."""

    model_config = ConfigDict(extra="allow")

    day: Day
    at: str = "10:00"
    who: str
    do: str
    called: str = Field("", alias="as")


class EntryRow(BaseModel):
    """One implementation entry, as the columns of a row; papers are file names parted by semicolons."""

    day: Day
    shift: Shift
    who: str
    action: str
    kind: str
    what: str
    attended: str = ""
    response: str = ""
    barriers: str = ""
    papers: str = ""


class Story(BaseModel):
    """One file: what happened in one service (a channel's name). `follows` names the story whose records it goes on
    with; the two call them by the same names."""

    model_config = ConfigDict(extra="forbid")

    service: str
    follows: str = ""
    step: list[StepRow]
    entries: list[list[Any]] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of any story at its instant; `facts` are the fields of the form as written."""

    at: datetime
    story: str
    service: str
    who: str
    do: str
    facts: dict[str, Any]
    names: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


def script(days: Days) -> list[Step]:
    """All steps of all stories in order of time; of one instant, in the order in which they are written."""
    folder = files("bot.demo") / "stories"
    found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    steps: list[Step] = []
    for file in sorted(found, key=lambda file: file.name):
        story = Story.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        steps += _steps(story.follows or file.name.removesuffix(".toml"), story, days)
    return sorted(steps, key=lambda step: step.at)


def _steps(name: str, story: Story, days: Days) -> Iterator[Step]:
    for row in story.step:
        facts = dict(row.model_extra or {})
        names = _parted(row.called, ",")
        yield Step(days.at(row.day, row.at), name, story.service, row.who, row.do, facts, names)
    for turn, columns in enumerate(story.entries):
        entry = EntryRow(**dict(zip(EntryRow.model_fields, columns, strict=False)))
        facts = {
            "action": f"@{entry.action}",
            "on": entry.day,
            "shift": entry.shift,
            "kind": entry.kind,
            "what": entry.what,
            "attended": entry.attended,
            "staff_response": entry.response,
            "barriers": entry.barriers,
        }
        at = days.on_shift(entry.day, entry.shift, turn)
        yield Step(at, name, story.service, entry.who, "log", facts, papers=_parted(entry.papers, ";"))


def _parted(words: str, by: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in words.split(by) if part.strip())
