"""The journal as it goes into a pack: events in full where the pack may show them, else sealed to their hashes."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from bot.plan.account import Account
from bot.plan.journal import Event, canonical
from bot.plan.says import local
from bot.reports.register_parts import Filter, chosen


def lines(events: Iterable[Event], shown: Callable[[Event], bool]) -> Iterator[tuple[str, bool]]:
    """Each event of a chain as one line of JSON, and whether it is shown in full.

    A full line holds the event's canonical text (`event`) and both hashes; a sealed one its number and both hashes, so
    that the chain can still be followed through it."""
    for event in events:
        line: dict[str, Any] = {"number": event.number, "previous_hash": event.previous_hash, "hash": event.hash}
        full = shown(event)
        if full:
            line["event"] = canonical(event)
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")), full


def showing(
    account: Account, only: Filter, erase: Callable[[str], str] | None, *, whole: bool
) -> Callable[[Event], bool]:
    """Which events a pack shows: those of its records and days, and without names only what names nobody."""
    ids = frozenset() if whole else _ids(account, only)
    zone = ZoneInfo(account.service.zone)

    def shown(event: Event) -> bool:
        if not whole and event.record_id not in ids:
            return False
        if not only.has(local(event.at, zone)):
            return False
        text = canonical(event) if erase else ""
        return erase is None or erase(text) == text

    return shown


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
