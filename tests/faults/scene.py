"""The scene of the fault harness: a provider with many owners whose actions fall due in a few weeks."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.ids import new_id
from bot.plan.actions import Action
from bot.plan.people import Person
from bot.plan.priorities import Priority, Risk
from bot.plan.services import Cadence, Service
from storage.store import SqlStore
from tests.faults.expected import Owed, moved, working_day

TEAM = "T0FAULTS"
FIRST = date(2027, 1, 11)  # a Monday; no bank holiday until Easter
NEVER = 3650  # calendar days: nobody but the owner hears of a late action here
OWNERS_OF_A_SERVICE = 20


def world(owners: int, per_service: int = OWNERS_OF_A_SERVICE) -> dict[str, Any]:
    """The workspace for the stand-in, with one person an owner."""
    people = [{"id": slack_id(n), "name": f"owner{n}", "real_name": f"Owner {n}"} for n in range(owners)]
    services = range(0, owners, per_service)
    channels = [{"id": f"C0S{n}", "name": f"service-{n}", "bot": True} for n in services]
    return {"workspaces": [{"id": TEAM, "name": "Faults", "domain": "faults", "people": people, "channels": channels}]}


def slack_id(number: int) -> str:
    """The Slack id of an owner."""
    return f"U0OWNER{number}"


def plant(
    store: SqlStore,
    owners: int,
    actions: int,
    days: int,
    dice: random.Random,
    per_service: int = OWNERS_OF_A_SERVICE,
) -> list[Owed]:
    """Fill an empty store: each owner has `actions` actions that fall due in the first `days` working days."""
    written = datetime.combine(FIRST - timedelta(days=40), time(10), UTC)
    due = [moved(FIRST, 3 + n) for n in range(days)]
    owed = []
    for start in range(0, owners, per_service):
        with store.transaction() as work:
            cadence = Cadence(
                overdue_deputy_calendar_days=NEVER,
                overdue_manager_calendar_days=NEVER,
                overdue_provider_calendar_days=NEVER,
            )
            service = Service(
                id=new_id(written),
                workspace_id=TEAM,
                channel_id=f"C0S{start}",
                name=f"Service {start}",
                cadence=cadence,
            )
            work.add(service)
            people = [
                Person(id=new_id(written), workspace_id=TEAM, slack_id=slack_id(n), name=f"Owner {n}")
                for n in range(start, min(start + per_service, owners))
            ]
            for person in people:
                work.add(person)
            priority = _priority(service, people[0], work.next_number(TEAM, "P"), written)
            work.add(priority)
            for person in people:
                for _ in range(actions):
                    action = _action(priority, person, work.next_number(TEAM, "A"), dice.choice(due), written)
                    work.add(action)
                    owed.append(Owed(f"A{action.number}", person.slack_id, action.due_on))
    return owed


def mornings(count: int) -> list[date]:
    """The working days of the run."""
    days = [FIRST + timedelta(days=n) for n in range(count * 2)]
    return [day for day in days if working_day(day)][:count]


def _priority(service: Service, lead: Person, number: int, written: datetime) -> Priority:
    return Priority(
        id=new_id(written),
        workspace_id=TEAM,
        service_id=service.id,
        number=number,
        title="Handovers",
        problem_statement="Night staff start without knowing who fell.",
        rationale="People fall again.",
        evidence_base="Audit of 20.",
        affected_areas="",
        theme="handovers",
        risk=Risk.LOW,
        quality_statement="",
        lead_id=lead.id,
        opened_on=written.date(),
        person_id=lead.id,
        written_at=written,
    )


def _action(priority: Priority, owner: Person, number: int, due_on: date, written: datetime) -> Action:
    return Action(
        id=new_id(written),
        workspace_id=TEAM,
        service_id=priority.service_id,
        number=number,
        priority_id=priority.id,
        what="Use the sheet",
        owner_id=owner.id,
        due_on=due_on,
        check="Twenty sheets",
        person_id=owner.id,
        written_at=written,
        wake_at=written,
    )
