"""Erasing one member of staff: the name is gone everywhere, the account and every chain hold, work comes first."""

import json
import zipfile
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import keeping
from bot.errors import BadInput, NotFound
from bot.keeping.erasure import TOOK_OUT, erase, look
from bot.keeping.people import person_called
from bot.plan.entries import Entry, LogEntry, log
from bot.plan.journal import first_break
from bot.plan.people import Person, RoleHolding, UserGroup
from bot.plan.reviews import Review
from bot.reports.pack.verify_pack import faults
from bot.timing.outbox import Delivery, DeliveryState, Reminder, ReminderState
from storage.backup import backup, restore
from storage.files import FolderFiles
from storage.scrubbing import scrub
from storage.store import open_store
from storage.verify import verify
from tests.bot.keeping.leaving import TRACES, bytes_on_disk, ends_roles, everything_stored, named_everywhere
from tests.bot.plan.scene import DEPUTY, TEAM, Scene
from tests.bot.reports.pack import packed

PSEUDONYM = "a former member of staff (#1)"


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


@pytest.fixture
def tess(scene: Scene, files: FolderFiles) -> Person:
    """Tess, who has left and whose work is in other hands."""
    left = named_everywhere(scene, files)
    ends_roles(scene, left)
    return left


def erased(scene: Scene, person: Person, *, in_texts: bool = False) -> list[str]:
    """Erased from the command line; what was printed."""
    given = Namespace(person=person.id, also=[], in_texts=in_texts, apply=True)
    return keeping.erase_person(scene.store, given, scene.now)


def test_the_name_is_gone_and_everything_verifies(
    scene: Scene, files: FolderFiles, tess: Person, tmp_path: Path
) -> None:
    before = {e.number: e.hash for e in scene.events()}
    problems = verify(scene.store, files)
    said = erased(scene, tess, in_texts=True)
    assert verify(scene.store, files) == problems == []
    assert {e.number: e.hash for e in scene.events()}.items() >= before.items()
    kept = everything_stored(scene)
    assert [line for line in kept.splitlines() for trace in TRACES if trace in line and "Ask Tess." not in line] == []
    assert any(line.endswith("challenge: … Ask Tess. …") for line in said)
    assert scrub(scene.store) == ""
    assert b"Tess Lane" not in bytes_on_disk(tmp_path)
    assert b"U-team_leader" not in bytes_on_disk(tmp_path)


def test_what_they_did_stays_as_somebody_s_account(scene: Scene, tess: Person) -> None:
    erased(scene, tess)
    with scene.store.reading() as work:
        person = work.get(Person, tess.id)
        assert person
        assert (person.name, person.active, person.erased_at) == (PSEUDONYM, False, scene.now)
        entry = work.all(Entry, order="-number")[0]
        assert (entry.person_id, entry.what, entry.attended) == (tess.id, "Briefed seven.", f"{PSEUDONYM}, Olu")
        assert work.all(Review, order="-number")[0].present == f"R Diaz, {PSEUDONYM}"
        assert work.all(UserGroup)[0].members == ("U-x",)
        assert work.all(Reminder)[0].state is ReminderState.DROPPED
        sent = {d.id: d for d in work.all(Delivery)}
        assert sent["sent"].payload == {"warnings": []}
        assert (sent["dm"].payload, sent["dm"].state) == ({}, DeliveryState.DROPPED)
        assert sent["post"].payload == {"blocks": [{"text": f"{PSEUDONYM} logged E1"}]}
        assert len(work.all(RoleHolding, person_id=tess.id)) == 1
        found = work.search([scene.service.id], "Tess Lane")
        assert found == []
    events = scene.events(entry.id)
    assert [e.verb for e in events] == ["log", "amend", TOOK_OUT]
    assert {e.person_id for e in events[:2]} == {tess.id}
    assert "attended" not in (events[0].after or {})
    assert (events[1].after or {})["what"] == "Briefed seven."
    (told,) = [e for e in scene.events(tess.id) if e.kind == "removal"]
    assert (told.after or {})["called"] == PSEUDONYM


def test_what_a_record_says_still_is_vouched_for_by_the_journal(scene: Scene, files: FolderFiles, tess: Person) -> None:
    (action, *_) = scene.account().actions
    entry = scene.do(DEPUTY, log, LogEntry(action=action.id, what="Tess Lane showed how."))[0]
    said = erased(scene, tess)
    assert any(line.startswith("Records in which their name was replaced: E5") for line in said)
    assert any(line.endswith("what: … Tess Lane showed how. …") for line in said)
    (event,) = scene.events(entry.id)
    assert (event.after or {})["what"] == scene.get(entry).what == "Tess Lane showed how."
    with scene.store.transaction() as work:
        work.save(replace(scene.get(entry), what="Nobody showed how."))
    (altered,) = verify(scene.store, files)
    assert altered.what.endswith("is not as this event left it: what")


