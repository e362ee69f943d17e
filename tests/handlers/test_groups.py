"""A role held by a Slack user group: given in set-up, kept by events, and as good as any other role."""

from bot.plan.people import Person, Role, RoleHolding, UserGroup
from playground.actor import words
from tests.handlers.conftest import House

OAK = "oak-house"


def given(house: House) -> None:
    """Ruth gives the role of quality lead to the group of Amara, Beatriz and Deepa."""
    ruth = house.actor("ruth")
    ruth.command("/sip setup", OAK)
    ruth.submit({}, ruth.see_modal("Set up a service"))
    ruth.submit({}, ruth.see_modal("Who does what here?"))
    ruth.click(ruth.see_modal("is ready"), "setup.groups")
    form = ruth.see_modal("User groups")
    assert "Registered Manager is one named person" in words(form)
    assert "@oak-team, 3 people" in words(form)
    result = ruth.submit({"quality_lead": ["Oak House team"]}, form)
    assert result["ok"], result
    said = words(ruth.modal()).replace("*", "")
    assert "Quality lead: Oak House team" in said
    assert "being read from Slack" in said
    ruth.close(everything=True)


def group(house: House) -> UserGroup:
    (found,) = house.all(UserGroup)
    return found


def test_everybody_in_a_group_holds_its_role_as_long_as_they_are_in_it(house: House) -> None:
    house.action(house.priority())
    given(house)
    house.eventually(lambda: group(house).members == ("U0AMARA", "U0BEATRIZ", "U0DEEPA"))
    beatriz, newcomer = house.actor("beatriz"), house.newcomer()
    beatriz.command("/sip measure new P1", OAK)
    assert beatriz.see_modal("New measure")
    newcomer.command("/sip status", OAK)
    assert "no role" in words(newcomer.told(OAK))

    house.slack.happen("change_group", group="S0OAKTEAM", users=["U0NEWMAN", "U0AMARA"])
    house.eventually(lambda: group(house).members == ("U0AMARA", "U0NEWMAN"))
    house.eventually(lambda: [p for p in house.all(Person, slack_id="U0NEWMAN") if p.name == "Callum Newman"])
    newcomer.command("/sip measure new P1", OAK)
    assert newcomer.see_modal("New measure")
    beatriz.close(everything=True)
    beatriz.command("/sip measure new P1", OAK)
    assert "Only a Quality lead or Registered Manager may" in words(beatriz.told(OAK))

    house.slack.happen("change_group", group="S0OAKTEAM", name="Oak quality")
    house.eventually(lambda: group(house).name == "Oak quality")


def test_a_group_loses_its_role_in_the_same_form(house: House) -> None:
    given(house)
    ruth = house.actor("ruth")
    ruth.command("/sip setup", OAK)
    ruth.submit({}, ruth.see_modal("Set up a service"))
    ruth.submit({}, ruth.see_modal("Who does what here?"))
    ruth.click(ruth.see_modal("is ready"), "setup.groups")
    form = ruth.see_modal("User groups")
    chosen = [b["element"].get("initial_options") for b in form["blocks"] if b.get("block_id") == "quality_lead"]
    assert [option["text"]["text"] for option in chosen[0]] == ["Oak House team"]
    ruth.submit({"quality_lead": []}, form)
    assert "none" in words(ruth.modal())
    held = house.all(RoleHolding, role=Role.QUALITY_LEAD)
    assert {h.ended_at is None for h in held if h.group_id} == {False}
    assert [h.ended_at for h in held if h.person_id] == [None], "Hannah keeps hers"


def test_without_the_scope_the_way_on_is_told(house: House) -> None:
    house.slack.happen("grant_scopes", scopes=["chat:write", "commands", "users:read", "im:write"])
    ruth = house.actor("ruth")
    ruth.command("/sip setup", OAK)
    ruth.submit({}, ruth.see_modal("Set up a service"))
    ruth.submit({}, ruth.see_modal("Who does what here?"))
    ruth.click(ruth.see_modal("is ready"), "setup.groups")
    assert "usergroups:read" in words(ruth.modal())
