"""The journal as it goes into a pack: what the pack may show of each event, the rest down to its hashes."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from bot.plan.account import Account
from bot.plan.journal import Event, body, canonical, without
from bot.plan.says import local
from bot.plan.sealing import places
from bot.reports.register_parts import Filter, chosen

# Fields that are names of staff as typed; without names they are left out whole.
_NAMES = frozenset(f"{side}.{name}" for side in ("before", "after") for name in ("attended", "present"))


def lines(events: Iterable[Event], shown: Callable[[Event], Event | None]) -> Iterator[tuple[str, bool]]:
    """Each event of a chain as one line of JSON, and whether it is shown.

    A line holds the event's number and both hashes, so that the chain can be followed through it. A shown one holds
    also what the event says (`event`) and its `seal`, with which the hash can be computed anew."""
    for event in events:
        line: dict[str, Any] = {"number": event.number, "previous_hash": event.previous_hash, "hash": event.hash}
        shows = shown(event)
        if shows and shows.seal is None:
            line["event"] = canonical(shows)
        elif shows:
            line |= {"event": body(shows), "seal": shows.seal}
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")), shows is not None


def showing(
    account: Account, only: Filter, erase: Callable[[str], str] | None, *, whole: bool
) -> Callable[[Event], Event | None]:
    """What a pack shows of an event: nothing outside its records and days, and without names nothing that names
    somebody (an event with a seal keeps the rest of its words, others show nothing then)."""
    ids = frozenset() if whole else _ids(account, only)
    zone = ZoneInfo(account.service.zone)

    def shown(event: Event) -> Event | None:
        if not whole and event.record_id not in ids:
            return None
        if not only.has(local(event.at, zone)):
            return None
        return event if erase is None else _nameless(event, erase)

    return shown


def _nameless(event: Event, erase: Callable[[str], str]) -> Event | None:
    """The event without the values that name somebody; None where they cannot be told apart."""
    if event.seal is None:
        text = canonical(event)
        return event if erase(text) == text else None
    naming = {
        place
        for place, value in places(event.before, event.after, event.reason).items()
        if (value and place in _NAMES) or erase(text := json.dumps(value, ensure_ascii=False)) != text
    }
    return without(event, naming) if naming else event


def _ids(account: Account, only: Filter) -> frozenset[str]:
    """The ids of the chosen priorities and of everything that belongs to them."""
    found: set[str] = set()
    for p in chosen(account, only):
        actions = account.actions_of(p)
        entries = account.entries_of(p)
        records: list[Any] = [p, *account.signals_of(p), *account.measures_of(p), *actions, *account.milestones_of(p)]
        records += [*entries, *account.samples_of(p), *account.reviews_of(p), *account.escalations_of(p)]
        records += [s for a in actions for s in account.slips_of(a)] + [
            r for a in actions for r in account.revisions_of(a)
        ]
        records += [e for entry in entries for e in account.evidence_of(entry)]
        found |= {record.id for record in records}
    return frozenset(found)
