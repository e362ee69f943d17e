"""A pack that was altered in any way says so, and says where; with Python alone, too."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands.packing import check
from bot.reports.pack.making import gathered, noted
from bot.reports.pack.verify_pack import faults, manifest_of, report, seal_of
from storage.files import FolderFiles
from tests.bot.plan.scene import Scene
from tests.bot.reports.pack import packed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One pack for all tests of this file."""
    return {"folder": tmp_path_factory.mktemp("tampering")}


@pytest.fixture
def pack(made: dict[str, Path], scene: Scene, tmp_path: Path) -> Path:
    """A sound pack of one's own."""
    original = made["folder"] / "pack.zip"
    if not original.exists():
        files = FolderFiles(made["folder"] / "files")
        packed.told_with_evidence(scene, files)
        packed.packed(scene, files, original)
    return Path(shutil.copy(original, tmp_path / "pack.zip"))


def rewritten(pack: Path, change: Callable[[dict[str, bytes]], None], *, keep_comment: bool = True) -> Path:
    """The pack with its files changed and packed again, as somebody with any ZIP program could."""
    with zipfile.ZipFile(pack) as old:
        files = {name: old.read(name) for name in old.namelist()}
        comment = old.comment
    change(files)
    altered = pack.with_name("altered.zip")
    with zipfile.ZipFile(altered, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(name, content)
        new.comment = comment if keep_comment else b""
    return altered


def test_a_pack_that_nobody_touched_holds(pack: Path) -> None:
    assert faults(pack) == []
    holds, lines = report(pack)
    assert holds
    assert lines[0].startswith("The pack is as it was made: 6 files, and the journal of Oak House up to event")


NAMES = (
    "Service improvement plan.pdf",
    "Registers.xlsx",
    "evidence/E4 sheet.png",
    "journal.jsonl",
    "verify.py",
    "READ ME.txt",
)


@pytest.mark.parametrize("name", NAMES)
def test_one_altered_byte_in_a_file_names_the_file(pack: Path, name: str) -> None:
    def flip(files: dict[str, bytes]) -> None:
        content = bytearray(files[name])
        content[len(content) // 2] ^= 1
        files[name] = bytes(content)

    assert faults(rewritten(pack, flip)) == [f"{name} was altered: its SHA-256 is another."]


def test_a_file_that_was_taken_out_or_put_in_is_named(pack: Path) -> None:
    gone = rewritten(pack, lambda files: files.__delitem__("evidence/E4 sheet.png"))
    assert faults(gone) == ["evidence/E4 sheet.png is missing from the pack."]
    added = rewritten(pack, lambda files: files.update({"evidence/E9 new.png": b"new"}))
    assert faults(added) == ["evidence/E9 new.png was added: the manifest does not list it."]


def test_two_files_that_changed_places_are_both_named(pack: Path) -> None:
    first, second = "evidence/E4 sheet.png", "Registers.xlsx"

    def swap(files: dict[str, bytes]) -> None:
        files[first], files[second] = files[second], files[first]

    found = faults(rewritten(pack, swap))
    assert sorted(found) == sorted(f"{name} was altered: its SHA-256 is another." for name in (first, second))


def test_a_swapped_file_is_named_even_where_the_manifest_was_changed_with_it(pack: Path) -> None:
    def swap(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        (entry,) = [e for e in manifest["files"] if e["path"] == "evidence/E4 sheet.png"]
        files["evidence/E4 sheet.png"] = b"another photograph"
        entry["sha256"] = "0" * 64
        files["manifest.json"] = json.dumps(manifest).encode()

    assert faults(rewritten(pack, swap)) == ["manifest.json was altered: its seal does not fit what it says."]


def resealed(files: dict[str, bytes]) -> None:
    """What a forger does who knows how a pack is made: new hashes, a new seal."""
    import hashlib

    manifest = json.loads(files["manifest.json"])
    for entry in manifest["files"]:
        entry["sha256"] = hashlib.sha256(files[entry["path"]]).hexdigest()
    manifest["seal"] = seal_of(manifest)
    files["manifest.json"] = json.dumps(manifest).encode()


def lines_of(files: dict[str, bytes]) -> list[str]:
    return files["journal.jsonl"].decode().splitlines(keepends=True)


def changed_event(files: dict[str, bytes]) -> None:
    lines = lines_of(files)
    index = next(i for i, line in enumerate(lines) if "Printer broke." in line)
    lines[index] = lines[index].replace("Printer broke.", "Printer broken")
    files["journal.jsonl"] = "".join(lines).encode()


def deleted_event(files: dict[str, bytes]) -> None:
    lines = lines_of(files)
    files["journal.jsonl"] = "".join([*lines[:9], *lines[10:]]).encode()


def reordered_events(files: dict[str, bytes]) -> None:
    lines = lines_of(files)
    lines[4], lines[5] = lines[5], lines[4]
    files["journal.jsonl"] = "".join(lines).encode()


def shortened(files: dict[str, bytes]) -> None:
    files["journal.jsonl"] = "".join(lines_of(files)[:-1]).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed_event, "was altered: its hash does not fit what it says."),
        (deleted_event, "event 10 does not follow the one before it: one is missing or moved."),
        (reordered_events, "event 5 does not follow the one before it: one is missing or moved."),
        (shortened, "or another hash."),
    ],
)
def test_the_chain_tells_even_where_every_hash_of_a_file_was_made_anew(
    pack: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    def forge(files: dict[str, bytes]) -> None:
        change(files)
        resealed(files)

    (fault,) = faults(rewritten(pack, forge))
    assert fault.startswith("journal.jsonl")
    assert fault.endswith(said)


def test_any_byte_of_the_zip_that_is_flipped_is_found(pack: Path) -> None:
    whole = pack.read_bytes()
    places = [*range(0, len(whole), max(1, len(whole) // 60)), *range(len(whole) - 200, len(whole), 7)]
    for place in places:
        altered = bytearray(whole)
        altered[place] ^= 0x20
        pack.write_bytes(altered)
        assert faults(pack), f"byte {place} of {len(whole)}"


def test_what_is_no_pack_is_said_so(pack: Path, tmp_path: Path) -> None:
    assert faults(tmp_path / "none.zip") == [f"There is no file {tmp_path / 'none.zip'}."]
    text = tmp_path / "text.zip"
    text.write_text("hello")
    assert faults(text)[0].startswith("text.zip is no ZIP that can be read")
    half = tmp_path / "half.zip"
    half.write_bytes(pack.read_bytes()[:2000])
    assert faults(half)
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert faults(other) == ["manifest.json is missing, so nothing can be compared. Ask for the pack again."]


def test_the_script_in_the_pack_checks_it_with_python_alone(pack: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        script = Path(archive.extract("verify.py", tmp_path / "elsewhere"))

    def run(path: Path) -> tuple[int, str]:
        words = [
            sys.executable,
            "-I",
            "-S",
            str(script),
            str(path),
        ]  # no packages, no environment, nothing of ours on the path
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, cwd=script.parent)
        return done.returncode, done.stdout

    assert run(pack)[0] == 0
    code, said = run(rewritten(pack, changed_event))
    assert (code, said) == (1, "BROKEN  journal.jsonl was altered: its SHA-256 is another.\n")


def test_the_database_tells_its_own_packs_from_others(scene: Scene, tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files")
    packed.told_with_evidence(scene, files)
    mine, other = tmp_path / "mine.zip", tmp_path / "other.zip"
    pack = packed.packed(scene, files, mine)
    with scene.store.transaction() as work:
        noted(work, gathered(work, scene.service, packed.WHOLE, scene.now), pack, None, scene.now)
    shutil.copy(mine, other)
    assert check(mine, scene.store)[0] is True
    holds, lines = check(rewritten(other, resealed_maker), scene.store)
    assert not holds
    assert any("headers or its comment were altered" in line or "no pack with this seal" in line for line in lines)
    assert manifest_of(mine)["seal"] == pack.seal


def resealed_maker(files: dict[str, bytes]) -> None:
    """Somebody puts their own name into a pack and seals it anew."""
    manifest = json.loads(files["manifest.json"])
    manifest["made_by"] = "Somebody else"
    manifest["seal"] = seal_of(manifest)
    files["manifest.json"] = json.dumps(manifest).encode()
