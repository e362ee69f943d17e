"""On which days an action's owner, and the people up the ladder, hear about it."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.errors import BadInput
from bot.plan.actions import Action, ActionStatus, is_open
from bot.plan.people import Role
from bot.plan.services import Nation, Service
from bot.timing.due import Context, Occurrence, To
from bot.timing.workdays import (
    DAY,
    add_working_days,
    local_date,
    next_working_day_on_or_after,
    previous_working_day_on_or_before,
)

QUIET_MOST = timedelta(days=28)


def due_soon(action: Action, context: Context, _start: date) -> Iterator[Occurrence]:
    """Some working days before the due date and on it (the last working day before it where it is none itself).

    Not on the day on which the action was written: its owner has just been told. A snooze silences the days before
    it ends, and adds the day on which it ends."""
    if not is_open(action):
        return
    service, nation = context.service, context.service.nation
    last = previous_working_day_on_or_before(action.due_on, nation)
    days = {last, add_working_days(action.due_on, -service.cadence.due_soon_days, nation)}
    days = {min(day, last) for day in days}
    if action.snoozed_until:
        wakes = next_working_day_on_or_after(action.snoozed_until, nation)
        days = {day for day in days if day >= action.snoozed_until} | ({wakes} if wakes <= last else set())
    written = local_date(action.written_at, service.zone)
    for day in sorted(days):
        if day > written:
            yield Occurrence(day, f"{action.due_on}@{day}", (owner_of(action),))


def quiet_until(chosen: object, today: date) -> date:
    """A chosen day until which to be quiet about an action, as an ISO text. Raises BadInput under `until` for a day
    that has come, or one so far off that moving its due date, with a reason, is the honest way."""
    try:
        until = date.fromisoformat(str(chosen))
    except ValueError as error:
        raise BadInput("Choose a day.", field="until") from error
    if until <= today:
        raise BadInput("Choose a day after today.", field="until")
    if until > today + QUIET_MOST:
        raise BadInput(
            f"That is more than {QUIET_MOST.days} days off. Choose an earlier day, or move its due date instead.",
            field="until",
        )
    return until


def is_late(action: Action, _context: Context, _on: Occurrence, today: date) -> str | None:
    """Why a due-soon reminder is not worth sending: its due date has passed, and the overdue one speaks instead."""
    return "it is overdue by now" if today > action.due_on else None


def overdue(action: Action, context: Context, start: date) -> Iterator[Occurrence]:
    """The first working day after the due date, then every few working days for as long as it stays open.

    Each rung of the ladder is kept on its own day, and the count starts anew from there. A snooze silences the days
    before it ends, save a new rung: then the owner hears first-hand that it goes to somebody else too."""
    if not is_open(action):
        return
    service = context.service
    wakes = action.snoozed_until and next_working_day_on_or_after(action.snoozed_until, service.nation)
    rungs = rung_days(action, service)
    rung_dates = {day for day, _ in rungs}
    stops = sorted(rung_dates | ({wakes} if wakes else set()))
    every = max(1, service.cadence.overdue_every_days)
    day = next_working_day_on_or_after(action.due_on + DAY, service.nation)
    while True:
        heard = action.snoozed_until is None or day >= action.snoozed_until or day in rung_dates
        if heard and day >= start:
            to = (owner_of(action), *(To(role=role) for rung, role in rungs if rung <= day))
            yield Occurrence(day, f"{action.due_on}@{day}", tuple(dict.fromkeys(to)))
        following = add_working_days(day, every, service.nation)
        day = min([stop for stop in stops if stop > day] + [following])


def verification(action: Action, context: Context, _start: date) -> Iterator[Occurrence]:
    """So many working days after it was marked done, and again after as many, until somebody has checked it."""
    if action.status is not ActionStatus.DONE or action.done_at is None:
        return
    done_on = local_date(action.done_at, context.service.zone)
    to = (To(role=Role.QUALITY_LEAD, without=action.owner_id),)
    for day in every_working_days(done_on, context.service.cadence.verification_days, context.service.nation):
        yield Occurrence(day, f"{done_on}@{day}", to)


def every_working_days(day: date, step: int, nation: Nation) -> Iterator[date]:
    """Each `step`-th working day after `day`, without end."""
    while True:
        day = add_working_days(day, max(1, step), nation)
        yield day


def owner_of(action: Action) -> To:
    """Who is asked about an action: its owner, or the deputy once the owner has said that it is not theirs."""
    return To(role=Role.DEPUTY) if action.not_mine_at else To(person_id=action.owner_id)


def rung_days(action: Action, service: Service) -> list[tuple[date, Role]]:
    """The day from which an overdue action also goes to each role: so many calendar days after the due date, or the
    next working day."""
    cadence = service.cadence
    after = (
        (cadence.overdue_deputy_calendar_days, Role.DEPUTY),
        (cadence.overdue_manager_calendar_days, Role.REGISTERED_MANAGER),
        (cadence.overdue_provider_calendar_days, Role.PROVIDER_OVERSIGHT),
    )
    return [
        (next_working_day_on_or_after(action.due_on + max(1, days) * DAY, service.nation), role) for days, role in after
    ]


def ladder(action: Action, service: Service, on: date) -> tuple[Role, ...]:
    """The roles that hear of an overdue action on a day, beside its owner."""
    return tuple(role for day, role in rung_days(action, service) if day <= on)


def new_on_ladder(action: Action, service: Service, on: date) -> tuple[Role, ...]:
    """The roles that hear of it for the first time on that day; the owner's own text says so."""
    return tuple(role for day, role in rung_days(action, service) if day == on)


def next_rung(action: Action, service: Service, on: date) -> tuple[date, Role] | None:
    """When it goes to somebody further, and to which role; None when it has gone all the way up."""
    return min((rung for rung in rung_days(action, service) if rung[0] > on), key=lambda rung: rung[0], default=None)
