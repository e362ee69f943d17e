"""What goes into a pack, what stays out, and what the document is made of."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.errors import BadInput, NotFound
from bot.plan.people import Right, may
from bot.reports.pack.called import file_name
from bot.reports.pack.making import gather
from bot.reports.pack.typeset import TypesettingFailed, typeset
from bot.reports.pack.verify_pack import faults, manifest_of
from bot.reports.pack.wanted import Wanted, choose, wanted_in
from storage.files import FolderFiles
from tests.bot.plan.scene import DEPUTY, MANAGER, Scene
from tests.bot.reports.oak_house import tell
from tests.bot.reports.pack import packed
from tests.bot.reports.pack.packed import PHOTO

NASTY = "#panic() *bold* $x$ = heading <label> @ref \\ // `raw` [[ ]] 100 % \u202eabc 🎉 العربية"


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "pack.zip"


def told(out: Path) -> list[dict[str, Any]]:
    """The lines of a pack's journal."""
    return [json.loads(line) for line in zipfile.ZipFile(out).read("journal.jsonl").splitlines()]


def everything_in(pack: Path) -> str:
    """All text of a pack: its document, its workbook, its journal and notes."""
    with zipfile.ZipFile(pack) as archive:
        plain = [archive.read(n).decode() for n in archive.namelist() if n.endswith((".txt", ".json", ".jsonl"))]
        with archive.open("Registers.xlsx") as file:
            cells = [str(c.value) for sheet in load_workbook(file) for row in sheet.iter_rows() for c in row]
    return "\n".join([packed.text_of(packed.document(pack)), *cells, *plain])


def tagged(reader: Any) -> list[Any]:
    """The elements of a document's structure tree."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        children = element.get("/K", [])
        found.append(element)
        for child in children if isinstance(children, list) else [children]:
            each = child.get_object()
            if hasattr(each, "get") and each.get("/S"):
                waiting.append(each)
    return found


def bookmarks(outline: list[Any]) -> list[str]:
    """The titles of a document's bookmarks, depth first."""
    return [title for each in outline for title in (bookmarks(each) if isinstance(each, list) else [str(each.title)])]


def test_the_document_is_tagged_with_bookmarks_selectable_text_and_words_for_its_pictures(
    scene: Scene, files: FolderFiles, out: Path
) -> None:
    packed.told_with_evidence(scene, files)
    packed.packed(scene, files, out)
    reader = packed.document(out)
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert reader.metadata
    assert reader.metadata.title == "Service improvement plan: evidence pack of Oak House"
    titles = bookmarks(reader.outline)
    for title in ("Who owns them?", "P1 Handovers", "Register 2: Action tracker", "How to check this pack"):
        assert any(title in each for each in titles), title
    elements = tagged(reader)
    figures = [e for e in elements if e.get("/S") == "/Figure"]
    assert figures
    assert all("9 of 20 then, 17 of 20 now" in str(e["/Alt"]) for e in figures)
    assert {"/Table", "/TH", "/H1", "/H2"} <= {str(e["/S"]) for e in elements if e.get("/S")}
    heads = [e for e in elements if e.get("/S") == "/TH"]
    assert heads
    assert all("/Scope" in str(e["/A"]) for e in heads), "a screen reader names the column of each cell"
    assert all(page.get("/Tabs") == "/S" for page in reader.pages)
    text = packed.text_of(reader)
    for said in ("Nobody rang.", "17 of 20", "What of weekends?", "What has not improved"):
        assert said in text, said


