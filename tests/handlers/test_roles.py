"""Who may say, press, fill in and start what, as the table of roles says: every verb, button, form and shortcut."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from handlers import FEATURES, pressable, verbs
from handlers.desk import STALE
from tests.handlers.conftest import PEOPLE
from tests.handlers.settled import settled
from tests.handlers.table_of_roles import ALL, BUTTONS, FORMS, LEAD_ON, PEOPLE_OF, WORDS
from tests.handlers.town import META, Json, Outsider, Town

REFUSED = re.compile(
    r"Only (?:a|an|its|the) |Your role records no|Setting up is for|You have no role|who chooses the resp"
)
BROKEN = re.compile("the reference [0-9A-F]{6}|went wrong")
Ask = Callable[[Outsider], Json]


class Scene:
    """One populated Oak House for all; what somebody changed in it is turned back at once."""

    def __init__(self, town: Town, live: Path) -> None:
        self.town, self.live = town, live
        self.kept = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(live)) as now:
            now.backup(self.kept)
        self.heads = town.heads()

    def tried(self, ask: Ask, person: str) -> tuple[str, bool]:
        """What somebody is shown, and whether the plan changed."""
        shown = self.town.dispatch(ask(Outsider(PEOPLE[PEOPLE_OF[person]][0])))
        changed = self.town.heads() != self.heads
        if changed:
            with closing(sqlite3.connect(self.live)) as now:
                self.kept.backup(now)
        return shown, changed

    def wrong(self, name: str, ask: Ask, allowed: str, changes: bool | None = None) -> Iterator[str]:
        """What goes against the table; `changes`: whether it changes the plan for those who may (None: either)."""
        for person in "TP" if allowed == ALL else ALL:  # what all may, the least and the outermost show
            shown, changed = self.tried(ask, person)
            if bool(REFUSED.search(shown)) == (person in allowed) or (changed and person not in allowed):
                yield f"{name}: {person} {'is not' if person in allowed else 'is'} let in: {shown[:300]}"
            elif changes is not None and changed != (changes and person in allowed):
                yield f"{name}: {person} {'changed' if changed else 'did not change'} the plan: {shown[:300]}"
            if BROKEN.search(shown):
                yield f"{name}: {person} broke it: {shown[:300]}"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The scene of all tests here."""
    folder = tmp_path_factory.mktemp("roles")
    with settled(folder) as town:
        made = Scene(town, folder / "grip.db")
        yield made
        made.kept.close()


def test_every_verb_by_every_role(scene: Scene) -> None:
    names = {verb.name for verb in verbs()}
    told = {name for name in names if any(f"{typed} ".startswith(f"{name} ") for typed, _ in WORDS)}
    assert told == names, "each verb has its line above"
    wrong: list[str] = []
    for typed, allowed in WORDS:
        wrong += scene.wrong(f"/sip {typed}", partial(scene.town.command, text=typed), allowed)
    assert not wrong, "\n".join(wrong)


def test_every_button_by_every_role(scene: Scene) -> None:
    assert set(BUTTONS) == set(pressable(verbs())), "each button has its line above"
    wrong: list[str] = []
    for name, allowed in BUTTONS.items():
        wrong += scene.wrong(f"button {name}", partial(scene.town.button, action_id=name), allowed)
    assert not wrong, "\n".join(wrong)


def test_every_form_by_every_role(scene: Scene) -> None:
    assert {form for form, _, _ in FORMS} == {f.id for feature in FEATURES for f in feature.forms}
    wrong: list[str] = []
    for form, more, allowed in FORMS:
        ask = partial(scene.town.form, callback_id=form, more=more)
        wrong += scene.wrong(f"{form} {more.get('kind', '')}", ask, allowed, changes=form not in LEAD_ON)
    assert not wrong, "\n".join(wrong)


def test_shortcuts_lead_everybody_to_what_they_may_log(scene: Scene) -> None:
    found = [shortcut.id for feature in FEATURES for shortcut in feature.shortcuts]
    assert found == ["log_implementation", "save_as_evidence"]
    for name in found:
        for person in ALL:
            shown, changed = scene.tried(partial(scene.town.shortcut, callback_id=name), person)
            opened = '"callback_id": "log.form"' in shown
            assert (opened, changed) == (person in "TDM", False), (name, person, shown[:300])
            assert opened or "no open action that you can log against" in shown


@pytest.mark.parametrize("junk", [..., None], ids=["nothing", "null"])
def test_what_carries_nothing_of_ours_is_answered_in_words(scene: Scene, junk: object) -> None:
    """No button or form of ours comes so; what is older than the program, or was made by others, might."""
    bare = Town(scene.town.house, {} if junk is ... else dict.fromkeys(scene.town.ids, junk))
    asks = {name: partial(bare.button, action_id=name) for name in pressable(verbs())}
    for form, _, _ in FORMS:
        more = {} if junk is ... else dict.fromkeys(META.get(form, {}), junk)
        asks[form] = partial(bare.form, callback_id=form, more=more)
    broken = {}
    for name, ask in asks.items():
        shown, _ = scene.tried(ask, "M")
        if BROKEN.search(shown):
            broken[name] = shown[:300]
    assert not broken


@pytest.mark.parametrize(
    "more",
    [{"next_review_on": "0", "target_on": "2027-02-30", "decision": "extend"}, {"decision": "kestrel"}],
    ids=["day", "decision"],
)
def test_a_choice_that_is_none_is_answered_in_words(scene: Scene, more: Json) -> None:
    shown, changed = scene.tried(partial(scene.town.form, callback_id="review.form", more=more), "M")
    assert (STALE in shown, changed) == (True, False), shown[:300]
