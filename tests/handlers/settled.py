"""Oak House with a record of every kind, beside another service and people whose roles no longer count."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.ids import new_id
from bot.plan import escalations, milestones, signals
from bot.plan.actions import Complete, complete
from bot.plan.entries import LogEntry, log
from bot.plan.escalations import RaiseEscalation
from bot.plan.milestones import AddMilestone
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.reviews import Review, ReviewKind
from bot.plan.services import Service, Shift
from bot.plan.signals import LogSignal, Source
from bot.plan.warnings import EarlyWarning
from bot.warnings.fired import Rule
from tests.handlers import account
from tests.handlers.conftest import START, House, housed
from tests.handlers.town import CHANNEL, SECRET, TEAM, Json, Town


def _written(house: House) -> Json:
    """A record of every kind in Oak House, each text of it with the secret in it; the ids under every name in use."""
    thread = house.priority(f"Handovers {SECRET}")
    action = house.action(thread, what=f"Use the {SECRET} sheet")
    done = house.action(thread, owner="beatriz", what=f"Fit the {SECRET} lamp")
    measure = account.measure(house, thread)
    account.sample(house, measure, 9, baseline=True, ago=20)
    sample = account.sample(house, measure, 12)
    said = account.spoken
    day = account.today(house)
    entry, _ = said(house, "amara", log, LogEntry(action=action.id, what=f"Briefed {SECRET}"), clock=(day, Shift.EARLY))
    said(house, "beatriz", complete, Complete(action=done.id, note=SECRET))
    form = LogSignal(service_id=house.service.id, source=Source.AUDIT, summary=f"Told {SECRET}", theme=SECRET)
    signal = said(house, "amara", signals.log, form, today=day)
    due = AddMilestone(of="A1", on=day + timedelta(days=20), note=SECRET)
    point = said(house, "deepa", milestones.add, due, today=day)
    escalation = said(house, "ruth", escalations.raise_by_person, RaiseEscalation(priority=thread.id, why=SECRET))
    review: Review = account.review(house, thread, kind=ReviewKind.GOVERNANCE, agreement=SECRET, next_steps=SECRET)
    warning = EarlyWarning(
        id=new_id(START),
        workspace_id=TEAM,
        service_id=house.service.id,
        number=1,
        priority_id=thread.id,
        rule=next(iter(Rule)),
        records=(thread.id,),
        fingerprint="f",
        sentence=f"Fired {SECRET}",
        written_at=START,
    )
    with house.program.desk.store.transaction() as work:
        work.add(warning)
    return {
        "priority": thread.id,
        "about": thread.id,
        "of": thread.id,
        "action": action.id,
        "a": action.id,
        "done": done.id,
        "measure": measure.id,
        "sample": sample.id,
        "s": house.service.id,
        "entry": entry.id,
        "signal": signal.id,
        "finding": signal.id,
        "milestone": point.id,
        "escalation": escalation.id,
        "review": review.id,
        "warning": warning.id,
        "service": house.service.id,
        "service_id": house.service.id,
        "channel_id": CHANNEL,
        "ref": "P1",
        "for": "2027-01-20",
        "kind": "monthly",
        "period": "2026-12",
        "say": "log A1 Words of mine",
        "titles": ["One", "Two"],
        "taken": [["A1"], ["A2"]],
        "r": 1,
        "n": 1,
        "number": 1,
    }


def _populated(house: House) -> None:
    """Roles of Oak House that no longer count, and Willow Court with its own team leader."""
    with house.program.desk.store.transaction() as work:
        willow = Service(id=new_id(START), workspace_id=TEAM, channel_id="C0WILLOW", name="Willow Court")
        work.add(willow)
        held: tuple[tuple[str, dict[str, bool], Role, Service], ...] = (
            ("U0GUEST", {"guest": True}, Role.DEPUTY, house.service),
            ("U0GONE", {"active": False}, Role.REGISTERED_MANAGER, house.service),
            ("U0WILLOW", {}, Role.TEAM_LEADER, willow),
        )
        for slack_id, standing, role, service in held:
            person = replace(
                Person(id=new_id(START), workspace_id=TEAM, slack_id=slack_id, name=slack_id),
                guest="guest" in standing,
                active=standing.get("active", True),
            )
            work.add(person)
            holding = RoleHolding(
                id=new_id(START), workspace_id=TEAM, service_id=service.id, role=role, person_id=person.id
            )
            work.add(holding)


@contextmanager
def settled(folder: Path, *, signing: bool = False) -> Iterator[Town]:
    """A bot that answers what it is given and does nothing by itself; `signing`: it can be asked over HTTP."""
    with housed(folder, signing=signing) as house:
        _populated(house)
        yield Town(house, _written(house))
