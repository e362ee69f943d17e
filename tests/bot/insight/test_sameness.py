"""The threshold of "much the same", justified on pairs of updates as managers write them."""

import pytest

from bot.insight.sameness import MUCH_THE_SAME, likeness, much_the_same, unchanged

SAME = [
    (
        "Staff reminded at handover. Continuing to monitor.",
        "Staff have been reminded in handover and we continue to monitor.",
    ),
    # The first is the wording of a published inspection report; the second is what the next month tends to say.
    (
        "All staff have been reminded about the importance of accuracy in record keeping.",
        "Staff reminded again about the importance of accurate record keeping.",
    ),
    (
        "Training is ongoing, awaiting dates from the provider.",
        "Still awaiting dates from the training provider, training ongoing.",
    ),
    (
        "No change since last month. Audit to be completed.",
        "Audit still to be completed, no change since last month.",
    ),
    ("Care plans being updated, on track.", "Care plans are being updated and are on track."),
    (
        "Discussed at team meeting on 3 May; staff aware of the need to complete fluid charts.",
        "Discussed in the team meeting 7 June. Staff are aware of the need to complete fluid charts.",
    ),
    (
        "Deputy continues to oversee medication audits. No concerns.",
        "Medication audits continue to be overseen by the deputy, no concerns.",
    ),
    (
        "Action remains open. Waiting for maintenance to fit the handrails.",
        "Remains open, still waiting for maintenance to fit handrails.",
    ),
]
DIFFERENT = [
    (
        "Staff reminded at handover. Continuing to monitor.",
        "New 8-line handover sheet in use on Willow since Monday; night leads sign it.",
    ),
    ("Waiting for maintenance to fit the handrails.", "Handrails fitted in both bathrooms on Oak floor."),
    (
        "Training dates awaited from the provider.",
        "Nine of twelve night staff trained; three booked for next week.",
    ),
    (
        "Care plans are being updated and are on track.",
        "Care plans updated for all people with diabetes; families have read theirs.",
    ),
    (
        "Medication audits overseen by deputy, no concerns.",
        "Medication audit found two missed signatures on the evening round; spoke with the nurse.",
    ),
    (
        "Families told us that calls are returned the same day.",
        "Families told us that nobody returns their calls.",
    ),
    (
        "Falls fell from nine to four after the dining tables were moved.",
        "Falls rose again on the late shift; tables back in the old place.",
    ),
    (
        "Fluid charts complete at 14:00 on most days.",
        "Fluid charts complete at 14:00 but not at 20:00, evening staff were moved to Willow.",
    ),
]
TURNED = [
    ("Audit found 12 of 20 handovers complete.", "Audit found 17 of 20 handovers complete."),
    ("Staff supervision completed for the night team.", "Staff supervision not completed for the night team."),
    ("The new sheet is used on nights.", "The new sheet isn't used on nights."),
]


@pytest.mark.parametrize("pair", SAME)
def test_the_same_in_other_words(pair: tuple[str, str]) -> None:
    assert much_the_same(*pair)
    assert much_the_same(*pair[::-1])


@pytest.mark.parametrize("pair", [*DIFFERENT, *TURNED])
def test_news(pair: tuple[str, str]) -> None:
    assert not much_the_same(*pair)
    assert not much_the_same(*pair[::-1])


def test_the_threshold_stands_well_between_the_two_kinds() -> None:
    least_same = min(likeness(*pair) for pair in SAME)
    most_different = max(likeness(*pair) for pair in DIFFERENT)
    assert most_different + 3 < MUCH_THE_SAME < least_same - 5


def test_figures_and_denials_are_needed_because_likeness_alone_would_be_fooled() -> None:
    assert all(likeness(*pair) >= MUCH_THE_SAME for pair in TURNED)


def test_three_updates_in_a_row() -> None:
    stuck = ["Waiting for the plumber, 3 May.", "Still waiting for the plumber, 10 May.", "Waiting for a plumber."]
    assert unchanged(stuck)
    assert not unchanged(stuck[:2])
    assert not unchanged([*stuck, "The plumber fitted both basins."])
    assert unchanged(["The plumber fitted both basins.", *stuck])


def test_empty_updates_say_the_same_nothing() -> None:
    assert much_the_same("", "3 May 2026")
    assert not much_the_same("", "Handrails fitted.")
