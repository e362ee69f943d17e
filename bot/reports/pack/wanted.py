"""What somebody wants in a pack: which priorities, from when to when, with or without the names of staff."""

import re
from dataclasses import dataclass
from datetime import date

from bot.errors import BadInput
from bot.plan.account import Account
from bot.plan.says import day
from bot.reports.earlier import account_on
from bot.reports.narrowing import asked
from bot.reports.register_parts import Filter, chosen

_DAY = re.compile(r"(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4}))")
_NAMELESS = re.compile(r"\b(?:without|no|hide)[ -](?:the )?(?:staff )?names\b", re.IGNORECASE)
_SINCE, _UNTIL = frozenset({"from", "since"}), frozenset({"to", "until", "till"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a pack. `part` is what `/sip inspect` takes: priorities, a theme or a statement."""

    part: str = ""
    since: date | None = None
    until: date | None = None
    names: bool = True


@dataclass(frozen=True)
class Chosen:
    """The account that a pack is made of, as it stood at the end of `on`, the filter, and how to name the part."""

    account: Account
    on: date
    only: Filter
    part: str
    period: str


def choose(account: Account, wanted: Wanted, today: date) -> Chosen:
    """The part of an account that is wanted. Raises BadInput (days upside down or to come, nothing to pack) and
    NotFound (no such priority, theme or statement)."""
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise BadInput(
            f"The pack would end on {day(wanted.until)}, before it begins on {day(wanted.since)}. Swap the two days.",
            field="until",
        )
    if wanted.since and wanted.since > today:
        raise BadInput(f"{day(wanted.since)} has not come yet. Choose an earlier first day.", field="since")
    on = min(today, wanted.until) if wanted.until else today
    part = asked(account, wanted.part)
    then = account if on == today else account_on(account, on)
    only = Filter(part.only.among, part.only.theme, wanted.since, on if wanted.until else None)
    if not chosen(then, only):
        when = f" on {day(on)}" if on != today else ""
        raise BadInput(
            f"There is nothing to pack: {account.service.name} had no priority{when}. Open one with /sip priority new."
            if on == today
            else f"There is nothing to pack: {account.service.name} had no priority yet{when}. Choose a later day.",
            field="until",
        )
    return Chosen(then, on, only, part.words, period_words(wanted.since, on))


def period_words(since: date | None, on: date) -> str:
    """The time that a pack covers."""
    return f"{day(since)} to {day(on)}" if since else f"from the first record to {day(on)}"


def day_typed(word: str, field: str = "since") -> date:
    """A day typed as 2026-10-31 or 31/10/2026. Raises BadInput for what is in no calendar."""
    match = _DAY.fullmatch(word.strip())
    try:
        if match and match[1]:
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match:
            return date(int(match[6]), int(match[5]), int(match[4]))
    except ValueError:
        pass
    raise BadInput(f"{word.strip()} is no day. Write it like 31/10/2026 or 2026-10-31.", field=field)


def wanted_in(text: str) -> Wanted:
    """What words ask for: "P3 from 01/10/2026 to 31/12/2026 without names". Raises BadInput for an impossible day."""
    names = not _NAMELESS.search(text)
    words = _NAMELESS.sub(" ", text).split()
    part: list[str] = []
    since, until, ahead = None, None, ""
    for word in words:
        if word.lower() in _SINCE | _UNTIL:
            ahead = "since" if word.lower() in _SINCE else "until"
        elif _DAY.fullmatch(word):
            on = day_typed(word, ahead or "since")
            since, until = (since, on) if ahead == "until" else (on, until)
            ahead = "until"
        else:
            part.append(word)
    return Wanted(" ".join(part), since, until, names)
