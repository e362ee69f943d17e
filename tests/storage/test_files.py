"""Evidence files: under their SHA-256, whole or not at all, in a folder and in a bucket."""

import hashlib
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from bot.errors import TooLarge
from storage.files import FileStore, FolderFiles, open_files

PHOTO = b"\xff\xd8 a photograph \x00" * 1000
SHA256 = hashlib.sha256(PHOTO).hexdigest()
LIMIT = 1_000_000


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """A bucket on an S3-compatible server of our own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in settings.items():
            environment.setenv(name, value)
        make = urllib.request.Request(f"http://{host}:{port}/evidence", method="PUT")
        urllib.request.urlopen(make, timeout=10).close()
        yield "evidence"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return open_files(str(tmp_path / "deep" / "files"))
    name = request.getfixturevalue("bucket")
    return open_files(f"s3://{name}/{tmp_path.name}")


def test_a_file_is_kept_under_what_is_in_it(files: FileStore) -> None:
    assert not files.exists(SHA256)
    assert files.put([PHOTO[:10], b"", PHOTO[10:]], LIMIT) == (SHA256, len(PHOTO))
    assert files.put(iter([PHOTO]), LIMIT) == (SHA256, len(PHOTO))
    assert files.exists(SHA256)
    assert files.get(SHA256) == b"".join(files.blocks(SHA256)) == PHOTO
    assert files.check(SHA256)


def test_an_empty_file_is_a_file(files: FileStore) -> None:
    sha256, size = files.put([], LIMIT)
    assert (files.get(sha256), size) == (b"", 0)


def test_the_limit_is_the_last_byte_that_fits(files: FileStore) -> None:
    assert files.put([PHOTO], len(PHOTO))[1] == len(PHOTO)
    other = PHOTO + b"1"
    with pytest.raises(TooLarge, match="larger than"):
        files.put([other], len(PHOTO))
    assert not files.exists(hashlib.sha256(other).hexdigest())


def test_a_stream_is_read_no_further_than_its_limit(files: FileStore) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 100_000

    with pytest.raises(TooLarge, match=r"1 MB"):
        files.put(endless(), LIMIT)
    assert len(read) == 11


def test_what_is_not_there_is_said(files: FileStore) -> None:
    for sha256 in ("0" * 64, "", "../../etc/passwd", SHA256.upper()):
        assert_absent(files, sha256)


def assert_absent(files: FileStore, sha256: str) -> None:
    for ask in (files.get, files.check, lambda name: list(files.blocks(name))):
        with pytest.raises(FileNotFoundError):
            ask(sha256)


def test_an_interrupted_stream_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield PHOTO
        raise ConnectionError("Slack hung up")

    with pytest.raises(ConnectionError):
        FolderFiles(tmp_path).put(broken(), LIMIT)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_noticed_and_healed_by_the_same_file(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.put([PHOTO], LIMIT)
    kept = tmp_path / SHA256[:2] / SHA256
    kept.write_bytes(PHOTO.replace(b"photograph", b"photoshops", 1))
    assert not files.check(SHA256)
    files.put([PHOTO], LIMIT)
    assert files.check(SHA256)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [SHA256]


def test_many_at_once_put_the_same_file(files: FileStore) -> None:
    found: list[tuple[str, int]] = []
    threads = [threading.Thread(target=lambda: found.append(files.put([PHOTO], LIMIT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(SHA256, len(PHOTO))] * 8
    assert files.check(SHA256)


def test_only_the_program_can_read_the_folder_s_files(tmp_path: Path) -> None:
    FolderFiles(tmp_path).put([PHOTO], LIMIT)
    assert (tmp_path / SHA256[:2] / SHA256).stat().st_mode & 0o077 == 0
