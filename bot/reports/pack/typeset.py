"""Turns a document into a PDF, or a drawing into a PNG, in a process of its own, which may fail without harm."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.reports.charts import Drawing
from bot.reports.pack.threads import Picture

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # a picture is the same whenever it is made
TEMPLATE = Path(__file__).parent / "template.typ"
SECONDS = 75.0  # the pack of a large service takes about 2; a lease of the outbox lasts 120
PICTURE_SECONDS = 20.0  # one picture takes half a second, most of it the start of the process
MEMORY_MB = 3000  # of address space; a large document uses a fifth of it


LOOK = 1.0  # seconds between two calls of `waiting`


class TypesettingFailed(RuntimeError):
    """The document could not be made; the message says why, for the log."""


def typeset(
    document: dict[str, Any],
    pictures: Sequence[Picture],
    made_at: datetime,
    *,
    seconds: float = SECONDS,
    waiting: Callable[[], None] = lambda: None,
) -> bytes:
    """The PDF (tagged, PDF/UA-1). Texts travel as JSON values and are never read as markup. `waiting` is called every
    second meanwhile.

    Raises TypesettingFailed when it takes longer than `seconds`, or does not succeed."""
    with tempfile.TemporaryDirectory(prefix="grip-pack-") as name:
        folder = Path(name)
        (folder / "document.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        (folder / "template.typ").write_bytes(TEMPLATE.read_bytes())
        for picture in pictures:
            (folder / picture.name).write_text(picture.svg, encoding="utf-8")
        _made(folder, made_at, seconds, waiting)
        return (folder / "pack.pdf").read_bytes()


def picture(drawing: Drawing) -> bytes:
    """A drawing as PNG, at two and a half points for each of its units. Raises TypesettingFailed."""
    with tempfile.TemporaryDirectory(prefix="grip-picture-") as name:
        folder = Path(name)
        (folder / "picture.svg").write_text(drawing.svg, encoding="utf-8")
        size = f"width: {drawing.width:.1f}pt, height: {drawing.height:.1f}pt"
        page = f'#set page({size}, margin: 0pt)\n#image("picture.svg", {size})\n'
        (folder / "picture.typ").write_text(page, encoding="utf-8")
        _made(folder, EPOCH, PICTURE_SECONDS)
        return (folder / "picture.png").read_bytes()


def _made(folder: Path, made_at: datetime, seconds: float, waiting: Callable[[], None] = lambda: None) -> None:
    """Typeset what lies in a folder, in a process that may use so much memory and take so long."""
    module = "bot.reports.pack.typesetter"
    words = [sys.executable, "-m", module, str(folder), str(int(made_at.timestamp())), str(MEMORY_MB)]
    code, said = _run(words, seconds, waiting)
    if code != 0:
        raise TypesettingFailed((said.strip().splitlines() or [f"exit code {code}"])[-1][:500])


def _run(words: Sequence[str], seconds: float, waiting: Callable[[], None]) -> tuple[int, str]:
    """Exit code and standard error of a process in the project's folder. Raises TypesettingFailed after `seconds`."""
    until = time.monotonic() + seconds
    with subprocess.Popen(words, cwd=Path(__file__).parents[3], stderr=subprocess.PIPE, text=True) as process:
        while True:
            left = until - time.monotonic()
            try:
                _, said = process.communicate(timeout=max(0.0, min(LOOK, left)))
            except subprocess.TimeoutExpired:
                if left > LOOK:
                    waiting()
                    continue
                process.kill()
                raise TypesettingFailed(f"the document took longer than {seconds:g} seconds") from None
            return process.returncode, said
