"""Who hears what, and when: the kinds of reminder, what of them is due, and what of it still applies."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any

from bot.plan.actions import Action, Milestone
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.timing import action_cadence, plan_cadence
from bot.timing.action_cadence import is_late
from bot.timing.cadence import next_morning
from bot.timing.due import CHANNEL, SUBJECT_KINDS, Context, Due, Occurrence, Subject, recipients, series_of
from bot.timing.ledger import what_changed
from bot.timing.outbox import Reminder, ReminderState
from bot.timing.workdays import local_date, local_instant

MIDNIGHT = time(0)
NEWER = "a newer reminder of the same took its place"
NOT_SENT = "reminders of this kind are no longer sent"


def _always_wanted(_subject: Subject, _context: Context, _occurrence: Occurrence, _today: date) -> None:
    """Nothing speaks against an occurrence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of reminder. `title` names it for people; `subject` is the record it is about; it may arrive
    `late_days` calendar days after its day and lapses after that.

    `days(subject, context, start)` yields its occurrences in order of day; it may leave out those before `start`.
    `why_not(subject, context, occurrence, today)` says why one of them need not be sent, looked at on that day.
    `channel(service)` and `at(service)`: where and at what local time it is posted, where that can be chosen."""

    name: str
    title: str
    subject: type[Subject]
    late_days: int
    days: Callable[[Any, Context, date], Iterator[Occurrence]]
    why_not: Callable[[Any, Context, Occurrence, date], str | None] = _always_wanted
    channel: Callable[[Service], str] = lambda service: service.channel_id
    at: Callable[[Service], time | None] = lambda _service: None


_ALL = (
    Kind(
        name="due_soon",
        title="Action due soon",
        subject=Action,
        late_days=5,
        days=action_cadence.due_soon,
        why_not=is_late,
    ),
    Kind(name="overdue", title="Action overdue", subject=Action, late_days=7, days=action_cadence.overdue),
    Kind(name="verification", title="Action to verify", subject=Action, late_days=14, days=action_cadence.verification),
    Kind(
        name="sampling",
        title="Sample due",
        subject=Milestone,
        late_days=14,
        days=plan_cadence.sampling,
        why_not=plan_cadence.sample_is_late,
    ),
    Kind(
        name="sampling_overdue",
        title="Sample overdue",
        subject=Milestone,
        late_days=14,
        days=plan_cadence.sampling_overdue,
    ),
    Kind(name="assurance", title="Sample to judge", subject=Priority, late_days=14, days=plan_cadence.assurance),
    Kind(
        name="monthly_review",
        title="Monthly review",
        subject=Service,
        late_days=21,
        days=plan_cadence.monthly_review,
        why_not=plan_cadence.month_reviewed,
    ),
    Kind(
        name="long_running",
        title="Review of a long-running priority",
        subject=Priority,
        late_days=21,
        days=plan_cadence.long_running,
        why_not=plan_cadence.long_running_reviewed,
    ),
    Kind(
        name="quarterly_review",
        title="Quarterly provider review",
        subject=Service,
        late_days=60,
        days=plan_cadence.quarterly_review,
        why_not=plan_cadence.quarter_reviewed,
    ),
    Kind(
        name="post_closure",
        title="Check after closure",
        subject=Priority,
        late_days=30,
        days=plan_cadence.post_closure,
        why_not=plan_cadence.durability_sampled,
    ),
    Kind(name="statutory", title="Statutory deadline", subject=Priority, late_days=7, days=plan_cadence.statutory),
    Kind(
        name="digest",
        title="Weekly digest",
        subject=Service,
        late_days=3,
        days=plan_cadence.digest,
        why_not=plan_cadence.nothing_to_tell,
    ),
    Kind(
        name="status",
        title="Status",
        subject=Service,
        late_days=3,
        days=plan_cadence.status_posts,
        why_not=plan_cadence.nothing_to_tell,
        channel=lambda service: service.cadence.status.channel_id or service.channel_id,
        at=lambda service: service.cadence.status.at,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}


def due(subject: Subject, context: Context, since: datetime, now: datetime) -> list[Due]:
    """What fell due for a record in (since, now]: at the start of its day, in the service's zone.

    Of what repeats, only the newest is waiting; the older ones, and what is later than its kind allows, are lapsed.
    The keys do not depend on how the time is cut into ticks."""
    found: list[Due] = []
    for kind in kinds_of(subject):
        occurrences = _between(kind, subject, context, since, now)
        found += _settled(kind, _dues(kind, subject, context, occurrences), local_date(now, context.service.zone))
    return found


def next_wake(subject: Subject, context: Context, now: datetime) -> datetime | None:
    """The next instant after `now` at which something may fall due; None when, as the record stands, nothing ever will.

    It also depends on the context's `unjudged_since`: set `wake_at` of a priority anew when it is sampled or judged."""
    zone = context.service.zone
    start = local_date(now, zone)
    instants: list[datetime] = []
    for kind in kinds_of(subject):
        starts = (day_start(occurrence.on, context.service) for occurrence in kind.days(subject, context, start))
        instants += [instant for instant in [next((at for at in starts if at > now), None)] if instant]
    return min(instants, default=None)


