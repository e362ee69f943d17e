"""The statutory clocks that a priority can carry: when each runs out, and when it was met."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.errors import BadInput
from bot.plan.access import done_before, open_record, ref
from bot.plan.fields import Form
from bot.plan.people import Person, Right
from bot.plan.priorities import ClockKind, Priority, StatutoryClock, must_be_live
from bot.plan.saving import save
from bot.plan.says import day
from bot.plan.services import Nation
from bot.timing.workdays import add_working_days, months_later
from bot.work import Work

# CQC's guidance on Regulation 17(3): counted from the day after the request, so the last day is the 28th after it.
REGULATION_17_DAYS = 28
# Commissioners under PAMMS (for example Norfolk County Council).
REMEDIAL_PLAN_DAYS = 14
RE_AUDIT_MONTHS = 6
# CQC: ten working days to comment on a draft report.
FACTUAL_ACCURACY_WORKING_DAYS = 10


class StartClock(Form):
    """A request, notice or report that starts a clock on a day; None: today."""

    priority: str
    kind: ClockKind
    started_on: date | None = None


class MeetClock(Form):
    """What a running clock asked for was sent on a day; None: today."""

    priority: str
    kind: ClockKind
    met_on: date | None = None


def due_on(kind: ClockKind, started_on: date, nation: Nation) -> date:
    """The last day on which the clock can be met; the day on which it starts is not counted."""
    if kind is ClockKind.REGULATION_17:
        return started_on + timedelta(days=REGULATION_17_DAYS)
    if kind is ClockKind.REMEDIAL_PLAN:
        return started_on + timedelta(days=REMEDIAL_PLAN_DAYS)
    if kind is ClockKind.FACTUAL_ACCURACY:
        return add_working_days(started_on, FACTUAL_ACCURACY_WORKING_DAYS, nation)
    return months_later(started_on, RE_AUDIT_MONTHS)


def start(work: Work, person: Person, form: StartClock, now: datetime, today: date) -> Priority:
    """Start a clock on a live priority. Raises NotFound, NotAllowed, BadInput (running already, a day to come)."""
    priority, service = open_record(work, person, Priority, form.priority, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier
    must_be_live(work, priority)
    started_on = form.started_on or today
    if started_on > today:
        raise BadInput("That day has not come yet. Choose the day of the request or report.", field="started_on")
    if ticking := _running(priority, form.kind):
        raise BadInput(
            f"That clock runs already: {form.kind.value}, due on {day(ticking.due_on)}. Mark it met first.",
            field="kind",
        )
    clock = StatutoryClock(kind=form.kind, started_on=started_on, due_on=due_on(form.kind, started_on, service.nation))
    started = replace(priority, clocks=(*priority.clocks, clock), wake_at=now)
    return save(work, person, now, "start clock", priority, started, request_id=form.request_id)


def meet(work: Work, person: Person, form: MeetClock, now: datetime, today: date) -> Priority:
    """Stop a running clock, on a closed priority too. Raises NotFound, NotAllowed, BadInput (none runs, bad day)."""
    priority, service = open_record(work, person, Priority, form.priority, Right.PRIORITY)
    if earlier := done_before(work, service, form.request_id, Priority):
        return earlier
    met_on = form.met_on or today
    ticking = _running(priority, form.kind)
    if ticking is None:
        raise BadInput(f"No clock of that kind runs on {ref(priority)}: {form.kind.value}.", field="kind")
    if not ticking.started_on <= met_on <= today:
        raise BadInput(f"Choose a day from {day(ticking.started_on)}, when it started, to today.", field="met_on")
    clocks = tuple(replace(c, met_on=met_on) if c is ticking else c for c in priority.clocks)
    stopped = replace(priority, clocks=clocks, wake_at=now)
    return save(work, person, now, "meet clock", priority, stopped, request_id=form.request_id)


def running(priority: Priority) -> tuple[StatutoryClock, ...]:
    """The clocks that have not been met yet, the next to run out first."""
    return tuple(sorted((c for c in priority.clocks if c.met_on is None), key=lambda c: c.due_on))


def _running(priority: Priority, kind: ClockKind) -> StatutoryClock | None:
    return next((c for c in priority.clocks if c.kind is kind and c.met_on is None), None)
