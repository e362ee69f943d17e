"""What a pack is called: the words that say what is in it, and a file name that every system takes."""

import re

from bot.plan.access import ref
from bot.reports.pack.wanted import Chosen, Wanted
from bot.reports.register_parts import chosen as priorities_in

BYTES = 80  # of the service and of the part in a file name: with the rest they stay below the 255 of most file systems
_UNSAFE = re.compile(r'[/\\:*?"<>|“”\x00-\x1f\x7f]+')


def contents(chosen: Chosen, wanted: Wanted) -> str:
    """What a pack of a part, or one without names, says of itself after the service's name; "" for the whole plan."""
    about = f" about {chosen.part}" if chosen.part else ""
    return about + ("" if wanted.names else ", without the names of staff")


def file_name(chosen: Chosen, wanted: Wanted) -> str:
    """The name of the ZIP: the service, the part, the days and whether names are left out; of at most 255 bytes."""
    part = chosen.part
    if len(part.encode()) > BYTES and chosen.only.among is not None:
        part = " ".join(ref(p) for p in priorities_in(chosen.account, chosen.only))
    days = f"{wanted.since.isoformat()} to {chosen.on.isoformat()}" if wanted.since else chosen.on.isoformat()
    names = "" if wanted.names else "without names"
    return (
        " ".join(filter(None, [_safe(chosen.account.service.name), "evidence pack", _safe(part), days, names])) + ".zip"
    )


def _safe(words: str) -> str:
    """The words without what some file system does not take in a name."""
    plain = " ".join(_UNSAFE.sub(" ", words.replace("/", "-")).split())
    return plain.encode()[:BYTES].decode(errors="ignore").strip(" .")
