"""Reminders as people meet them: answered by a button, kept quiet for a while, and sent at the hour they like."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.errors import BadInput
from bot.plan import actions
from bot.plan.access import ref
from bot.plan.acknowledging import acknowledge
from bot.plan.actions import Action, Milestone, open_action
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority
from bot.plan.roster import may_set_up
from bot.timing.action_cadence import quiet_until
from bot.timing.outbox import Delivery, DeliveryState, Reminder
from bot.timing.workdays import DAY, local_date
from bot.work import Work
from handlers.carriers.morning import leave_update
from handlers.coming import fortnight, own_fortnight
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import allowed_here
from handlers.views import coming as ahead
from handlers.views import parts
from handlers.views import preferences as views

# Older messages have scrolled away, and changing them all would use up Slack's patience.
KEPT_UP = timedelta(days=30)
KEPT_UP_MOST = 8
SERVICES = 3  # whose fortnight is worked out at once; a listener has to be quick


def touch(work: Work, subject: Action | Milestone | Priority, now: datetime) -> int:
    """Have the reminder messages that speak of a changed record say so; how many. Called where the record is saved."""
    about = [subject.id]
    if isinstance(subject, Priority):  # the month's and the quarter's message to the managers lists it too
        about.append(subject.service_id)
    hung = {r.delivery_id for r in work.all(Reminder, subject_id=about) if r.delivery_id}
    if not hung:
        return 0
    out = (DeliveryState.SENT, DeliveryState.CLAIMED)
    sent = work.all(Delivery, order="-next_at", id=sorted(hung), state=out, limit=KEPT_UP_MOST)
    recent = [each for each in sent if now - (each.sent_at or each.next_at) < KEPT_UP]
    # By the journal's number: a review or an acknowledgement changes what is shown, and not the record itself.
    number, _ = work.head(subject.service_id)
    return sum(leave_update(work, each, f"{subject.id}:{number}", now) for each in recent)


def snooze(call: Call) -> Answer | None:
    """Be quiet about an action until tomorrow, Monday, for a week or until a chosen day; its due date stays."""
    if call.value.get("for") == "date":
        choose_day(call)
        return None
    with call.transaction() as work:
        action, service = open_action(work, call.person, call.value["action"], Right.UPDATE)
        today = local_date(call.now, service.zone)
        until = _until(str(call.value.get("for")), today)
        quiet = actions.snooze(work, call.person, action.id, until, call.request_id, call.now)
        if touch(work, quiet, call.now):
            return None  # the message in which it was chosen says so itself
    words = f"{ref(quiet)} is quiet until {parts.day(until)}. It is still due {parts.day(quiet.due_on)}."
    return Answer(words, [parts.section(words)])


def choose_day(call: Call) -> None:
    """Ask for the day on which to be reminded again."""
    with call.desk.store.reading() as work:
        action, service = open_action(work, call.person, call.value["action"], Right.UPDATE)
    actions.must_be_open(action)
    call.open(views.quiet_form(action, local_date(call.now, service.zone) + DAY))


def submit_day(call: Call) -> Show:
    """A day was chosen; one that makes no sense is refused under its field."""
    with call.transaction() as work:
        action, service = open_action(work, call.person, str(call.meta.get("action") or ""), Right.UPDATE)
        until = quiet_until(call.values.get("until"), local_date(call.now, service.zone))
        quiet = actions.snooze(work, call.person, action.id, until, call.request_id, call.now)
        touch(work, quiet, call.now)
    words = f"{ref(quiet)} is quiet until {parts.day(until)}. It is still due {parts.day(quiet.due_on)}."
    return Show(parts.said("Saved", words))


def seen(call: Call) -> Answer | None:
    """The person has seen a reminder that asks nothing of them."""
    kind: type[Action] | type[Priority] = Action if "action" in call.value else Priority
    typed = str(call.value.get("action") or call.value.get("priority") or "")
    with call.transaction() as work:
        record = acknowledge(work, call.person, typed, kind, call.request_id, call.now)
        if touch(work, record, call.now):
            return None  # the message itself says so
    words = f"Noted: you have seen {ref(record)}."
    return Answer(words, [parts.section(words)])


def _until(choice: str, today: date) -> date:
    days = {"tomorrow": 1, "monday": 7 - today.weekday(), "week": 7}.get(choice)
    if days is None:
        raise BadInput("Choose one of: tomorrow, Monday, a week.")
    return today + days * DAY


def coming(call: Call) -> Answer:
    """What the coming fortnight will send to whom, if nothing changes; only what the person may read."""
    with call.desk.store.reading() as work:
        here = allowed_here(work, call, Right.READ)
        planned = [fortnight(work, service, call.now) for service in here[:SERVICES]]
        mine = [] if planned else [own_fortnight(work, call.person, call.now)]
        changeable = [service for service in here[:SERVICES] if may_set_up(work, call.person, service)]
    return ahead.coming(planned or mine, call.person, changeable)


def preferences(call: Call) -> None:
    """Open the form for how the person wishes to be reminded."""
    call.open(views.form(call.person))


def submit_preferences(call: Call) -> Show:
    """Keep how the person wishes to be reminded; it holds from the next morning on."""
    chosen = views.chosen(call.values)
    with call.transaction() as work:
        person = work.get(Person, call.person.id)
        if person is not None and person.preferences != chosen:
            work.save(replace(person, preferences=chosen))
    answer = views.kept(chosen)
    return Show(parts.said("Reminders", answer.text, answer.blocks))


FEATURE = Feature(
    name="reminders",
    verbs=(
        Verb("reminders", "What the coming fortnight will send to whom, and when yours come", coming, reads=True),
        Verb("preferences", "Choose when your reminders come", preferences, reads=True),
    ),
    buttons=(
        Button("action.snooze", snooze),
        Button("reminders.seen", seen),
        Button("reminders.coming", coming),
        Button("reminders.preferences", preferences),
    ),
    forms=(Form("reminders.form", submit_preferences), Form("quiet.form", submit_day)),
)
