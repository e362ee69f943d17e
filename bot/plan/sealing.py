"""What an event says, each value hashed under a salt of its own: it can be taken out and the chain still holds.

The hash of an event covers a digest of each value instead of the value. Once value and salt are destroyed, the digest
tells nothing of what stood there, not even to somebody who guesses; everything else in the chain stays as it was."""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from typing import Any

Said = Mapping[str, Any] | None
# {"salt": ...} of a whole event; {"salts": {place: salt}, "removed": {place: digest}} once something was taken out.
Seal = Mapping[str, Any]
REASON = "reason"

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def new_seal() -> Seal:
    """A seal for a new event: 128 random bits."""
    return {"salt": secrets.token_hex(16)}


def places(before: Said, after: Said, reason: str) -> dict[str, Any]:
    """Each value of an event by its place: `before.what`, `after.what`, `reason`."""
    found: dict[str, Any] = {f"before.{name}": value for name, value in (before or {}).items()}
    found |= {f"after.{name}": value for name, value in (after or {}).items()}
    found[REASON] = reason
    return found


def digests(before: Said, after: Said, reason: str, seal: Seal) -> dict[str, Any]:
    """What the hash covers in place of the values: `before` and `after` with a digest for each field, and `reason`.

    Raises KeyError where something is said at a place out of which it was taken, or without a salt."""
    removed: Mapping[str, str] = seal.get("removed", {})
    said = places(before, after, reason)
    if REASON in removed and not reason:
        del said[REASON]
    if forged := said.keys() & removed.keys():
        raise KeyError(*forged)
    found = {place: _digest(salt_of(seal, place), value) for place, value in said.items()}
    found |= removed
    return {
        "before": None if before is None else _under("before.", found),
        "after": None if after is None else _under("after.", found),
        "reason": found[REASON],
    }


def without(
    before: Said, after: Said, reason: str, seal: Seal, gone: Collection[str] | None
) -> tuple[Said, Said, str, Seal]:
    """The event's words and seal after the values at these places (None: all) and their salts are taken out."""
    removed: dict[str, str] = dict(seal.get("removed", {}))
    salts: dict[str, str] = {}
    for place, value in places(before, after, reason).items():
        if place in removed:
            continue
        salt = salt_of(seal, place)
        if gone is None or place in gone:
            removed[place] = _digest(salt, value)
        else:
            salts[place] = salt
    return (
        _left(before, "before.", removed),
        _left(after, "after.", removed),
        "" if REASON in removed else reason,
        {"salts": salts, "removed": removed},
    )


def salt_of(seal: Seal, place: str) -> str:
    """The salt of one value: drawn from the event's own, until something of the event was taken out.

    Raises KeyError where there is none."""
    if "salt" in seal:
        return hashlib.sha256(f"{seal['salt']}:{place}".encode()).hexdigest()
    salt: str = seal["salts"][place]
    return salt


def _digest(salt: str, value: Any) -> str:
    return hashlib.sha256(f"{salt}:{_encode(value)}".encode()).hexdigest()


def _under(prefix: str, found: Mapping[str, str]) -> dict[str, str]:
    return {place.removeprefix(prefix): digest for place, digest in found.items() if place.startswith(prefix)}


def _left(said: Said, prefix: str, removed: Collection[str]) -> Said:
    return None if said is None else {name: value for name, value in said.items() if prefix + name not in removed}
