"""What a single cell of somebody's spreadsheet means: a day, a person, a risk, whether something is done."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from rapidfuzz import fuzz

from bot.errors import BadInput
from bot.importing.sheets import Value
from bot.plan.people import Person
from bot.plan.priorities import Risk

NEAR_NAME = 88.0  # of 100: "Amara Osie" -> "Amara Osei" (90); another surname stays far below
_FORMS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d/%m/%y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d-%m-%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d %b %y",
    "%d-%b-%y",
)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.IGNORECASE)
RISKS = {
    Risk.HIGH: frozenset({"high", "h", "red", "r", "severe", "major", "3"}),
    Risk.MODERATE: frozenset({"moderate", "medium", "m", "amber", "a", "med", "2"}),
    Risk.LOW: frozenset({"low", "l", "green", "g", "minor", "1"}),
}
DONE = frozenset({"done", "complete", "completed", "closed", "finished", "yes", "achieved", "blue", "100%", "verified"})


def day_in(value: Value) -> date:
    """The day in a cell. Raises BadInput for none, and for what is no single day."""
    if isinstance(value, date):
        return value
    if value is None:
        raise BadInput("It has no due date. Write one, for example 31/10/2026.")
    text = _WEEKDAY.sub("", _ORDINAL.sub(r"\1", str(value).strip()))
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadInput(f"“{str(value)[:40]}” is no due date. Write one day, for example 31/10/2026.")


def person_named(name: str, people: Sequence[Person]) -> Person:
    """The one person of a name, as Slack has it or nearly so. Raises BadInput with who comes near."""
    if not name:
        raise BadInput("It has no owner. Name one person, as they are called in Slack.")
    wanted = name.strip().lstrip("@").casefold()
    exact = [p for p in people if wanted in (p.name.casefold(), p.slack_id.casefold())]
    if len(exact) == 1:
        return exact[0]
    scored = sorted(((fuzz.ratio(wanted, p.name.casefold()), p.name, p) for p in people), key=lambda s: (-s[0], s[1]))
    near = [p for score, _, p in scored if score >= NEAR_NAME]
    alone = [p for p in people if wanted in p.name.casefold().split()]
    for found in (near, alone):
        if len(found) == 1:
            return found[0]
    maybe = near or alone or [p for score, _, p in scored[:3] if score >= 60]
    hint = f" Do you mean {' or '.join(p.name for p in maybe[:3])}?" if maybe else ""
    raise BadInput(
        f"Nobody called “{name[:60]}” is known here.{hint} Name one person as Slack calls them; somebody new must "
        "have used Grip or been given a role once."
    )


def risk_in(text: str) -> Risk | None:
    """The risk in a cell; None for an empty one. Raises BadInput for other words."""
    plain = text.strip().casefold().removesuffix(" risk")
    if not plain:
        return None
    for risk, words in RISKS.items():
        if plain in words:
            return risk
    raise BadInput(f"“{text[:40]}” is no risk. Write low, moderate or high.")


def is_done(text: str) -> bool:
    """Whether a status says that the action is finished."""
    return text.strip().casefold() in DONE
