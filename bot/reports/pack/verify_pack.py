"""Checks an evidence pack with Python alone, as `python3 verify.py PACK.zip` or as a part of Grip."""

from __future__ import annotations  # whoever checks a pack may have an older Python than Grip needs

import hashlib
import json
import re
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
BLOCK = 1 << 20  # bytes read at a time
MANIFEST, JOURNAL = "manifest.json", "journal.jsonl"
COMMENT_START = b"Grip evidence pack, SHA-256 of all before this comment: "
COMMENT_LENGTH = len(COMMENT_START) + 64
# What reading a damaged part of a ZIP may raise.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def faults(path: Path) -> list[str]:
    """Everything that is not as it was when the pack was made, one sentence each; an empty list means all holds."""
    try:
        with zipfile.ZipFile(path) as pack:
            found = _manifest_faults(pack) or _journal_faults(pack)
        return found or _container_faults(path)
    except FileNotFoundError:
        return [f"There is no file {path}."]
    except DAMAGED as error:
        return [f"{path.name} is no ZIP that can be read, or is damaged: {str(error).rstrip('.')}."]


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest of a pack in which no faults were found."""
    with zipfile.ZipFile(path) as pack:
        found: dict[str, Any] = json.loads(pack.read(MANIFEST))
    return found


def seal_of(manifest: dict[str, Any]) -> str:
    """SHA-256 over everything in a manifest but the seal itself."""
    rest = {name: value for name, value in manifest.items() if name != "seal"}
    return _sha256(_plain(rest))


def _manifest_faults(pack: zipfile.ZipFile) -> list[str]:
    names = [info.filename for info in pack.infolist()]
    if MANIFEST not in names:
        return [f"{MANIFEST} is missing, so nothing can be compared. Ask for the pack again."]
    try:
        manifest = json.loads(pack.read(MANIFEST))
        listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
        sealed = manifest["seal"] == seal_of(manifest)
    except (KeyError, TypeError, AttributeError, *DAMAGED):
        return [f"{MANIFEST} was altered: it cannot be read as it was written."]
    if not sealed:
        return [f"{MANIFEST} was altered: its seal does not fit what it says."]
    found = [f"{name} was added: the manifest does not list it." for name in names if name not in {*listed, MANIFEST}]
    found += [f"{name} stands twice in the ZIP." for name in sorted(set(names)) if names.count(name) > 1]
    for name, sha256 in listed.items():
        if name not in names:
            found.append(f"{name} is missing from the pack.")
        elif _digest(pack, name) != sha256:
            found.append(f"{name} was altered: its SHA-256 is another.")
    return found


def _digest(pack: zipfile.ZipFile, name: str) -> str:
    """The SHA-256 of a file of the ZIP; "" where it cannot even be unpacked."""
    digest = hashlib.sha256()
    try:
        with pack.open(name) as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except DAMAGED:
        return ""
    return digest.hexdigest()


def _journal_faults(pack: zipfile.ZipFile) -> list[str]:
    """The first event of the journal that was altered, left out or moved."""
    told = json.loads(pack.read(MANIFEST))["journal"]
    previous, number = GENESIS, 0
    with pack.open(JOURNAL) as file:
        for raw in file:
            number += 1
            try:
                line = json.loads(raw)
                fits = line["number"] == number and line["previous_hash"] == previous
                text, kept = _covered(line), line["hash"]
            except (KeyError, TypeError, AttributeError, ValueError):
                return [f"{JOURNAL}: event {number} was altered: it cannot be read."]
            if not fits:
                return [f"{JOURNAL}: event {number} does not follow the one before it: one is missing or moved."]
            if text is not None and _sha256(previous + text) != kept:
                return [f"{JOURNAL}: event {number} was altered: its hash does not fit what it says."]
            previous = kept
    if (number, previous) != (told["number"], told["head"]):
        return [f"{JOURNAL} ends with event {number}, but the manifest says {told['number']}, or another hash."]
    return []


def _covered(line: dict[str, Any]) -> str | None:
    """What the hash of an event covers; None where the event is not shown.

    Under a seal that is its words with a digest in the place of each value: sha256("SALT:VALUE"), where a whole event's
    SALT is sha256("SEAL:PLACE"), and digests alone are kept of what was taken out or is not shown."""
    event = line.get("event")
    if event is None or isinstance(event, str):
        return event
    seal = line["seal"]

    def digest(place: str, value: Any) -> str:
        salt = _sha256(seal["salt"] + ":" + place) if "salt" in seal else seal["salts"][place]
        return _sha256(salt + ":" + _plain(value))

    removed = seal.get("removed", {})
    covered = {**event, "sealed": True}
    if event["reason"] or "reason" not in removed:
        covered["reason"] = digest("reason", event["reason"])
    for side in ("before", "after"):
        if event[side] is not None:
            covered[side] = {name: digest(side + "." + name, value) for name, value in event[side].items()}
    for place, kept in removed.items():
        side, _, name = place.partition(".")
        if name in covered[side] if name else event["reason"]:
            raise ValueError(place + " stands there although it was taken out")
        if name:
            covered[side][name] = kept
        else:
            covered[side] = kept
    return _plain(covered)


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _container_faults(path: Path) -> list[str]:
    """Bytes that belong to no file of the pack: the ZIP's own headers and its comment."""
    digest, left = hashlib.sha256(), path.stat().st_size - COMMENT_LENGTH
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
        comment = file.read()
    if not re.fullmatch(re.escape(COMMENT_START) + b"[0-9a-f]{64}", comment):
        return ["The comment at the end of the ZIP was altered; the files in it are as they were."]
    if comment[-64:].decode() != digest.hexdigest():
        return ["The ZIP's own headers or its comment were altered; the files in it are as they were."]
    return []


def report(path: Path) -> tuple[bool, list[str]]:
    """Whether a pack holds, and what to tell about it."""
    found = faults(path)
    if found:
        return False, [f"BROKEN  {sentence}" for sentence in found]
    manifest = manifest_of(path)
    journal = manifest["journal"]
    held = f"{len(manifest['files'])} files, and the journal of {manifest['service']} up to event {journal['number']}"
    lines = [
        f"The pack is as it was made: {held}.",
        f"Last event: {journal['head']}",
        f"Seal of this pack: {manifest['seal']}",
    ]
    left_out = manifest["not_included"]
    lines += [f"Not in the pack: {e['name']} (SHA-256 {e['sha256'] or 'unknown'}): {e['why']}." for e in left_out]
    return True, lines


def main(words: list[str]) -> int:
    """Check the pack named on the command line; exit code 0 when it holds, 1 when not, 2 when none was named."""
    if len(words) != 1:
        sys.stderr.write("usage: python3 verify.py PACK.zip\n")
        return 2
    holds, lines = report(Path(words[0]))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
