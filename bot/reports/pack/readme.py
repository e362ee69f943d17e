"""The note that lies on top of a pack: what is in it, what is not, and how to check it."""

import textwrap
from collections.abc import Sequence
from typing import Any

from bot.plan.access import ref
from bot.reports.pack.exhibits import Exhibit

WIDTH = 92
EVIDENCE = "evidence: the files that staff attached, named after the entry they belong to."


def readme(body: dict[str, Any], missing: Sequence[Exhibit]) -> str:
    """The note as plain text."""
    part = f", about {body['part']}" if body["part"] else ""
    paragraphs = [
        f"Evidence pack of {body['service']}{part}",
        f"Covers {body['period']}. Made on {body['made']} by {body['made_by']}. {body['names']}",
        (
            "Service improvement plan.pdf: the questions an inspector asks, the golden thread of each priority, "
            f"{len(body['registers'])} of the fifteen registers, decisions and challenge, and what has not improved."
        ),
        (
            "Registers.xlsx: all fifteen registers, a sheet each. A cell that could start a formula begins with an "
            "apostrophe."
        ),
        *([EVIDENCE] if any(exhibit["path"] for exhibit in body["exhibits"]) else []),
        (
            "journal.jsonl: the events behind it all, one a line, chained by SHA-256. manifest.json: the SHA-256 of "
            "each file."
        ),
        (
            f"To check that nothing was altered you need Python and nothing else: unpack verify.py and run "
            f"python3 verify.py with the path of this ZIP. The journal ended with event {body['journal']['number']}, "
            f"{body['journal']['head']}."
        ),
    ]
    if missing:
        paragraphs.append("Not in this pack:")
    text = "\n\n".join("\n".join(textwrap.wrap(p, WIDTH)) for p in paragraphs)
    lines = [
        f"- {e.evidence.name} ({ref(e.entry)}), SHA-256 {e.evidence.sha256 or 'unknown'}: {e.place}" for e in missing
    ]
    return "\n".join([text, *lines, ""])
