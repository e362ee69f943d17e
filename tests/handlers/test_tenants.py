"""Two workspaces that look alike share one database: whatever is done in one, the other neither sees nor changes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from bot.timing.outbox import Delivery
from handlers import FEATURES, pressable, verbs
from handlers.tick import tick
from tests.handlers.conftest import START
from tests.handlers.settled import settled
from tests.handlers.town import OTHER, SECRET, TEAM, Json, Outsider, Town
from tests.handlers.twin import TWIN_SECRET, held, make

# Both workspaces have a manager and an admin of this Slack id, with every right in their own service.
RUTH_THERE = Outsider("U0RUTH", OTHER, OTHER)
REFS = ("", " A1 accept Words of mine", " P1 Words of mine", " M1 9/20", " S1 P1", " X2 mine", " R1",
        f" {SECRET[:4]}")  # fmt: skip


@pytest.fixture
def alike(tmp_path: Path) -> Iterator[tuple[Town, Json]]:
    """Oak House and its twin in another workspace; the ids under which the twin's records go."""
    with settled(tmp_path) as town:
        yield town, make(town.house.program.desk.store, town.ids)


def words(town: Town, who: Outsider) -> Iterator[tuple[str, Json]]:
    for verb in verbs():
        for rest in REFS:
            yield f"/sip {verb.name}{rest}", town.command(who, verb.name + rest)


def clicks(town: Town, who: Outsider) -> Iterator[tuple[str, Json]]:
    said = verbs()
    for name in pressable(said):
        yield f"button {name}", town.button(who, name)
    for feature in FEATURES:
        for form in feature.forms:
            yield f"form {form.id}", town.form(who, form.id)
        for shortcut in feature.shortcuts:
            yield f"shortcut {shortcut.id}", town.shortcut(who, shortcut.id)


def walk(town: Town, steps: Iterable[tuple[str, Json]]) -> list[str]:
    """Take these steps as the twin's manager; what showed or changed Oak House."""
    store = town.house.program.desk.store
    before, heads, wrong = held(store, TEAM), town.heads(), []
    for name, body in steps:
        shown = town.dispatch(body)
        if SECRET in shown:
            wrong.append(f"{name} shows Oak House: {shown[max(0, shown.index(SECRET) - 200) :][:400]}")
        if town.heads() != heads:
            wrong.append(f"{name} changed Oak House")
            heads = town.heads()
    after = held(store, TEAM)
    return wrong + [f"changed: {table}" for table in before if before[table] != after[table]]


def test_a_manager_with_every_right_in_her_own_workspace_has_none_in_one_that_looks_like_it(
    alike: tuple[Town, Json],
) -> None:
    """With the ids of the other workspace's records in every button, form and shortcut."""
    town, _ = alike
    assert walk(town, clicks(town, RUTH_THERE)) == []


def test_what_is_done_in_one_workspace_and_by_time_stays_there(alike: tuple[Town, Json]) -> None:
    town, ids = alike
    program = town.house.program
    there = replace(town, ids=ids)
    began = held(program.desk.store, OTHER)
    assert walk(there, chain(words(there, RUTH_THERE), clicks(there, RUTH_THERE))) == []
    assert held(program.desk.store, OTHER) != began  # a great deal was done
    tick(program.desk, program.desk.clock())
    town.house.slack.move_clock(to=START.replace(day=20).isoformat())
    tick(program.desk, program.desk.clock())
    with program.desk.store.reading() as work:
        waiting = work.all(Delivery)
    assert {delivery.workspace_id for delivery in waiting} == {TEAM, OTHER}
    for delivery in waiting:
        strange = SECRET if delivery.workspace_id == OTHER else TWIN_SECRET
        assert strange not in str(delivery.payload), delivery
    program.outbox.run_once(program.desk.clock())
    posted = [str(call.payload) for call in town.house.slack.calls("chat.postMessage")]
    assert any(SECRET in each for each in posted)
    assert any(TWIN_SECRET in each for each in posted)
    assert [each[:300] for each in posted if SECRET in each and TWIN_SECRET in each] == []
