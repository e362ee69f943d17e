"""The wording coach on wordings from real reports, and on the good example, which it must leave alone."""

import pytest

from bot.insight.wording import (
    EXAMPLE_ACTION,
    EXAMPLE_CHECK,
    EXAMPLE_PROBLEM,
    VAGUE,
    Field,
    look_at_action,
    look_at_check,
    look_at_problem,
)

GOOD = (
    "From Mon 7 Dec, night and day leads use the 8-line handover sheet at 08:00 and 20:00 on Willow unit; "
    "owner A. Khan; check: quality lead reads 20 sheets picked at random on 21 Dec and 18 Jan, standard 18/20 complete."
)
LISTED = [
    "improve", "enhance", "strengthen", "ensure", "promote", "encourage", "support staff to", "raise awareness",
    "remind", "reiterate", "re-educate", "refresh", "be more careful", "be more vigilant", "monitor",
    "keep under review", "look into", "consider", "explore", "discuss", "liaise", "address the", "work towards",
    "embed", "continue to", "maintain", "ongoing", "as appropriate", "where possible", "regularly", "timely",
    "robust", "good quality", "all staff", "the team", "management", "ASAP", "TBC", "in due course",
]  # fmt: skip


def test_the_good_example_earns_no_remark() -> None:
    assert look_at_action(GOOD) == ()
    assert look_at_check(GOOD) == ()
    assert look_at_action(EXAMPLE_ACTION) == ()
    assert look_at_check(EXAMPLE_CHECK) == ()
    assert look_at_problem(EXAMPLE_PROBLEM) == ()


@pytest.mark.parametrize("phrase", LISTED)
def test_each_listed_phrase_is_pointed_out(phrase: str) -> None:
    found = [f for f in look_at_action(f"We will {phrase} charts.") if f.phrase]
    assert [f.phrase.casefold() for f in found] == [phrase.casefold()]
    assert found[0].why
    assert found[0].better


def test_improve_handovers_is_told_everything_that_is_missing() -> None:
    found = look_at_action("Improve handovers")
    assert [f.phrase for f in found] == ["Improve", "", "", "", ""]
    assert {f.field for f in found} == {Field.ACTION}
    missing = " ".join(f.why for f in found[1:])
    assert "see somebody do" in missing
    assert "how many or how often" in missing
    assert "no one person" in missing
    assert "no date" in missing


def test_owner_and_due_date_in_their_own_fields_are_not_asked_for_again() -> None:
    found = look_at_action("Install 12 handrails on Oak corridor", has_owner=True, has_due_date=True)
    assert found == ()


def test_a_sentence_from_an_inspection_report() -> None:
    found = look_at_action("all staff have been reminded about the importance of accuracy in record keeping")
    assert {f.phrase for f in found if f.phrase} == {"reminded", "all staff"}
    assert any(f.why.startswith("It names nothing") for f in found) is False, "record is a verb as well"


def test_a_vague_problem_wants_a_number_and_a_place() -> None:
    found = look_at_problem("Communication is poor.")
    assert [f.why[:17] for f in found] == ["It has no number,", "It does not say w"]
    assert look_at_problem("9 of 20 relatives of Beech said nobody rang them back in May.", places=["Beech"]) == ()


def test_a_check_wants_what_how_many_who_and_when() -> None:
    assert len(look_at_check("Will be seen.")) == 4
    assert [f.why for f in look_at_check("Deputy reads 10 fluid charts.")] == ["It does not say when."]


def test_each_phrase_once_and_no_part_of_another_word() -> None:
    found = look_at_action("Improve the log; improve the rota; the team leader prints 3 improvement boards on Oak.")
    assert [f.phrase for f in found if f.phrase] == ["Improve"]
    assert len({v.better for v in VAGUE}) == len(VAGUE)
