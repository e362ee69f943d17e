"""Small made-up evidence: a page of PDF, a picture, or a text file, each with what the story says about it."""

import struct
import zlib
from hashlib import sha256
from pathlib import PurePath

MIMETYPES = {".pdf": "application/pdf", ".png": "image/png", ".txt": "text/plain", ".csv": "text/csv"}
_WIDE, _HIGH, _CELL = 96, 64, 8  # pixels


def paper(name: str, title: str, words: str) -> tuple[bytes, str]:
    """The content and MIME type of a file of that name. Raises ValueError for a kind that is not made here."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in MIMETYPES:
        raise ValueError(f"{name}: only {', '.join(MIMETYPES)} are made for the demonstration")
    if suffix == ".pdf":
        return _pdf([name, title, *_wrapped(words)]), MIMETYPES[suffix]
    if suffix == ".png":
        return _png(sha256(f"{name}{words}".encode()).digest()), MIMETYPES[suffix]
    return f"{title}\n\n{words}\n".encode(), MIMETYPES[suffix]


def _wrapped(words: str, width: int = 80) -> list[str]:
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _pdf(lines: list[str]) -> bytes:
    """One A4 page in Helvetica, byte for byte the same for the same lines (ISO 32000-1, sections 7.5 and 9.4)."""
    shown = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td {shown} ET".encode("cp1252", "replace")
    font = b"/Resources << /Font << /F1 5 0 R >> >>"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %b >>" % font,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    document, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(document))
    return document + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(bodies) + 1, table) + end


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _png(seed: bytes) -> bytes:
    """A picture of coloured squares, another one for each seed (PNG specification, third edition)."""
    rows = b""
    for down in range(_HIGH // _CELL):
        tones = [seed[(across + down * 5) % len(seed)] for across in range(_WIDE // _CELL)]
        line = b"".join(bytes((200 - tone // 4, 150 + tone // 4, 170 + tone // 8)) * _CELL for tone in tones)
        rows += (b"\0" + line) * _CELL
    header = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
