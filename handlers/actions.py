"""Actions: made, done, given more time, disowned, and listed."""

from datetime import date, timedelta

from bot.errors import Refusal
from bot.plan import actions
from bot.plan.access import holders, no_role, open_record, parse_ref, ref, service_of_channel, services_of
from bot.plan.actions import Action, Complete, MoreTime, NewAction, NotMine, Slip, is_open, open_action
from bot.plan.entries import Entry, Evidence
from bot.plan.people import Person, Right, Role
from bot.plan.priorities import Priority, is_live
from bot.plan.services import Service
from bot.timing.workdays import add_working_days, local_date
from bot.work import Work
from handlers import coach, jobs
from handlers.callers import met
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import allowed_here, services_here
from handlers.registers import leading_day
from handlers.views import actions as views
from handlers.views import parts
from handlers.views.revisions import to_check
from handlers.words import first_ref

SUGGESTED_DAYS = 5  # working days that "more time" suggests


def done(call: Call) -> Answer:
    """`/sip done A12` or the button."""
    typed, note = first_ref(call.text, Action)
    action_id = call.value.get("action") or _named(call, typed, "done")
    form = Complete(action=action_id, note=note, request_id=call.request_id)
    with call.transaction() as work:
        action = actions.complete(work, call.person, form, call.now)
        jobs.changed(work, call, action)
        _, service = open_action(work, call.person, action.id, Right.READ)
        checker = _checker(work, service, action)
        if checker:
            jobs.tell(work, call, checker, service, to_check(action, call.person.name))
        name = checker.name if checker else "somebody other than its owner"
        return views.done(action, _evidence(work, action), name)


def _named(call: Call, typed: str, verb: str) -> str:
    """The reference that was typed; without one the person is told what to type."""
    if not typed:
        with call.desk.store.reading() as work:
            mine = [ref(a) for a in work.all(Action, order="due_on", owner_id=call.person.id) if is_open(a)]
        which = f" Yours are {', '.join(mine[:10])}." if mine else ""
        raise Refusal(f"Say which action, for example /sip {verb} {mine[0] if mine else 'A12'}.{which}")
    return typed


def _evidence(work: Work, action: Action) -> int:
    entries = [e.id for e in work.all(Entry, action_id=action.id) if e.withdrawn_at is None]
    return work.count(Evidence, record_kind="entry", record_id=entries) if entries else 0


def _checker(work: Work, service: Service, action: Action) -> Person | None:
    for role in (Role.QUALITY_LEAD, Role.REGISTERED_MANAGER):
        for person in holders(work, service, [role]):
            if person.id not in (action.owner_id, action.done_by):
                return person
    return None


def undo_done(call: Call) -> Answer:
    """Take back "done"."""
    with call.transaction() as work:
        action = actions.undo_complete(work, call.person, call.value["action"], call.request_id, call.now)
        jobs.changed(work, call, action)
        return views.reopened(action)


def more_time(call: Call) -> None:
    """Open the form for a later date and its reason, with what was typed of them."""
    named, typed_after = first_ref(call.text, Action)
    asked_for, reason = leading_day(typed_after)
    typed = call.value.get("action") or _named(call, named, "more-time")
    with call.desk.store.reading() as work:
        action, service = open_action(work, call.person, typed, Right.UPDATE)
    if not is_open(action):
        raise Refusal(f"{ref(action)} is {action.status} already, so it needs no more time.")
    today = local_date(call.now, service.zone)
    later = add_working_days(max(today, action.due_on), SUGGESTED_DAYS, service.nation)
    call.open(views.more_time_form(action, asked_for or later, reason))


def submit_more_time(call: Call) -> Show:
    """A later date was chosen."""
    meta = {"action": call.meta["action"], "version": call.meta.get("v"), "request_id": call.request_id}
    form = MoreTime.model_validate({**call.values, **meta})
    with call.transaction() as work:
        _, service = open_action(work, call.person, form.action, Right.UPDATE)
        action, slip = actions.more_time(work, call.person, form, call.now, local_date(call.now, service.zone))
        jobs.changed(work, call, action)
        answer = views.moved(action, slip, work.count(Slip, action_id=action.id))
    return Show(parts.said("More time", answer.text, answer.blocks))


def not_mine(call: Call) -> Answer:
    """The owner disowns an action; the deputy is asked who takes it."""
    with call.transaction() as work:
        form = NotMine(action=call.value["action"], request_id=call.request_id)
        action = actions.not_mine(work, call.person, form, call.now)
        _, service = open_action(work, call.person, action.id, Right.READ)
        asked = holders(work, service, [Role.DEPUTY]) or holders(work, service, [Role.REGISTERED_MANAGER])
        jobs.changed(work, call, action)
        if asked:
            question = views.asked_who_takes(action, call.person, form.reason)
            jobs.post(work, call, asked[0].slack_id, question, service_id=service.id)
        return views.not_mine(action, asked[0].name if asked else "somebody with the right to")


