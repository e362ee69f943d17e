"""Whom a text means: one person beyond doubt, perhaps them, or somebody else of a like name."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.keeping.naming import Naming, pattern
from bot.plan.people import Person


def person(name: str, slack_id: str = "U1") -> Person:
    return Person(id=f"p-{slack_id}", workspace_id="T1", slack_id=slack_id, name=name)


TESS = person("Tess Ann Lane")
OTHERS = [person("Tom Lane", "U2"), person("Ann Reed", "U3"), person("May", "U4")]


@pytest.mark.parametrize(
    "text",
    [
        *("Tess Ann Lane led it", "tess ann lane", "with Tess Lane.", "TESS LANE", "Tess L. was there"),
        *("(U1)", "<@U1> said", "https://x.slack.com/files/U1/F2/a.png"),
    ],
)
def test_what_means_her_beyond_doubt(text: str) -> None:
    assert Naming.of(TESS, (), OTHERS).sure.search(text)


@pytest.mark.parametrize(
    "text",
    [
        *("T. Lane", "T Lane", "Lane", "Tom Lane", "Ann", "lane 4", "Tessa Lane", "the planet", "U12", "tess"),
        *("", "A lane", "Tess"),
    ],
)
def test_what_does_not(text: str) -> None:
    assert not Naming.of(TESS, (), OTHERS).sure.search(text)


def test_a_part_of_a_name_counts_only_where_nobody_else_bears_it() -> None:
    naming = Naming.of(TESS, ("Theresa Holt",), OTHERS)
    assert [word for word in ("Tess", "Lane", "Holt", "Theresa", "T. Holt", "tess") if naming.likely.search(word)] == [
        *("Tess", "Holt", "Theresa", "T. Holt"),
    ]


def test_the_words_of_a_pseudonym_and_an_initial_are_no_names() -> None:
    gone = replace(person("a former member of staff (#1)"), erased_at=datetime(2026, 11, 2, tzinfo=UTC))
    naming = Naming.of(gone, ("P. Raman",), OTHERS)
    texts = ["P. Raman led", "Raman", "a former member of staff (#1)", "a note", "P. Holt", "(#1)"]
    assert [text for text in texts if naming.likely.search(text)] == ["P. Raman led", "Raman"]


def test_a_name_of_one_word_is_never_beyond_doubt() -> None:
    may = Naming.of(person("May", "U4"), (), [TESS])
    assert not may.sure.search("In May we briefed them")
    assert may.likely.search("May, Tom")


def test_namesakes_are_told() -> None:
    same = person("tess ann lane", "U9")
    assert Naming.of(TESS, (), [TESS, same]).namesakes == (same,)


def test_nobody_is_found_where_nothing_is_looked_for() -> None:
    assert not pattern([]).search("anything at all")
    assert pattern(["a.b"]).sub("x", "a.b axb") == "x axb"
