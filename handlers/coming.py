"""What the coming fortnight will send to whom, worked out from the records as they are."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.plan.access import ref
from bot.plan.actions import OPEN_STATUSES, Action, ActionStatus, Milestone
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.timing.cadence import next_morning, zone_of
from bot.timing.due import CHANNEL, Due, Subject, recipients
from bot.timing.reminders import KINDS, plan_ahead, posted_at
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.contexts import Contexts

DAYS = 14


@dataclass(frozen=True, slots=True)
class Coming:
    """One message to come: on which day and at which hour of the recipient's own clock, to whom ("" is the channel),
    and what it will speak of."""

    on: date
    hour: str
    person_id: str
    name: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fortnight:
    """What is to come in one service; `service` None: what comes to one person from wherever they own something."""

    service: Service | None
    messages: tuple[Coming, ...]


def fortnight(work: Work, service: Service, now: datetime) -> Fortnight:
    """Everything that one service will send from `now` on if nothing changes, in order of time."""
    statuses = [*OPEN_STATUSES, ActionStatus.DONE]
    subjects: list[Subject] = [service]
    subjects += work.all(Action, service_id=service.id, status=statuses)
    subjects += work.all(Milestone, service_id=service.id, sample_id=None, cancelled_at=None)
    subjects += work.all(Priority, service_id=service.id)
    return Fortnight(service, _messages(work, subjects, now))


def own_fortnight(work: Work, person: Person, now: datetime) -> Fortnight:
    """The same for somebody who has no role where they ask: what they will hear of the actions that they own."""
    subjects: list[Subject] = list(work.all(Action, owner_id=person.id, status=list(OPEN_STATUSES)))
    own = [message for message in _messages(work, subjects, now) if message.person_id == person.id]
    return Fortnight(None, tuple(own))


def _messages(work: Work, subjects: list[Subject], now: datetime) -> tuple[Coming, ...]:
    contexts = Contexts(work, local_date(now, "UTC"))
    known = {subject.id: contexts.of(subject) for subject in subjects}
    by_id = {subject.id: subject for subject in subjects}
    threads = {subject.id: subject for subject in subjects if isinstance(subject, Priority)}
    found: dict[tuple[datetime, str, str], Coming] = {}
    for due in plan_ahead(subjects, known, now, DAYS):
        context = known[due.subject_id]
        words = _words(due, by_id[due.subject_id], threads)
        for person_id in [""] if due.to == CHANNEL else recipients(due.to, context):
            person = contexts.person(person_id) if person_id else None
            service = context.service
            at = next_morning(due.on, person, service) if person else posted_at(due.kind, due.on, service)
            if at < now:
                continue  # this morning's message is out
            name = person.name if person else f"<#{KINDS[due.kind].channel(service)}>"
            local = at.astimezone(ZoneInfo(zone_of(person, context.service)))
            first = Coming(local.date(), f"{local:%H:%M}", person_id, name, ())
            there = found.setdefault((at, person_id, name), first)
            found[at, person_id, name] = replace(there, what=tuple(dict.fromkeys([*there.what, words])))
    return tuple(message for _, message in sorted(found.items(), key=lambda pair: pair[0]))


def _words(due: Due, subject: Subject, threads: dict[str, Priority]) -> str:
    """A kind of reminder with what it is about: "A12 action overdue"."""
    title = KINDS[due.kind].title
    if isinstance(subject, Milestone):
        subject = threads.get(subject.priority_id, subject)
    if isinstance(subject, Action | Priority):
        return f"{ref(subject)} {title[:1].lower()}{title[1:]}"
    return title
