"""Suggested strength on actions as care services write them, with the hierarchy of RCA2."""

import pytest

from bot.insight.strength import Strength, only_weak, suggest


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Move the dining tables so that staff can see everyone at meals", Strength.STRONG),
        ("Install grab rails in both bathrooms on Oak", Strength.STRONG),
        ("The care plan cannot be closed without the swallowing assessment", Strength.STRONG),
        ("Remove the duplicate fluid forms and simplify the daily notes", Strength.STRONG),
        ("Registered manager joins the night handover every Tuesday", Strength.STRONG),
        ("Standardise hoists across both units", Strength.STRONG),
        ("Introduce a checklist at handover", Strength.INTERMEDIATE),
        ("Add one carer to the late shift", Strength.INTERMEDIATE),
        ("Use the 8-line handover sheet at 08:00 and 20:00", Strength.INTERMEDIATE),
        ("Put eye drops on a separate shelf", Strength.INTERMEDIATE),
        ("Medication round without interruptions: red tabards", Strength.INTERMEDIATE),
        ("Training on moving and handling for night staff", Strength.WEAK),
        ("Remind staff to use the checklist", Strength.WEAK),
        ("New policy on oral health", Strength.WEAK),
        ("Double-check insulin doses", Strength.WEAK),
        ("All staff have been reminded about the importance of accuracy in record keeping", Strength.WEAK),
        ("Monthly audit of care plans", Strength.WEAK),
    ],
)
def test_the_suggested_tier(text: str, strength: Strength) -> None:
    found = suggest(text)
    assert found.strength is strength, found
    assert found.phrase


def test_where_the_words_say_too_little_nothing_is_suggested() -> None:
    assert suggest("Sort it out").strength is None
    assert suggest("").strength is None


def test_a_priority_with_only_weak_actions() -> None:
    assert only_weak([Strength.WEAK, Strength.WEAK])
    assert not only_weak([Strength.WEAK, Strength.INTERMEDIATE])
    assert not only_weak([])
