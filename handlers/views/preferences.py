"""How a person wishes to be reminded: the form, what was chosen in it, and the answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.people import Person, Preferences
from handlers.desk import Answer
from handlers.views.parts import clip, date_input, day, escape, field, modal, option, section, select

FOLLOW, NIGHTS = "service", "nights"
HOURS = range(7, 20)


def form(person: Person) -> dict[str, Any]:
    """One question: when."""
    options = [
        option("When my service opens", FOLLOW),
        *(option(f"{hour:02}:00", str(hour)) for hour in HOURS),
        option("I work nights: before my shift", NIGHTS),
    ]
    wish = person.preferences
    now = NIGHTS if wish.nights else (FOLLOW if wish.hour is None else str(wish.hour))
    blocks = [
        section(
            "Grip sends you at most one reminder message a morning, on working days, never during a handover. News "
            "about your own work, such as an action given to you or returned, comes by itself; outside working hours "
            "it waits for the morning. The times are yours, wherever you are."
        ),
        field("when", "When should your reminders come?", select(options, now)),
    ]
    return modal("reminders.form", "Reminders", blocks, submit="Save")


def quiet_form(action: Action, first: date) -> dict[str, Any]:
    """On which day to be reminded of an action again."""
    blocks = [
        section(f"*{ref(action)}* {escape(clip(action.what, 300))}\nIt stays due {day(action.due_on)}, and a late "
                "action still goes up the ladder."),
        field("until", "Quiet until", date_input(first), hint="If the date itself cannot be kept, move that instead."),
    ]  # fmt: skip
    return modal("quiet.form", f"{ref(action)} quiet", blocks, submit="Save", meta={"action": action.id})


def chosen(values: Mapping[str, Any]) -> Preferences:
    """What was chosen; the service's hour where nothing was."""
    when = str(values.get("when") or FOLLOW)
    if when == NIGHTS:
        return Preferences(nights=True)
    return Preferences(hour=int(when)) if when.isdigit() and int(when) in HOURS else Preferences()


def kept(wish: Preferences) -> Answer:
    """After saving."""
    if wish.nights:
        words = "Your reminders come in the evening, before the handover into your night shift."
    elif wish.hour is None:
        words = "Your reminders come when your service opens."
    else:
        words = f"Your reminders come at {wish.hour:02}:00, or as soon after as your service's hours allow."
    return Answer(words, [section(words)])
