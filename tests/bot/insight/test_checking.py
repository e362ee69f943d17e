"""Whether evidence is about what a check asks for: told from words alone, in favour of the evidence where in doubt."""

import pytest

from bot.insight.checking import answers_check, asked_for

CHECK = "Hannah reads 20 handover sheets picked at random on 21 Dec; standard 18 of 20 complete."


def test_what_a_check_asks_for_is_neither_who_nor_when_nor_how_many() -> None:
    assert asked_for(CHECK, ["Hannah Whitfield"]) == {"handov", "sheet"}


@pytest.mark.parametrize(
    "said",
    ["All six handovers used it", "handover_sheets-week3.pdf", "NightSheets.jpg", "The SHEETS are in the blue folder"],
)
def test_one_word_in_common_suffices(said: str) -> None:
    assert answers_check(CHECK, [said])


@pytest.mark.parametrize("said", ["Ordered new chairs", "IMG_2031.jpg", "", "Hannah read 20 of 20 on 21 Dec, complete"])
def test_who_when_and_how_many_alone_do_not_answer(said: str) -> None:
    assert not answers_check(CHECK, [said], ["Hannah Whitfield"])


def test_a_check_that_names_nothing_cannot_be_missed() -> None:
    assert answers_check("Quality lead checks 20", ["Ordered new chairs"])