def test_typed_text_is_never_markup_a_formula_or_missing_letters(scene: Scene, files: FolderFiles, out: Path) -> None:
    priority = scene.priority(title="#set text(red) *x*", problem_statement=NASTY, rationale="=1+1")
    scene.action(priority, what='=HYPERLINK("http://evil","x")', check="+44 calls")
    scene.signal(priority="P1", summary="@SUM(A1)", reference="-5")
    scene.measure(priority, name="$a_b$ #eval")
    packed.packed(scene, files, out)
    text = packed.squeezed(packed.text_of(packed.document(out)))
    shown = "#panic() *bold* $x$ = heading <label> @ref \\ // `raw` [[ ]] 100 % abc [party popper] "
    shown += "[7 characters in another script]"
    assert packed.squeezed(shown) in text
    assert "#settext(red)*x*" in text
    with zipfile.ZipFile(out) as archive, archive.open("Registers.xlsx") as file:
        cells = [c for sheet in load_workbook(file) for row in sheet.iter_rows() for c in row if c.value is not None]
    assert [c.coordinate for c in cells if c.data_type == "f"] == []
    texts = [c.value for c in cells if isinstance(c.value, str)]
    assert [t for t in texts if t.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert "'=1+1" in texts


def test_the_workbook_can_be_filtered_and_its_dates_are_dates(scene: Scene, files: FolderFiles, out: Path) -> None:
    tell(scene)
    packed.packed(scene, files, out)
    with zipfile.ZipFile(out) as archive, archive.open("Registers.xlsx") as file:
        book = load_workbook(file)
    assert len(book.sheetnames) == 16
    for sheet in book.worksheets[1:]:
        assert sheet.auto_filter.ref, sheet.title
        assert sheet.freeze_panes == "B2"
    tracker = book["2 Action tracker"]
    heads = [c.value for c in tracker[1]]
    due: Any = tracker.cell(2, heads.index("Due") + 1)
    assert due.is_date
    assert due.value.date() == date(2026, 11, 16)


def test_the_same_plan_at_the_same_moment_makes_the_same_pack_to_the_byte(
    scene: Scene, files: FolderFiles, out: Path
) -> None:
    packed.told_with_evidence(scene, files)
    again = out.with_name("again.zip")
    first, second = packed.packed(scene, files, out), packed.packed(scene, files, again)
    assert first.seal == second.seal
    assert out.read_bytes() == again.read_bytes()


def test_a_vanished_or_altered_evidence_file_is_named_with_its_hash(
    scene: Scene, files: FolderFiles, out: Path, tmp_path: Path
) -> None:
    sha256 = packed.told_with_evidence(scene, files)
    (kept,) = (path for path in (tmp_path / "files").rglob("*") if path.is_file())
    kept.write_bytes(b"something else")
    altered = packed.packed(scene, files, out)
    assert [str(e.place) for e in altered.not_included] == ["altered: its content no longer has this SHA-256"]
    kept.unlink()
    packed.packed(scene, files, out)
    assert faults(out) == []
    (left_out,) = manifest_of(out)["not_included"]
    assert (left_out["entry"], left_out["sha256"]) == ("E4", sha256)
    assert left_out["why"] == "missing: it is no longer where Grip kept it"
    text = packed.text_of(packed.document(out))
    assert sha256 in text
    assert "missing: it is no longer where Grip kept it" in text
    assert sha256 in zipfile.ZipFile(out).read("READ ME.txt").decode().replace("\n", "")


def test_evidence_files_lie_in_the_pack_under_safe_names(scene: Scene, files: FolderFiles, out: Path) -> None:
    packed.told_with_evidence(scene, files, name="../../etc/pass:wd?.png")
    packed.packed(scene, files, out)
    names = [n for n in zipfile.ZipFile(out).namelist() if n.startswith("evidence/")]
    assert names == ["evidence/E4 etc pass wd.png"]
    assert zipfile.ZipFile(out).read(names[0]) == PHOTO
    assert packed.packed(scene, files, out, evidence_limit=5).not_included[0].place.startswith("left out: the pack")


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (Wanted(), "Oak House evidence pack 2027-01-12.zip"),
        (Wanted(part="P1"), "Oak House evidence pack P1 Falls a b-c 2027-01-12.zip"),
        (Wanted(part="P1 P2", names=False), "Oak House evidence pack P1 P2 2027-01-12 without names.zip"),
        (Wanted(part="handover"), "Oak House evidence pack the theme handover 2027-01-12.zip"),
        (Wanted(since=date(2026, 12, 1)), "Oak House evidence pack 2026-12-01 to 2027-01-12.zip"),
    ],
)
def test_the_name_of_a_pack_says_its_part_and_every_file_system_takes_it(
    scene: Scene, wanted: Wanted, name: str
) -> None:
    scene.priority(title='Falls: a\\b/c "?"')
    scene.priority(title="ü" * 90)
    chosen = choose(scene.account(), wanted, date(2027, 1, 12))
    assert file_name(chosen, wanted) == name