def just_before(instant: datetime) -> datetime:
    """The `since` with which `due` looks at everything from an instant on, that instant included: a tick passes
    `just_before(record.wake_at)`."""
    return instant - timedelta(microseconds=1)


def day_start(day: date, service: Service) -> datetime:
    """The instant at which a day begins where the service is."""
    return local_instant(day, MIDNIGHT, service.zone)


def posted_at(kind: str, on: date, service: Service) -> datetime:
    """When what falls due for a channel on a day is posted there, in UTC."""
    return next_morning(on, None, service, wished=KINDS[kind].at(service))


def kinds_of(subject: Subject) -> list[Kind]:
    """The kinds of reminder that are about such a record."""
    return [kind for kind in KINDS.values() if isinstance(subject, kind.subject)]


def still_applies(reminder: Reminder, subject: Subject, context: Context, now: datetime) -> str | None:
    """Why a reminder need not be sent any more; None where it still applies. Asked just before sending."""
    kind = KINDS.get(reminder.kind)
    if kind is None or not isinstance(subject, kind.subject):
        return NOT_SENT
    today = local_date(now, context.service.zone)
    # A review names a month or quarter: its day lies at most a quarter before the day on which it became due.
    start = local_date(reminder.due_at, context.service.zone) - timedelta(days=100)
    seen = takewhile(lambda occurrence: occurrence.on <= today, kind.days(subject, context, start))
    occurrence = next((each for each in seen if each.period == reminder.period), None)
    if occurrence is None:
        return what_changed(reminder, subject)
    reason = kind.why_not(subject, context, occurrence, today)
    if reason is None and occurrence.to != (CHANNEL,):
        heard_by = {person for to in occurrence.to for person in recipients(to, context)}
        if reminder.person_id not in heard_by:
            return "it is for somebody else now"
    return reason


def has_lapsed(reminder: Reminder, service: Service, now: datetime) -> str | None:
    """Why a waiting reminder is too late to be worth sending; None while it is not."""
    kind = KINDS.get(reminder.kind)
    if kind is None:
        return NOT_SENT
    return _too_late(kind, local_date(reminder.due_at, service.zone), local_date(now, service.zone))


def plan_ahead(
    subjects: Sequence[Subject], contexts: Mapping[str, Context], now: datetime, days: int = 14
) -> list[Due]:
    """What will fall due today and in the days after it if nothing changes, in order of day. `contexts` is by the
    subject's id; for the hour ask `next_morning(due.on, person, service)`."""
    ahead: list[Due] = []
    for subject in subjects:
        context = contexts[subject.id]
        first = local_date(now, context.service.zone)
        since = just_before(day_start(first, context.service))
        until = just_before(day_start(first + timedelta(days=days), context.service))
        for kind in kinds_of(subject):
            ahead += _dues(kind, subject, context, _between(kind, subject, context, since, until))
    return sorted(ahead, key=lambda each: (each.on, list(KINDS).index(each.kind), each.subject_id))


def _between(kind: Kind, subject: Subject, context: Context, since: datetime, now: datetime) -> Iterator[Occurrence]:
    for occurrence in kind.days(subject, context, local_date(since, context.service.zone)):
        at = day_start(occurrence.on, context.service)
        if at > now:
            return
        if at > since:
            yield occurrence


def _dues(kind: Kind, subject: Subject, context: Context, occurrences: Iterable[Occurrence]) -> list[Due]:
    return [
        Due(
            kind=kind.name,
            subject_kind=SUBJECT_KINDS[type(subject)],
            subject_id=subject.id,
            service_id=context.service.id,
            period=occurrence.period,
            on=occurrence.on,
            to=to,
        )
        for occurrence in occurrences
        if kind.why_not(subject, context, occurrence, occurrence.on) is None
        for to in occurrence.to
    ]


def _settled(kind: Kind, found: Sequence[Due], today: date) -> list[Due]:
    """The same, with those lapsed that a newer one has overtaken or that are too late."""
    newest = {(each.to, series_of(each.period)): each for each in found}
    settled = []
    for each in found:
        overtaken = newest[each.to, series_of(each.period)] is not each
        reason = NEWER if overtaken else _too_late(kind, each.on, today)
        settled.append(replace(each, state=ReminderState.LAPSED, reason=reason) if reason else each)
    return settled


def _too_late(kind: Kind, on: date, today: date) -> str | None:
    late = (today - on).days
    return f"{late} days late, more than the {kind.late_days} that make sense" if late > kind.late_days else None
