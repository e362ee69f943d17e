"""Oak House without a running bot: a real store, the stand-in, and a clock that stands still until it is moved."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot.ids import new_id
from bot.plan import actions, priorities
from bot.plan.actions import Action, NewAction
from bot.plan.people import Person, Preferences, Role, RoleHolding
from bot.plan.priorities import NewPriority, Priority, Risk
from bot.plan.services import Cadence, Nation, Service
from bot.settings import Settings
from bot.timing.outbox import Delivery, DeliveryKind, Reminder
from handlers.buckets import Buckets
from handlers.desk import Desk
from handlers.doubts import Watch
from handlers.outbox import Outbox
from handlers.tick import Ticked, tick
from playground.server import Standin
from storage.files import open_files
from storage.migrations import migrate
from storage.store import SqlStore, open_store
from tests.databases import migrated

TEAM = "T0MEADOW"
CHANNEL = "C0OAKHOUSE"
PEOPLE = {
    "amara": ("U0AMARA", "Amara Osei", Role.TEAM_LEADER),
    "beatriz": ("U0BEATRIZ", "Beatriz Moreno", Role.TEAM_LEADER),
    "deepa": ("U0DEEPA", "Deepa Nair", Role.DEPUTY),
    "hannah": ("U0HANNAH", "Hannah Whitfield", Role.QUALITY_LEAD),
    "ruth": ("U0RUTH", "Ruth Callaghan", Role.REGISTERED_MANAGER),
    "priya": ("U0PRIYA", "Priya Raman", Role.PROVIDER_OVERSIGHT),
}
# A Tuesday; the weeks around it hold no bank holiday but Monday 31 May.
START = "2027-05-18 10:00"


def at(words: str) -> datetime:
    """The instant of a local time in London: at("2027-06-09 09:00"); of another place where it says its offset."""
    moment = datetime.fromisoformat(words)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))).astimezone(UTC)


class Oak:
    """One store, one stand-in, one clock. Desks and outboxes can be made as often as processes would."""

    def __init__(
        self,
        folder: Path,
        *,
        start: str = START,
        database_url: str = "",
        scopes: set[str] | None = None,
        digest_on: int | None = None,
        **settings: Any,
    ) -> None:
        self.now = at(start)
        self.cadence = Cadence(digest_weekday=digest_on)  # none unless asked for
        self.slack = Standin(limits=False, scopes=scopes, starts=self.now)
        self.url = database_url or migrated(folder / "grip.db")
        self.folder = folder
        self.store = self.open_store()
        migrate(self.store)
        self.settings = Settings(
            _env_file=None,
            slack_api_url=self.slack.api_url,
            **settings,
        )
        self.desk = self.desk_over(self.store)
        self.people: dict[str, Person] = {}
        self._presses = itertools.count()
        self.watch = Watch(monotonic=lambda: self.now.timestamp())  # noqa: PLW0108 - the moment is another one each time

    def __enter__(self) -> Self:
        self.slack.start()
        self.service, self.people = self._staffed()
        self.thread = self.priority()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.slack.stop()
        self.store.close()

    def open_store(self) -> SqlStore:
        """The same database as another process would open it."""
        return open_store(self.url)

    def desk_over(self, store: SqlStore) -> Desk:
        """The desk of one process."""
        return Desk(
            store=store,
            settings=self.settings,
            clock=lambda: self.now,
            files=open_files(str(self.folder / "files")),
            client_of=lambda _: WebClient(
                token=self.slack.bot_token, base_url=self.slack.api_url, timeout=5, retry_handlers=[]
            ),
        )

    def another_service(self, name: str, channel: str, **facts: Any) -> Service:
        """A further service with the same manager."""
        service = Service(id=new_id(self.now), workspace_id=TEAM, channel_id=channel, name=name, **facts)
        with self.store.transaction() as work:
            work.add(service)
            work.add(
                RoleHolding(
                    id=new_id(self.now),
                    workspace_id=TEAM,
                    service_id=service.id,
                    role=Role.REGISTERED_MANAGER,
                    person_id=self.people["ruth"].id,
                )
            )
        return service

    def _staffed(self) -> tuple[Service, dict[str, Person]]:
        with self.store.transaction() as work:
            service = Service(
                id=new_id(self.now),
                workspace_id=TEAM,
                channel_id=CHANNEL,
                name="Oak House",
                nation=Nation.ENGLAND,
                cadence=self.cadence,
                wake_at=self.now,
            )
            work.add(service)
            people = {}
            for key, (slack_id, name, role) in PEOPLE.items():
                people[key] = Person(id=new_id(self.now), workspace_id=TEAM, slack_id=slack_id, name=name)
                work.add(people[key])
                holding = RoleHolding(
                    id=new_id(self.now), workspace_id=TEAM, service_id=service.id, role=role, person_id=people[key].id
                )
                work.add(holding)
        return service, people

    def priority(self, service: Service | None = None) -> Priority:
        """An open priority of the service."""
        form = NewPriority(
            service_id=(service or self.service).id,
            title="Handovers",
            problem_statement="Night staff start without knowing who fell that day.",
            rationale="People may fall again.",
            evidence_base="Audit of 20 handovers: 9 complete.",
            risk=Risk.MODERATE,
        )
        with self.store.transaction() as work:
            return priorities.open_new(work, self.people["ruth"], form, self.now, self.now.date())

    def action(
        self, due: str, owner: str = "amara", what: str = "Use the 8-line sheet", thread: Priority | None = None
    ) -> Action:
        """An action that is due on a day (ISO)."""
        form = NewAction(
            priority=(thread or self.thread).id,
            what=what,
            owner_id=self.people[owner].id,
            due_on=date.fromisoformat(due),
            check="Hannah reads 20 sheets; standard 18 of 20",
        )
        with self.store.transaction() as work:
            return actions.create(work, self.people["ruth"], form, self.now, self.now.date())

    def prefer(self, name: str, **wish: Any) -> None:
        """How a person wishes to be reminded, or their zone."""
        with self.store.transaction() as work:
            person = work.get(Person, self.people[name].id)
            assert person
            zone = wish.pop("zone", person.zone)
            self.people[name] = work.save(replace(person, zone=zone, preferences=Preferences(**wish)))

    def move(self, words: str) -> None:
        """Set the clock, ours and the stand-in's, to a time as in `at`; it only goes forwards."""
        self.now = at(words)
        ahead = self.now.timestamp() - self.slack.hub.clock.now()
        self.slack.hub.clock.advance(max(0.0, ahead))

    def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(seconds=seconds)
        self.slack.hub.clock.advance(max(0.0, self.now.timestamp() - self.slack.hub.clock.now()))

    def outbox(self, desk: Desk | None = None, **more: Any) -> Outbox:
        """The outbox of one process."""
        return Outbox(desk or self.desk, **more)

    def tick(self) -> Ticked:
        """What time does at the present moment."""
        return tick(self.desk, self.now)

    def carry(self) -> int:
        """What an outbox does at the present moment, with a full bucket."""
        box = self.outbox(buckets=Buckets(pace=1000), watch=self.watch)
        done = box.run_once(self.now)
        box.stop()
        return done

    def come(self, words: str) -> None:
        """A moment comes: the clock, the tick, the outbox."""
        self.move(words)
        self.tick()
        self.carry()

    def press(self) -> str:
        """The request id of a press of its own."""
        return f"press-{next(self._presses)}"

    def dm(self, name: str) -> list[dict[str, Any]]:
        """What a person finds in their conversation with the bot, oldest first, messages of early
        warnings alone left out."""
        actor = self.slack.actor(PEOPLE[name][0])
        try:
            said = [message for message in actor.dm() if message["user"] == self.slack.bot_user]
            return [message for message in said if "early warning" not in message["text"].split("\n")[0]]
        finally:
            actor.close_line()

    def posted(self, channel: str = CHANNEL, thread_ts: str | None = None) -> list[dict[str, Any]]:
        """What stands in a channel or thread."""
        actor = self.slack.actor("U0RUTH")
        try:
            return actor.messages(channel, thread_ts)
        finally:
            actor.close_line()

    def reminders(self, about: str = "", **equal: Any) -> list[Reminder]:
        """Reminders as they stand, of one kind or all, in the order in which they fell due."""
        with self.store.reading() as work:
            found = work.all(Reminder, order="due_at", **equal)
        return [reminder for reminder in found if about in ("", reminder.kind)]

    def deliveries(self, *kinds: DeliveryKind, **equal: Any) -> list[Delivery]:
        """Deliveries as they stand, of these kinds or all."""
        with self.store.reading() as work:
            return [delivery for delivery in work.all(Delivery, **equal) if delivery.kind in (kinds or DeliveryKind)]

    def leave(self, kind: DeliveryKind, payload: dict[str, Any], key: str = "", **more: Any) -> Delivery:
        """Leave something for the outbox."""
        name = new_id(self.now)
        delivery = Delivery(
            id=name, key=key or name, workspace_id=TEAM, kind=kind, payload=payload, next_at=self.now, **more
        )
        with self.store.transaction() as work:
            work.enqueue(delivery)
        return delivery


def headline(message: dict[str, Any]) -> str:
    """The first words of a message."""
    return str(message["blocks"][0]["text"]["text"])
