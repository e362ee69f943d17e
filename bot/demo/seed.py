"""Fills an empty database with the demonstration provider, so that there is something to look at and to do today."""

import tomllib
from datetime import datetime
from importlib.resources import files as resources
from typing import Any

from bot.demo.days import Days
from bot.demo.player import Files, Stage
from bot.demo.script import script
from bot.demo.world import Workspace
from bot.errors import Refusal
from bot.plan import roster
from bot.plan.actions import Action, Milestone
from bot.plan.entries import Entry, Evidence
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.services import Service
from bot.plan.setup import SetUp, set_up
from bot.plan.signals import Signal
from bot.timing.due import Subject
from bot.timing.reminders import day_start
from bot.timing.workdays import local_date
from bot.work import Store, Work

ZONE = "Europe/London"
FIRST_DAY = -230  # working days: before the first step of any story
COUNTED: tuple[tuple[type[Any], str], ...] = (
    (Priority, "priorities"),
    (Action, "actions"),
    (Entry, "entries"),
    (Evidence, "pieces of evidence"),
    (Sample, "samples"),
    (Review, "reviews"),
    (Signal, "signals"),
)
SUBJECTS: tuple[type[Subject], ...] = (Action, Milestone, Priority, Service)


def seed(store: Store, files: Files, workspace: Workspace, now: datetime) -> str:
    """Play all stories, dated back from `now`, in one transaction; a sentence that says what is there now.

    Reminders begin this morning: what fell due in the past counts as told at the time.

    Raises Refusal where the database holds a service already."""
    days = Days(local_date(now, ZONE), ZONE)
    with store.transaction() as work:
        there = work.all(Service, order="name")
        if there:
            names = ", ".join(service.name for service in there)
            raise Refusal(
                f"This database already holds {names}. The demonstration only goes into an empty one: "
                "set DATABASE_URL to a new file, for example sqlite:///data/demo.db, and try again."
            )
        began = days.at(FIRST_DAY, "09:00")
        people = _people(work, workspace, began)
        services = _services(work, workspace, people, began)
        stage = Stage(work, files, days, people, services)
        steps = script(days)
        for step in steps:
            stage.play(step)
        _look_from_today(work, services, now)
        return _told(work, services)


def _people(work: Work, workspace: Workspace, now: datetime) -> dict[str, Person]:
    people = {}
    for member in workspace.people:
        person, _ = roster.known(work, workspace.id, member.id, member.real_name, now)
        people[member.name] = roster.profile_told(
            work, person, name=member.real_name, zone=ZONE, active=True, guest=False, admin=member.is_admin
        )
    return people


def _services(work: Work, workspace: Workspace, people: dict[str, Person], now: datetime) -> dict[str, Service]:
    """The services with everybody's roles, set up by the workspace's admin."""
    admin = next((people[member.name] for member in workspace.people if member.is_admin), None)
    if admin is None:
        raise Refusal("The file names no admin (is_admin), and somebody has to set up the services.")
    ids = {channel.name: channel.id for channel in workspace.channels}
    found: list[dict[str, Any]] = tomllib.loads((resources("bot.demo") / "provider.toml").read_text())["service"]
    services = {}
    for facts in found:
        name = facts.pop("channel")
        service = set_up(work, admin, SetUp(channel_id=ids[name], **facts), now)
        services[name] = service
        for member in workspace.people:
            for held in member.roles:
                if held.channel == service.channel_id:
                    roster.give_role(work, admin, service, held.role, now, person=people[member.name])
    return services


def _look_from_today(work: Work, services: dict[str, Service], now: datetime) -> None:
    """Let the tick look at every record from this morning on; what was due earlier was told at the time."""
    for service in services.values():
        start = day_start(local_date(now, service.zone), service)
        for kind in SUBJECTS:
            for record in [service] if kind is Service else work.all(kind, service_id=service.id):
                if record.wake_at is not None:
                    work.rewake(kind, record.id, start)


def _told(work: Work, services: dict[str, Service]) -> str:
    names = " and ".join(service.name for service in services.values())
    counts = ", ".join(f"{work.count(kind)} {words}" for kind, words in COUNTED)
    return f"{names} are set up with {counts}."
