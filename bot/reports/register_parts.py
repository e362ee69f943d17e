"""What every register is made of: a filter, cells that keep their type, and how records are put into cells."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.entries import Entry, EvidenceState
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.says import local
from bot.reports.sentences import ended

# Dates are dates and numbers are numbers; a datetime is the service's wall-clock time, without a zone.
Cell = str | int | float | date | datetime | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of the account to show; the empty filter shows all. `among` holds the ids of the priorities (None:
    any); `theme` is part of a theme; the dates are inclusive and meant for the date that the register's rows carry."""

    among: frozenset[str] | None = None
    theme: str = ""
    since: date | None = None
    until: date | None = None

    def has(self, on: date | None) -> bool:
        """Whether a day lies between the dates; no day does only where there are none."""
        if on is None:
            return self.since is None and self.until is None
        return (self.since is None or on >= self.since) and (self.until is None or on <= self.until)

    def has_theme(self, theme: str) -> bool:
        """Whether a theme is the one looked for."""
        return self.theme.casefold().strip() in theme.casefold()


WHOLE_ACCOUNT = Filter()


@dataclass(frozen=True, slots=True)
class Register:
    """One of the fifteen: its number, title, who keeps it, whether it goes into the evidence pack, its columns, and the
    function from the account to its rows."""

    number: int
    title: str
    kept_by: str
    starred: bool
    columns: tuple[str, ...]
    rows: Callable[[Account, Filter], list[Row]]


R = TypeVar("R")


def chosen(account: Account, only: Filter) -> list[Priority]:
    """The priorities that the filter lets through, by number, whatever the dates."""
    return [p for p in account.priorities if (only.among is None or p.id in only.among) and only.has_theme(p.theme)]


def each(account: Account, only: Filter, of: Callable[[Priority], Iterable[R]]) -> list[R]:
    """The records of the chosen priorities, each once although a split shows it under parent and child."""
    found: dict[int, R] = {}
    for priority in chosen(account, only):
        for record in of(priority):
            found.setdefault(id(record), record)
    return list(found.values())


def named(account: Account, priority_id: str | None) -> str:
    """A priority in a cell: "P3 Handovers"."""
    priority = account.priority(priority_id)
    return f"{ref(priority)} {priority.title}" if priority else ""


def wall(at: datetime | None, account: Account) -> datetime | None:
    """An instant as the service's clocks showed it."""
    return at.astimezone(ZoneInfo(account.service.zone)).replace(tzinfo=None) if at else None


def day_of(at: datetime | None, account: Account) -> date | None:
    """The day of an instant where the service is."""
    return local(at, ZoneInfo(account.service.zone)) if at else None


def evidence_words(account: Account, entry: Entry) -> str:
    """The evidence of an entry by name; what could not be read, or was removed by age, is said so."""
    told = (EvidenceState.UNREADABLE, EvidenceState.REMOVED)
    return "; ".join(f"{e.name} ({e.state})" if e.state in told else e.name for e in account.evidence_of(entry))


def reviews_in(account: Account, only: Filter, *kinds: str) -> list[Review]:
    """The reviews of some kinds within the filter, oldest first."""
    found = [r for r in each(account, only, account.reviews_of) if r.kind in kinds and only.has(r.on)]
    return sorted(found, key=lambda r: (r.on, r.number))


def words(value: object) -> str:
    """An optional choice as text."""
    return "" if value is None else str(value)


def spoken(*parts: tuple[str, str]) -> str:
    """What somebody wrote under several questions, each by its name: "Improved: sheets. Unresolved: nights." """
    return " ".join(ended(f"{name}: {said.strip()}") for name, said in parts if said.strip())


def action_then(account: Account, entry: Entry) -> str:
    """The action of an entry in the words that it had when the entry was written."""
    action = account.action(entry.action_id)
    if action is None:
        return ""
    later = [r for r in account.revisions_of(action) if r.written_at > entry.written_at]
    return f"{ref(action)} {later[0].from_what if later else action.what}"


def attended_names(entry: Entry) -> str:
    """Who attended, by name or kind; a bare number stands in its own column."""
    return "" if entry.attended.strip().isdigit() else entry.attended
