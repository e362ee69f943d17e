"""Turns a document into a PDF in a process of its own, which may be slow, run out of memory, or fail without harm."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.reports.pack.threads import Picture

TEMPLATE = Path(__file__).parent / "template.typ"
SECONDS = 75.0  # the pack of a large service takes about 2; a lease of the outbox lasts 120
MEMORY_MB = 3000  # of address space; a large document uses a fifth of it


class TypesettingFailed(RuntimeError):
    """The document could not be made; the message says why, for the log."""


def typeset(
    document: dict[str, Any], pictures: Sequence[Picture], made_at: datetime, *, seconds: float = SECONDS
) -> bytes:
    """The PDF (tagged, PDF/UA-1). Texts travel as JSON values and are never read as markup.

    Raises TypesettingFailed when it takes longer than `seconds`, or does not succeed."""
    with tempfile.TemporaryDirectory(prefix="grip-pack-") as name:
        folder = Path(name)
        (folder / "document.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        (folder / "template.typ").write_bytes(TEMPLATE.read_bytes())
        for picture in pictures:
            (folder / picture.name).write_text(picture.svg, encoding="utf-8")
        words = [
            sys.executable,
            "-m",
            "bot.reports.pack.typesetter",
            name,
            str(int(made_at.timestamp())),
            str(MEMORY_MB),
        ]
        root = Path(__file__).parents[3]
        try:
            done = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as error:
            raise TypesettingFailed(f"the document took longer than {seconds:g} seconds") from error
        if done.returncode != 0:
            raise TypesettingFailed((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:500])
        return (folder / "pack.pdf").read_bytes()
