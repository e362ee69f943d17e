"""Evidence files, kept under the SHA-256 of their content in a folder or in an S3-compatible bucket."""

import contextlib
import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, Protocol

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from bot.errors import StorageTrouble, TooLarge

_BLOCK = 1 << 20  # bytes read at a time
_SPOOL = 8 << 20  # bytes of an upload that stay in memory
_PATIENCE = timedelta(seconds=30)  # for one request to a bucket; with its repeats shorter than an outbox lease
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_PLACE, _NO_BUCKET = "the folder of the evidence files is gone", "there is no bucket of that name"
_ADDRESS = re.compile(r"[0-9a-f]{64}")


class FileStore(Protocol):
    """Where evidence files are. A file is never changed: its name says what is in it.

    Each method raises StorageTrouble where the place itself does not answer, is full, or refuses."""

    def put(self, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
        """Keep a file; its SHA-256 in hexadecimal and its size in bytes.

        Raises TooLarge as soon as there are more than `limit` bytes; nothing is kept then, or after any error."""
        ...

    def blocks(self, sha256: str) -> Iterator[bytes]:
        """The content, a block at a time. Raises FileNotFoundError where there is none."""
        ...

    def get(self, sha256: str) -> bytes:
        """The whole content. Raises FileNotFoundError where there is none."""
        ...

    def exists(self, sha256: str) -> bool:
        """Whether it is kept."""
        ...

    def check(self, sha256: str) -> bool:
        """Whether its content still has this SHA-256. Raises FileNotFoundError where it is gone."""
        ...

    def remove(self, sha256: str) -> None:
        """Destroy it; nothing happens where there is none."""


def open_files(url: str) -> FileStore:
    """The file store at a folder's path, or at `s3://bucket/prefix` with AWS_ENDPOINT_URL, AWS_REGION,
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from the environment."""
    return BucketFiles(url) if url.startswith("s3://") else FolderFiles(Path(url.removeprefix("file://")))


class FolderFiles:
    """Evidence files in a folder, in 256 sub-folders by the first two digits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
        with _trouble_told(absent=_NO_PLACE):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".arriving-", dir=self._folder)
        try:
            with os.fdopen(handle, "wb", buffering=0) as file:
                sha256, size = _pour(chunks, file, limit)
                with _trouble_told():
                    os.fsync(file.fileno())
            path = self._path(sha256)
            with _trouble_told(absent=_NO_PLACE):
                path.parent.mkdir(exist_ok=True)
                # Over a file of the same name too: its content is the same, unless it was damaged.
                Path(name).replace(path)
                _sync_folder(path.parent)
        finally:
            Path(name).unlink(missing_ok=True)
        return sha256, size

    def blocks(self, sha256: str) -> Iterator[bytes]:
        with _trouble_told(), self._path(sha256).open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def get(self, sha256: str) -> bytes:
        return b"".join(self.blocks(sha256))

    def exists(self, sha256: str) -> bool:
        with _trouble_told():
            return self._path(sha256).is_file()

    def check(self, sha256: str) -> bool:
        return _digest(self.blocks(sha256)) == sha256

    def remove(self, sha256: str) -> None:
        with _trouble_told():
            self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._folder / _address(sha256)


class BucketFiles:
    """Evidence files in an S3-compatible bucket; an object appears there whole or not at all.

    `patience`: how long one request may take."""

    def __init__(self, url: str, patience: timedelta = _PATIENCE) -> None:
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        self._store = S3Store.from_url(
            url,
            client_options={"allow_http": plain, "timeout": patience, "connect_timeout": min(patience, _PATIENCE / 6)},
            # A caller that waits is better told; the outbox tries again by itself.
            retry_config={"max_retries": 2, "retry_timeout": patience},
        )

    def put(self, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as file:
            sha256, size = _pour(chunks, file, limit)
            file.seek(0)
            with _trouble_told(absent=_NO_BUCKET):
                self._store.put(_address(sha256), file)
        return sha256, size

    def blocks(self, sha256: str) -> Iterator[bytes]:
        with _trouble_told():
            for block in self._store.get(_address(sha256)).stream(min_chunk_size=_BLOCK):
                yield bytes(block)

    def get(self, sha256: str) -> bytes:
        return b"".join(self.blocks(sha256))

    def exists(self, sha256: str) -> bool:
        try:
            with _trouble_told():
                self._store.head(_address(sha256))
        except FileNotFoundError:
            return False
        return True

    def check(self, sha256: str) -> bool:
        return _digest(self.blocks(sha256)) == sha256

    def remove(self, sha256: str) -> None:
        with contextlib.suppress(FileNotFoundError), _trouble_told():
            self._store.delete(_address(sha256))


@contextlib.contextmanager
def _trouble_told(absent: str = "") -> Iterator[None]:
    """What goes wrong with the place itself becomes StorageTrouble; a file that is not there stays FileNotFoundError,
    unless that means a place which is `absent`."""
    try:
        yield
    except FileNotFoundError as error:
        if absent:
            raise StorageTrouble(absent) from error
        raise
    except StorageTrouble:
        raise
    except OSError as error:
        raise StorageTrouble(_words_for(error)) from error
    except BaseError as error:
        raise StorageTrouble(_bucket_words(error)) from error


def _words_for(error: OSError) -> str:
    if error.errno in _FULL:
        return "the disk of the evidence files is full"
    if error.errno in _FORBIDDEN:
        return "Grip may not write where the evidence files are"
    return f"the place of the evidence files cannot be used ({error.strerror or type(error).__name__})"


def _bucket_words(error: BaseError) -> str:
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return "the bucket of the evidence files refuses Grip's key"
    said = str(error)
    if "507" in said or "StorageFull" in said or "QuotaExceeded" in said:
        return "the bucket of the evidence files is full"
    return "the bucket of the evidence files does not answer as it should"


def _address(sha256: str) -> str:
    if not _ADDRESS.fullmatch(sha256):
        raise FileNotFoundError(f"{sha256!r} is no SHA-256")
    return f"{sha256[:2]}/{sha256}"


def _pour(chunks: Iterable[bytes], file: IO[Any], limit: int) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        found.update(chunk)
        rest = memoryview(chunk)
        with _trouble_told():  # around our own side alone: what breaks on the other is not the storage's fault
            while rest:  # a disk that fills up takes a part first
                rest = rest[file.write(rest) :]
    return found.hexdigest(), size


def _digest(blocks: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for block in blocks:
        found.update(block)
    return found.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
