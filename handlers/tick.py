"""Time as a caller: looks at the records whose moment has come, and makes what is due into one message a morning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.errors import Stale
from bot.ids import new_id
from bot.plan.actions import Action, Milestone
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.timing.cadence import next_morning, zone_of
from bot.timing.due import CHANNEL, Context, Due, Subject, recipients
from bot.timing.ledger import reminder_for
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder, ReminderState
from bot.timing.reminders import KINDS, day_start, due, just_before, next_wake, posted_at
from bot.timing.workdays import DAY, local_date
from bot.work import Work
from handlers.contexts import Contexts
from handlers.desk import Desk
from handlers.moments import next_moment
from handlers.watching import Seen, watch_woken, watched_to

log = structlog.get_logger(__name__)

BATCH = 200
AT_ONCE = 25  # records looked at in one transaction: while it lasts nobody in their workspaces can save
LOOKED_AT: tuple[type[Subject], ...] = (Action, Milestone, Priority, Service)
SOON = timedelta(microseconds=1)
AFTER_A_FAULT = timedelta(hours=1)
POSTS = {"digest": DeliveryKind.DIGEST, "status": DeliveryKind.STATUS}  # what a service's channel is told by itself


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did: records looked at, reminders newly offered, mornings newly made."""

    looked: int
    offered: int
    mornings: int


def tick(desk: Desk, now: datetime) -> Ticked:
    """Do everything that is due at `now`; any number of processes may do so at once, and as often as they like."""
    looked = offered = 0
    desk.rest(now)
    watched = watch_woken(desk, now)
    for kind in LOOKED_AT:
        while True:
            with desk.store.transaction() as work:
                woken: list[Subject] = work.waking(kind, now, AT_ONCE)
                contexts = Contexts(work, local_date(now, "UTC"))
                offered += sum(_look(work, contexts, subject, now, watched) for subject in woken)
            looked += len(woken)
            if len(woken) < AT_ONCE:
                break
    with desk.store.reading() as work:
        looking = work.any_waking(LOOKED_AT, now)
    # What another process is still looking at belongs in the same message: whoever ends last makes the mornings.
    mornings = 0 if looking else _mornings(desk, now)
    if looked or mornings:
        log.info("ticked", looked=looked, offered=offered, mornings=mornings)
    return Ticked(looked, offered, mornings)


def _look(work: Work, contexts: Contexts, subject: Subject, now: datetime, watched: Mapping[str, Seen]) -> int:
    """Offer what fell due for one record since it was last looked at, and set when to look again.

    A record is woken at the start of a day on which something may fall due, or at once by whoever changed it; so from
    the start of the day of its `wake_at` on, everything is worked out anew. What was offered before has its key."""
    try:
        context = contexts.of(subject)
        since = just_before(day_start(local_date(subject.wake_at or now, context.service.zone), context.service))
        found = due(subject, context, since, now)
        wake_at = next_wake(subject, context, now)
        if isinstance(subject, Service):
            wake_at = _watched_again(work, subject, wake_at, now, watched)
    except Exception:  # one record that the rules choke on must not silence all the others
        log.exception("not looked at", kind=type(subject).__name__, id=subject.id)
        work.rewake(type(subject), subject.id, now + AFTER_A_FAULT)
        return 0
    offered = sum(_offer(work, contexts, context, each, now) for each in found)
    work.rewake(type(subject), subject.id, wake_at)
    return offered


def _watched_again(
    work: Work, service: Service, wake_at: datetime | None, now: datetime, watched: Mapping[str, Seen]
) -> datetime:
    """When a service is looked at again: each day anew, because some early warnings come with time alone; and at the
    next tick, where something changed since the rules looked at its account (`watched`: how far they saw)."""
    if watched.get(service.id) != watched_to(work, service):
        return now + SOON
    tomorrow = day_start(local_date(now, service.zone) + DAY, service)
    return min(wake_at, tomorrow) if wake_at else tomorrow


