"""Setting up a service, its roles, and opening its first priority."""

from bot.plan.people import Role, RoleHolding
from bot.plan.priorities import Priority
from bot.plan.services import Nation, Service
from playground.actor import words
from tests.handlers.conftest import House


def test_a_manager_sets_up_a_second_service_with_roles(house: House) -> None:
    ruth = house.actor("ruth")
    ruth.command("/sip setup", "willow-court")
    view = ruth.see_modal("Set up a service")
    assert len([b for b in view["blocks"] if b["type"] == "input"]) <= 6
    bad = ruth.submit({"name": "Willow Court", "location_id": "banana"}, view)
    assert "1-123456789" in bad["errors"]["location_id"]
    result = ruth.submit(
        {"name": "Willow Court", "location_id": "1-234567890", "nation": "WLS", "opens": "08:30"}, view
    )
    assert result["ok"], result
    assert "no Registered Manager yet" in words(ruth.see_modal("Who does what here?"))
    ruth.close(everything=True)  # with "Later"
    ruth.command("/sip", "oak-house")
    menu = ruth.told("oak-house")
    assert "Willow Court has no Registered Manager yet" in words(menu).replace("*", "")
    assert "Willow Court has no Registered Manager" in words(house.eventually(ruth.home)).replace("*", "")
    house.actor("amara").command("/sip", "oak-house")
    assert "Willow Court" not in words(house.actor("amara").told("oak-house")), "who cannot help it is not troubled"
    ruth.command("/sip setup", "willow-court")
    assert "no Registered Manager yet" in words(ruth.see_modal("Set up a service"))
    ruth.close(everything=True)
    ruth.click(menu, f"setup.roles#{house.all(Service, name='Willow Court')[0].id}")
    roles = ruth.see_modal("Who does what here?")
    result = ruth.submit({"team_leader": ["U0TOMASZ", "U0GARETH"], "registered_manager": ["U0RUTH"]}, roles)
    assert result["ok"], result
    assert "Willow Court is ready" in words(ruth.modal()).replace("*", "")
    (service,) = house.all(Service, name="Willow Court")
    assert (service.nation, service.location_id, service.opens.hour) == (Nation.WALES, "1-234567890", 8)
    held = {h.role for h in house.all(RoleHolding, service_id=service.id)}
    assert held == {Role.TEAM_LEADER, Role.REGISTERED_MANAGER}
    ruth.close(everything=True)
    ruth.command("/sip", "oak-house")
    assert "no Registered Manager" not in words(ruth.told("oak-house"))


def test_hours_upside_down_are_noted_under_the_field(house: House) -> None:
    ruth = house.actor("ruth")
    ruth.command("/sip setup")
    view = ruth.see_modal("Set up a service")
    result = ruth.submit({"opens": "17:00", "closes": "09:00"}, view)
    assert "later than the opening time" in result["errors"]["closes"]


def test_the_last_manager_cannot_be_taken_away(house: House) -> None:
    ruth = house.actor("ruth")
    ruth.command("/sip setup")
    ruth.submit({}, ruth.see_modal("Set up a service"))
    result = ruth.submit({"registered_manager": []}, ruth.see_modal("Roles"))
    assert "needs a Registered Manager" in result["errors"]["registered_manager"]
    assert house.all(RoleHolding, role=Role.REGISTERED_MANAGER, ended_at=None)


def test_a_team_leader_may_not_set_up(house: House) -> None:
    amara = house.actor("amara")
    amara.command("/sip setup")
    assert "Ask Ruth Callaghan to do it." in words(amara.told("oak-house"))
    assert amara.modal() is None
    newcomer = house.newcomer()
    newcomer.command("/sip")
    shown = words(newcomer.told("oak-house"))
    assert "You have no role in a service yet" in shown
    assert "Set up" not in shown, "it has been set up, by others"


def test_a_priority_is_opened_with_its_full_statement(house: House) -> None:
    ruth = house.actor("ruth")
    ruth.command("/sip priority new Handovers on Willow unit")
    view = ruth.see_modal("New priority")
    result = ruth.submit(
        {
            "problem_statement": "Night staff on Willow unit start without knowing who fell: 11 of 20 handovers.",
            "rationale": "People fall again.",
            "evidence_base": "Audit of 20: 9 complete.",
            "risk": "high",
        },
        view,
    )
    assert result["ok"], result
    (priority,) = house.all(Priority)
    assert (priority.title, priority.risk) == ("Handovers on Willow unit", "high")
    assert "Add an action" in words(ruth.modal())


def test_whoever_invites_the_bot_is_told_what_comes_next(house: House) -> None:
    house.slack.happen("create_channel", id="C0NEW", name="new-home", members=["U0RUTH"])
    house.slack.happen("join", channel="C0NEW", inviter="U0RUTH")
    ruth = house.actor("ruth")
    message = ruth.see("Say which service this channel belongs to", "C0NEW")
    ruth.click(message, "setup.open")
    assert ruth.see_modal("Set up a service")
