"""How the coming fortnight looks: each message to come by day and person, and the ways to change it."""

from collections.abc import Sequence

from bot.plan.people import Person
from bot.plan.services import Service
from handlers.coming import Coming, Fortnight
from handlers.desk import Answer
from handlers.views import rhythm
from handlers.views.parts import Block, actions, button, clip, context, day, escape, header, paragraphs, section

SHOWN = 40  # messages of one service


def coming(planned: Sequence[Fortnight], person: Person, changeable: Sequence[Service]) -> Answer:
    """The page, for the person's eyes alone."""
    blocks: list[Block] = [header("Reminders of the coming fortnight")]
    text = ["Reminders of the coming fortnight."]
    for each in planned:
        name = each.service.name if each.service else "Your actions"
        lines = _lines(each, person)
        blocks += map(section, paragraphs([f"*{escape(name)}*", *lines]))
        text += [escape(name), *lines]
    blocks.append(context("If nothing changes: what is done, moved or answered before then is not sent."))
    blocks.append(actions(button("When mine come", "reminders.preferences", style="primary")))
    blocks += rhythm.buttons(changeable)
    return Answer(clip("\n".join(text), 3900), blocks)


def _lines(planned: Fortnight, person: Person) -> list[str]:
    if not planned.messages:
        return ["Nothing is due in the coming fortnight."]
    lines, last = [], None
    for message in planned.messages[:SHOWN]:
        if message.on != last:
            lines.append(f"*{day(message.on)}*")
            last = message.on
        lines.append(_line(message, person))
    more = len(planned.messages) - SHOWN
    return [*lines, f"And {more} more messages."] if more > 0 else lines


def _line(message: Coming, person: Person) -> str:
    who = "you" if message.person_id == person.id else message.name if not message.person_id else escape(message.name)
    what = ", ".join(message.what[:6]) + (f" and {len(message.what) - 6} more" if len(message.what) > 6 else "")
    return f"• {message.hour} to {who}: {escape(what)}"
