"""Review points: planned from an action or a priority, moved, cancelled, and listed while they wait for a sample."""

from datetime import timedelta

from bot.errors import Refusal
from bot.plan import milestones
from bot.plan.access import open_record, parse_ref, ref
from bot.plan.actions import Action, ActionStatus, Milestone
from bot.plan.milestones import AddMilestone, CancelMilestone, MoveMilestone, open_milestone
from bot.plan.people import Right
from bot.plan.priorities import Priority
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import reminders
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import may_somewhere, priorities_here, services_here
from handlers.registers import leading_day
from handlers.views import milestones as views
from handlers.views import parts
from handlers.words import first_ref

AFTER = timedelta(days=28)  # what a review point of a priority suggests


def add(call: Call) -> Answer | None:
    """`/sip milestone add A12 2027-02-01 20 sheets` at once; anything less opens the form."""
    typed, rest = first_ref(call.text, Priority, Action)
    typed = str(call.value.get("of") or typed)
    on, note = leading_day(rest)
    if typed and on:
        return _added(call, AddMilestone(of=typed, on=on, note=note, request_id=call.request_id))
    with call.desk.store.reading() as work:
        of: Priority | Action | None = None
        if typed:
            kind: type[Priority | Action] = Action if parse_ref(typed, Action) is not None else Priority
            of, service = open_record(work, call.person, kind, typed, Right.PLAN)
            services = [service]
        else:
            services = services_here(work, call, Right.PLAN)
        threads = priorities_here(work, services)
        acts = work.all(Action, order="number", priority_id=[p.id for p in threads]) if threads else []
    if not threads:
        raise Refusal("There is no open priority to plan a review point for. Open one with /sip priority new.")
    today = local_date(call.now, services[0].zone)
    suggested = max(today, of.due_on) if isinstance(of, Action) else today + AFTER
    live = [a for a in acts if a.status is not ActionStatus.CANCELLED]
    call.open(views.add_form(of, views.of_options(threads, live), suggested, rest))
    return None


def submit_add(call: Call) -> Show:
    """A day was chosen."""
    given = {k: v for k, v in call.values.items() if v is not None}
    form = AddMilestone.model_validate({**given, **call.meta, "request_id": call.request_id})
    return _window("Saved", _added(call, form))


def _window(title: str, answer: Answer) -> Show:
    return Show(parts.said(title, answer.text, answer.blocks))


def _added(call: Call, form: AddMilestone) -> Answer:
    with call.transaction() as work:
        kind: type[Priority | Action] = Action if parse_ref(form.of, Action) is not None else Priority
        of, service = open_record(work, call.person, kind, form.of, Right.PLAN)
        milestone = milestones.add(work, call.person, form, call.now, local_date(call.now, service.zone))
        return views.added(milestone, ref(of))


def _of(work: Work, milestone: Milestone) -> str:
    of = work.get(Action, milestone.action_id) or work.get(Priority, milestone.priority_id)
    return ref(of) if of else "the priority"


def open_move(call: Call) -> Answer | None:
    """The form for another day; `/sip milestone move A12` offers those of an action or priority."""
    if "milestone" not in call.value:
        return listed(call)
    _open_change(call, "move")
    return None


def open_cancel(call: Call) -> None:
    """The form for the reason."""
    _open_change(call, "cancel")


def _open_change(call: Call, kind: str) -> None:
    with call.desk.store.reading() as work:
        milestone, service = open_milestone(work, call.person, call.value["milestone"], Right.PLAN)
        of = _of(work, milestone)
    if milestone.sample_id or milestone.cancelled_at:
        gone = "answered by a sample" if milestone.sample_id else "cancelled"
        raise Refusal(f"That review point was {gone} already. Plan a new one with /sip milestone add {of}.")
    later = max(milestone.on, local_date(call.now, service.zone)) + timedelta(days=7)
    call.open(views.change_form(kind, milestone, of, later))


def submit_move(call: Call) -> Show:
    """A review point is moved."""
    form = MoveMilestone.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    with call.transaction() as work:
        _, service = open_milestone(work, call.person, form.milestone, Right.PLAN)
        moved = milestones.move(work, call.person, form, call.now, local_date(call.now, service.zone))
        reminders.touch(work, moved, call.now)
        answer = views.moved(moved, _of(work, moved), form.reason)
    return _window("Moved", answer)


def submit_cancel(call: Call) -> Show:
    """A review point is given up."""
    form = CancelMilestone.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    with call.transaction() as work:
        gone = milestones.cancel(work, call.person, form, call.now)
        reminders.touch(work, gone, call.now)
        answer = views.cancelled(gone, _of(work, gone), form.reason)
    return _window("Cancelled", answer)


def listed(call: Call) -> Answer:
    """The review points that wait, of the service, a priority or an action."""
    typed, _ = first_ref(call.text, Priority, Action)
    with call.desk.store.reading() as work:
        action = None
        if parse_ref(typed, Action) is not None:
            action, service = open_record(work, call.person, Action, typed, Right.READ)
            services, where = [service], ref(action)
            threads = [p for p in [work.get(Priority, action.priority_id)] if p]
        elif typed:
            priority, service = open_record(work, call.person, Priority, typed, Right.READ)
            services, threads, where = [service], [priority], f"{ref(priority)} {priority.title}"
        else:
            services = services_here(work, call, Right.READ)
            threads, where = priorities_here(work, services), ", ".join(s.name for s in services)
        found = [m for p in threads for m in milestones.waiting(work, p.id)]
        waiting = sorted((m for m in found if action is None or m.action_id == action.id), key=lambda m: m.on)
        pairs = [(m, _of(work, m)) for m in waiting]
        acts = work.all(Action, priority_id=[p.id for p in threads]) if threads else []
        plan, sample = (may_somewhere(work, call, services, right) for right in (Right.PLAN, Right.SAMPLE))
    names = {ref(p): p.title for p in threads} | {ref(a): a.what for a in acts}
    today = local_date(call.now, services[0].zone)
    return views.listing(pairs, names, where, today, may_plan=plan, may_sample=sample)


FEATURE = Feature(
    name="milestones",
    verbs=(
        Verb(
            "milestone add",
            "Plan the day on which an action or priority is sampled",
            add,
            usage="A12 [01/02/2027 what to sample]",
            also=("milestone new", "new milestone"),
        ),
        Verb("milestone move", "Move a review point to another day, with the reason", open_move, usage="A12"),
        Verb(
            "milestones",
            "The review points that wait for a sample",
            listed,
            usage="[P3]",
            also=("milestone", "review points"),
            reads=True,
        ),
    ),
    buttons=(
        Button("milestone.add", add),
        Button("milestone.move", open_move),
        Button("milestone.cancel", open_cancel),
        Button("milestones.show", listed),
    ),
    forms=(
        Form("milestone.form", submit_add),
        Form("milestone_move.form", submit_move),
        Form("milestone_cancel.form", submit_cancel),
    ),
)
