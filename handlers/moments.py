"""The next instant at which a message may reach a person."""

from datetime import datetime, timedelta

from bot.plan.people import Person
from bot.plan.services import Service
from bot.timing.cadence import in_hours, next_morning, zone_of
from bot.timing.workdays import local_date

STEP = timedelta(minutes=15)


def next_moment(now: datetime, person: Person, service: Service) -> datetime:
    """`now` itself in hours; else the person's morning if it is still to come today; else the end of a handover, to a
    quarter of an hour; else the next morning."""
    morning = next_morning(now, person, service)
    zone = zone_of(person, service)
    today = local_date(now, zone)
    if in_hours(now, person, service):
        return now
    if local_date(morning, zone) == today:
        return morning
    at = now - (now - now.replace(minute=0, second=0, microsecond=0)) % STEP + STEP
    while local_date(at, zone) == today:
        if in_hours(at, person, service):
            return at
        at += STEP
    return morning
