"""The town of the soak: services with owners who are reminded, and a team leader each who logs all day long."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.ids import new_id
from bot.plan.actions import Action
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.priorities import Priority
from bot.plan.services import Service
from storage.store import SqlStore
from tests.faults import scene
from tests.faults.expected import Owed

LONDON = ZoneInfo("Europe/London")
ACTIONS_OF_AN_OWNER = 2
NEVER_DUE = date(2029, 1, 8)


@dataclass(frozen=True, slots=True)
class Home:
    """One service as the load knows it: its channel, its team leader's Slack id, the action on which is logged."""

    channel: str
    leader: str
    action: str


def leader_id(number: int) -> str:
    """The Slack id of the team leader of the service whose first owner has this number."""
    return f"U0LEADER{number}"


def world(services: int, owners: int) -> dict[str, Any]:
    """The workspace for the stand-in: `owners` for each service, and its team leader."""
    found = scene.world(services * owners, owners)
    leaders = [{"id": leader_id(n), "name": f"leader{n}"} for n in range(0, services * owners, owners)]
    found["workspaces"][0]["people"] += [each | {"real_name": each["name"].title()} for each in leaders]
    return found


def plant(store: SqlStore, services: int, owners: int, days: int, dice: random.Random) -> tuple[list[Home], list[Owed]]:
    """Fill an empty store; gives where to log and what the owners are owed."""
    owed = scene.plant(store, services * owners, ACTIONS_OF_AN_OWNER, scene.due_days(days), dice, owners)
    return [_staff(store, n, f"C0S{n}") for n in range(0, services * owners, owners)], owed


def _staff(store: SqlStore, number: int, channel: str) -> Home:
    """A team leader for a service, who also leads its priority: what the bot notices goes to them, not to an owner."""
    written = datetime.combine(scene.FIRST - timedelta(days=40), time(11), LONDON)
    with store.transaction() as work:
        service = work.one(Service, workspace_id=scene.TEAM, channel_id=channel)
        if service is None:
            raise LookupError(channel)
        (priority,) = work.all(Priority, service_id=service.id)
        leader = Person(
            id=new_id(written), workspace_id=scene.TEAM, slack_id=leader_id(number), name=f"Leader {number}"
        )
        work.add(leader)
        work.add(
            RoleHolding(
                id=new_id(written),
                workspace_id=scene.TEAM,
                service_id=service.id,
                role=Role.TEAM_LEADER,
                person_id=leader.id,
            )
        )
        work.save(replace(priority, lead_id=leader.id))
        model = work.all(Action, service_id=service.id, limit=1)[0]
        logged = replace(
            model,
            id=new_id(written),
            number=work.next_number(scene.TEAM, Action.LETTER),
            owner_id=leader.id,
            due_on=NEVER_DUE,
            wake_at=None,
        )
        work.add(logged)
    return Home(channel, leader_id(number), f"A{logged.number}")


def instant(day: date, hour: int, minute: int) -> datetime:
    """A time of the town's day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
