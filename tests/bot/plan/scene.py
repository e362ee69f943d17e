"""A service with one person in each role, on a real database, in which verbs are spoken one transaction at a time."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import BadInput, Refusal
from bot.ids import new_id
from bot.plan import actions, entries, measures, priorities, revisions, sampling, signals
from bot.plan.account import Account, load
from bot.plan.actions import Action, NewAction
from bot.plan.entries import Entry, LogEntry
from bot.plan.journal import Event
from bot.plan.measures import DefineMeasure, Lens, Measure
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.priorities import NewPriority, Priority, Risk
from bot.plan.samples import Sample
from bot.plan.sampling import RecordSample
from bot.plan.services import Service, Shift
from bot.plan.signals import LogSignal, Signal, Source
from storage.store import SqlStore

NAMES = {
    Role.TEAM_LEADER: "Tess Lane",
    Role.DEPUTY: "Dan Okoro",
    Role.QUALITY_LEAD: "Quinn Reed",
    Role.AUDIT_LEAD: "Asha Patel",
    Role.REGISTERED_MANAGER: "Rosa Diaz",
    Role.PROVIDER_OVERSIGHT: "Piers Holt",
}
TEAM, DEPUTY, QUALITY, AUDIT, MANAGER, PROVIDER = Role


class Scene:
    """Time stands still until `wait` moves it; it is half past ten on Monday 2 November 2026 at first."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = datetime(2026, 11, 2, 10, 30, tzinfo=UTC)
        self.requests = 0
        self.service = Service(id=new_id(self.now), workspace_id="T1", channel_id="C1", name="Oak House")
        self.people: dict[Role, Person] = {}
        self.owner = self._person("U-owner", "Olu Owens")
        with store.transaction() as work:
            work.add(self.service)
            work.add(self.owner)
            for role, name in NAMES.items():
                person = self._person(f"U-{role}", name)
                work.add(person)
                work.add(
                    RoleHolding(
                        id=new_id(self.now),
                        workspace_id="T1",
                        service_id=self.service.id,
                        role=role,
                        person_id=person.id,
                    )
                )
                self.people[role] = person

    def _person(self, slack_id: str, name: str) -> Person:
        return Person(id=new_id(self.now), workspace_id="T1", slack_id=slack_id, name=name)

    @property
    def today(self) -> date:
        return self.now.date()

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def add_person(self, name: str, **facts: Any) -> Person:
        """Somebody without a role."""
        person = replace(self._person(f"U-{name}", name), **facts)
        with self.store.transaction() as work:
            work.add(person)
        return person

    def do(self, who: Role | Person, verb: Callable[..., Any], form: Any) -> Any:
        """One verb in one transaction, spoken by whoever holds the role."""
        person = self.people[who] if isinstance(who, Role) else who
        names = inspect.signature(verb).parameters
        more: dict[str, Any] = {"today": self.today} if "today" in names else {}
        if "clock" in names:
            more["clock"] = (self.today, Shift.EARLY)
        with self.store.transaction() as work:
            return verb(work, person, form, self.now, **more)

    def refused(
        self,
        who: Role | Person,
        verb: Callable[..., Any],
        form: Any,
        words: str,
        *,
        field: str | None = None,
        error: type[Refusal] = BadInput,
    ) -> str:
        """The verb is refused in these words, under that field, and nothing at all was changed."""
        before = self.head()
        with pytest.raises(error, match=words) as caught:
            self.do(who, verb, form)
        assert type(caught.value) is error
        if field is not None:
            assert caught.value.field == field
        assert self.head() == before
        return caught.value.sentence

    def repeats(self, who: Role | Person, verb: Callable[..., Any], form: Any) -> Any:
        """The verb twice with one request: the second time changes nothing. Gives back what the first made."""
        self.requests += 1
        form = form.model_copy(update={"request_id": f"request-{self.requests}"})
        first = self.do(who, verb, form)
        after = self.head()
        second = self.do(who, verb, form)
        assert self.head() == after
        main = first[0] if isinstance(first, tuple) else first
        again = second[0] if isinstance(second, tuple) else second
        assert getattr(main, "id", None) == getattr(again, "id", None)
        return first

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest event."""
        with self.store.reading() as work:
            return work.head(self.service.id)

    def events(self, record_id: str | None = None) -> list[Event]:
        """The journal, of one record or of all."""
        with self.store.reading() as work:
            return list(work.events(self.service.id, record_id=record_id))

    def last(self, record: Any) -> Event:
        """The newest event of a record."""
        return self.events(record.id)[-1]

    def get(self, record: Any) -> Any:
        """A record as it is stored now."""
        with self.store.reading() as work:
            found = work.get(type(record), record.id)
        assert found is not None
        return found

    def account(self) -> Account:
        """The whole account as it is stored now."""
        with self.store.reading() as work:
            return load(work, self.service)

    def priority(self, **facts: Any) -> Priority:
        """A priority about handovers, opened by the manager."""
        form: dict[str, Any] = {
            "service_id": self.service.id,
            "title": "Handovers",
            "problem_statement": "Changes of need are not passed on at night.",
            "rationale": "People waited for pain relief.",
            "evidence_base": "Two complaints and an audit.",
            "risk": Risk.HIGH,
            "theme": "handovers",
        }
        made: Priority = self.do(MANAGER, priorities.open_new, NewPriority(**form | facts))
        return made

    def action(self, priority: Priority, **facts: Any) -> Action:
        """An action of the owner's, due in two weeks."""
        form: dict[str, Any] = {
            "priority": priority.id,
            "what": "Use the 8-line handover sheet at 08:00 and 20:00.",
            "owner_id": self.owner.id,
            "due_on": self.today + timedelta(days=14),
            "check": "Quality lead reads 20 sheets.",
        }
        made: Action = self.do(DEPUTY, actions.create, NewAction(**form | facts))
        return made

    def entry(self, action: Action, **facts: Any) -> Entry:
        """Something that the team leader logged today."""
        form: dict[str, Any] = {"action": action.id, "what": "Briefed 6 night staff on the new sheet."}
        made: Entry = self.do(TEAM, entries.log, LogEntry(**form | facts))[0]
        return made

    def done(self, action: Action) -> Action:
        """The owner marks it done."""
        marked: Action = self.do(self.owner, actions.complete, actions.Complete(action=action.id))
        return marked

    def verified(self, action: Action) -> Action:
        """Done by its owner and accepted by the quality lead."""
        self.done(action)
        form = revisions.VerifyAction(action=action.id, accepted=True, found="20 sheets read, all complete.")
        checked: Action = self.do(QUALITY, revisions.verify, form)
        return checked

    def measure(self, priority: Priority, **facts: Any) -> Measure:
        """A proportion on the record lens, better up, at least 80 per cent."""
        form: dict[str, Any] = {
            "priority": priority.id,
            "name": "Handovers complete",
            "lens": Lens.RECORD,
            "target": "80",
        }
        made: Measure = self.do(QUALITY, measures.define, DefineMeasure(**form | facts))
        return made

    def sample(self, measure: Measure, met: int, n: int, who: Role = QUALITY, **facts: Any) -> Sample:
        """A follow-up, or the baseline where it says so."""
        form = RecordSample(measure=measure.id, met=met, n=n, **facts)
        made: Sample = self.do(who, sampling.record, form)
        return made

    def signal(self, **facts: Any) -> Signal:
        """A complaint about handovers, logged by the team leader."""
        form: dict[str, Any] = {
            "service_id": self.service.id,
            "source": Source.COMPLAINT,
            "summary": "Daughter of E. M. was told nothing of a fall.",
            "theme": "handovers",
        }
        made: Signal = self.do(TEAM, signals.log, LogSignal(**form | facts))
        return made
