"""How statutory clocks look: what runs and until when, the forms that start and meet one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.priorities import ClockKind, Priority, StatutoryClock
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
    section,
    select,
)

COUNTED: dict[ClockKind, str] = {
    ClockKind.REGULATION_17: "28 days after CQC's Regulation 17(3) request",
    ClockKind.REMEDIAL_PLAN: "14 days after the commissioner's notice",
    ClockKind.FACTUAL_ACCURACY: "10 working days after the draft report",
    ClockKind.RE_AUDIT: "6 months after publication",
}
SHOWN = 10


def kind_words(kind: ClockKind) -> str:
    """A kind with a capital."""
    return f"{kind.value[:1].upper()}{kind.value[1:]}"


def state(clock: StatutoryClock, today: date) -> str:
    """How a clock stands: days left, today, overdue, or met."""
    if clock.met_on:
        late = (clock.met_on - clock.due_on).days
        return f"met on {day(clock.met_on)}" + (f", {_days(late)} late" if late > 0 else "")
    left = (clock.due_on - today).days
    if left == 0:
        return "due today"
    return f"{_days(left)} left" if left > 0 else f"{_days(-left)} overdue"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def line(clock: StatutoryClock, today: date) -> str:
    """A clock in one line."""
    started = f"started {day(clock.started_on)}, due {day(clock.due_on)}"
    return f"{kind_words(clock.kind)}: {state(clock, today)} ({started})"


def page(priorities: Sequence[Priority], today: date, where: str, *, may: bool, first: str = "") -> Answer:
    """The clocks of these priorities; whoever may, starts one or marks one met."""
    blocks: list[Block] = [
        *([section(escape(first))] if first else []),
        header(clip(f"Statutory clocks: {where}", 150)),
    ]
    lines = []
    for priority in priorities[:SHOWN]:
        blocks.append(section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}"))
        row: list[Block] = []
        for clock in sorted(priority.clocks, key=lambda c: (c.met_on is not None, c.due_on))[:6]:
            said = line(clock, today)
            blocks.append(context(escape(said)))
            lines.append(f"{ref(priority)} {said}")
            if may and clock.met_on is None:
                name = f"{ref(priority)}-{clock.kind.name.lower()}"
                value = {"priority": priority.id, "kind": clock.kind.name}
                words = f"Mark met: {kind_words(clock.kind)}"
                row.append(button(clip(words, 70), f"clock.meet#{name}", value, label=f"{words} of {ref(priority)}"))
        if not priority.clocks:
            blocks.append(context("No clock runs."))
        if may:
            start = {"priority": priority.id}
            row.append(button("Start a clock", f"clock.start#{ref(priority)}", start, label=f"Start: {ref(priority)}"))
        blocks += [actions(*row)] if row else []
    if not lines:
        lines.append("No clock runs.")
    if not priorities:
        blocks.append(section("No clock runs. Start one with `/sip clock P3`."))
    return Answer(escape(clip(f"{first} Statutory clocks, {where}: {'; '.join(lines)}".strip(), 3900)), blocks[:50])


def start_form(priority: Priority, today: date) -> dict[str, Any]:
    """What came, and on which day."""
    options = [option(kind_words(kind), kind.name, COUNTED[kind]) for kind in ClockKind]
    blocks = [
        section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}"),
        field("kind", "What has to be done?", select(options)),
        field(
            "started_on",
            "When did the request or report come?",
            date_input(today),
            hint="That day is not counted; the last day is worked out and counted down in status and reminders.",
        ),
    ]
    return modal("clock_start.form", "Start a clock", blocks, submit="Start", meta={"priority": priority.id})


def meet_form(priority: Priority, clock: StatutoryClock, today: date) -> dict[str, Any]:
    """On which day it was sent."""
    blocks = [
        section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}\n{escape(line(clock, today))}"),
        field("met_on", "On which day was it done or sent?", date_input(today)),
    ]
    meta = {"priority": priority.id, "kind": clock.kind.name}
    return modal("clock_meet.form", "Mark it met", blocks, submit="Save", meta=meta)
