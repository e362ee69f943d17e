"""How a register looks in Slack: the list of fifteen, one page of one of them, and the form that narrows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from bot.plan.access import ref
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.reports.register_parts import Cell, Register, Row
from bot.reports.registers import REGISTERS
from handlers.desk import Answer, chosen_day, whole
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    date_input,
    day,
    escape,
    field,
    header,
    modal,
    option,
    section,
    select,
)

TABLE_ROWS = 40
CARDS = 8  # rows that are read one below the other
PAGE_CHARACTERS = 8_000  # Slack takes 10,000 in all cells of a table, and about 13,000 in a message
CELL_CHARACTERS = 220
SHORT = 40  # characters of a cell that shares a line with others


class Place(Enum):
    """Where a page is shown."""

    MESSAGE = "for one person, in a message"
    WINDOW = "for one person, in a window, which shows no table"
    CHANNEL = "for everybody in the channel, without ways on"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which register of which service, how narrowed, and from which row on; travels in buttons."""

    number: int
    service_id: str
    priority_id: str | None = None
    theme: str = ""
    since: date | None = None
    until: date | None = None
    start: int = 0
    table: bool = False  # as a table, for wide screens; else row by row, as a phone shows it

    def carried(self, **changes: Any) -> dict[str, Any]:
        """As a button carries it."""
        whole = {
            "n": self.number,
            "s": self.service_id,
            "p": self.priority_id,
            "t": self.theme,
            "f": self.since.isoformat() if self.since else None,
            "u": self.until.isoformat() if self.until else None,
            "r": self.start,
            "w": 1 if self.table else None,
        }
        return {name: value for name, value in {**whole, **changes}.items() if value not in (None, "")}


def carried(value: Mapping[str, Any]) -> Wanted:
    """What a button carried. Raises Refusal where that is not all there."""
    return Wanted(
        number=whole(value["n"]),
        service_id=str(value["s"]),
        priority_id=value.get("p"),
        theme=str(value.get("t") or ""),
        since=chosen_day(str(value["f"])) if value.get("f") else None,
        until=chosen_day(str(value["u"])) if value.get("u") else None,
        start=whole(value.get("r") or 0),
        table=bool(value.get("w")),
    )


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if isinstance(cell, datetime):
        return f"{day(cell.date())} {cell:%H:%M}"
    if isinstance(cell, date):
        return day(cell)
    if isinstance(cell, float):
        return f"{cell:g}"
    return "" if cell is None else str(cell)


def listing(service: Service, *, may_export: bool) -> Answer:
    """The fifteen registers to choose from."""
    lines = [f"*{r.number}* {escape(r.title)}, kept by: {escape(r.kept_by)}" for r in REGISTERS]
    options = [option(f"{r.number} {r.title}", f'{{"n":{r.number},"s":"{service.id}"}}') for r in REGISTERS]
    chooser = {**select(options, placeholder="Choose a register"), "action_id": "register.show"}
    words = f"The fifteen registers of {service.name}"
    row = [chooser]
    if may_export:
        row.append(button("All as a workbook", "register.export", Wanted(number=0, service_id=service.id).carried()))
    blocks: list[Block] = [header(words), section("\n".join(lines)), actions(*row)]
    text = "; ".join(f"{r.number} {r.title}" for r in REGISTERS)
    return Answer(escape(f"{words}: {text}. Type /sip register and a number."), blocks)


def fitting_rows(rows: Sequence[Row], start: int, most: int = TABLE_ROWS) -> int:
    """How many rows from `start` on fit on one page."""
    characters = 0
    for count, row in enumerate(rows[start : start + most]):
        characters += sum(len(_cut(cell)) for cell in row)
        if characters > PAGE_CHARACTERS and count:
            return count
    return min(most, len(rows) - start)


def _cut(cell: Cell) -> str:
    return clip(shown(cell), CELL_CHARACTERS) or "-"


