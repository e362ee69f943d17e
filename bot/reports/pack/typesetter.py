"""The process that typesets one document: `python -m bot.reports.pack.typesetter FOLDER SECONDS MEGABYTES`."""

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"


def main(words: list[str]) -> int:
    """Write FOLDER/pack.pdf from FOLDER/template.typ and FOLDER/document.json, dated SECONDS since 1970."""
    folder, made_at, megabytes = Path(words[0]), int(words[1]), int(words[2])
    bytes_ = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))
    try:
        typst.compile(
            str(folder / "template.typ"),
            output=str(folder / "pack.pdf"),
            root=str(folder),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=datetime.fromtimestamp(made_at, UTC),
        )
    except typst.TypstError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