def _offer(work: Work, contexts: Contexts, context: Context, found: Due, now: datetime) -> int:
    """Write down one reminder for each person who is to hear; how many were new. Its unique key keeps it to one."""
    new = int(found.to == CHANNEL and _offer_post(work, context.service, found, now))
    for person_id in recipients(found.to, context):
        person = contexts.person(person_id)
        if person is None:
            continue
        reminder = reminder_for(found, person, context.service, new_id(now))
        new += work.offer(reminder)
    return new


def _offer_post(work: Work, service: Service, found: Due, now: datetime) -> bool:
    """One digest a week and one status a chosen day, by its unique key; one that comes too late is none. What waits
    already follows a time or channel that was changed meanwhile."""
    if found.state is ReminderState.LAPSED:
        return False
    post = Delivery(
        id=new_id(now),
        key=found.key(None),
        workspace_id=service.workspace_id,
        service_id=service.id,
        kind=POSTS[found.kind],
        channel=KINDS[found.kind].channel(service),
        payload={"on": found.on.isoformat()},
        next_at=posted_at(found.kind, found.on, service),
    )
    if work.enqueue(post):
        return True
    there = work.one(Delivery, key=post.key)
    moved = there and (there.channel, there.next_at) != (post.channel, post.next_at)
    if there and moved and there.state is DeliveryState.WAITING and not there.attempts:
        work.save(replace(there, channel=post.channel, next_at=post.next_at))
    return False


def _mornings(desk: Desk, now: datetime) -> int:
    """One delivery for each person who is owed something; how many were new."""
    made = 0
    while True:
        with desk.store.reading() as work:
            owed = work.recipients_due(now, BATCH)
        settled = 0
        for person_id in owed:
            try:
                new = _morning(desk, person_id, now)
            except Stale:
                continue  # another process is at this person's morning; the next tick finds what it left
            settled += new is not None
            made += new or 0
        if len(owed) < BATCH or not settled:
            return made


def _morning(desk: Desk, person_id: str, now: datetime) -> int | None:
    """Hang what a person is owed on one message: 1 where it is new, 0 where it was there, None where it must wait."""
    with desk.store.transaction() as work:
        person = work.get(Person, person_id)
        waiting = work.all(Reminder, person_id=person_id, state=ReminderState.WAITING, delivery_id=None)
        ready = [reminder for reminder in waiting if reminder.due_at <= now]
        if person is None or not ready:
            return None
        contexts = Contexts(work, local_date(now, "UTC"))
        services = [contexts.service(each) for each in sorted({reminder.service_id for reminder in ready})]
        at = max(next_moment(now, person, service) for service in services)
        zone = zone_of(person, services[0])
        on = local_date(at, zone)
        # What comes a little later that same morning, from a service that opens later, comes in the same message.
        together = [reminder for reminder in waiting if local_date(reminder.due_at, zone) <= on]
        at = max(at, *(reminder.due_at for reminder in together))
        morning = Delivery(
            id=new_id(now),
            key=f"morning:{person.id}:{on}",
            workspace_id=person.workspace_id,
            kind=DeliveryKind.MORNING,
            person_id=person.id,
            payload={},
            next_at=at,
        )
        new = work.enqueue(morning)
        if not new:
            there = work.one(Delivery, key=morning.key)
            if there is None or there.state is DeliveryState.CLAIMED or there.doubtful:
                return None  # on its way this moment; whether it counts as sent shows at the next tick
            if there.state in (DeliveryState.SENT, DeliveryState.FAILED):
                _next_morning(work, contexts, person, together, on)
                return 0
            # Saved even if nothing changes: a worker that took it meanwhile has a later version, and this one fails.
            if there.state is DeliveryState.DROPPED:
                there = replace(there, state=DeliveryState.WAITING, next_at=at, error="")
            morning = work.save(there)
        for reminder in together:
            work.save(replace(reminder, delivery_id=morning.id))
        return int(new)


def _next_morning(work: Work, contexts: Contexts, person: Person, reminders: Iterable[Reminder], today: date) -> None:
    """That day's message is out, and there is one a morning: the rest comes with the next."""
    for reminder in reminders:
        at = next_morning(today + DAY, person, contexts.service(reminder.service_id))
        work.save(replace(reminder, due_at=at))
