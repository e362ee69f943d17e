"""A whole bot over real Socket Mode against the stand-in, with a service that has people in every role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.app import Program, build
from bot.ids import new_id
from bot.plan import actions, priorities, roster
from bot.plan.actions import Action, NewAction
from bot.plan.people import Person, Role
from bot.plan.priorities import NewPriority, Priority, Risk
from bot.plan.services import Service
from bot.settings import Settings
from playground.actor import Actor, wait_for
from playground.server import Standin
from tests.databases import migrated
from tests.handlers.oak import Oak

R = TypeVar("R")
F = TypeVar("F")
PEOPLE = {
    "amara": ("U0AMARA", "Amara Osei", Role.TEAM_LEADER),
    "beatriz": ("U0BEATRIZ", "Beatriz Moreno", Role.TEAM_LEADER),
    "deepa": ("U0DEEPA", "Deepa Nair", Role.DEPUTY),
    "hannah": ("U0HANNAH", "Hannah Whitfield", Role.QUALITY_LEAD),
    "idris": ("U0IDRIS", "Idris Bello", Role.AUDIT_LEAD),
    "ruth": ("U0RUTH", "Ruth Callaghan", Role.REGISTERED_MANAGER),
    "priya": ("U0PRIYA", "Priya Raman", Role.PROVIDER_OVERSIGHT),
}
# A Wednesday morning far from any bank holiday and clock change.
START = datetime(2027, 1, 13, 10, 0, tzinfo=UTC)


@dataclass
class House:
    """The stand-in, the running bot, and Oak House with its people."""

    slack: Standin
    program: Program
    service: Service
    people: dict[str, Person]

    def actor(self, name: str) -> Actor:
        """A person of the house in Slack."""
        return self.slack.actor(PEOPLE[name][0])

    def newcomer(self) -> Actor:
        """Somebody of the workspace without any role."""
        return self.slack.actor("U0NEWMAN")

    def now(self) -> datetime:
        return self.program.desk.clock()

    def priority(self, title: str = "Handovers") -> Priority:
        """An open priority of the house."""
        form = NewPriority(
            service_id=self.service.id,
            title=title,
            problem_statement="Night staff start without knowing who fell that day.",
            rationale="People may fall again.",
            evidence_base="Audit of 20 handovers: 9 complete.",
            risk=Risk.HIGH,
        )
        with self.program.desk.store.transaction() as work:
            return priorities.open_new(work, self.people["ruth"], form, self.now(), self.now().date())

    def action(
        self, priority: Priority, owner: str = "amara", due_in: int = 10, what: str = "Use the 8-line sheet"
    ) -> Action:
        """An action of a priority, due in that many days."""
        form = NewAction(
            priority=priority.id,
            what=what,
            owner_id=self.people[owner].id,
            due_on=self.now().date() + timedelta(days=due_in),
            check="Hannah reads 20 sheets; standard 18 of 20",
        )
        with self.program.desk.store.transaction() as work:
            return actions.create(work, self.people["ruth"], form, self.now(), self.now().date())

    def all(self, kind: type[R], **equal: Any) -> list[R]:
        """Records as they stand."""
        with self.program.desk.store.reading() as work:
            return work.all(kind, **equal)

    def eventually(self, look: Callable[[], F], seconds: float = 20.0) -> F:
        """Wait until `look` finds something."""
        return wait_for(look, seconds)


def staffed(program: Program, now: datetime) -> tuple[Service, dict[str, Person]]:
    """Oak House with one person a role, straight into the store."""
    with program.desk.store.transaction() as work:
        service = Service(
            id=new_id(now),
            workspace_id="T0MEADOW",
            channel_id="C0OAKHOUSE",
            name="Oak House",
            opens=time(9, 0),
            closes=time(17, 0),
        )
        work.add(service)
        people = {}
        for key, (slack_id, name, _) in PEOPLE.items():
            person, _ = roster.known(work, "T0MEADOW", slack_id, name, now)
            people[key] = person
        admin = roster.profile_told(
            work, people["ruth"], name="Ruth Callaghan", zone="Europe/London", active=True, guest=False, admin=True
        )
        people["ruth"] = admin
        for key, (_, _, role) in PEOPLE.items():
            roster.give_role(work, admin, service, role, now, person=people[key])
    return service, people


@contextmanager
def housed(folder: Path, *, signing: bool = False, **chosen: Any) -> Iterator[House]:
    """The stand-in, Oak House, and a bot that answers what it is given and does nothing by itself; `signing`: it can be
    asked over HTTP. `chosen` are further settings."""
    clock_file = folder / "clock"
    with Standin(limits=False, clock_file=clock_file, starts=START) as slack:
        settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(slack.bot_token),
            slack_app_token=SecretStr(slack.app_token),
            slack_api_url=slack.api_url,
            slack_signing_secret=SecretStr(slack.signing_secret if signing else ""),
            files=str(folder / "files"),
            clock_file=clock_file,
            **({"database_url": migrated(folder / "grip.db")} | chosen),
        )
        program = build(settings)
        service, people = staffed(program, program.desk.clock())
        try:
            yield House(slack, program, service, people)
        finally:
            program.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A bot that runs for one test."""
    with housed(tmp_path, tick_seconds=0.2, workers=8) as made:
        handler = SocketModeHandler(made.program.app, made.slack.app_token)
        made.program.start()
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt does not say
        try:
            yield made
        finally:
            # The client's threads wait up to a second for their next message: give them one, so that closing is quick.
            handler.client.message_processor.event.set()
            handler.client.enqueue_message("{}")
            handler.close()  # type: ignore[no-untyped-call]  # Bolt does not say


@pytest.fixture
def oak(tmp_path: Path) -> Iterator[Oak]:
    """Oak House on Tuesday 18 May 2027, whose outbox and clock are the test's to move."""
    with Oak(tmp_path) as made:
        yield made
