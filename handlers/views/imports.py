"""How an import looks: the form, what a file would bring, what is wrong with it, and what came of it."""

from collections.abc import Sequence
from typing import Any

from bot.importing.columns import Columns
from bot.importing.plan import Draft, errors_told
from bot.importing.sheets import Sheet
from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.priorities import Priority
from bot.plan.services import Service
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    day,
    escape,
    field,
    files_input,
    header,
    modal,
    option,
    paragraphs,
    section,
    select,
)

SHOWN_ACTIONS = 8


def form(service: Service, live: Sequence[Priority]) -> dict[str, Any]:
    """The file, and where its actions belong."""
    takes = {**files_input(1), "filetypes": ["xlsx", "csv"]}
    hint = "An .xlsx or .csv file with a row for each action: at least what, who and by when."
    blocks: list[Block] = [field("files", "The plan as a spreadsheet", takes, hint=hint)]
    if live:
        chooser = select([option(f"{ref(p)} {p.title}", ref(p)) for p in live], placeholder="As the file says")
        blocks.append(field("under", "Put every action under one priority", chooser, optional=True))
    return modal("import.form", "Import a plan", blocks, submit="Look at it", meta={"s": service.id})


def preview(service: Service, sheet: Sheet, columns: Columns, found: Draft, value: dict[str, Any]) -> Answer:
    """What the file would bring, with the button that brings it; or what to put right first."""
    head = f"{sheet.name} for {service.name}: {_many(len(found.actions), 'action')}"
    taken = ", ".join(f"{f} from “{sheet.columns[i]}”" for f, i in columns.places.items())
    if found.errors:
        return refused(sheet.name, errors_told(found.errors), taken)
    lines = [f"Opens the priority “{clip(p.title, 100)}”." for p in found.new[:10]]
    lines += found.notes
    shown = [
        f"• Row {a.row}: {clip(a.what, 140)} ({a.owner.name}, {day(a.due_on)})" for a in found.actions[:SHOWN_ACTIONS]
    ]
    if len(found.actions) > SHOWN_ACTIONS:
        shown.append(f"and {len(found.actions) - SHOWN_ACTIONS} more")
    yes = button(f"Import {_many(len(found.actions), 'action')}", "import.go", value, style="primary")
    blocks: list[Block] = [header(clip(head, 150)), section(escape("\n".join(shown)))]
    if lines:
        blocks.append(section(escape("\n".join(lines))))
    blocks += [context(escape(f"Columns: {taken}. Nothing is imported yet.")), actions(yes)]
    return Answer(escape(clip("\n".join([head, *shown, *lines, f"Columns: {taken}."]), 3900)), blocks)


def refused(name: str, sentence: str, taken: str = "") -> Answer:
    """Why a file was not imported."""
    words = f"{name}: {sentence}"
    hint = [context(escape(f"Columns: {taken}."))] if taken else []
    return Answer(escape(clip(words, 3900)), [*map(section, paragraphs(escape(words).split("\n"))), *hint])


def imported(service: Service, name: str, kept: Sequence[Action], opened: int) -> Answer:
    """That it is in."""
    first, last = ref(kept[0]), ref(kept[-1])
    span = first if len(kept) == 1 else f"{first} to {last}"
    new = f" and {_many(opened, 'new priority', 'new priorities')}" if opened else ""
    words = f"{name} is in the plan of {service.name}: {_many(len(kept), 'action')} ({span}){new}."
    hint = "Look at what is missing: checks, reasons and evidence that the file did not hold say so."
    ways = actions(button("Show the status", "status.show", {"service": service.id}))
    return Answer(escape(f"{words} {hint}"), [section(f"*{escape(words)}*\n{hint}"), ways])


def _many(number: int, thing: str, things: str = "") -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {things or thing + 's'}"
