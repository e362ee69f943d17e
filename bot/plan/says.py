"""How days, records and people are named inside a sentence."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from bot.plan.access import Lettered, ref


def day(on: date) -> str:
    """A day as people read it: "5 May 2026"."""
    return f"{on.day} {on:%B %Y}"


def local(at: datetime, zone: tzinfo) -> date:
    """The calendar day of an instant in a zone."""
    return at.astimezone(zone).date()


def listed(words: Sequence[str]) -> str:
    """Several things in one sentence: "A3, A4 and A9"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def refs(records: Sequence[Lettered]) -> str:
    """Records by reference, in order of number: "A3, A4 and A9"."""
    return listed([ref(record) for record in sorted(records, key=lambda r: r.number)])


def verb(records: Sequence[object], one: str = "is", more: str = "are") -> str:
    """The form of a verb that agrees with so many records."""
    return one if len(records) == 1 else more


def unstopped(words: str) -> str:
    """Somebody's words without their full stop, for use inside a list or a longer sentence."""
    return words.rstrip().removesuffix(".")
