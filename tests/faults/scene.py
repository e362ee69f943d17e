"""The scene of the fault harness: a provider with many owners whose actions fall due in a few weeks."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.ids import new_id
from bot.plan.actions import Action
from bot.plan.people import Person
from bot.plan.priorities import Priority, Risk
from bot.plan.services import Cadence, Service
from storage.store import SqlStore
from tests.faults.expected import Owed, moved

TEAM = "T0FAULTS"
FIRST = date(2027, 1, 11)  # a Monday; no bank holiday until Easter
# Both clock changes, the ends of months, Christmas and New Year with their holidays, a leap day; asleep in between.
_DAYS = """
    2027-10-28 2027-10-29 2027-11-01 2027-11-02
    2027-12-23 2027-12-24 2027-12-29 2027-12-31 2028-01-04
    2028-02-28 2028-02-29 2028-03-01
    2028-03-24 2028-03-27
"""
CALENDAR = tuple(map(date.fromisoformat, _DAYS.split()))
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


def due_days(days: int, first: date = FIRST) -> list[date]:
    """So many working days, the first of which is announced on the first morning."""
    return [moved(first, 3 + n) for n in range(days)]


def plant(
    store: SqlStore,
    owners: int,
    actions: int,
    due: Sequence[date],
    dice: random.Random,
    per_service: int = OWNERS_OF_A_SERVICE,
) -> list[Owed]:
    """Fill an empty store: each owner has `actions` actions, each due on one of these days. Somebody who
    left leads the priorities, so that nobody hears of what the rules notice by themselves."""
    written = datetime.combine(min(due) - timedelta(days=40), time(10), UTC)
    owed = []
    lead = Person(id=new_id(written), workspace_id=TEAM, slack_id="U0LEAD", name="Lead", active=False)
    with store.transaction() as work:
        work.add(lead)
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
            priority = _priority(service, lead, work.next_number(TEAM, "P"), written)
            work.add(priority)
            for person in people:
                for _ in range(actions):
                    action = _action(priority, person, work.next_number(TEAM, "A"), dice.choice(due), written)
                    work.add(action)
                    owed.append(Owed(f"A{action.number}", person.slack_id, action.due_on))
    return owed


def mornings(count: int) -> list[date]:
    """So many working days from the first on, and one more after everything slept for a week."""
    days = [FIRST, *(moved(FIRST, n) for n in range(1, count))]
    return [*days, moved(days[-1], 6)]


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
