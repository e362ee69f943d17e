"""Bringing in a plan from a spreadsheet: what is understood, what is refused in words, all of it or nothing."""

import codecs
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.errors import AlreadyDone, BadInput, NotAllowed
from bot.importing.cells import day_in, is_done, person_named, risk_in
from bot.importing.columns import Field, understood
from bot.importing.plan import Draft, draft, keep
from bot.importing.sheets import read
from bot.plan.actions import ActionStatus
from bot.plan.people import Person
from bot.plan.priorities import Risk
from tests.bot.plan.scene import DEPUTY, MANAGER, TEAM, Scene

HEAD = ("Area", "Action required", "Person responsible", "Deadline", "RAG", "Comments")
ROWS: tuple[tuple[Any, ...], ...] = (
    ("Handovers", "Use the 8-line sheet", "Olu Owens", date(2026, 12, 1), "amber", "x"),
    (None, "Fit a lamp beside the sluice", "olu owen", "14/12/2026", "", None),
    ("Falls", "Move the dining tables", "Dan Okoro", datetime(2026, 10, 1), "Complete", None),  # noqa: DTZ001 - as Excel has it
)


def excel(*rows: tuple[Any, ...], change: Any = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def drafted(scene: Scene, content: bytes, name: str = "plan.xlsx", who: Any = MANAGER, under: str = "") -> Draft:
    sheet = read(content, name)
    person = scene.people[who]
    with scene.store.reading() as work:
        return draft(work, person, scene.service, sheet, understood(sheet.columns), scene.today, under)


def kept(scene: Scene, found: Draft, who: Any = MANAGER, digest: str = "d") -> list[Any]:
    with scene.store.transaction() as work:
        return list(keep(work, scene.people[who], scene.service, found, digest, scene.now, scene.today))


def test_a_plan_as_it_lies_about_in_services_is_brought_in(scene: Scene) -> None:
    found = drafted(scene, excel(("Service improvement plan",), (), HEAD, *ROWS))
    assert found.errors == []
    assert [p.title for p in found.new] == ["Handovers", "Falls"]
    assert "Not imported: the columns Comments." in found.notes
    assert "1 are done in the file: they will wait for a check, as nobody has verified them here." in found.notes
    made = kept(scene, found)
    account = scene.account()
    assert [(a.what, a.due_on, account.name(a.owner_id)) for a in account.actions] == [
        ("Use the 8-line sheet", date(2026, 12, 1), "Olu Owens"),
        ("Fit a lamp beside the sluice", date(2026, 12, 14), "Olu Owens"),
        ("Move the dining tables", date(2026, 10, 1), "Dan Okoro"),
    ]
    assert [a.status for a in account.actions] == [ActionStatus.PLANNED, ActionStatus.PLANNED, ActionStatus.DONE]
    assert [p.title for p in account.priorities] == ["Handovers", "Falls"]
    assert account.priorities[0].rationale == "Not said in plan.xlsx: why it matters."
    assert [a.priority_id for a in made] == [account.priorities[i].id for i in (0, 0, 1)]
    with pytest.raises(AlreadyDone, match="was imported before"):
        kept(scene, found)
    assert len(scene.account().actions) == 3


def test_actions_go_under_a_priority_that_exists(scene: Scene) -> None:
    scene.priority()
    by_title = drafted(scene, excel(HEAD, ("handovers", "Print", "Olu Owens", "1/12/2026")), who=DEPUTY)
    by_ref = drafted(scene, excel(HEAD, ("P1", "Print", "Olu Owens", "1/12/2026")), who=DEPUTY)
    whole = drafted(scene, excel(HEAD, ("Anything", "Print", "Olu Owens", "1/12/2026")), who=DEPUTY, under="P1")
    for number, found in enumerate((by_title, by_ref, whole)):
        assert (found.errors, found.new) == ([], [])
        assert kept(scene, found, DEPUTY, f"d{number}")[0].priority_id == scene.account().priorities[0].id


def test_errors_are_told_by_row_and_nothing_is_kept(scene: Scene) -> None:
    bad = (
        ("Handovers", "Brief", "Nobody Known", "1/12/2026"),
        ("Handovers", "Brief", "", "1/12/2026"),
        ("Handovers", "Brief", "Olu Owens", "soon"),
        ("Handovers", "", "Olu Owens", "1/12/2026"),
        ("P9", "Brief", "Olu Owens", "1/12/2026"),
        ("Handovers", "x" * 3001, "Olu Owens", "1/12/2026"),
    )
    found = drafted(scene, excel(HEAD, *ROWS, *bad))
    assert [row for row, _ in found.errors] == [5, 6, 7, 8, 9, 10]
    said = " ".join(sentence for _, sentence in found.errors)
    for words in (
        "Nobody called “Nobody Known”",
        "no owner",
        "“soon” is no due date",
        "names no action",
        "P9 is no open",
        "3,001",
    ):
        assert words in said, words
    risky = (*HEAD[:4], "Risk", "Why it matters")
    many = drafted(
        scene,
        excel(risky, ("Falls", "", "Nobody Known", "soon", "purple", "x" * 3001), (None, "Brief", "Olu Owens", "soon")),
    )
    assert [row for row, _ in many.errors] == [2, 3]
    (_, of_one), (_, of_next) = many.errors
    for words in ("purple", "rationale is 3,001", "names no action", "Nobody called", "“soon” is no due date"):
        assert words in of_one, "each fault of a row is told"
    assert of_next == "“soon” is no due date. Write one day, for example 31/10/2026.", "and none of another row's"
    before = scene.head()
    with pytest.raises(BadInput, match="Row 5: Nobody called"):
        kept(scene, found)
    assert scene.head() == before


def test_a_row_that_a_rule_refuses_undoes_all_rows(scene: Scene) -> None:
    found = drafted(scene, excel(HEAD, *ROWS))
    with scene.store.transaction() as work:
        leaver = work.get(Person, scene.people[DEPUTY].id)
        assert leaver
        from dataclasses import replace

        work.save(replace(leaver, active=False))
    before = scene.head()
    with pytest.raises(BadInput, match=r"Row 4: Dan Okoro has left the workspace.*Nothing was imported"):
        kept(scene, found)
    assert scene.head() == before
    assert scene.account().priorities == ()


def test_who_may_not_plan_may_not_import_and_a_deputy_opens_no_priority(scene: Scene) -> None:
    with pytest.raises(NotAllowed, match="may import a plan"):
        drafted(scene, excel(HEAD, *ROWS), who=TEAM)
    found = drafted(scene, excel(HEAD, *ROWS), who=DEPUTY)
    assert "only the Registered Manager may open one" in found.errors[0][1]


def test_a_formula_without_a_value_and_an_error_in_a_cell_are_errors_of_their_row(scene: Scene) -> None:
    def formulas(sheet: Any) -> None:
        sheet["D2"] = "=TODAY()+7"  # nothing has ever computed it
        sheet["B3"] = "#REF!"
        sheet["B3"].data_type = "e"

    found = drafted(scene, excel(HEAD, *ROWS, change=formulas))
    assert [row for row, _ in found.errors] == [2, 3]
    assert "no due date" not in found.errors[0][1], "which is what the formula is about"
    assert "D2 holds a formula without a value" in found.errors[0][1]
    assert "B3 shows the error #REF!" in found.errors[1][1]


CSV = "Area;Action;Owner;Due\nÉquipe – soirée;Move the tables;Olu Owens;1/12/2026\n"


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        codecs.BOM_UTF8 + CSV.encode(),
        CSV.encode("utf-16"),
        CSV.encode("utf-16-le"),
        CSV.encode("cp1252"),
        CSV.replace(";", ",").encode(),
        CSV.replace(";", "\t").encode(),
    ],
)
def test_text_is_read_in_the_encodings_that_excel_writes(content: bytes) -> None:
    sheet = read(content, "plan.csv")
    assert sheet.columns == ("Area", "Action", "Owner", "Due")
    assert sheet.rows[0].values == ("Équipe – soirée", "Move the tables", "Olu Owens", "1/12/2026")


