"""Somebody leaves: the deputy is asked once who takes over, and one form hands everything on."""

from bot.plan.access import ref
from bot.plan.actions import Action
from playground.actor import words
from tests.handlers.conftest import House


def test_the_deputy_is_asked_once_and_hands_everything_over_in_one_form(house: House) -> None:
    priority = house.priority()
    first, second = house.action(priority, due_in=7), house.action(priority, due_in=9, what="Read the falls list")
    house.slack.happen("deactivate_user", user="U0AMARA")
    deepa = house.actor("deepa")
    question = deepa.see("Amara Osei has left the workspace and still owns 2 actions in Oak House")
    assert f"{ref(first)} Use the 8-line sheet" in words(question).replace("*", "")
    warned = house.actor("ruth").see(
        "Amara Osei, who owns A1, has left the workspace.", seconds=45
    )  # a morning may go first
    assert "early warning" in warned["text"]
    deepa.click(question, "takeover.open")
    view = deepa.see_modal("Who takes over")
    bad = deepa.submit({"to_id": "U0AMARA"}, view)
    assert "owns it already" in bad["errors"]["to_id"] or "left the workspace" in bad["errors"]["to_id"]
    assert deepa.submit({"to_id": "U0BEATRIZ"}, view)["ok"]
    deepa.see_modal("Beatriz Moreno now owns 2 actions.")
    owners = {a.owner_id for a in house.all(Action)}
    assert owners == {house.people["beatriz"].id}
    house.actor("beatriz").see("Deepa Nair handed over to you what Amara Osei owned: 2 actions.")
    assert not [m for m in deepa.dm() if "early warning" in m["text"]], "she is asked, so she is not warned of the same"
    asked = [m for m in deepa.dm() if "Who takes over?" in m["text"]]
    assert len(asked) == 1
    deepa.command("/sip takeover", "oak-house")
    deepa.see("Nobody who left still owns anything here", "oak-house")
    deepa.click(question, "takeover.open")
    deepa.see("owns nothing open in Oak House any more")
    assert second.owner_id == house.people["amara"].id


def test_a_team_leader_hands_nothing_over(house: House) -> None:
    house.action(house.priority())
    house.slack.happen("deactivate_user", user="U0AMARA")
    question = house.actor("deepa").see("Amara Osei has left the workspace")
    assert "takeover.open" in str(question)
    beatriz = house.actor("beatriz")
    beatriz.command("/sip takeover", "oak-house")
    beatriz.see("may hand over what somebody leaves behind", "oak-house")
