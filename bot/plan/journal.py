"""The journal: one event for each change, append-only, chained by SHA-256 so that any later alteration shows."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from bot.ids import new_id
from bot.plan import sealing
from bot.plan.services import Service

if TYPE_CHECKING:
    from bot.plan.people import Person
    from bot.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what to which record when, before and after.

    `chain` is the service's id (the workspace's for what belongs to no service); `number` counts from 1 in the chain.
    `request_id` is unique, so that a double click or a delivery repeated by Slack changes nothing. Under a `seal` the
    hash covers digests of `before`, `after` and `reason`, so that a value can be taken out of them; without one (as the
    first release wrote them) it covers the words themselves.
    """

    id: str
    chain: str
    number: int
    at: datetime
    person_id: str | None
    verb: str
    kind: str
    record_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str = ""
    corrects: str | None = None
    request_id: str | None = None
    previous_hash: str
    hash: str
    seal: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    chain: str
    number: int
    event_id: str
    what: str


GENESIS = "0" * 64
# The kind of the events that tell what was taken out of the journal; note_removal writes them.
REMOVAL = "removal"


def body(event: Event) -> dict[str, Any]:
    """What an event says, as JSON values, without seal and hashes."""
    return {
        "id": event.id,
        "chain": event.chain,
        "number": event.number,
        "at": event.at.isoformat(),
        "person_id": event.person_id,
        "verb": event.verb,
        "kind": event.kind,
        "record_id": event.record_id,
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
        "corrects": event.corrects,
        "request_id": event.request_id,
    }


def canonical(event: Event) -> str:
    """What the hash of an event covers: JSON with sorted keys and no white space."""
    covered = body(event)
    if event.seal is not None:
        covered |= {"sealed": True, **sealing.digests(event.before, event.after, event.reason, event.seal)}
    return json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(previous_hash: str, event: Event) -> str:
    """sha256(previous hash + canonical JSON), in hexadecimal."""
    return hashlib.sha256((previous_hash + canonical(event)).encode()).hexdigest()


def without(event: Event, gone: Collection[str] | None) -> Event:
    """The event once the values at these places (None: all) are taken out. Raises ValueError for one without a seal."""
    if event.seal is None:
        raise ValueError(f"event {event.number} has no seal: its words are part of its hash")
    before, after, reason, seal = sealing.without(event.before, event.after, event.reason, event.seal, gone)
    return replace(event, before=before, after=after, reason=reason, seal=seal)


def first_break(events: Iterable[Event]) -> Break | None:
    """Walk one chain in order of number and name the first event that was altered, removed or moved; or else the first
    of which something was taken out that no event of the chain tells of."""
    previous, expected = GENESIS, 1
    removed: dict[tuple[int, str], str] = {}
    told: set[tuple[int, str | None]] = set()
    for event in events:
        if event.number != expected:
            what = f"event {expected} is missing" if event.number > expected else f"event {event.number} stands twice"
            return Break(event.chain, expected, event.id, what)
        if event.previous_hash != previous:
            return Break(event.chain, event.number, event.id, "does not follow from the event before it")
        if not _holds(previous, event):
            return Break(event.chain, event.number, event.id, "its content was altered")
        removed |= {(event.number, place): event.id for place in (event.seal or {}).get("removed", {})}
        if event.kind == REMOVAL:
            told |= _taken_out(event)
        previous, expected = event.hash, expected + 1
    for (number, place), event_id in removed.items():
        if told.isdisjoint({(number, None), (number, place)}):
            return Break(event.chain, number, event_id, f"{place} was taken out of it, and no event tells of that")
    return None


def _holds(previous: str, event: Event) -> bool:
    try:
        return digest(previous, event) == event.hash
    except (KeyError, TypeError, AttributeError):  # a seal that is none
        return False


def _taken_out(event: Event) -> set[tuple[int, str | None]]:
    """What this event says was taken out of the chain: (number, place), place None for all of the event."""
    said = event.after or {}
    parts = {(int(number), place) for number, places in said.get("parts", {}).items() for place in places}
    return parts | {(number, None) for number in said.get("whole", [])}


# What the machinery keeps on a record for itself; it is no part of the account.
_MACHINERY = frozenset({"version", "wake_at"})


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def as_json(record: Any) -> dict[str, Any]:
    """A record as plain JSON values, without the fields that the machinery keeps for itself."""
    fields: dict[str, Any] = _adapter(type(record)).dump_python(record, mode="json")
    return {name: value for name, value in fields.items() if name not in _MACHINERY}


def from_json(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """The record of a kind that reads so as plain JSON values. Raises pydantic's ValidationError where none does."""
    return _adapter(kind).validate_python(values)


def kind_of(record: Any) -> str:
    """The name under which the journal knows a kind of record: `Action` -> "action"."""
    return type(record).__name__.lower()


def note(
    work: "Work",
    person: "Person | None",
    now: datetime,
    verb: str,
    *,
    before: Any = None,
    after: Any = None,
    chain: str = "",
    reason: str = "",
    request_id: str | None = None,
    corrects: str | None = None,
) -> Event:
    """Write down one change of one record; the chain is the record's service unless named."""
    record = after if after is not None else before
    chain = chain or record.service_id
    work.rouse(Service, chain, now)  # whatever changed, the early-warning rules look at the service's account again
    return work.append(
        id=new_id(now),
        chain=chain,
        at=now,
        person_id=person.id if person else None,
        verb=verb,
        kind=kind_of(record),
        record_id=record.id,
        before=as_json(before) if before is not None else None,
        after=as_json(after) if after is not None else None,
        reason=reason,
        corrects=corrects,
        request_id=request_id,
    )


def note_removal(
    work: "Work",
    now: datetime,
    verb: str,
    *,
    chain: str,
    record_id: str,
    whole: Collection[int] = (),
    parts: Mapping[int, Collection[str]] | None = None,
    **more: Any,
) -> Event:
    """Tell the chain what was taken out of it: of `whole` every value, of `parts` those at the places named, by number
    of event. `more` is told beside; nothing here may name anybody, since it stays for good."""
    named = {str(number): sorted(places) for number, places in sorted((parts or {}).items())}
    return work.append(
        id=new_id(now),
        chain=chain,
        at=now,
        person_id=None,
        verb=verb,
        kind=REMOVAL,
        record_id=record_id,
        before=None,
        after={"whole": sorted(whole), "parts": named, **more},
    )
