"""The status on its way to a channel on its days: put together when it is sent, with its details in the thread."""

from datetime import date
from itertools import takewhile

from bot.plan.account import load
from bot.plan.services import Service
from bot.reports.narrowing import WHOLE
from bot.reports.status import status
from bot.timing.cadence import in_hours, next_morning
from bot.timing.reminders import KINDS
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.carriers.digest import channel_refused
from handlers.carriers.outcome import Dropped, Later, Outcome, Sent, Trip
from handlers.carriers.posts import follow_up, found_or_repeat, say
from handlers.contexts import Contexts
from handlers.desk import Answer
from handlers.slack_errors import Verdict
from handlers.views import status as views
from handlers.views.parts import context
from handlers.views.rhythm import status_words

KIND = KINDS["status"]


def deliver(trip: Trip) -> Outcome:
    """STATUS: {on}, the day for which it is due, in the delivery's channel."""
    delivery = trip.delivery
    on = date.fromisoformat(delivery.payload["on"])
    with trip.desk.store.reading() as work:
        service = work.get(Service, delivery.service_id)
        if service is None:
            return Dropped("the service is gone")
        today = local_date(trip.now, service.zone)
        summary, details = _composed(work, service, today)
        why_not = _overtaken(work, service, on, today)
    place = delivery.channel or service.channel_id
    found, repeat = found_or_repeat(trip, place)
    if found:
        channel, ts = found.channel, found.ts
    elif why_not:
        return Dropped(why_not)
    elif not in_hours(trip.now, None, service):
        return Later(next_morning(trip.now, None, service, wished=KIND.at(service)), "out of hours")
    else:
        channel, ts = say(trip, place, summary.text, summary.blocks, repeat=repeat)
    parts = [{"text": answer.text, "blocks": answer.blocks} for answer in details]
    return Sent(channel, ts, then=lambda work: follow_up(work, trip, channel, ts, parts))


def _composed(work: Work, service: Service, today: date) -> tuple[Answer, list[Answer]]:
    """What `/sip status` would post now, and when it comes by itself."""
    account = load(work, service)
    found = status(account, today)
    answer = views.summary(found, account, WHOLE)
    by_itself = f"Posted by itself {status_words(service)}. `/sip reminders` changes that."
    return Answer(answer.text, [*answer.blocks, context(by_itself)]), views.details(found, account)


def _overtaken(work: Work, service: Service, on: date, today: date) -> str | None:
    """Why a status that waited is not wanted any more: its day is not chosen now, or it came too late."""
    facts = Contexts(work, today).of(service)
    come = list(takewhile(lambda each: each.on <= today, KIND.days(service, facts, on)))
    this = next((each for each in come if each.on == on), None)
    if this is None:
        return "its day is not one of those chosen any more"
    if come[-1] is not this:
        return "the status of a later day takes its place"
    if (late := (today - on).days) > KIND.late_days:
        return f"{late} days late, more than the {KIND.late_days} that make sense"
    return KIND.why_not(service, facts, this, today)


def refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """The deputies are told that no status comes by itself."""
    channel_refused(work, trip, verdict, "status", "the status", "/sip reminders")
