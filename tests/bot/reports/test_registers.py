"""The registers of the plan and of what was done, each row written down by hand."""

from datetime import date, datetime

import pytest

from bot.plan.corrections import Withdraw, withdraw_signal
from bot.reports.register_parts import Filter
from bot.reports.registers import REGISTERS, register
from tests.bot.plan.scene import TEAM, Scene
from tests.bot.reports.oak_house import NOV_2, NOV_9, NOV_16, NOV_23, P1, rows, tell


@pytest.fixture
def story(scene: Scene) -> Scene:
    """Three weeks of November, told."""
    return tell(scene)


def test_there_are_fifteen_as_the_field_names_them() -> None:
    assert [r.number for r in REGISTERS] == list(range(1, 16))
    assert {r.number for r in REGISTERS if not r.starred} == {7, 12, 14}
    assert register(16) is None
    assert [(r.title, r.kept_by) for r in REGISTERS] == [
        ("Service improvement plan", "Registered Manager"),
        ("Action tracker", "Deputy manager"),
        ("Staff communication register", "Team leader"),
        ("Follow-up assurance review", "Quality lead"),
        ("Governance minutes", "Registered Manager"),
        ("Improvement plan evidence summary", "Quality lead"),
        ("Central quality action plan", "Registered Manager"),
        ("Documentation improvement log", "Deputy manager"),
        ("Reassessment report", "Audit lead"),
        ("Monthly oversight tracker", "Registered Manager"),
        ("Improvement review summary", "Registered Manager"),
        ("Review pack", "Deputy manager"),
        ("Live action tracker", "Leadership"),
        ("Governance preparation note", "Quality lead"),
        ("Meeting minutes", "Registered Manager"),
    ]


def test_every_row_fills_its_columns_with_plain_values(story: Scene) -> None:
    for found in REGISTERS:
        shown = found.rows(story.account(), Filter())
        assert shown, found.title
        assert len(set(found.columns)) == len(found.columns)
        for row in shown:
            assert len(row) == len(found.columns), found.title
            assert {type(cell) for cell in row} <= {str, int, float, date, datetime, type(None)}, found.title


def test_1_the_plan(story: Scene) -> None:
    assert rows(story, 1) == [
        (
            "P1",
            "Handovers",
            "Changes of need are not passed on at night.",
            "Two complaints and an audit. (S1 and S2)",
            "People waited for pain relief.",
            "Willow unit",
            "high",
            "",
            "open",
            "Rosa Diaz",
            NOV_2,
            date(2027, 2, 1),
            None,
            "",
        )
    ]


def test_2_the_actions(story: Scene) -> None:
    assert rows(story, 2) == [
        (
            "A1",
            P1,
            "Use the 8-line handover sheet at 08:00 and 20:00.",
            "Olu Owens",
            NOV_16,
            NOV_16,
            "Quality lead reads 20 sheets.",
            "16 November 2026 (sampled)",
            "verified",
            "intermediate",
            NOV_16,
            NOV_16,
            "Quinn Reed",
            "20 sheets read, all complete.",
            0,
            "",
        ),
        (
            "A2",
            P1,
            "Pair each agency nurse with a night lead.",
            "Olu Owens",
            NOV_23,
            NOV_9,
            "A list is signed.",
            "",
            "planned",
            "",
            None,
            None,
            "",
            "",
            1,
            "9 November 2026 to 23 November 2026: Printer broke",
        ),
    ]


def test_3_briefings(story: Scene) -> None:
    assert rows(story, 3) == [
        (
            "E1",
            date(2026, 11, 8),
            "night",
            "A1 Use the 8-line handover sheet at 08:00 and 20:00.",
            "Briefed 6 night staff on the new sheet.",
            "",
            6,
            "Asked for larger print.",
            "",
            "Slack message",
            "Tess Lane",
            datetime(2026, 11, 9, 10, 30),  # noqa: DTZ001  # what the clock on the wall showed
        )
    ]


