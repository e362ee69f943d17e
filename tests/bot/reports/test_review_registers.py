"""The registers of what was judged and decided, each row written down by hand."""

from datetime import date

import pytest

from tests.bot.plan.scene import Scene
from tests.bot.reports.oak_house import MOVED, NO_FAMILY, NOV_2, NOV_9, NOV_16, P1, rows, tell


@pytest.fixture
def story(scene: Scene) -> Scene:
    """Three weeks of November, told."""
    return tell(scene)


def test_5_governance(story: Scene) -> None:
    assert rows(story, 5) == [
        (
            "R6",
            NOV_16,
            P1,
            "R. Diaz, P. Holt",
            "partially improved",
            "Improved: Sheets. Agreed: Sample weekends.",
            f"{MOVED}\n{NO_FAMILY}",
            "",
            None,
            "Rosa Diaz",
            "Rosa Diaz",
            NOV_16,
        )
    ]


def test_9_reassessment(story: Scene) -> None:
    assert rows(story, 9) == [
        (
            "R2",
            NOV_16,
            P1,
            "M1 Handovers complete",
            "record",
            "X1",
            NOV_2,
            "9 of 20",
            "X3",
            NOV_16,
            "17 of 20",
            "improved",
            "yes, for the better",
            "The true change probably lies between 10 points better and 62 points better.",
            "Newcombe 95 % interval and Fisher's exact test (p < 0.05), at least 10 records each time",
            "Sheets are whole.",
            "",
            "Asha Patel",
        )
    ]


def test_10_the_month(story: Scene) -> None:
    assert rows(story, 10) == [
        (
            "R5",
            "October 2026",
            NOV_16,
            P1,
            "Nights read the sheet aloud.",
            "",
            "smaller",
            "partially improved",
            f"{MOVED}\n{NO_FAMILY}",
            "A2 (Olu Owens) moved on 9 November 2026 from 9 November 2026 to 23 November 2026: Printer broke",
            "Watch agency nights.",
            date(2026, 12, 1),
            "Rosa Diaz",
        )
    ]


def test_11_the_long_view(story: Scene) -> None:
    targets = "M1 Handovers complete: 80 %, revised to 90 % on 16 November 2026: The audit asks it"
    assert rows(story, 11) == [
        (
            "R7",
            "October 2026",
            P1,
            NOV_2,
            0,
            date(2027, 2, 1),
            f"{targets}; M2 Families told: no target",
            f"{MOVED}\n{NO_FAMILY}",
            "Days.",
            "Nights.",
            "Agency staff.",
            "keep open",
            "",
            "Rosa Diaz",
        )
    ]


def test_12_the_pack(story: Scene) -> None:
    samples = "X1 Handovers complete: 9 of 20 on 2 November 2026; X3 Handovers complete: 17 of 20 on 16 November 2026"
    families = 'X2 Families told: 3 of 10 on 2 November 2026, in their words: "Nobody rang."'
    assert rows(story, 12) == [
        (
            "R3",
            NOV_16,
            P1,
            f"S2 audit finding: 11 of 20 sheets had gaps; {samples}",
            "nothing new",
            f"S1 complaint: Daughter of E. M. was told nothing of a fall; {families}",
            "E2 (observation, walk-round or supervision)",
            "smaller",
            "Why: Days are whole.",
            "Dan Okoro",
        )
    ]


def test_13_what_changed_about_actions(story: Scene) -> None:
    assert rows(story, 13) == [
        (
            "A2",
            P1,
            "what will be done",
            "Remind all staff.",
            "Pair each agency nurse with a night lead.",
            "Cannot be checked.",
            "Dan Okoro",
            NOV_9,
        ),
        ("A2", P1, "due date", "9 November 2026", "23 November 2026", "Printer broke.", "Olu Owens", NOV_9),
    ]


def test_14_preparation(story: Scene) -> None:
    assert rows(story, 14) == [("R4", NOV_16, P1, "A2 names the pair.", "10 sheets a week.", "", "", "Quinn Reed")]


def test_15_minutes(story: Scene) -> None:
    assert rows(story, 15) == [
        (
            "L1",
            NOV_16,
            "escalation",
            P1,
            "",
            "",
            "",
            "",
            "L1 to Provider oversight: Agency use.",
            "stronger supervision: Weekly visit. (Piers Holt)",
            "",
            "",
            "Rosa Diaz",
            "",
        ),
        (
            "R6",
            NOV_16,
            "governance",
            P1,
            "R. Diaz, P. Holt",
            "What of weekends?",
            "Sample weekends.",
            "partially improved",
            "",
            "",
            "",
            "",
            "Rosa Diaz",
            "Rosa Diaz",
        ),
    ]
