"""How it is asked who takes over from somebody who left: the question, the form, and what was handed over."""

from typing import Any

from bot.plan.access import ref
from bot.plan.people import Person
from bot.plan.says import listed
from bot.plan.services import Service
from bot.plan.takeover import Owned
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    day,
    escape,
    field,
    modal,
    person_input,
    section,
    text_input,
)

SHOWN = 15


def question(leaver: Person, service: Service, owned: Owned) -> Answer:
    """The one message to the deputy about everything that somebody leaves behind."""
    words = f"{leaver.name} has left the workspace and still owns {counted(owned)} in {service.name}. Who takes over?"
    lines = [f"• *{ref(a)}* {escape(clip(a.what, 150))}, due {day(a.due_on)}" for a in owned.actions[:SHOWN]]
    lines += [f"• *{ref(p)}* {escape(clip(p.title, 150))}, as its lead" for p in owned.priorities[:SHOWN]]
    press = button(
        "Choose who takes over",
        "takeover.open",
        {"service": service.id, "from": leaver.id},
        style="primary",
        label=f"Choose who takes over from {leaver.name}",
    )
    text = "\n".join([escape(words), *(line.replace("*", "") for line in lines)])
    return Answer(clip(text, 3900), [section(escape(words)), section(clip("\n".join(lines), 2900)), actions(press)])


def counted(owned: Owned) -> str:
    """How much it is: "3 actions and 1 priority"."""
    many = [(len(owned.actions), "action", "actions"), (len(owned.priorities), "priority", "priorities")]
    return listed([f"{number} {one if number == 1 else more}" for number, one, more in many if number]) or "nothing"


def form(leaver: Person, service: Service, owned: Owned) -> dict[str, Any]:
    """Who takes over."""
    blocks: list[Block] = [
        section(f"*{escape(leaver.name)}* owns {counted(owned)} in {escape(service.name)}. Each keeps its due date."),
        field("to_id", "Who takes over?", person_input()),
        field("reason", "Why", text_input(f"{leaver.name} has left", lines=False), optional=True),
    ]
    meta = {"service_id": service.id, "from_id": leaver.id}
    return modal("takeover.form", "Who takes over", blocks, submit="Hand over", meta=meta)


def handed_over(given: Owned, left: Owned, to: Person) -> Answer:
    """After it was handed over; what is left takes a right that the person does not have, and is said so."""
    words = f"{to.name} now owns {counted(given)}."
    if left.priorities:
        words += f" {counted(Owned((), left.priorities))} still needs a new lead: ask the Registered Manager."
    return Answer(escape(words), [section(escape(words))])


def for_you(given: Owned, leaver: Person, by: Person) -> Answer:
    """To the new owner."""
    words = f"{by.name} handed over to you what {leaver.name} owned: {counted(given)}."
    lines = [f"• *{ref(a)}* {escape(clip(a.what, 150))}, due {day(a.due_on)}" for a in given.actions[:SHOWN]]
    lines += [f"• *{ref(p)}* {escape(clip(p.title, 150))}, as its lead" for p in given.priorities[:SHOWN]]
    text = "\n".join([escape(words), *(line.replace("*", "") for line in lines)])
    blocks = [section(escape(words)), section(clip("\n".join(lines), 2900)), actions(button("My actions", "mine.show"))]
    return Answer(clip(text, 3900), blocks)
