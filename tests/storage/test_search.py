"""Full text over the account, in words that a person types."""

from dataclasses import replace
from typing import Any

import pytest

from bot.plan.actions import Action
from bot.plan.entries import Entry
from bot.plan.services import Service
from bot.work import Work
from storage.search import SEARCHED, question_words
from storage.store import SqlStore
from storage.tables import KINDS
from tests.storage.plan import add_action, filled, plant


def log(work: Work, id: str, what: str, **given: Any) -> Entry:
    entry: Entry = filled(
        Entry, bare=True, id=id, number=work.next_number("T1", "E"), what=what, staff_response="", barriers="", **given
    )
    work.add(entry)
    return entry


def ids(found: list[tuple[str, str, str]]) -> list[str]:
    return [record_id for _, record_id, _ in found]


def test_every_text_of_the_account_is_found(store: SqlStore) -> None:
    assert {kind.__name__ for kind in SEARCHED} == {
        *("Signal", "Priority", "Action", "Entry", "Evidence", "Sample", "Review", "Escalation")
    }
    with store.transaction() as work:
        plant(work)
        for kind, fields in SEARCHED.items():
            for place, field in enumerate(fields):
                number = {"number": 100 + place} if "number" in kind.__dataclass_fields__ else {}
                word = f"{kind.__name__.lower()}{field.replace('_', '')}"
                texts = dict.fromkeys(fields, "") | {field: f"They wrote {word} there."}
                work.add(filled(kind, bare=True, id=f"{kind.__name__}-{field}", **number, **texts))
    with store.reading() as work:
        for kind, fields in SEARCHED.items():
            for field in fields:
                word = f"{kind.__name__.lower()}{field.replace('_', '')}"
                found = work.search(["service"], word)
                assert [(k, i) for k, i, _ in found] == [(kind.__name__.lower(), f"{kind.__name__}-{field}")]
                assert KINDS[found[0][0]] is kind
                assert word in found[0][2]


def test_inflections_and_case_do_not_matter(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        log(work, "e1", "Reminded the café team about repositioning residents at NIGHT")
        for words in ("remind", "reminding resident", "night reposition", "CAFÉ", "the team at night"):
            assert ids(work.search(["service"], words)) == ["e1"], words
        assert work.search(["service"], "night owl") == []


def test_all_words_count_and_the_best_comes_first(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        log(work, "once", "A falls talk among many other things that were said on that long and busy late shift")
        log(work, "often", "Falls: falls huddle, falls sheet, falls")
        assert ids(work.search(["service"], "falls")) == ["often", "once"]
        assert ids(work.search(["service"], "falls", limit=1)) == ["often"]
        assert ids(work.search(["service"], "falls huddle")) == ["often"]


def test_only_the_services_asked_about(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        work.add(Service(id="s2", workspace_id="T1", channel_id="C2", name="Oak"))
        log(work, "e1", "hoist training")
        log(work, "e2", "hoist training", service_id="s2")
        assert ids(work.search(["service"], "hoist")) == ["e1"]
        assert sorted(ids(work.search(["service", "s2"], "hoist"))) == ["e1", "e2"]
        assert work.search([], "hoist") == []


def test_the_words_follow_the_record(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        action = add_action(work, id="this", what="Turn charts")
        entry = log(work, "e1", "huddle")
        saved = work.save(replace(action, what="Weekly walk-round"))
        assert work.search(["service"], "charts") == []
        assert ids(work.search(["service"], "walk-round")) == ["this"]
        work.save(replace(saved, done_by="person"))
        assert ids(work.search(["service"], "weekly")) == ["this"]
        work.save(replace(entry, withdrawn_at=entry.written_at))
        assert work.search(["service"], "huddle") == []


def test_an_excerpt_holds_the_words_and_not_the_whole(store: SqlStore) -> None:
    with store.transaction() as work:
        plant(work)
        log(work, "e1", "padding " * 200 + "the pressure mattress was found deflated " + "padding " * 200)
        (found,) = work.search(["service"], "mattress")
    assert "mattress" in found[2]
    assert len(found[2]) < 300


@pytest.mark.parametrize(
    "words",
    [
        '"', "''", "* - + ( )", "NEAR(a b)", "what:night", "night*", "AND OR NOT", "-night", "night OR owl", "(night",
        "night & !owl | x", "<b>night</b>", "night;DROP TABLE actions", "%s :q \\", "\x00night", "{night}^2", "", "  ",
    ],
)  # fmt: skip
def test_no_word_is_ever_syntax(store: SqlStore, words: str) -> None:
    with store.transaction() as work:
        plant(work)
        found = work.search(["service"], words)
        assert work.count(Action) == 1
    # Only where "night" and nothing unknown beside it was typed is the action found.
    typed = {word.lower() for word in question_words(words)}
    assert ids(found) == (["action"] if typed and typed <= {"night"} else [])


def test_words_that_everybody_uses_are_left_out_unless_there_are_no_others() -> None:
    assert question_words("the state of the night") == ["state", "night"]
    assert question_words("to be or not to be") == ["to", "be", "or", "not", "to", "be"]
