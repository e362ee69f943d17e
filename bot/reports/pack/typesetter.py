"""The process that typesets one document or picture: `... bot.reports.pack.typesetter FOLDER SECONDS MEGABYTES`."""

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"
PPI = 180  # of 72 units: a phone's screen has three points where the picture has one unit


def main(words: list[str]) -> int:
    """Write FOLDER/pack.pdf from FOLDER/template.typ and FOLDER/document.json, dated SECONDS since 1970; where there is
    a FOLDER/picture.typ, FOLDER/picture.png from that."""
    folder, made_at, megabytes = Path(words[0]), int(words[1]), int(words[2])
    bytes_ = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))
    font: dict[str, Any] = {"font_paths": [str(FONTS)], "ignore_system_fonts": True}
    try:
        if (folder / "picture.typ").exists():
            picture = str(folder / "picture.typ")
            typst.compile(picture, output=str(folder / "picture.png"), root=str(folder), format="png", ppi=PPI, **font)
            return 0
        typst.compile(
            str(folder / "template.typ"),
            output=str(folder / "pack.pdf"),
            root=str(folder),
            **font,
            pdf_standards=["ua-1"],
            timestamp=datetime.fromtimestamp(made_at, UTC),
        )
    except typst.TypstError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
