"""A plan brought in through Slack: the file is given, looked at, shown, and kept whole when somebody says yes."""

from bot.plan.actions import Action
from bot.plan.priorities import Priority
from playground.actor import wait_for, words
from tests.bot.importing.test_importing import HEAD, excel
from tests.handlers.conftest import House

GOOD = excel(
    HEAD,
    ("Handovers", "Use the 8-line sheet", "Amara Osei", "1/2/2027", "", None),
    ("Falls", "Move the tables", "Beatriz Moreno", "1/12/2026", "done", None),
)
BAD = excel(HEAD, ("Handovers", "Use the sheet", "Nobody Known", "soon", "", None))


def given(house: House, name: str, content: bytes) -> None:
    """The manager gives a file to the form."""
    ruth = house.actor("ruth")
    ruth.command("/sip import")
    ruth.submit({"files": [(name, content)]}, ruth.see_modal("Import a plan"))
    assert "nothing is imported yet" in words(ruth.see_modal("Looking at"))


def test_a_file_is_shown_and_then_brought_in_once(house: House) -> None:
    given(house, "plan.xlsx", GOOD)
    ruth = house.actor("ruth")
    shown = ruth.see("plan.xlsx for Oak House: 2 actions", seconds=20)
    said = words(shown)
    assert "Opens the priority “Falls”" in said
    assert "Row 2: Use the 8-line sheet (Amara Osei, Mon 1 Feb 2027)" in said
    assert house.all(Action) == []
    ruth.click(shown, "import.go")
    ruth.see("is in the plan of Oak House: 2 actions (A1 to A2) and 2 new priorities", seconds=20)
    assert {p.title for p in house.all(Priority)} == {"Handovers", "Falls"}
    ruth.click(shown, "import.go")  # pressed twice, it is one intention
    given(house, "plan.xlsx", GOOD)
    again = wait_for(lambda: [m for m in ruth.dm() if "plan.xlsx for Oak House" in words(m)][1], 20)
    ruth.click(again, "import.go")
    ruth.see("was imported before", seconds=20)
    assert len(house.all(Action)) == 2


def test_what_is_wrong_with_a_file_is_told_and_nothing_is_kept(house: House) -> None:
    given(house, "plan.xlsx", BAD)
    ruth = house.actor("ruth")
    said = words(ruth.see("Nothing was imported", seconds=20))
    assert "Row 2: Nobody called “Nobody Known”" in said
    assert "“soon” is no due date" in said, "all of it at once"
    given(house, "plan.csv", b"hello")
    ruth.see("plan.csv: No column names were found", seconds=20)
    assert house.all(Action) == []


def test_who_may_not_plan_is_told_before_the_form_opens(house: House) -> None:
    amara = house.actor("amara")
    amara.command("/sip import")
    assert "may import a plan" in words(amara.told("oak-house"))
    assert amara.modal() is None
