"""The ZIP of a pack: its files in a fixed order, a manifest of their SHA-256, and a comment that seals the whole."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.reports.pack.verify_pack import COMMENT_LENGTH, COMMENT_START, MANIFEST, seal_of

_BLOCK = 1 << 20


@dataclass
class Archive:
    """A pack that is being written to `path`. `at` is stamped on each file, so that one content gives one ZIP."""

    path: Path
    at: datetime
    files: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._zip = zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def add(self, name: str, blocks: Iterable[bytes]) -> tuple[str, int]:
        """Write a file; its SHA-256 and size in bytes."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(self._info(name), "w", force_zip64=True) as file:
            for block in blocks:
                digest.update(block)
                size += len(block)
                file.write(block)
        self.files.append({"path": name, "sha256": digest.hexdigest(), "size": size})
        return digest.hexdigest(), size

    def finish(self, manifest: dict[str, Any]) -> str:
        """Write the manifest with its seal, then the comment; the seal."""
        whole = {**manifest, "files": self.files}
        whole["seal"] = seal_of(whole)
        text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)
        self._zip.writestr(self._info(MANIFEST), text)
        self._zip.comment = b"-" * COMMENT_LENGTH
        self._zip.close()
        _seal_container(self.path)
        return str(whole["seal"])

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self.at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info


def _seal_container(path: Path) -> None:
    """Put the SHA-256 of everything before the comment into the comment, whose length was written already."""
    with path.open("r+b") as file:
        end = path.stat().st_size - COMMENT_LENGTH
        digest = hashlib.sha256()
        for block in _blocks(file, end):
            digest.update(block)
        file.seek(end)
        file.write(COMMENT_START + digest.hexdigest().encode())


def _blocks(file: Any, size: int) -> Iterator[bytes]:
    left = size
    while left > 0:
        block = file.read(min(_BLOCK, left))
        left -= len(block)
        yield block
