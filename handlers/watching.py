"""The early-warning rules at work: services whose account changed are looked at, and who should know is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.errors import Stale, Taken
from bot.plan import warnings
from bot.plan.access import holders_by_role
from bot.plan.account import Account, load
from bot.plan.people import Person, Role
from bot.plan.services import Service
from bot.plan.warnings import EarlyWarning
from bot.timing.due import Context, To, recipients
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from bot.warnings.fired import Rule
from bot.warnings.rules import BY_RULE, look
from bot.work import Work
from handlers import pictures
from handlers.carriers.along import leave_warnings
from handlers.desk import Desk

log = structlog.get_logger(__name__)

BATCH = 200
Seen = tuple[int, int]  # the number of a service's journal, and how many people have left its workspace


def watch_woken(desk: Desk, now: datetime) -> dict[str, Seen]:
    """Look at every service that the tick is about to look at; how far each was seen.

    A service that the rules choke on is left out, so that the tick comes back to it; the others are looked at. So is
    one at which another process was quicker. Where the database is lost, all of them are: its error is raised."""
    with desk.store.transaction() as work:
        woken = work.waking(Service, now, BATCH)
    seen = {}
    for service in woken:
        try:
            seen[service.id] = watch(desk, service, now)
        except (Stale, Taken):
            log.info("watched by another process", service=service.id)
        except Exception as error:  # one account that the rules choke on must not silence all the others
            if desk.away(error):
                raise
            log.exception("not watched", service=service.id)
    return seen


def watched_to(work: Work, service: Service) -> Seen:
    """Whatever the rules go by beside time: it is another one as soon as they may find something new."""
    number, _ = work.head(service.id)
    return number, work.count(Person, workspace_id=service.workspace_id, active=False)


def watch(desk: Desk, service: Service, now: datetime) -> Seen:
    """Bring the early warnings of one service up to its account, and tell who should know of what is new; have drawn
    what its charts show by now. Gives how far it was seen.

    The account is read and judged without holding anybody up; only what changed is written."""
    with desk.store.reading() as work:
        seen = watched_to(work, service)
        account = load(work, service)
        undrawn = pictures.missing(work, account, now)
    found = look(account, now)
    if warnings.compare(account.warnings, found):
        with desk.store.transaction() as work:
            new = warnings.keep_up(work, service, found, now)
            _tell(work, account, new, now)
        log.info("warned", service=service.id, new=len(new))
    pictures.order(desk, undrawn)
    return seen


def _tell(work: Work, account: Account, new: Sequence[EarlyWarning], now: datetime) -> None:
    """One message to each person who should know, in their own hours; what waits for them already takes it along."""
    found = holders_by_role(work, account.service) if new else {}
    held = {role: [person.id for person in people] for role, people in found.items()}
    context = Context(service=account.service, holders=held)
    heard: dict[str, list[str]] = {}
    for warning in new:
        for person_id in _hearers(account, warning, context):
            heard.setdefault(person_id, []).append(warning.id)
    for person_id, ids in heard.items():
        person = work.get(Person, person_id)
        if person is not None and person.active:
            _leave(work, account.service, person, ids, now)


def _hearers(account: Account, warning: EarlyWarning, context: Context) -> list[str]:
    """The owner (of the action, else the lead of the priority), and whoever holds the rule's roles."""
    priority = account.priority(warning.priority_id)
    own = warning.owner_id or (priority.lead_id if priority else None)
    roles = [each for role in BY_RULE[warning.rule].hears for each in recipients(To(role=role), context)]
    # Whoever is asked who takes over (carriers/leaving.py) knows already.
    asked = recipients(To(role=Role.DEPUTY), context) if warning.rule is Rule.UNOWNED else []
    return [each for each in dict.fromkeys([*([own] if own else []), *roles]) if each not in asked]


def _leave(work: Work, service: Service, person: Person, ids: Sequence[str], now: datetime) -> None:
    waiting = work.all(Delivery, person_id=person.id, service_id=service.id, state=DeliveryState.WAITING, attempts=0)
    for delivery in waiting:
        if (told := told_of(delivery)) and delivery.next_at > now:
            work.save(replace(delivery, payload={"warnings": [*told, *ids]}))
            return
    leave_warnings(work, service, person, ids, f"warning:{person.id}:{ids[0]}", now)


def told_of(delivery: Delivery) -> list[str]:
    """The ids of the early warnings that a delivery tells of; none for any other delivery."""
    return list(delivery.payload.get("warnings", ())) if delivery.kind is DeliveryKind.WARNING else []