def new(call: Call) -> Answer | None:
    """Open the form for an action; a reference or words typed after the verb stand in it."""
    first, _, rest = call.text.partition(" ")
    typed = call.value.get("priority") or (first if parse_ref(first, Priority) is not None else "")
    what = "" if call.value else (rest if typed else call.text)
    with call.desk.store.reading() as work:
        chosen, service = open_record(work, call.person, Priority, typed, Right.PLAN) if typed else (None, None)
        services = [service] if service else services_here(work, call, Right.PLAN)
        listed = [p for p in work.all(Priority, order="number", service_id=[s.id for s in services]) if is_live(p)]
        if chosen and not is_live(chosen):
            raise Refusal(f"{ref(chosen)} is closed. Reopen it before adding actions.")
        if not listed:
            raise Refusal("There is no open priority to add an action to. Open one with /sip priority new.")
        today = local_date(call.now, services[0].zone)
    due = today + timedelta(days=28)
    call.open(views.new_form(listed, chosen=chosen.id if chosen else None, what=what, due=due))
    return None


def submit_new(call: Call) -> Show:
    """An action was filled in."""
    values = {k: v for k, v in call.values.items() if v is not None}
    if not values.get("strength"):
        values["strength"] = coach.strength(values.get("what") or "")
    slack_id = values.pop("owner_id", None)
    owner = met(call.desk, call.client, call.person.workspace_id, slack_id, call.now) if slack_id else None
    form = NewAction.model_validate({**values, "owner_id": owner.id if owner else None, "request_id": call.request_id})
    with call.transaction() as work:
        priority, service = open_record(work, call.person, Priority, form.priority, Right.PLAN)
        action = actions.create(work, call.person, form, call.now, local_date(call.now, service.zone))
        jobs.changed(work, call, action)
        owner = work.get(Person, action.owner_id) or call.person
        answer = views.created(action, priority, owner)
    return Show(parts.said("Saved", answer.text, answer.blocks))


def mine(call: Call) -> Answer:
    """The person's own open actions, the latest first."""
    with call.desk.store.reading() as work:
        listed = [a for a in work.all(Action, order="due_on", owner_id=call.person.id) if is_open(a)]
        today = _today(work, call)
        stranger = _stranger(work, call)
    empty = "You own no open action. /sip log writes down what you did; /sip status shows the plan."
    if not listed and stranger:
        empty = stranger
    return views.listing("Your open actions", listed, today, {}, call.person.id, empty)


def overdue(call: Call) -> Answer:
    """What is overdue in the services of the place, and of the person's own there; in none, of all their own."""
    with call.desk.store.reading() as work:
        today = _today(work, call)
        here = allowed_here(work, call, Right.READ)
        owned = work.all(Action, order="due_on", owner_id=call.person.id)
        place = service_of_channel(work, call.person, call.channel)
        own = [a for a in owned if place is None or a.service_id == place.id]
        if not here and not own:
            here = services_here(work, call, Right.READ)  # which refuses
        listed = work.all(Action, order="due_on", service_id=[s.id for s in here]) if here else []
        late = {a.id: a for a in [*listed, *own] if _late(a, today)}
        ordered = sorted(late.values(), key=lambda a: (a.due_on, a.number))
        people = work.all(Person, id=sorted({a.owner_id for a in ordered})) if ordered else []
    where = ", ".join(s.name for s in here) or "your actions"
    empty = f"Nothing is overdue in {where}." if here else "None of your actions is overdue."
    beyond = sum(_late(a, today) for a in owned if a.id not in late)
    more = f"{beyond} of yours {'is' if beyond == 1 else 'are'} overdue elsewhere; /sip mine lists what you own."
    title, owners = f"Overdue in {where}", {p.id: p for p in people}
    return views.listing(title, ordered, today, owners, call.person.id, empty, more=more if beyond else "")


def _late(action: Action, today: date) -> bool:
    return is_open(action) and action.due_on < today


def _stranger(work: Work, call: Call) -> str:
    """What somebody with neither role nor action is told instead of an empty list."""
    if services_of(work, call.person) or work.count(Action, owner_id=call.person.id):
        return ""
    return f"You have no role in a service here and own no action. {no_role(work, call.person)}"


def _today(work: Work, call: Call) -> date:
    services = services_of(work, call.person)
    return local_date(call.now, services[0].zone if services else call.person.zone)


FEATURE = Feature(
    name="actions",
    verbs=(
        Verb("done", "Mark an action done; somebody else then checks it", done, usage="A12 [note]"),
        Verb(
            "more-time",
            "Move the due date of your action, with the reason",
            more_time,
            usage="A12",
            also=("extend",),
        ),
        Verb("mine", "Your open actions", mine, also=("my actions",)),
        Verb("overdue", "What is overdue", overdue, also=("late",)),
        Verb("action new", "Add an action to a priority", new, usage="[P3] [what will be done]", also=("new action",)),
    ),
    buttons=(
        Button("action.done", done),
        Button("action.undo_done", undo_done),
        Button("action.more_time", more_time),
        Button("action.not_mine", not_mine),
        Button("action.new", new),
        Button("mine.show", mine),
    ),
    forms=(Form("more_time.form", submit_more_time), Form("action.form", submit_new, coach=coach.action)),
)
