"""Statutory clocks: what runs and until when, started and marked met by the Registered Manager."""

from typing import Any

from bot.errors import Refusal
from bot.plan import clocks
from bot.plan.access import open_record, ref, rights_in
from bot.plan.clocks import MeetClock, StartClock, running
from bot.plan.people import Right
from bot.plan.priorities import ClockKind, Priority, is_live, open_live
from bot.plan.services import Service
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import jobs, reminders
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb, chosen
from handlers.places import priorities_here, services_here
from handlers.views import clocks as views
from handlers.views import parts
from handlers.words import first_ref


def said(call: Call) -> Answer:
    """`/sip clock P3`, or alone: every clock that runs in the services of this place."""
    typed = str(call.value.get("priority") or "") or first_ref(call.text, Priority)[0]
    with call.desk.store.reading() as work:
        if typed:
            priority, service = open_record(work, call.person, Priority, typed, Right.READ)
            return _page(work, call, priority, service)
        services = services_here(work, call, Right.READ)
        found = [p for p in priorities_here(work, services, closed=True) if running(p)]
        today = local_date(call.now, services[0].zone)
        may = all(Right.PRIORITY in rights_in(work, call.person, service) for service in services)
    return views.page(found, today, ", ".join(s.name for s in services), may=may)


def _page(work: Work, call: Call, priority: Priority, service: Service, first: str = "") -> Answer:
    may = Right.PRIORITY in rights_in(work, call.person, service) and is_live(priority)
    return views.page([priority], local_date(call.now, service.zone), service.name, may=may, first=first)


def open_start(call: Call) -> None:
    """Open the form that starts a clock: {"priority"}."""
    with call.desk.store.reading() as work:
        priority, service = open_live(work, call.person, str(call.value["priority"]), Right.PRIORITY)
    call.open(views.start_form(priority, local_date(call.now, service.zone)))


def submit_start(call: Call) -> Show:
    """A request, notice or report came."""
    given: dict[str, Any] = {**call.values, **call.meta, "request_id": call.request_id}
    given["kind"] = chosen(ClockKind, given["kind"])
    form = StartClock.model_validate(given)
    with call.transaction() as work:
        _, service = open_record(work, call.person, Priority, form.priority, Right.PRIORITY)
        priority = clocks.start(work, call.person, form, call.now, local_date(call.now, service.zone))
        jobs.home(work, call, priority.lead_id)
        clock = next(c for c in running(priority) if c.kind is form.kind)
        answer = _page(work, call, priority, service, f"The clock runs: due {parts.day(clock.due_on)}.")
    return Show(parts.said("Saved", answer.text, answer.blocks))


def open_meet(call: Call) -> None:
    """Open the form that stops a clock: {"priority", "kind"}."""
    with call.desk.store.reading() as work:
        priority, service = open_record(work, call.person, Priority, str(call.value["priority"]), Right.PRIORITY)
    kind = chosen(ClockKind, call.value["kind"])
    clock = next((c for c in running(priority) if c.kind is kind), None)
    if clock is None:
        raise Refusal(f"No clock of that kind runs on {ref(priority)}: {kind.value}.")
    call.open(views.meet_form(priority, clock, local_date(call.now, service.zone)))


def submit_meet(call: Call) -> Show:
    """What the clock asked for was done."""
    kind = chosen(ClockKind, call.meta["kind"])
    given = {**call.values, "priority": call.meta["priority"], "kind": kind, "request_id": call.request_id}
    form = MeetClock.model_validate(given)
    with call.transaction() as work:
        _, service = open_record(work, call.person, Priority, form.priority, Right.PRIORITY)
        priority = clocks.meet(work, call.person, form, call.now, local_date(call.now, service.zone))
        reminders.touch(work, priority, call.now)
        jobs.home(work, call, priority.lead_id)
        answer = _page(work, call, priority, service, f"{views.kind_words(kind)}: marked met.")
    return Show(parts.said("Saved", answer.text, answer.blocks))


FEATURE = Feature(
    name="clocks",
    verbs=(
        Verb("clock", "Statutory clocks: start one, mark one met", said, usage="[P3]", also=("clocks",), reads=True),
    ),
    buttons=(
        Button("clock.show", said),
        Button("clock.start", open_start),
        Button("clock.meet", open_meet),
    ),
    forms=(Form("clock_start.form", submit_start), Form("clock_meet.form", submit_meet)),
)
