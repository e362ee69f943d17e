"""The registers and the search as people reach them."""

import io

from openpyxl import load_workbook

from bot.plan.access import ref
from playground.actor import words
from tests.handlers.conftest import House


def test_a_register_is_listed_shown_narrowed_and_posted(house: House) -> None:
    first, second = house.priority("Handovers"), house.priority("Falls")
    house.action(first)
    house.action(second, what="Move the dining tables", owner="beatriz")
    ruth = house.actor("ruth")
    ruth.command("/sip register")
    listing = ruth.told("oak-house")
    assert "Staff communication register" in words(listing)
    ruth.choose(listing, "register.show", "2 Action tracker")
    shown = ruth.see("Register 2: Action tracker", "oak-house")
    assert "*A1*  Priority: P1 Handovers" in words(shown)
    ruth.click(shown, text="As a table")
    shown = ruth.see("Use the 8-line sheet", "oak-house")
    table = next(b for b in shown["blocks"] if b["type"] == "data_table")
    assert len(table["rows"]) == 3
    assert shown["ephemeral"]
    ruth.command(f"/sip register 2 {ref(second)}")
    shown = ruth.told("oak-house")
    assert "Move the dining tables" in words(shown)
    assert "8-line" not in words(shown)
    assert "only P2" in words(shown)
    ruth.click(shown, "register.post")
    house.eventually(lambda: [m for m in ruth.messages("oak-house") if not m["ephemeral"]])


def test_a_register_comes_as_a_workbook_to_whoever_may_export(house: House) -> None:
    house.action(house.priority(), what="=Fit a dimmer lamp")
    ruth, amara = house.actor("ruth"), house.actor("amara")
    ruth.command("/sip register 2 from 01/01/2027 to 31/12/2027")
    ruth.click(ruth.told("oak-house"), "register.export")
    (file,) = house.eventually(lambda: [f for m in ruth.dm() for f in m.get("files", [])])
    assert file["name"] == "Oak House register 2 2027-01-13.xlsx"
    book = load_workbook(io.BytesIO(ruth.file(file["id"])))
    assert book.sheetnames == ["About", "2 Action tracker"]
    assert [cell.value for cell in book["2 Action tracker"][2]][:3] == ["A1", "P1 Handovers", "'=Fit a dimmer lamp"]
    ruth.command("/sip register")
    ruth.click(ruth.told("oak-house"), "register.export")
    house.eventually(lambda: [f for m in ruth.dm() for f in m.get("files", []) if "registers" in f["name"]])
    amara.command("/sip register 2")
    assert "As a workbook" not in words(amara.told("oak-house"))


def test_a_register_is_narrowed_by_a_form(house: House) -> None:
    house.action(house.priority())
    ruth = house.actor("ruth")
    ruth.command("/sip register 2")
    ruth.click(ruth.told("oak-house"), "register.filter")
    view = ruth.see_modal("Registers")
    upside_down = ruth.submit({"since": "2027-01-10", "until": "2027-01-01"}, view)
    assert "Swap them" in upside_down["errors"]["until"]
    ruth.submit({"number": "2", "since": "2026-01-01", "until": "2027-12-31"}, view)
    assert "8-line sheet" in words(ruth.see_modal("Action tracker"))


def test_what_is_no_register_says_how_to_ask(house: House) -> None:
    ruth = house.actor("ruth")
    for typed, said in {"16": "from 1 to 15", "3 from 31/02/2026": "is no day", "3 P9": "no priority P9"}.items():
        ruth.command(f"/sip register {typed}")
        assert said in words(ruth.told("oak-house")), typed


def test_find_tells_where_the_words_stand_and_only_to_those_who_may_read(house: House) -> None:
    house.action(house.priority(), what="Fit a dimmer lamp beside the sluice")
    ruth = house.actor("ruth")
    ruth.command("/sip find dimmer sluice")
    shown = words(ruth.told("oak-house"))
    assert "A1" in shown
    assert "dimmer" in shown
    callum = house.newcomer()
    callum.command("/sip find dimmer")
    assert "You have no role in a service here. Ask Ruth Callaghan" in words(callum.told("oak-house"))
    for typed in ("/sip find a1", "/sip A1", "/sip a-1"):
        ruth.command(typed)
        assert "Fit a dimmer lamp" in words(ruth.told("oak-house")), typed
        callum.command(typed)
        said = words(callum.told("oak-house"))
        assert "There is no action A1 that you may see. You have no role in a service here" in said.replace("-", "")
    ruth.command("/sip P1")
    assert "Handovers" in words(ruth.told("oak-house"))
    ruth.command("/sip find A9")
    assert "There is no action A9 that you may see" in words(ruth.told("oak-house"))
    ruth.command('/sip find "; DROP TABLE -- NEAR(')
    assert "Nothing in the plan" in words(ruth.told("oak-house"))
