"""Everything that is kept about one member of staff comes out in one ZIP, to be read by people and by machines."""

import json
import zipfile
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.commands import keeping
from bot.plan.entries import Evidence
from storage.files import FolderFiles
from tests.bot.keeping.leaving import named_everywhere
from tests.bot.plan.scene import Scene
from tests.bot.reports.pack.packed import PHOTO


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


def exported(scene: Scene, files: FolderFiles, out: Path, person: str, *, no_files: bool = False) -> dict[str, Any]:
    """The data of an export of one person."""
    given = Namespace(person=person, out=out, no_files=no_files)
    keeping.export(scene.store, files, given, scene.now)
    found: dict[str, Any] = json.loads(zipfile.ZipFile(out).read("data.json"))
    return found


def test_everything_about_one_person_is_in_it(scene: Scene, files: FolderFiles, tmp_path: Path) -> None:
    tess = named_everywhere(scene, files)
    before = scene.head()
    found = exported(scene, files, tmp_path / "tess.zip", "Tess Lane")
    assert scene.head() == before  # nothing in the plan's own chain
    with scene.store.reading() as work:
        (noted,) = work.events("T1")
    assert (noted.verb, noted.kind, noted.record_id, noted.after) == ("export person", "person", tess.id, None)
    assert found["person"][0]["slack_id"] == "U-team_leader"
    assert [each["role"] for each in found["roles"]] == ["team_leader"]
    assert found["groups"] == [{"name": "nights", "slack_id": "S1"}]
    account = scene.account()
    mine = {e.id for e in account.entries if e.person_id == tess.id} | {s.id for s in account.signals}
    assert {each["id"] for each in found["wrote"]} >= mine
    assert {each["id"] for each in found["uploaded"]} == {e.id for e in account.evidence if e.person_id == tess.id}
    assert [each["record"] for each in found["named"]] == ["R8"]
    told = {e.number for e in scene.events() if e.person_id == tess.id}
    assert {each["number"] for each in found["events"]} == told
    assert [each["id"] for each in found["reminders"]] == ["r"]
    assert {each["id"] for each in found["messages"]} == {"sent", "dm"}


def test_it_can_be_read_and_holds_the_files(scene: Scene, files: FolderFiles, tmp_path: Path) -> None:
    named_everywhere(scene, files)
    out = tmp_path / "tess.zip"
    exported(scene, files, out, "U-team_leader")
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as made:
        text = made.read("READ ME.txt").decode()
        (photo,) = [name for name in made.namelist() if name.endswith("Rota.png")]
        assert made.read(photo) == PHOTO
    assert text.startswith("Everything that Grip keeps about Tess Lane")
    assert "Roles held (1)" in text
    assert "  what: Briefed seven." in text
    assert max(map(len, text.splitlines())) <= 110
    exported(scene, files, out, "U-team_leader", no_files=True)
    assert sorted(zipfile.ZipFile(out).namelist()) == ["READ ME.txt", "data.json"]


def test_who_owns_or_attended_is_found_though_they_wrote_nothing(
    scene: Scene, files: FolderFiles, tmp_path: Path
) -> None:
    named_everywhere(scene, files)
    olu = exported(scene, files, tmp_path / "olu.zip", "Olu Owens")
    assert {each["record"] for each in olu["owns"]} == {"A1", "A2"}
    assert [each["record"] for each in olu["attended"]] == ["E5"]
    assert olu["reminders"] == olu["messages"] == []


def test_a_lost_file_is_said_and_the_rest_comes_out(scene: Scene, files: FolderFiles, tmp_path: Path) -> None:
    named_everywhere(scene, files)
    with scene.store.transaction() as work:
        (kept,) = [e for e in work.all(Evidence) if e.sha256]
        files.remove(kept.sha256 or "")
        work.save(replace(kept, name="../../up.png"))
    out = tmp_path / "tess.zip"
    given = Namespace(person="Tess Lane", out=out, no_files=False)
    said = keeping.export(scene.store, files, given, scene.now)
    assert said[1:] == ["Not in it: the file '../../up.png' is gone from FILES."]
    assert sorted(zipfile.ZipFile(out).namelist()) == ["READ ME.txt", "data.json"]
