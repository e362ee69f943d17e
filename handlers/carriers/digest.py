"""The weekly digest on its way to a service's channel: put together when it is sent, so that it tells of now."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.plan.account import load
from bot.plan.people import Person, Role
from bot.plan.services import Service
from bot.plan.warnings import standing
from bot.reports.digest import digest
from bot.timing.cadence import in_hours, next_morning
from bot.timing.due import To, recipients
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder, ReminderState
from bot.timing.reminders import KINDS, NEWER
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.carriers.outcome import Dropped, Later, Outcome, Sent, Trip, born, tell
from handlers.carriers.posts import found_or_repeat, say
from handlers.contexts import Contexts
from handlers.desk import Answer
from handlers.slack_errors import Fate, Verdict
from handlers.views import digest as views
from handlers.views.parts import escape

WEEK = timedelta(days=7)
LOOKED_BACK = 300  # reminders of a service; a bot that was away for long finds its week among them


def deliver(trip: Trip) -> Outcome:
    """DIGEST: {on}, the day for which it is due."""
    delivery = trip.delivery
    with trip.desk.store.reading() as work:
        service = work.get(Service, delivery.service_id)
        if service is None:
            return Dropped("the service is gone")
        answer = _composed(work, service, trip.now)
    found, repeat = found_or_repeat(trip, service.channel_id)
    if found:
        return Sent(found.channel, found.ts)
    if answer is None:
        return Dropped("no priority is live")
    late = (local_date(trip.now, service.zone) - date.fromisoformat(delivery.payload["on"])).days
    if late > KINDS["digest"].late_days:
        return Dropped(f"{late} days late, more than the {KINDS['digest'].late_days} that make sense")
    if not in_hours(trip.now, None, service):
        return Later(next_morning(trip.now, None, service), "out of hours")
    channel, ts = say(trip, service.channel_id, answer.text, answer.blocks, repeat=repeat)
    return Sent(channel, ts)


def _composed(work: Work, service: Service, now: datetime) -> Answer | None:
    """The digest as things are now; None where nobody works on anything."""
    account = load(work, service)
    if not account.live:
        return None
    since = _since(work, service, now)
    lapsed = _lapsed(work, service, since)
    people = {p.id: p.name for p in work.all(Person, id=sorted({r.person_id for r in lapsed}))} if lapsed else {}
    found = digest(
        account, standing(work, service), lapsed, lambda person_id: people.get(person_id, "somebody"), since, now
    )
    return views.digest(found)


def _since(work: Work, service: Service, now: datetime) -> datetime:
    """When the last digest was sent: what happened in a week whose digest lapsed is told in the next."""
    sent = work.all(Delivery, order="-next_at", service_id=service.id, state=DeliveryState.SENT, limit=LOOKED_BACK)
    digests = [d.sent_at for d in sent if d.kind is DeliveryKind.DIGEST and d.sent_at]
    return digests[0] if digests else now - WEEK


def _lapsed(work: Work, service: Service, since: datetime) -> Sequence[Reminder]:
    """What nobody was reminded of: reminders that came too late, save those of which a newer one was sent instead."""
    found = work.all(Reminder, order="-due_at", limit=LOOKED_BACK, service_id=service.id, state=ReminderState.LAPSED)
    return [r for r in found if r.reason != NEWER and (r.due_at >= since or born(r) >= since)]


def refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """The deputies are told that there is no digest."""
    channel_refused(work, trip, verdict, "digest", "the weekly digest", "/sip setup")


def channel_refused(work: Work, trip: Trip, verdict: Verdict, kind: str, what: str, elsewhere: str) -> None:
    """A channel that is archived or that Grip was removed from: the deputies are told, once for each such trouble.

    `elsewhere`: the verb with which another channel is chosen."""
    service = work.get(Service, trip.delivery.service_id)
    if service is None or verdict.fate is not Fate.PERMANENT:
        return
    channel = trip.delivery.channel or service.channel_id
    context = Contexts(work, local_date(trip.now, "UTC")).of(service)
    text = (
        f"Grip cannot post {what} of {escape(service.name)} in <#{channel}> ({verdict.error}). "
        f"Type /invite @Grip there, or choose another channel with {elsewhere}. What it would have told: /sip status."
    )
    for deputy in recipients(To(role=Role.DEPUTY), context):
        tell(work, trip, deputy, text, f"{kind}:{service.id}:{channel}:{verdict.error}:{deputy}")
