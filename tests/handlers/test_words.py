"""Typed words: references found whatever stands around them, and Slack's encoding turned back."""

import re
from pathlib import Path

import pytest

import handlers
from bot.plan.access import HOW_TO_FIND
from bot.plan.actions import Action
from handlers.talk import meant
from handlers.words import find, first_ref, plain
from storage.tables import TABLES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "typed",
    [
        "A31 told them",
        "A31: told them",
        "a31, told them",
        "(A31) told them",
        "A 31 told them",
        "A31\ntold them",
        "A-31 - told them",
    ],
)
def test_a_reference_is_found_whatever_stands_around_it(typed: str) -> None:
    assert first_ref(typed, Action) == ("A31", "told them")


@pytest.mark.parametrize("typed", ["E121 told them", "31 told them", "All told", "A3b told", "told A31"])
def test_what_is_no_reference_of_the_kind_stays_words(typed: str) -> None:
    assert first_ref(typed, Action) == ("", typed)


def test_slack_s_encoding_is_turned_back() -> None:
    names = {"U0RUTH": "Ruth Callaghan", "S0OAK": "oak-team"}
    sent = "Tea &amp; toast &lt; 5 <@U0RUTH> <!subteam^S0OAK> <!subteam^S1|@nights> <#C1|general> <https://a.example|a>"
    assert plain(sent, names) == "Tea & toast < 5 @Ruth Callaghan @oak-team @nights #general https://a.example"
    assert plain("<!channel>") == "@channel"


@pytest.mark.parametrize(
    ("said", "verb"),
    [
        ("what is overdue?", "overdue"),
        ("A12 done", "done A12"),
        ("A12 briefed six staff", "log A12 briefed six staff"),
        ("status of handovers", "status of handovers"),
        ("please show me my actions", "my actions"),
    ],
)
def test_plain_words_mean_a_verb(said: str, verb: str) -> None:
    assert meant(handlers.verbs(), said) == verb


def test_every_button_that_a_view_shows_has_somebody_who_listens() -> None:
    pattern = re.compile(r"button\(\s*(?:[^()]|\([^()]*\))*?,\s*f?\"([a-z_]+\.[a-z_]+)")
    shown = {}
    for file in (ROOT / "handlers").rglob("*.py"):
        for found in pattern.findall(file.read_text()):
            shown[found] = file.name
    heard = handlers.pressable(handlers.verbs())
    assert len(shown) > 20
    assert {name: file for name, file in shown.items() if name not in heard} == {}


def test_whoever_names_what_is_not_there_is_led_to_the_verb_that_lists_it() -> None:
    assert set(HOW_TO_FIND) == {kind.LETTER for kind in TABLES if hasattr(kind, "LETTER")}
    for letter, sentence in HOW_TO_FIND.items():
        for said in re.findall("/sip ([^.;]*)", sentence):
            found = find(handlers.verbs(), said)
            assert found, said
            assert letter in "AP" or found[0].name != "status", sentence
    assert HOW_TO_FIND["S"].startswith("/sip signals ")
