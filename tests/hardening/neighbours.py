"""The neighbours of Oak House: Willow Court in the same workspace, and a home of another provider in another one."""

from bot.ids import new_id
from bot.plan.actions import Action
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.priorities import Priority, Risk
from bot.plan.services import Service
from bot.work import Work
from tests.handlers.conftest import PEOPLE, START
from tests.handlers.town import OTHER, TEAM, Town

WILLOW, FAR = "wombat", "quokka"  # in every text of the other service and of the other workspace
MAY_READ = {**{name: {"oak"} for name in PEOPLE}, "willow": {"willow"}, "far": {"far"}}


def neighbours(town: Town) -> tuple[dict[str, str], dict[str, str]]:
    """Give both a plan; the ids of their records by name, and which house each journal belongs to."""
    with town.house.program.desk.store.transaction() as work:
        willow = work.one(Service, workspace_id=TEAM, channel_id="C0WILLOW")
        leader = work.one(Person, workspace_id=TEAM, slack_id="U0WILLOW")
        if willow is None or leader is None:
            raise LookupError("Willow Court is not where it was")
        far = Service(id=new_id(START), workspace_id=OTHER, channel_id="C0FAR", name="Far House")
        manager = Person(id=new_id(START), workspace_id=OTHER, slack_id="U0FARM", name="Farai")
        work.add(far)
        work.add(manager)
        role = Role.REGISTERED_MANAGER
        work.add(RoleHolding(id=new_id(START), workspace_id=OTHER, service_id=far.id, role=role, person_id=manager.id))
        ids = {"willow": willow.id, "far": far.id, "leader": leader.id, "manager": manager.id}
        for name, service, owner, word in (("willow", willow, leader, WILLOW), ("far", far, manager, FAR)):
            priority, action = _plan(work, service, owner, word)
            ids |= {f"{name} priority": priority.id, f"{name} action": action.id}
    return ids, {willow.id: "willow", far.id: "far", OTHER: "far"}


def _plan(work: Work, service: Service, owner: Person, word: str) -> tuple[Priority, Action]:
    day = START.date()
    priority = Priority(
        id=new_id(START),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, "P"),
        title=f"Handovers {word}",
        problem_statement=f"Known to {word}",
        rationale=word,
        evidence_base=word,
        affected_areas=word,
        theme=word,
        risk=Risk.HIGH,
        quality_statement="",
        lead_id=owner.id,
        opened_on=day,
        person_id=owner.id,
        written_at=START,
    )
    work.add(priority)
    action = Action(
        id=new_id(START),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, "A"),
        priority_id=priority.id,
        what=f"Use the {word} sheet",
        owner_id=owner.id,
        due_on=day,
        check=word,
        person_id=owner.id,
        written_at=START,
        wake_at=START,
    )
    work.add(action)
    return priority, action
