"""Everything that can be typed, pressed, submitted or started, tried by everybody who has no business in Oak House."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.plan.actions import Action
from bot.plan.people import Person
from bot.plan.services import Service
from handlers import FEATURES, pressable, verbs
from tests.handlers.conftest import START
from tests.handlers.settled import settled
from tests.handlers.town import CHANNEL, OTHER, SECRET, TEAM, Json, Outsider, Town

OF_OAK = ("U0BEATRIZ", "U0HANNAH", "U0RUTH", "U0DEEPA")  # each with roles in this service alone
BROKEN = ("the reference", "Traceback", "went wrong")


OUTSIDERS = {
    "a stranger": Outsider("U0NEWMAN"),
    "a guest who once was deputy": Outsider("U0GUEST"),
    "a manager who was deactivated": Outsider("U0GONE"),
    "a team leader of another service": Outsider("U0WILLOW"),
    "a person of another workspace": Outsider("U0FAR", OTHER, OTHER),
    "a person of another workspace in a shared channel": Outsider("U0FAR", TEAM, OTHER),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A bot that answers what it is given and does nothing by itself; one for all, since nobody here changes anything
    but the last test."""
    with settled(tmp_path_factory.mktemp("everyone")) as made:
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
    for words in ("status", "log A1 Words of mine", "find Words"):
        yield f"@Grip {words}", town.event(who, "app_mention", text=words)
        yield f"told Grip {words}", town.event(who, "message", channel_type="im", channel="D1", text=words)
    yield "Home", town.event(who, "app_home_opened", tab="home")
    yield "came in", town.event(who, "member_joined_channel", inviter=who.slack_id)


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


def test_somebody_of_another_organisation_who_speaks_to_the_app_is_told_that_it_does_not_listen(town: Town) -> None:
    shown = town.dispatch(town.event(OUTSIDERS["a person of another workspace in a shared channel"], "app_mention"))
    assert "Grip answers members of this workspace only." in shown


def test_an_id_that_is_none_is_no_reason_for_slack_to_tell_it_again(town: Town) -> None:
    town.dispatch(town.event(Outsider(" kestrel"), "app_mention", text="log A1 Words of mine"))


def test_what_belongs_to_one_service_is_not_shown_in_the_channel_of_another(town: Town) -> None:
    """Willow Court moves into the channel in which people of Oak House ask; no reference is named."""
    with town.house.program.desk.store.transaction() as work:
        work.save(replace(town.house.service, channel_id="C0ELSEWHERE"))
        work.save(replace(work.all(Service, name="Willow Court")[0], channel_id=CHANNEL))
        (leader,) = work.all(Person, slack_id="U0WILLOW")
        late = START.date() - timedelta(days=3)
        work.save(replace(work.all(Action, number=1)[0], owner_id=leader.id, due_on=late))
    said = {verb.name: {w: town.dispatch(town.command(Outsider(w), verb.name)) for w in OF_OAK} for verb in verbs()}
    shown = {name for name, each in said.items() if any(SECRET in words for words in each.values())}
    assert shown == {"log"}, "whoever comes to log something finds what they may log against, wherever they are"
    for name in ("measures", "overdue", "warnings", "escalations", "status"):
        heard = said[name]["U0HANNAH"]
        assert "You have no role in Willow Court." in heard
        assert "For Oak House, say it in its own channel or in a message to Grip." in heard
    overdue = town.dispatch(town.command(Outsider("U0WILLOW"), "overdue"))
    assert "Nothing is overdue in Willow Court. 1 of yours is overdue elsewhere; /sip mine lists" in overdue
