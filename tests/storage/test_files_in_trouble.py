"""Places of evidence files that are full, absent, forbidden or silent: said in words, and nothing half kept."""

import hashlib
import http.server
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StorageTrouble
from bot.plan.entries import Evidence, EvidenceState
from storage.files import BucketFiles, FolderFiles
from storage.store import SqlStore
from storage.verify import verify
from tests.storage.plan import filled, plant

PHOTO = b"\xff\xd8 a photograph \x00" * 10_000
SHA256 = hashlib.sha256(PHOTO).hexdigest()
LIMIT = 1_000_000
DENIED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
FULL = b"<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum</Message></Error>"


@contextmanager
def bucket(
    monkeypatch: pytest.MonkeyPatch, status: int, body: bytes = b"", delay: float = 0.0
) -> Iterator[BucketFiles]:
    """A bucket that answers every request alike, after a while; nobody waits for it longer than half a second."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            if ending.wait(delay):
                return
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_DELETE = do_POST = do_PUT  # noqa: N815 - what the library calls

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    ending = threading.Event()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = False  # so that closing it waits for them
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    for name in ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    try:
        yield BucketFiles("s3://evidence", patience=timedelta(seconds=0.5))
    finally:
        ending.set()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "delay", "said"),
    [
        (403, DENIED, 0.0, "refuses Grip's key"),
        (507, FULL, 0.0, "the bucket of the evidence files is full"),
        (503, b"", 0.0, "does not answer as it should"),
        (200, b"", 30.0, "does not answer as it should"),
    ],
)
def test_a_bucket_in_trouble_says_so_soon(
    monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, delay: float, said: str
) -> None:
    with bucket(monkeypatch, status, body, delay) as files:
        start = time.monotonic()
        with pytest.raises(StorageTrouble, match=said):
            files.put([PHOTO], LIMIT)
        if not delay:
            for ask in (files.get, files.check, files.remove):
                with pytest.raises(StorageTrouble):
                    ask(SHA256)
        assert time.monotonic() - start < 20  # the library's own patience is three minutes


def test_an_absent_bucket_is_no_absent_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with bucket(monkeypatch, 404, b"<Error><Code>NoSuchBucket</Code></Error>") as files:
        with pytest.raises(StorageTrouble, match="no bucket of that name"):
            files.put([PHOTO], LIMIT)
        assert not files.exists(SHA256)
        files.remove(SHA256)


def test_a_bucket_that_nobody_serves_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with bucket(monkeypatch, 200) as files:
        pass
    with pytest.raises(StorageTrouble, match="does not answer"):
        files.put([PHOTO], LIMIT)


@contextmanager
def nearly_full(size: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_keeps_nothing_half(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    with nearly_full(50_000), pytest.raises(StorageTrouble, match="disk of the evidence files is full"):
        files.put([PHOTO[:40_000], PHOTO[40_000:]], LIMIT)
    assert list(tmp_path.iterdir()) == []
    assert files.put([PHOTO], LIMIT)[0] == SHA256


def test_a_folder_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file stands where the folder should be")
    files = FolderFiles(tmp_path / "files")
    with pytest.raises(StorageTrouble, match="cannot be used"):
        files.put([PHOTO], LIMIT)
    with pytest.raises(StorageTrouble, match="gone"):
        FolderFiles(Path("/proc/grip")).put([PHOTO], LIMIT)


def test_verify_names_what_it_could_not_read_and_goes_on(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.transaction() as work:
        plant(work)
        photo = filled(Evidence, id="photo", record_kind="entry", record_id="E1", state=EvidenceState.KEPT)
        work.add(replace(photo, sha256=SHA256))
    with bucket(monkeypatch, 403, DENIED) as files:
        (found,) = verify(store, files)
    assert found.what.endswith("of entry E1 could not be read: the bucket of the evidence files refuses Grip's key")
