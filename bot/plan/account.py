"""The account of one service, loaded once: every record, looked up by what it belongs to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar

from bot.insight.movement import Movement
from bot.plan.actions import Action, ActionStatus, Milestone, Revision, Slip
from bot.plan.entries import Entry, Evidence
from bot.plan.escalations import Escalation
from bot.plan.findings import Finding, is_answered, is_finding
from bot.plan.journal import kind_of
from bot.plan.measures import Measure
from bot.plan.named import people_in
from bot.plan.people import Person
from bot.plan.priorities import Priority, is_live
from bot.plan.readings import Reading, reading_of
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.services import Service
from bot.plan.signals import Signal
from bot.plan.warnings import EarlyWarning
from bot.work import Work

T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """Every record of one service as it stood at one moment. The tuples hold everything, in order of number or day;
    the look-ups leave out what was withdrawn. What a split or reopening moved on is found under both priorities."""

    service: Service
    people: dict[str, Person]
    priorities: tuple[Priority, ...]
    signals: tuple[Signal, ...]
    measures: tuple[Measure, ...]
    actions: tuple[Action, ...]
    slips: tuple[Slip, ...]
    revisions: tuple[Revision, ...]
    milestones: tuple[Milestone, ...]
    entries: tuple[Entry, ...]
    evidence: tuple[Evidence, ...]
    samples: tuple[Sample, ...]
    reviews: tuple[Review, ...]
    escalations: tuple[Escalation, ...]
    warnings: tuple[EarlyWarning, ...] = ()

    def name(self, person_id: str | None) -> str:
        """The name of a person, or "" for nobody."""
        person = self.people.get(person_id or "")
        return person.name if person else ""

    @property
    def live(self) -> tuple[Priority, ...]:
        """The priorities that are worked on."""
        return tuple(p for p in self.priorities if is_live(p))

    def priority(self, id: str | None) -> Priority | None:
        """A priority by id."""
        return self._priorities.get(id or "")

    def action(self, id: str | None) -> Action | None:
        """An action by id."""
        return self._actions.get(id or "")

    def measure(self, id: str | None) -> Measure | None:
        """A measure by id."""
        return self._measures.get(id or "")

    def sample(self, id: str | None) -> Sample | None:
        """A sample by id."""
        return self._samples.get(id or "")

    def signals_of(self, priority: Priority) -> tuple[Signal, ...]:
        """The evidence base of a priority, oldest first."""
        return self._signals.get(priority.id, ())

    def measures_of(self, priority: Priority) -> tuple[Measure, ...]:
        """The measures of a priority by number."""
        return self._measures_of.get(priority.id, ())

    def actions_of(self, priority: Priority) -> tuple[Action, ...]:
        """The actions of a priority by number."""
        return self._actions_of.get(priority.id, ())

    def slips_of(self, action: Action) -> tuple[Slip, ...]:
        """Every change of an action's due date, oldest first."""
        return self._slips.get(action.id, ())

    def revisions_of(self, action: Action) -> tuple[Revision, ...]:
        """Every revision of an action, oldest first."""
        return self._revisions.get(action.id, ())

    def milestones_of(self, priority: Priority) -> tuple[Milestone, ...]:
        """The review points of a priority and its actions, the first one first; cancelled ones are left out."""
        return self._milestones.get(priority.id, ())

    def entries_of(self, record: Priority | Action) -> tuple[Entry, ...]:
        """What was logged on an action, or on any action of a priority, oldest first."""
        return self._entries.get(record.id, ())

    def evidence_of(self, record: Entry) -> tuple[Evidence, ...]:
        """The files, messages and links of a record, oldest first."""
        return self._evidence.get((kind_of(record), record.id), ())

    def samples_of(self, record: Priority | Measure) -> tuple[Sample, ...]:
        """The samples of a measure or of a priority, oldest first."""
        return self._samples_of.get(record.id, ())

    def reviews_of(self, priority: Priority) -> tuple[Review, ...]:
        """The reviews of a priority, oldest first."""
        return self._reviews.get(priority.id, ())

    def escalations_of(self, priority: Priority) -> tuple[Escalation, ...]:
        """The escalations of a priority, oldest first."""
        return self._escalations.get(priority.id, ())

    def warnings_of(self, priority: Priority) -> tuple[EarlyWarning, ...]:
        """What the rules noticed about a priority, the first one first."""
        return self._warnings.get(priority.id, ())

    def children_of(self, priority: Priority) -> tuple[Priority, ...]:
        """The priorities that a split or reopening made of this one."""
        return tuple(p for p in self.priorities if priority.id in (p.split_from, p.reopened_from))

    def origin_of(self, priority: Priority) -> Priority | None:
        """The priority that this one was split or reopened from."""
        return self.priority(priority.split_from or priority.reopened_from)

    def findings_of(self, priority: Priority) -> tuple[Finding, ...]:
        """The findings of a priority that wait for an answer, oldest first."""
        records: list[Finding] = [*self.signals_of(priority), *self.samples_of(priority)]
        waiting = [f for f in records if is_finding(f) and not is_answered(f, self.action(f.answered_by))]
        return tuple(sorted(waiting, key=lambda f: (f.on, f.id)))

    def reading(self, measure: Measure) -> Reading:
        """What the samples of a measure say now."""
        return reading_of(measure, self.samples_of(measure))

    def readings_of(self, priority: Priority) -> tuple[Reading, ...]:
        """What the samples of each measure of a priority say now."""
        return tuple(self.reading(measure) for measure in self.measures_of(priority))

    @cached_property
    def _priorities(self) -> dict[str, Priority]:
        return {p.id: p for p in self.priorities}

    @cached_property
    def _actions(self) -> dict[str, Action]:
        return {a.id: a for a in self.actions}

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {m.id: m for m in self.measures}

    @cached_property
    def _samples(self) -> dict[str, Sample]:
        return {s.id: s for s in self.samples}

    @cached_property
    def _signals(self) -> dict[str, tuple[Signal, ...]]:
        return _by((s for s in self.signals if not s.withdrawn_at), lambda s: [s.priority_id or ""])

    @cached_property
    def _measures_of(self) -> dict[str, tuple[Measure, ...]]:
        return _by(self.measures, lambda m: [m.priority_id])

    @cached_property
    def _actions_of(self) -> dict[str, tuple[Action, ...]]:
        return _by(self.actions, lambda a: [a.priority_id])

    @cached_property
    def _slips(self) -> dict[str, tuple[Slip, ...]]:
        return _by(self.slips, lambda s: [s.action_id])

    @cached_property
    def _revisions(self) -> dict[str, tuple[Revision, ...]]:
        return _by(self.revisions, lambda r: [r.action_id])

    @cached_property
    def _milestones(self) -> dict[str, tuple[Milestone, ...]]:
        return _by((m for m in self.milestones if not m.cancelled_at), lambda m: [m.priority_id])

    @cached_property
    def _entries(self) -> dict[str, tuple[Entry, ...]]:
        def owners(entry: Entry) -> list[str]:
            action = self.action(entry.action_id)
            return [entry.action_id, entry.priority_id, action.priority_id if action else ""]

        return _by((e for e in self.entries if not e.withdrawn_at), owners)

    @cached_property
    def _evidence(self) -> dict[tuple[str, str], tuple[Evidence, ...]]:
        return _by(self.evidence, lambda e: [(e.record_kind, e.record_id)])

    @cached_property
    def _samples_of(self) -> dict[str, tuple[Sample, ...]]:
        def owners(sample: Sample) -> list[str]:
            measure = self.measure(sample.measure_id)
            return [sample.measure_id, sample.priority_id, measure.priority_id if measure else ""]

        return _by((s for s in self.samples if not s.withdrawn_at), owners)

    @cached_property
    def _reviews(self) -> dict[str, tuple[Review, ...]]:
        return _by(self.reviews, lambda r: [r.priority_id])

    @cached_property
    def _escalations(self) -> dict[str, tuple[Escalation, ...]]:
        return _by(self.escalations, lambda e: [e.priority_id])

    @cached_property
    def _warnings(self) -> dict[str, tuple[EarlyWarning, ...]]:
        return _by(self.warnings, lambda w: [w.priority_id])