def test_columns_are_found_by_the_names_that_plans_use() -> None:
    found = understood(["No.", "Issue", "Actions", "Lead", "Target Date", "Progress", "Notes"])
    assert dict(found.places) == {
        Field.PRIORITY: 1,
        Field.ACTION: 2,
        Field.OWNER: 3,
        Field.DUE: 4,
        Field.STATUS: 5,
    }
    assert found.unused == ("No.", "Notes")
    said = understood(["A", "Was", "Wer", "Wann"], {Field.ACTION: "was", Field.OWNER: "Wer", Field.DUE: "Wann"})
    assert said.places[Field.DUE] == 3
    with pytest.raises(BadInput, match="No column was found for: owner, due date"):
        understood(["Action", "Colour"])
    with pytest.raises(BadInput, match="There is no column 'Nope'"):
        understood(["Action", "Owner", "Due"], {Field.OWNER: "Nope"})


def test_cells_mean_what_people_mean_by_them() -> None:
    for typed in (
        "2026-12-01",
        "1/12/2026",
        "01/12/26",
        "1 December 2026",
        "1st Dec 2026",
        "Tue 1 Dec 2026",
        "01.12.2026",
    ):
        assert day_in(typed) == date(2026, 12, 1), typed
    for wrong in ("31/02/2026", "ongoing", 45.5, None):
        with pytest.raises(BadInput):
            day_in(wrong)
    assert (risk_in("High"), risk_in("AMBER"), risk_in("low risk"), risk_in("")) == (
        Risk.HIGH,
        Risk.MODERATE,
        Risk.LOW,
        None,
    )
    with pytest.raises(BadInput, match="is no risk"):
        risk_in("purple")
    assert is_done(" Completed ")
    assert not is_done("in progress")


def test_an_owner_is_one_person_whom_slack_knows(scene: Scene) -> None:
    people = [*scene.people.values(), scene.owner]
    for typed in ("Olu Owens", "olu owens", "@Olu Owens", "Olu Owen", "Owens"):
        assert person_named(typed, people) == scene.owner, typed
    twin = scene.add_person("Ola Owens")
    with pytest.raises(BadInput, match=r"Do you mean Ol\w Owens or Ol\w Owens\?"):
        person_named("Owens", [*people, twin])
    with pytest.raises(BadInput, match="Nobody called"):
        person_named("The team", people)


def test_the_command_looks_first_and_imports_then(scene: Scene, tmp_path: Path) -> None:
    import argparse

    from bot.commands.importing import arguments, bring_in

    file = tmp_path / "plan.xlsx"
    file.write_bytes(excel(HEAD, *ROWS))
    parser = argparse.ArgumentParser()
    arguments(parser)
    words = [str(file), "--service", "oak"]
    looked = bring_in(scene.store, parser.parse_args([*words, "--dry-run"]), scene.now)
    assert "plan.xlsx: 3 actions in 2 priorities." in looked
    assert scene.account().actions == ()
    done = bring_in(scene.store, parser.parse_args(words), scene.now)
    assert done[-1] == "Imported as Rosa Diaz: A1 to A3."
    with pytest.raises(BadInput, match="is not understood"):
        bring_in(scene.store, parser.parse_args([*words, "--column", "colour=Area"]), scene.now)
