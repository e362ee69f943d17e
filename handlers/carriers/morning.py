"""A person's reminders of one morning: looked at again, sent as one message, and kept up to date afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.errors import Stale
from bot.ids import new_id
from bot.plan.people import Person, Role
from bot.plan.services import Service
from bot.timing.cadence import in_hours, next_morning, zone_of
from bot.timing.due import To, recipients
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder, ReminderState
from bot.timing.workdays import DAY, local_date
from bot.work import Work
from handlers.carriers.along import InHand, give_back, noticed, take_along, to_take
from handlers.carriers.outcome import Dropped, Later, Outcome, Sent, Trip, tell
from handlers.carriers.people import wake_for
from handlers.carriers.posts import change, found_or_repeat, say
from handlers.contexts import Contexts
from handlers.desk import Answer
from handlers.moments import next_moment
from handlers.mornings import MAY_REPEAT, NO_ANSWER, Told, items_of, look_again, subject_of
from handlers.slack_errors import PERSON, Fate, Verdict, in_words
from handlers.views import reminders as views
from handlers.views import warnings
from handlers.views.parts import escape
from handlers.views.reminders import Item

log = structlog.get_logger(__name__)

LEFT = "the person has left"
UNTIL_SENT = timedelta(seconds=20)
IN_HAND = timedelta(seconds=3)


def deliver(trip: Trip) -> Outcome:
    """MORNING: the reminders that hang on the delivery."""
    delivery = trip.delivery
    with trip.desk.store.reading() as work:
        person = work.get(Person, delivery.person_id)
        waiting = work.all(Reminder, delivery_id=delivery.id, state=ReminderState.WAITING)
        contexts = Contexts(work, local_date(trip.now, "UTC"))
        sorted_ = look_again(work, contexts, waiting, trip.now)
        if person is None or not person.active:
            return Dropped(LEFT, then=lambda work: _left(work, trip, waiting))
        services = {told.context.service.id: told.context.service for told in sorted_.worth}.values()
        items = items_of(work, contexts, person, sorted_.worth, delivery, trip.now)
    found, repeat = found_or_repeat(trip, person.slack_id)
    if found:
        return Sent(found.channel, found.ts, then=lambda work: _found(work, trip, waiting))
    if not items:
        return Dropped("answered meanwhile", then=lambda work: _answered(work, trip, sorted_.settled))
    # One of the services suffices: two with no hour in common must not silence each other.
    if not any(in_hours(trip.now, person, service) for service in services):
        at = min(next_moment(trip.now, person, service) for service in services)
        zone = zone_of(person, next(iter(services)))
        if local_date(at, zone) == local_date(trip.now, zone):
            return Later(at, "out of hours")
        why = MAY_REPEAT if repeat else NO_ANSWER
        return Dropped("put off to the next morning", then=lambda work: _put_off(work, trip, why))
    try:
        answer = _made(trip, person, sorted_.settled, items)
    except InHand:
        return Later(trip.now + IN_HAND, "an early warning is in somebody's hands")
    channel, ts = say(trip, person.slack_id, answer.text, answer.blocks, repeat=repeat)
    said = [told.reminder for told in sorted_.worth]
    return Sent(channel, ts, then=lambda work: _sent(work, trip, said))


def _made(trip: Trip, person: Person, settled: Sequence[Reminder], items: Sequence[Item]) -> Answer:
    """The message, and before it is sent what it says is written down: should nobody be able to tell whether it
    arrived, what hangs on the delivery is what it said. Raises InHand."""
    with trip.desk.store.reading() as work:
        if not settled and not to_take(work, trip.delivery, trip.now):
            return _composed(work, trip.delivery, person, items)
    try:
        with trip.desk.store.transaction() as work:
            _save(work, settled)
            return _composed(work, take_along(work, trip.delivery, trip.now), person, items)
    except Stale as error:
        raise InHand from error


def _composed(work: Work, morning: Delivery, person: Person, items: Sequence[Item]) -> Answer:
    found = noticed(work, morning, person)
    return views.morning(items, warnings.along(found) if found else None)


def _answered(work: Work, trip: Trip, settled: Sequence[Reminder]) -> None:
    _save(work, settled)
    _give_back(work, trip)


def _give_back(work: Work, trip: Trip) -> None:
    """What the message took along at an earlier try is not told by it."""
    morning = work.get(Delivery, trip.delivery.id)
    person = work.get(Person, trip.delivery.person_id)
    if morning and person:
        give_back(work, morning, person, trip.now)
        work.save(replace(morning, payload={k: v for k, v in morning.payload.items() if k != "along"}))


def _put_off(work: Work, trip: Trip, why: str) -> None:
    """The day is over: the tick hangs what is left on the next morning, which has one message like any other."""
    for reminder in work.all(Reminder, delivery_id=trip.delivery.id, state=ReminderState.WAITING):
        work.save(replace(reminder, delivery_id=None, reason=why))
    _give_back(work, trip)


def _sent(work: Work, trip: Trip, said: Sequence[Reminder]) -> None:
    """Mark what was said; what was hung on the delivery too late for its message waits for another morning."""
    ids = {reminder.id for reminder in said}
    for reminder in work.all(Reminder, delivery_id=trip.delivery.id, state=ReminderState.WAITING):
        if reminder.id in ids:
            work.save(replace(reminder, state=ReminderState.SENT))
        else:
            work.save(replace(reminder, delivery_id=None))


def _found(work: Work, trip: Trip, said: Sequence[Reminder]) -> None:
    """It was sent as things stood then; an update brings it up to now."""
    _sent(work, trip, said)
    leave_update(work, trip.delivery, f"{trip.delivery.version}", trip.now)


def _save(work: Work, settled: Sequence[Reminder]) -> None:
    for reminder in settled:
        now = work.get(Reminder, reminder.id)
        if now and now.state is ReminderState.WAITING:
            work.save(replace(now, state=reminder.state, reason=reminder.reason))


def _left(work: Work, trip: Trip, waiting: Sequence[Reminder]) -> None:
    """What was meant for somebody who left goes, by the rules, to whoever stands in: look at the records again."""
    _save(work, [replace(reminder, state=ReminderState.DROPPED, reason=LEFT) for reminder in waiting])
    person = work.get(Person, trip.delivery.person_id)
    if person:
        wake_for(work, person, trip.now)


def refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """A person whom Slack does not let us reach: their deputies are told once. Any other trouble: the next morning."""
    waiting = work.all(Reminder, delivery_id=trip.delivery.id, state=ReminderState.WAITING)
    person = work.get(Person, trip.delivery.person_id)
    if person is None:
        return
    contexts = Contexts(work, local_date(trip.now, "UTC"))
    arrived = verdict.fate is Fate.DOUBTFUL or trip.delivery.doubtful
    unreachable = verdict.fate is Fate.PERMANENT and verdict.error in PERSON
    for reminder in waiting:
        service = contexts.service(reminder.service_id)
        if unreachable:
            reason = f"Slack did not let it through: {verdict.error}"
            work.save(replace(reminder, state=ReminderState.DROPPED, reason=reason))
            subject = subject_of(work, reminder)
            if subject:
                _tell_deputies(work, trip, contexts, Told(reminder, subject, contexts.of(subject)), person, verdict)
        else:
            tomorrow = next_morning(local_date(trip.now, zone_of(person, service)) + DAY, person, service)
            why = MAY_REPEAT if arrived else reminder.reason
            work.save(replace(reminder, delivery_id=None, due_at=tomorrow, reason=why))
    if not unreachable:
        _give_back(work, trip)
    if unreachable:
        work.enqueue(
            Delivery(
                id=new_id(trip.now),
                key=f"profile:{person.id}:{trip.delivery.id}",
                workspace_id=person.workspace_id,
                kind=DeliveryKind.PROFILE,
                person_id=person.id,
                payload={},
                next_at=trip.now,
            )
        )


def _tell_deputies(work: Work, trip: Trip, contexts: Contexts, told: Told, person: Person, verdict: Verdict) -> None:
    service: Service = told.context.service
    for deputy in recipients(To(role=Role.DEPUTY, without=person.id), told.context):
        found = contexts.person(deputy)
        if found is None:
            continue
        text = (
            f"Grip cannot reach {escape(person.name)} with reminders for {escape(service.name)}. "
            f"{in_words(verdict.error)} Speak to them, or give their actions to somebody else; /sip overdue lists "
            "what is late."
        )
        tell(work, trip, found.id, text, f"unreachable:{person.id}:{verdict.error}:{found.id}")


def update(trip: Trip) -> Outcome:
    """UPDATE: {delivery_id}, a morning message as things are now; or {channel, ts, text, blocks}, any message."""
    payload = trip.delivery.payload
    if "delivery_id" not in payload:
        change(trip.client, payload["channel"], payload["ts"], payload["text"], list(payload.get("blocks") or []))
        return Sent(payload["channel"], payload["ts"])
    with trip.desk.store.reading() as work:
        morning = work.get(Delivery, payload["delivery_id"])
        if morning is None or morning.state in (DeliveryState.FAILED, DeliveryState.DROPPED):
            return Dropped("the message was never sent")
        if morning.state is DeliveryState.WAITING and not morning.doubtful:
            return Dropped("the message is not out yet and will show it by itself")
        if morning.ts is None or morning.channel is None:
            return Later(trip.now + UNTIL_SENT, "the message is just on its way")
        answer = _as_now(work, morning, trip.now)
    if answer is None:
        return Dropped("nothing is left to show")
    change(trip.client, morning.channel, morning.ts, answer.text, answer.blocks)
    return Sent(morning.channel, morning.ts)


def _as_now(work: Work, morning: Delivery, now: datetime) -> Answer | None:
    person = work.get(Person, morning.person_id)
    if person is None:
        return None
    contexts = Contexts(work, local_date(now, "UTC"))
    told = []
    for reminder in work.all(Reminder, delivery_id=morning.id, state=ReminderState.SENT):
        subject = subject_of(work, reminder)
        if subject:
            told.append(Told(reminder, subject, contexts.of(subject)))
    return _composed(work, morning, person, items_of(work, contexts, person, told, morning, now)) if told else None


def leave_update(work: Work, morning: Delivery, why: str, now: datetime) -> bool:
    """Have a morning message brought up to now; `why` names the change, each of which asks for it once."""
    return work.enqueue(
        Delivery(
            id=new_id(now),
            key=f"update:{morning.id}:{why}",
            workspace_id=morning.workspace_id,
            service_id=morning.service_id,
            kind=DeliveryKind.UPDATE,
            payload={"delivery_id": morning.id},
            next_at=now,
        )
    )
