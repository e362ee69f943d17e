"""The facts beside a record that the reminder rules look at, gathered from memory."""

from datetime import date
from typing import Any

from bot.plan.access import holders_by_role
from bot.plan.actions import Action, Milestone, is_open
from bot.plan.people import Person, Role
from bot.plan.priorities import LIVE_STATUSES, Priority, Risk, is_live
from bot.plan.reviews import Review, ReviewKind
from bot.plan.samples import Sample
from bot.plan.services import Service
from bot.timing.due import SUBJECT_KINDS, Context, Subject
from bot.timing.workdays import months_later
from bot.work import Work

SUBJECTS: dict[str, type[Any]] = {name: kind for kind, name in SUBJECT_KINDS.items()}


class Contexts:
    """Gathers contexts within one transaction; what belongs to a service is asked for once."""

    def __init__(self, work: Work, today: date) -> None:
        self._work = work
        self._today = today
        self._services: dict[str, Service] = {}
        self._holders: dict[str, dict[Role, list[str]]] = {}
        self._people: dict[str, Person] = {}

    def person(self, id: str) -> Person | None:
        """Somebody by id."""
        if id not in self._people:
            found = self._work.get(Person, id)
            if found is None:
                return None
            self._people[id] = found
        return self._people[id]

    def service(self, id: str) -> Service:
        """A service by id. Raises LookupError where it is gone, which the store does not allow."""
        if id not in self._services:
            found = self._work.get(Service, id)
            if found is None:
                raise LookupError(f"no service {id}")
            self._services[id] = found
        return self._services[id]

    def of(self, subject: Subject) -> Context:
        """The context of one record."""
        service = subject if isinstance(subject, Service) else self.service(subject.service_id)
        held = self._held(service)
        if isinstance(subject, Action):
            owner = self.person(subject.owner_id)
            gone = frozenset() if owner and owner.active else frozenset({subject.owner_id})
            return Context(service=service, holders=held, gone=gone)
        if isinstance(subject, Milestone):
            return Context(service=service, holders=held)
        if isinstance(subject, Priority):
            return self._of_priority(subject, service, held)
        return self._of_service(service, held)

    def _held(self, service: Service) -> dict[Role, list[str]]:
        if service.id not in self._holders:
            found = holders_by_role(self._work, service)
            self._people |= {person.id: person for held in found.values() for person in held}
            self._holders[service.id] = {role: [person.id for person in held] for role, held in found.items()}
        return self._holders[service.id]

    def _of_priority(self, priority: Priority, service: Service, held: dict[Role, list[str]]) -> Context:
        samples = self._work.all(Sample, priority_id=priority.id, withdrawn_at=None)
        reviews = self._work.all(Review, priority_id=priority.id)
        judged = max((r.written_at for r in reviews if r.kind is ReviewKind.ASSURANCE), default=None)
        unjudged = [s.on for s in samples if not s.baseline and (judged is None or s.written_at > judged)]
        return Context(
            service=service,
            holders=held,
            unjudged_since=min(unjudged, default=None) if is_live(priority) else None,
            last_sample_on=max((s.on for s in samples), default=None),
            reviewed=frozenset((r.kind, r.period) for r in reviews),
        )

    def _of_service(self, service: Service, held: dict[Role, list[str]]) -> Context:
        live = self._work.all(Priority, service_id=service.id, status=LIVE_STATUSES)
        reviews = self._work.all(Review, priority_id=[p.id for p in live]) if live else []
        had = {p.id: {(r.kind, r.period) for r in reviews if r.priority_id == p.id} for p in live}
        overseen = [p for p in live if self.for_oversight(p)]
        # The provider reviews what is persistent, high-risk or stalled; everything else asks for every live priority.
        each = set.intersection(*had.values()) if had else set()
        each = {one for one in each if one[0] is not ReviewKind.QUARTERLY}
        quarterly = set.intersection(*(had[p.id] for p in overseen)) if overseen else set()
        return Context(
            service=service,
            holders=held,
            reviewed=frozenset(each | {one for one in quarterly if one[0] is ReviewKind.QUARTERLY}),
            live=bool(live),
            for_oversight=bool(overseen),
        )

    def for_oversight(self, priority: Priority) -> bool:
        """High risk, open for long, or stalled: an action overdue for as long as it takes to reach the provider."""
        service = self.service(priority.service_id)
        if priority.risk is Risk.HIGH:
            return True
        if months_later(priority.opened_on, service.cadence.long_running_months) < self._today:
            return True
        days = service.cadence.overdue_provider_calendar_days
        acts = self._work.all(Action, priority_id=priority.id)
        return any(is_open(a) and (self._today - a.due_on).days >= days for a in acts)
