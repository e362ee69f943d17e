"""Everything that can be typed, pressed, submitted or started, tried by everybody who has no business in Oak House."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers import FEATURES, pressable, verbs
from tests.handlers.settled import settled
from tests.handlers.town import OTHER, SECRET, TEAM, Json, Outsider, Town

BROKEN = ("the reference", "Traceback", "went wrong")


OUTSIDERS = {
    "a stranger": Outsider("U0NEWMAN"),
    "a guest who once was deputy": Outsider("U0GUEST"),
    "a manager who was deactivated": Outsider("U0GONE"),
    "a team leader of another service": Outsider("U0WILLOW"),
    "a person of another workspace": Outsider("U0FAR", OTHER, OTHER),
    "a person of another workspace in a shared channel": Outsider("U0FAR", TEAM, OTHER),
}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A bot that answers what it is given and does nothing by itself."""
    with settled(tmp_path) as made:
        yield made


REFS = ("", " A1", " A2 accept Words of mine", " P1 Words of mine", " M1 9/20", " S1 P1", " X2 Words of mine",
        " R1", " L1", " E1", " 3", f" {SECRET[:4]}")  # fmt: skip


def everything(town: Town, who: Outsider) -> Iterator[tuple[str, Json]]:
    """Every verb with everything that may follow it, every button, form and shortcut."""
    said = verbs()
    for verb in said:
        for rest in REFS:
            yield f"/sip {verb.name}{rest}", town.command(who, verb.name + rest)
    for name in pressable(said):
        yield f"button {name}", town.button(who, name)
    for feature in FEATURES:
        for form in feature.forms:
            yield f"form {form.id}", town.form(who, form.id)
        for shortcut in feature.shortcuts:
            yield f"shortcut {shortcut.id}", town.shortcut(who, shortcut.id)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_change_nothing_and_are_shown_nothing(town: Town, who: str) -> None:
    outsider = OUTSIDERS[who]
    before, heads = town.plan(), town.heads()
    wrong = []
    for name, body in everything(town, outsider):
        shown = town.dispatch(body)
        if SECRET in shown:
            wrong.append(f"{name} shows Oak House: {shown[max(0, shown.index(SECRET) - 200) :][:400]}")
        if any(sign in shown for sign in BROKEN):
            wrong.append(f"{name} breaks: {shown[:300]}")
        if town.heads() != heads:
            wrong.append(f"{name} changed Oak House")
            heads = town.heads()
    after = town.plan()
    wrong += [f"changed: {kind}" for kind in before if before[kind] != after[kind]]
    assert not wrong, "\n".join(wrong)
