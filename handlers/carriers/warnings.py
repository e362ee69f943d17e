"""Early warnings on their way to one person: looked at again, sent as one message."""

from datetime import timedelta

from bot.plan.people import Person
from bot.plan.services import Service
from bot.plan.warnings import EarlyWarning, stands
from bot.timing.cadence import in_hours
from bot.timing.outbox import Delivery
from bot.work import Work
from handlers.carriers.along import as_noticed, waits_for_morning
from handlers.carriers.outcome import Dropped, Later, Outcome, Sent, Trip
from handlers.carriers.posts import change, found_or_repeat, say
from handlers.desk import Answer
from handlers.moments import next_moment
from handlers.views import warnings as views

SOON = timedelta(seconds=20)


def deliver(trip: Trip) -> Outcome:
    """WARNING: {warnings}, the ids of early warnings, of which what was answered or put right meanwhile is left out; or
    {again}, the id of a delivery whose message is to show how its warnings stand now."""
    delivery = trip.delivery
    with trip.desk.store.reading() as work:
        person, service = work.get(Person, delivery.person_id), work.get(Service, delivery.service_id)
        if person is None or not person.active or service is None:
            return Dropped("the person has left")
        if "again" in delivery.payload:
            first = work.get(Delivery, delivery.payload["again"])
            answer = _composed(work, service, person, first.payload["warnings"]) if first else None
        else:
            first = None
            answer = _composed(work, service, person, delivery.payload["warnings"], only_standing=True)
            if not delivery.doubtful and waits_for_morning(work, delivery, person, trip.now):
                return Later(trip.now + SOON, "the morning message takes it along")
    if answer is None:
        return Dropped("answered meanwhile")
    if first is not None:
        if first.channel and first.ts:
            change(trip.client, first.channel, first.ts, answer.text, answer.blocks)
        return Sent(first.channel, first.ts)
    return _send(trip, person, service, answer)


def _send(trip: Trip, person: Person, service: Service, answer: Answer) -> Outcome:
    found, repeat = found_or_repeat(trip, person.slack_id)
    if found:
        return Sent(found.channel, found.ts)
    if not in_hours(trip.now, person, service):
        return Later(next_moment(trip.now, person, service), "out of hours")
    channel, ts = say(trip, person.slack_id, answer.text, answer.blocks, repeat=repeat)
    return Sent(channel, ts)


def _composed(
    work: Work, service: Service, person: Person, ids: list[str], *, only_standing: bool = False
) -> Answer | None:
    """The message about these warnings for one person, as things are now; None where nothing is left to say."""
    found = work.all(EarlyWarning, order="number", id=ids)
    kept = [w for w in found if stands(w) or not only_standing]
    if not kept:
        return None
    noticed = as_noticed(work, service, person, kept)
    return views.told(noticed.items, noticed.service, noticed.rights)
