"""How review points look: the forms that plan, move and cancel one, and those that wait."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action, Milestone
from bot.plan.priorities import Priority
from handlers.desk import Answer
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
    quoted,
    section,
    select,
    text_input,
)

LISTED = 12
ASKED = "On that day the quality lead is asked to sample."


def of_options(priorities: Sequence[Priority], listed: Sequence[Action]) -> list[Block]:
    """Priorities as a whole, and actions, to plan a review point for."""
    wholes = [option(f"{ref(p)} {p.title}", ref(p), "The priority as a whole") for p in priorities]
    return wholes + [option(f"{ref(a)} {a.what}", ref(a), f"Due {day(a.due_on)}") for a in listed]


def add_form(of: Priority | Action | None, options: Sequence[Block], on: date, note: str = "") -> dict[str, Any]:
    """When to sample, and what to look at."""
    blocks: list[Block] = []
    if of is None:
        blocks.append(field("of", "Of which priority or action?", select(options)))
    else:
        name = of.title if isinstance(of, Priority) else of.what
        due = f"\nDue {day(of.due_on)}" if isinstance(of, Action) else ""
        blocks.append(section(f"*{ref(of)}* {escape(clip(name, 300))}{due}"))
    blocks += [
        field("on", "On which day?", date_input(on), hint=ASKED),
        field("note", "What is to be sampled?", text_input(note, lines=False, placeholder="20 handover sheets"),
              optional=True),
    ]  # fmt: skip
    return modal("milestone.form", "Plan a review point", blocks, submit="Save", meta={"of": ref(of)} if of else {})


def added(milestone: Milestone, of: str) -> Answer:
    """After a review point was planned."""
    words = f"A review point of *{of}* is planned for {day(milestone.on)}. {ASKED}"
    blocks = [section(words), *([quoted(milestone.note)] if milestone.note else [])]
    return Answer(
        f"{words} {escape(milestone.note)}".replace("*", ""), [*blocks, actions(*_buttons(milestone), _another(of))]
    )


def _another(of: str) -> Block:
    return button("Plan another", "milestone.add", {"of": of})


def _buttons(milestone: Milestone, name: str = "") -> list[Block]:
    value = {"milestone": milestone.id, "v": milestone.version}
    mark = f"#{milestone.id[-10:]}" if name else ""
    return [
        button("Move it", f"milestone.move{mark}", value, label=f"Move the review point {name}".strip()),
        button("Cancel it", f"milestone.cancel{mark}", value, label=f"Cancel the review point {name}".strip()),
    ]


def change_form(kind: str, milestone: Milestone, of: str, suggested: date) -> dict[str, Any]:
    """Another day for a review point, or why it is not wanted (`kind`: "move" or "cancel")."""
    blocks: list[Block] = [section(f"The review point of *{of}* on {day(milestone.on)}")]
    if milestone.note:
        blocks.append(quoted(clip(milestone.note, 500)))
    if kind == "move":
        blocks.append(field("on", "To which day?", date_input(suggested)))
    blocks.append(field("reason", "Why?", text_input(), hint="The reason stays in the plan."))
    title, submit = ("Move a review point", "Move it") if kind == "move" else ("Cancel a review point", "Cancel it")
    return modal(
        f"milestone_{kind}.form", title, blocks, submit=submit, close="Go back", meta={"milestone": milestone.id}
    )


def moved(milestone: Milestone, of: str, reason: str) -> Answer:
    """After a review point was moved."""
    words = f"The review point of *{of}* is on {day(milestone.on)} now."
    text = f"{words} {escape(reason)}".replace("*", "")
    return Answer(text, [section(words), quoted(reason), actions(*_buttons(milestone))])


def cancelled(milestone: Milestone, of: str, reason: str) -> Answer:
    """After a review point was cancelled."""
    words = f"The review point of *{of}* on {day(milestone.on)} is cancelled."
    text = f"{words} {escape(reason)}".replace("*", "")
    return Answer(text, [section(words), quoted(reason), actions(_another(of))])


def listing(
    waiting: Sequence[tuple[Milestone, str]],
    names: Mapping[str, str],
    where: str,
    today: date,
    *,
    may_plan: bool,
    may_sample: bool,
) -> Answer:
    """The review points that wait for a sample, each with the reference it is of; `names` by reference."""
    if not waiting:
        words = f"No review point waits in {where}. Plan one, so that somebody samples when the change should show."
        row = [actions(button("Plan a review point", "milestone.add"))] if may_plan else []
        return Answer(escape(words), [section(escape(words)), *row])
    blocks: list[Block] = [header(f"Review points ({len(waiting)})")]
    lines = []
    for milestone, of in waiting[:LISTED]:
        said = _line(milestone, of, names.get(of, ""), today)
        where_at = f"of {of} on {day(milestone.on)}"
        row = [_sample_button(milestone, where_at)] if may_sample else []
        row += _buttons(milestone, where_at) if may_plan else []
        blocks += [section(escape(said)), *([actions(*row)] if row else [])]
        lines.append(said)
    if len(waiting) > LISTED:
        blocks.append(context(f"And {len(waiting) - LISTED} more: name a priority, as in `/sip milestones P3`."))
    return Answer(escape(clip("; ".join(lines), 3900)), blocks)


def _line(milestone: Milestone, of: str, name: str, today: date) -> str:
    late = (today - milestone.on).days
    state = f", {late} day{'' if late == 1 else 's'} overdue" if late > 0 else ", today" if late == 0 else ""
    note = f"; {clip(milestone.note, 150)}" if milestone.note else ""
    return f"{of} {clip(name, 150).rstrip('.')}: {day(milestone.on)}{state}{note}"


def _sample_button(milestone: Milestone, where_at: str) -> Block:
    label = f"Record a sample for the review point {where_at}"
    return button("Record a sample", f"sample.open#{milestone.id[-10:]}", {"milestone": milestone.id}, label=label)
