"""Words come out of an event and nothing else changes: its hash, its neighbours, and what is told of it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.plan.journal import GENESIS, REMOVAL, Event, canonical, digest, first_break, without
from bot.plan.sealing import new_seal
from bot.reports.pack import verify_pack
from bot.reports.pack.events import lines
from tests.storage.plan import NOW

SAID = {
    "what": "Briefed six",
    "attended": "Priya Raman, Tom Reed",
    "n": 0.1,
    "none": None,
    "deep": [{"z": 1, "a": "£"}],
}


def chained(*said: dict[str, Any]) -> list[Event]:
    """A chain of events with these words."""
    events: list[Event] = []
    for number, words in enumerate(said, 1):
        facts: dict[str, Any] = {"verb": "log", "kind": "entry", "before": None, "after": SAID, "seal": new_seal()}
        previous = events[-1].hash if events else GENESIS
        event = Event(
            id=f"e{number}",
            chain="s",
            number=number,
            at=NOW,
            person_id="p",
            record_id="r",
            **facts | words,
            previous_hash=previous,
            hash="",
        )
        events.append(replace(event, hash=digest(previous, event)))
    return events


def agrees(line: dict[str, Any]) -> bool:
    """Whether the script of a pack computes the hash that this line of its journal holds."""
    try:
        text = verify_pack._covered(line)  # noqa: SLF001 - its way in reads a whole ZIP
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
    kept: str = line["hash"]
    return hashlib.sha256((line["previous_hash"] + str(text)).encode()).hexdigest() == kept


def removal(**told: Any) -> dict[str, Any]:
    return {"verb": "erase", "kind": REMOVAL, "after": {"whole": [], "parts": {}, **told}}


def test_what_was_taken_out_is_gone_and_the_chain_holds() -> None:
    gone = ["after.attended", "reason"]
    events = chained({"before": SAID, "reason": "Priya Raman asked"}, removal(parts={"1": [*gone, "before.attended"]}))
    events[0] = without(events[0], gone)
    assert first_break(events) is None
    assert "Priya" not in json.dumps([events[0].after, events[0].reason, events[0].seal])
    assert events[0].before == SAID
    events[0] = without(events[0], {"before.attended", "after.attended"})  # more of it later
    assert "Priya" not in json.dumps([events[0].before, events[0].after])
    assert first_break(events) is None
    assert all(agrees(json.loads(line)) for line, _ in lines(events, lambda event: event))


def test_a_whole_event_can_go() -> None:
    events = chained({"before": SAID, "reason": "why"}, {"before": {}, "after": None}, removal(whole=[1, 2]))
    events[:2] = [without(each, None) for each in events[:2]]
    assert (events[0].before, events[0].after, events[0].reason) == ({}, {}, "")
    assert first_break(events) is None


def test_the_digest_that_is_left_cannot_be_guessed() -> None:
    one, other = chained({}, {})
    gone = [without(each, None) for each in (one, other)]
    (first, second) = [each.seal["removed"]["after.what"] for each in gone if each.seal]
    assert first != second  # the same words under two salts, of which none is left
    assert [each.seal["salts"] for each in gone if each.seal] == [{}, {}]


@pytest.mark.parametrize(
    "told", [{}, {"whole": [2]}, {"parts": {"1": ["after.what"]}}, {"parts": {"2": ["after.attended"]}}]
)
def test_what_no_event_tells_of_was_taken_out_by_a_stranger(told: dict[str, Any]) -> None:
    events = chained({}, {}, removal(**told))
    events[0] = without(events[0], {"after.attended"})
    found = first_break(events)
    assert found
    assert (found.number, found.event_id) == (1, "e1")
    assert found.what == "after.attended was taken out of it, and no event tells of that"


@pytest.mark.parametrize(
    "change",
    [
        lambda e: replace(e, after={**e.after, "attended": "Somebody Else"}),
        lambda e: replace(e, after={**e.after, "what": "Briefed nobody"}),
        lambda e: replace(e, after={k: v for k, v in e.after.items() if k != "what"}),
        lambda e: replace(e, before={}),
        lambda e: replace(e, after=None),
        lambda e: replace(e, seal=None, **{k: json.loads(canonical(e))[k] for k in ("after", "reason")}),
        lambda e: replace(e, seal={"salts": {}, "removed": {}}),
        lambda e: replace(e, seal={"salts": e.seal["salts"], "removed": {"after.attended": "0" * 64}}),
        lambda e: replace(e, seal={"removed": 5}),
        lambda e: replace(e, seal={}),
        lambda e: replace(without(e, {"reason"}), reason="Because"),
    ],
)
def test_an_event_of_which_something_was_taken_out_is_guarded_as_before(change: Callable[[Any], Event]) -> None:
    events = chained({}, removal(whole=[1]))
    events[0] = change(without(events[0], {"after.attended"}))
    found = first_break(events)
    assert found
    assert (found.number, found.what) == (1, "its content was altered")
    (line, _) = next(lines(events, lambda event: event))
    assert not agrees(json.loads(line))  # verify.py of a pack says the same


def test_events_of_the_first_release_hold_and_keep_their_words() -> None:
    events = chained({"seal": None}, {})
    assert first_break(events) is None
    with pytest.raises(ValueError, match="has no seal"):
        without(events[0], None)
    assert first_break([replace(events[0], reason="nicer"), events[1]])
