"""Which characters the document's font can show, and words in the place of those that it cannot."""

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
PLAIN = {"\u2192": "->", "\u2190": "<-", "\u2194": "<->", "\u21d2": "=>", "\u2713": "[ticked]", "\u2714": "[ticked]"}
PLAIN |= {
    "\u2717": "[crossed]",
    "\u2718": "[crossed]",
    "\u2611": "[ticked]",
    "\u2610": "[ ]",
    "\u2265": ">=",
    "\u2264": "<=",
}
_SILENT = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")
_RUN = re.compile(r"(?:\[[^\]]*\]){2,}")


def legible(text: str) -> str:
    """The text as the font can show it: what it lacks is named in brackets ("[party popper]"), a longer run of it
    counted ("[12 characters in another script]"). Invisible marks that turn text round are left out."""
    if text.isascii():
        return text
    known, parts, foreign = covered(), [], 0
    for character in _SILENT.sub("", unicodedata.normalize("NFC", text)):
        if ord(character) in known or character in "\n\t":
            parts.append(_counted(foreign))
            foreign = 0
            parts.append(character)
        elif character in PLAIN:
            parts.append(_counted(foreign))
            foreign = 0
            parts.append(PLAIN[character])
        elif unicodedata.category(character).startswith("L"):
            foreign += 1
        else:
            parts.append(_counted(foreign))
            foreign = 0
            parts.append(f"[{unicodedata.name(character, 'a character').lower()}]")
    parts.append(_counted(foreign))
    return "".join(parts)


def _counted(foreign: int) -> str:
    if not foreign:
        return ""
    return "[1 character in another script]" if foreign == 1 else f"[{foreign} characters in another script]"


@cache
def covered() -> frozenset[int]:
    """The code points that every style of the font has."""
    styles = [_code_points(file.read_bytes()) for file in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*styles)


def _code_points(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font's Unicode table, format 4 or 12 (OpenType 1.9, cmap)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = [struct.unpack_from(">4sLLL", font, 12 + 16 * i) for i in range(tables)]
    (cmap,) = (offset for tag, _, offset, _ in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    found: set[int] = set()
    for i in range(count):
        _, _, offset = struct.unpack_from(">HHL", font, cmap + 4 + 8 * i)
        start = cmap + offset
        (form,) = struct.unpack_from(">H", font, start)
        if form == 12:
            (groups,) = struct.unpack_from(">L", font, start + 12)
            for g in range(groups):
                first, last, _ = struct.unpack_from(">LLL", font, start + 16 + 12 * g)
                found.update(range(first, last + 1))
        elif form == 4:
            (double,) = struct.unpack_from(">H", font, start + 6)
            ends = struct.unpack_from(f">{double // 2}H", font, start + 14)
            starts = struct.unpack_from(f">{double // 2}H", font, start + 16 + double)
            for first, last in zip(starts, ends, strict=True):
                found.update(range(first, min(last, 0xFFFE) + 1))
    return frozenset(found)