def page(
    register: Register,
    service: Service,
    wanted: Wanted,
    rows: Sequence[Row],
    narrowed: str,
    place: Place = Place.MESSAGE,
    *,
    may_export: bool = False,
) -> Answer:
    """One page of a register, row by row or as a table, with the ways on."""
    title = f"Register {register.number}: {register.title}"
    head = f"{title}, {service.name}{narrowed}"
    if not rows:
        words = f"{head}: no rows."
        hint = "Nothing was recorded for it yet, or the filter lets nothing through."
        return Answer(escape(words), [header(clip(title, 150)), section(f"{escape(words)} {hint}"), _ways(wanted)])
    table = wanted.table and place is not Place.WINDOW
    count = fitting_rows(rows, wanted.start, TABLE_ROWS if table else CARDS)
    kept = rows[wanted.start : wanted.start + count]
    where = f"Rows {wanted.start + 1} to {wanted.start + count} of {len(rows)}{narrowed}. Kept by: {register.kept_by}."
    blocks: list[Block] = [header(clip(title, 150)), context(escape(where))]
    blocks += [_table(register, service, kept)] if table else [section(_card(register, row)) for row in kept]
    if place is not Place.CHANNEL:
        blocks.append(_ways(wanted, len(rows), count, place, may_export=may_export))
    lines = [" | ".join(filter(None, (shown(cell) for cell in row))) for row in kept]
    return Answer(escape(clip(f"{head}. {where}\n" + "\n".join(lines), 3900)), blocks)


def _table(register: Register, service: Service, rows: Sequence[Row]) -> Block:
    return {
        "type": "data_table",
        "caption": clip(f"{register.title}, {service.name}", 200),
        "rows": [[_text(column) for column in register.columns], *([_cell(cell) for cell in row] for row in rows)],
        "page_size": 10,
    }


def _card(register: Register, row: Row) -> str:
    """One row in mrkdwn: what it is first, then the short facts on lines they share, then what somebody wrote."""
    first, *rest = [(name, _cut(cell)) for name, cell in zip(register.columns, row, strict=True) if shown(cell)]
    short = [(name, said) for name, said in rest if len(said) <= SHORT]
    long = [(name, said) for name, said in rest if len(said) > SHORT]
    facts = " · ".join(f"{escape(name)}: {escape(said)}" for name, said in short)
    lines = [f"*{escape(first[1])}*  {facts}".rstrip(), *(f"*{escape(name)}:* {escape(said)}" for name, said in long)]
    return clip("\n".join(lines), 2900)


def _text(text: str) -> Block:
    return {"type": "raw_text", "text": text or "-"}


def _cell(cell: Cell) -> Block:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return {"type": "raw_number", "value": cell, "text": shown(cell)}
    return _text(_cut(cell))


def _ways(
    wanted: Wanted, total: int = 0, count: int = 0, place: Place = Place.MESSAGE, *, may_export: bool = False
) -> Block:
    row = []
    if wanted.start > 0:
        row.append(button("First page", "register.show#first", wanted.carried(r=0)))
    if wanted.start + count < total:
        row.append(button("Next page", "register.show#next", wanted.carried(r=wanted.start + count)))
    row.append(button("Filter", "register.filter", wanted.carried()))
    if total and place is Place.MESSAGE:
        other = "Row by row" if wanted.table else "As a table"
        row.append(button(other, "register.show#other", wanted.carried(r=0, w=None if wanted.table else 1)))
    if total and may_export:
        row.append(button("As a workbook", "register.export", wanted.carried()))
    if total:
        row.append(button("Show in channel", "register.post", wanted.carried()))
    return actions(*row)


def filter_form(wanted: Wanted, priorities: Sequence[Priority]) -> dict[str, Any]:
    """Which register, which priority, from when to when."""
    registers = [option(f"{r.number} {r.title}", str(r.number)) for r in REGISTERS]
    blocks = [field("number", "Register", select(registers, str(wanted.number)))]
    if priorities:
        listed = [option(f"{ref(p)} {p.title}", p.id) for p in priorities]
        chosen = select(listed, wanted.priority_id, "All priorities")
        blocks.append(field("priority", "Only this priority", chosen, optional=True))
    blocks.append(field("since", "From", date_input(wanted.since), optional=True))
    blocks.append(field("until", "To", date_input(wanted.until), optional=True))
    return modal("register.form", "Registers", blocks, submit="Show", meta={"s": wanted.service_id})