K = TypeVar("K")


def _by(records: Iterable[T], keys: Callable[[T], Sequence[K]]) -> dict[K, tuple[T, ...]]:
    found: dict[K, list[T]] = defaultdict(list)
    for record in records:
        for key in dict.fromkeys(keys(record)):
            found[key].append(record)
    return {key: tuple(kept) for key, kept in found.items()}


def load(work: Work, service: Service) -> Account:
    """The account of a service as it stands. Whoever calls has asked whether the person may read it."""
    return load_all(work, [service])[0]


# The kinds of record and the field that orders each.
_KINDS: dict[str, tuple[type[Any], str]] = {
    "priorities": (Priority, "number"),
    "signals": (Signal, "on"),
    "measures": (Measure, "number"),
    "actions": (Action, "number"),
    "slips": (Slip, "written_at"),
    "revisions": (Revision, "written_at"),
    "milestones": (Milestone, "on"),
    "entries": (Entry, "on"),
    "evidence": (Evidence, "written_at"),
    "samples": (Sample, "on"),
    "reviews": (Review, "on"),
    "escalations": (Escalation, "number"),
    "warnings": (EarlyWarning, "number"),
}


def load_all(work: Work, services: Sequence[Service]) -> list[Account]:
    """The accounts of several services, in the order given, with one question for each kind of record."""
    ids = [service.id for service in services]
    found: dict[str, dict[str, list[Any]]] = {one: {name: [] for name in _KINDS} for one in ids}
    named: set[str] = set()
    for name, (kind, order) in _KINDS.items():
        # By number first: what stands on one day is told in the order in which it was written.
        first = "number" if hasattr(kind, "LETTER") else order
        for record in work.all(kind, order=first, service_id=ids) if ids else []:
            found[record.service_id][name].append(record)
            named |= people_in(record)
        for records in found.values():
            records[name].sort(key=attrgetter(order))
    people = {p.id: p for p in work.all(Person, id=sorted(named))} if named else {}
    accounts = []
    for service in services:
        own = {name: tuple(records) for name, records in found[service.id].items()}
        accounts.append(Account(service=service, people=people, **own))
    return accounts


def movement_of(account: Account, measure: Measure) -> Movement | None:
    """How the newest follow-up of a measure compares with its baseline; None before there is one."""
    return account.reading(measure).movement


def unverified(actions: Iterable[Action]) -> list[Action]:
    """The actions that are neither verified nor cancelled."""
    return [a for a in actions if a.status not in (ActionStatus.VERIFIED, ActionStatus.CANCELLED)]