def test_looking_changes_nothing_and_says_what_would_go(scene: Scene, tess: Person) -> None:
    before = everything_stored(scene)
    given = Namespace(person="tess lane", also=[], in_texts=False, apply=False)
    said = keeping.erase_person(scene.store, given, scene.now)
    assert everything_stored(scene) == before
    assert "Records in which their name would be replaced: E5, R8." in said
    assert "Reminders that would be dropped: 1; messages that would be emptied: 3." in said
    assert any(line.startswith("STAYS") and "have each corrected" in line for line in said)
    assert any("Ask Tess." in line for line in said)
    assert said[-1] == "Nothing was changed: this was only a look. Add --apply to do it."


def test_whoever_still_answers_for_something_is_not_erased(scene: Scene, files: FolderFiles) -> None:
    left = named_everywhere(scene, files)
    before = everything_stored(scene)
    with pytest.raises(BadInput, match=r"Team leader of Oak House: end that first"):
        erased(scene, left)
    with pytest.raises(BadInput, match=r"still answer for .*A2.*handed over first"):
        erased(scene, scene.owner)
    assert everything_stored(scene) == before


def test_what_is_found_later_is_taken_out_by_the_name_they_had(scene: Scene, tess: Person) -> None:
    erased(scene, tess)
    (action, *_) = scene.account().actions
    form = LogEntry(action=action.id, what="More, says Tess Lane.", attended="Theresa Lane")
    scene.do(DEPUTY, log, form)
    with pytest.raises(BadInput, match="erased already"):
        erased(scene, tess)
    with scene.store.transaction() as work:
        person = person_called(work, PSEUDONYM)
        again = erase(work, person, scene.now, also=["Tess Lane", "Theresa Lane"], in_texts=True)
    assert {after.id for _, after in again.changes} >= {scene.account().entries[-1].id}
    assert scene.account().entries[-1].what == f"More, says {PSEUDONYM}."
    assert first_break(scene.events()) is None


def test_a_part_of_a_name_that_others_bear_is_left(scene: Scene, tess: Person) -> None:
    scene.add_person("Lane Tess")
    with scene.store.reading() as work:
        found = look(work, tess)
    assert "Ask Tess." not in [place.words for place in found.stays]
    (entry,) = [after for _, after in found.changes if isinstance(after, Entry)]
    assert entry.attended == "a former member of staff, Olu"


def test_a_pack_made_after_shows_the_pseudonym_and_verifies(
    scene: Scene, files: FolderFiles, tess: Person, tmp_path: Path
) -> None:
    erased(scene, tess, in_texts=True)
    out = tmp_path / "pack.zip"
    packed.packed(scene, files, out)
    assert faults(out) == []
    assert PSEUDONYM in packed.text_of(packed.document(out)).replace("\n", " ")
    with zipfile.ZipFile(out) as made:
        journal = made.read("journal.jsonl").decode()
    assert "Tess Lane" not in journal
    assert all("salt" in line["seal"] or "salts" in line["seal"] for line in map(json.loads, journal.splitlines()))


def test_a_backup_taken_after_holds_no_name_and_restores(
    scene: Scene, files: FolderFiles, tess: Person, tmp_path: Path
) -> None:
    erased(scene, tess)
    backup(scene.store, files, tmp_path / "after.zip")
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    try:
        assert restore(other, FolderFiles(tmp_path / "elsewhere"), tmp_path / "after.zip") == []
    finally:
        other.close()
    with zipfile.ZipFile(tmp_path / "after.zip") as made:
        assert "Tess Lane" not in "".join(made.read(n).decode() for n in made.namelist() if n.endswith("jsonl"))


def test_nobody_is_erased_by_a_name_that_fits_two(scene: Scene) -> None:
    scene.add_person("Tess Lane")
    with scene.store.reading() as work:
        with pytest.raises(NotFound, match=r"More than one person is called 'Tess Lane'\. Name one by the Slack id"):
            person_called(work, "Tess Lane")
        with pytest.raises(NotFound, match="Is it one of these: Rosa Diaz"):
            person_called(work, "Rosa")
        assert person_called(work, "U-team_leader").id == scene.people[TEAM].id


def test_a_namesake_stands_in_the_way(scene: Scene, tess: Person) -> None:
    scene.add_person("Tess Lane")
    with pytest.raises(BadInput, match="U-Tess Lane is called Tess Lane too, so that texts do not tell the two apart"):
        erased(scene, tess)