def test_4_assurance(story: Scene) -> None:
    assert rows(story, 4) == [
        (
            "X3",
            NOV_16,
            P1,
            "M1 Handovers complete",
            "record",
            "Night sheets",
            "9 of 20",
            "17 of 20",
            "improved",
            "at least 90 %",
            "missed",
            "",
            "",
            "Asha Patel",
            "partly improved",
            "Improved: Sheets. Unresolved: Nights.",
            "Quinn Reed",
            NOV_16,
        )
    ]


def test_6_the_evidence(story: Scene) -> None:
    about = (P1, "Willow unit", "high")
    fall = "Daughter of E. M. was told nothing of a fall."
    assert rows(story, 6) == [
        ("S1", NOV_2, "complaint", "handovers", fall, *about, "C-14", "Tess Lane", ""),
        (
            "S2",
            NOV_2,
            "audit finding",
            "handovers",
            "11 of 20 sheets had gaps.",
            *about,
            "",
            "Tess Lane",
            "answered by A1",
        ),
        (
            "X1",
            NOV_2,
            "sample",
            "handovers",
            "Pain relief left out. (Handovers complete: 9 of 20)",
            *about,
            "Night sheets",
            "Quinn Reed",
            "",
        ),
        (
            "X3",
            NOV_16,
            "sample",
            "handovers",
            "Handovers complete: 17 of 20",
            *about,
            "Night sheets",
            "Asha Patel",
            "open: no action answers it yet",
        ),
        ("S3", NOV_2, "complaint", "medicines", "Cream not signed for.", "", "", "", "", "Tess Lane", ""),
    ]


def test_7_interventions(story: Scene) -> None:
    sheet, pair = rows(story, 7)
    assert sheet[4:] == (
        "Use the 8-line handover sheet at 08:00 and 20:00.",
        "intermediate",
        "Olu Owens",
        NOV_16,
        "verified",
        date(2026, 12, 1),
    )
    assert pair[:4] == ("A2", P1, "handovers", "high")


def test_8_file_support(story: Scene) -> None:
    (row,) = rows(story, 8)
    assert row[0] == "E2"
    assert row[4:8] == ("supervision", "Sat with P. K. over two files.", "P. K.", None)
    assert row[10] == "verified"


def test_a_filter_by_priority_theme_and_dates(story: Scene) -> None:
    other = story.priority(title="Medicines", theme="medicines")
    story.action(other, due_on=date(2026, 12, 1))
    assert [row[0] for row in rows(story, 2, Filter(among=frozenset({other.id})))] == ["A3"]
    assert [row[0] for row in rows(story, 2, Filter(theme="Hand"))] == ["A1", "A2"]
    assert [row[0] for row in rows(story, 2, Filter(since=NOV_23))] == ["A2", "A3"]
    assert [row[0] for row in rows(story, 2, Filter(since=NOV_16, until=NOV_16))] == ["A1"]
    assert [row[0] for row in rows(story, 6, Filter(theme="medicines"))] == ["S3"]
    assert [row[0] for row in rows(story, 6, Filter(among=frozenset({other.id})))] == []
    assert [row[0] for row in rows(story, 1, Filter(until=NOV_9))] == ["P1"]
    for number in (3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15):
        assert rows(story, number, Filter(until=NOV_2)) == [], number
        assert rows(story, number, Filter(among=frozenset({other.id}))) == [], number
        assert rows(story, number, Filter(since=NOV_2, until=NOV_23)) == rows(story, number), number


def test_what_was_withdrawn_is_in_no_register(story: Scene) -> None:
    story.do(TEAM, withdraw_signal, Withdraw(record="S1", reason="Logged twice."))
    assert "S1" not in [row[0] for row in rows(story, 6)]
    assert rows(story, 1)[0][3] == "Two complaints and an audit. (S2)"