def test_without_names_nobody_of_the_staff_is_named_anywhere(scene: Scene, files: FolderFiles, out: Path) -> None:
    packed.told_with_evidence(scene, files)
    (action, *_) = scene.account().actions
    scene.entry(action, what="Rosa Diaz and Quinn told O. Owens; Patel read it.", attended="Olu Owens, Tess")
    packed.packed(scene, files, out, Wanted(names=False))
    said = everything_in(out)
    for name in ("Owens", "Olu", "Rosa", "Diaz", "Quinn", "Reed", "Tess", "Patel", "Asha", "Okoro", "Piers"):
        assert name not in said, name
    assert "Registered Manager and Quality lead told Staff member 1; Audit lead read it." in " ".join(said.split())
    assert not [n for n in zipfile.ZipFile(out).namelist() if n.startswith("evidence/")]
    assert faults(out) == []
    journal = manifest_of(out)["journal"]
    assert journal["shown"] == journal["number"]  # what names somebody is left out of an event, not the event
    logged = [line for line in told(out) if "after.attended" in line["seal"].get("removed", {})][-1]
    assert {"after.attended", "after.what"} == {*logged["seal"]["removed"]}
    assert logged["event"]["after"]["shift"]


def test_a_pack_of_one_priority_holds_nothing_of_the_others(scene: Scene, files: FolderFiles, out: Path) -> None:
    tell(scene)
    scene.action(
        scene.priority(title="Falls", theme="falls", problem_statement="Six fell at lunch."), what="Move tables"
    )
    packed.packed(scene, files, out, Wanted("P1"))
    said = everything_in(out)
    assert "Use the 8-line handover sheet" in said
    assert "Six fell at lunch" not in said
    assert "Move tables" not in said
    assert faults(out) == []


def test_a_pack_of_a_time_shows_the_plan_as_it_stood_then(scene: Scene, files: FolderFiles, out: Path) -> None:
    tell(scene)
    packed.packed(scene, files, out, Wanted(since=date(2026, 11, 3), until=date(2026, 11, 10)))
    text = packed.text_of(packed.document(out))
    assert "3 November 2026 to 10 November 2026" in text
    assert "17 of 20" not in text, "sampled later"
    assert "baseline 9 of 20" in text
    assert "Printer broke" in text
    assert "Printer broke" in everything_in(out)
    assert "What of weekends" not in everything_in(out)


@pytest.mark.parametrize(
    ("wanted", "error", "said"),
    [
        (Wanted(since=date(2026, 11, 9), until=date(2026, 11, 2)), BadInput, "Swap the two days"),
        (Wanted(since=date(2027, 5, 1)), BadInput, "has not come yet"),
        (Wanted(until=date(2026, 1, 1)), BadInput, "There is nothing to pack"),
        (Wanted("P7"), NotFound, "There is no priority P7"),
        (Wanted("soup"), NotFound, "Its themes are"),
    ],
)
def test_what_cannot_be_packed_is_refused_in_words(scene: Scene, wanted: Wanted, error: type, said: str) -> None:
    tell(scene)
    with pytest.raises(error, match=said):
        choose(scene.account(), wanted, scene.today)


def test_an_empty_plan_has_nothing_to_pack(scene: Scene) -> None:
    with pytest.raises(BadInput, match="Oak House had no priority"):
        choose(scene.account(), Wanted(), scene.today)


def test_only_those_who_may_export_the_plan_get_a_pack(scene: Scene) -> None:
    tell(scene)
    for role, person in scene.people.items():
        with scene.store.reading() as work:
            if may({role}, Right.EXPORT):
                assert gather(work, person, scene.service.id, Wanted(), scene.now).head == scene.head()
            else:
                with pytest.raises(Exception, match="Only a Deputy manager"):
                    gather(work, person, scene.service.id, Wanted(), scene.now)
    stranger = scene.add_person("Sam Stranger")
    with scene.store.reading() as work, pytest.raises(Exception, match="Only a Deputy manager"):
        gather(work, stranger, scene.service.id, Wanted(), scene.now)
    assert DEPUTY in scene.people
    assert MANAGER in scene.people


def test_the_words_of_a_pack_are_understood() -> None:
    assert wanted_in("") == Wanted()
    assert wanted_in("P3 P4") == Wanted("P3 P4")
    assert wanted_in("from 01/10/2026 to 2026-12-31") == Wanted("", date(2026, 10, 1), date(2026, 12, 31))
    assert wanted_in("handovers until 5/1/2027 without staff names") == Wanted(
        "handovers", None, date(2027, 1, 5), names=False
    )


def test_a_document_that_takes_too_long_or_too_much_is_given_up(scene: Scene) -> None:
    with pytest.raises(TypesettingFailed, match="longer than"):
        typeset({}, [], scene.now, seconds=0.01)
    with pytest.raises(TypesettingFailed):
        typeset({"service": "incomplete"}, [], scene.now)
