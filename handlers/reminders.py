"""Reminders as people meet them: answered by a button, kept quiet for a while, and sent at the hour they like."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.errors import BadInput
from bot.plan import actions
from bot.plan.access import ref
from bot.plan.actions import Action, Milestone, open_action
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority
from bot.timing.outbox import Delivery, DeliveryState, Reminder
from bot.timing.workdays import DAY, local_date
from bot.work import Work
from handlers.carriers.morning import leave_update
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.views import parts
from handlers.views import preferences as views

# Older messages have scrolled away, and changing them all would use up Slack's patience.
KEPT_UP = timedelta(days=30)
KEPT_UP_MOST = 8


def touch(work: Work, subject: Action | Milestone | Priority, now: datetime) -> int:
    """Have the reminder messages that speak of a changed record say so; how many. Called where the record is saved."""
    hung = {r.delivery_id for r in work.all(Reminder, subject_id=subject.id) if r.delivery_id}
    if not hung:
        return 0
    out = (DeliveryState.SENT, DeliveryState.CLAIMED)
    sent = work.all(Delivery, order="-next_at", id=sorted(hung), state=out, limit=KEPT_UP_MOST)
    recent = [each for each in sent if now - (each.sent_at or each.next_at) < KEPT_UP]
    return sum(leave_update(work, each, f"{subject.id}:{subject.version}", now) for each in recent)


def snooze(call: Call) -> Answer | None:
    """Be quiet about an action until tomorrow, Monday, or for a week; its due date stays."""
    with call.desk.store.transaction() as work:
        action, service = open_action(work, call.person, call.value["action"], Right.UPDATE)
        today = local_date(call.now, service.zone)
        until = _until(str(call.value.get("for")), today)
        quiet = actions.snooze(work, call.person, action.id, until, call.request_id, call.now)
        if touch(work, quiet, call.now):
            return None  # the message in which it was chosen says so itself
    words = f"{ref(quiet)} is quiet until {parts.day(until)}. It is still due {parts.day(quiet.due_on)}."
    return Answer(words, [parts.section(words)])


def _until(choice: str, today: date) -> date:
    days = {"tomorrow": 1, "monday": 7 - today.weekday(), "week": 7}.get(choice)
    if days is None:
        raise BadInput("Choose one of: tomorrow, Monday, a week.")
    return today + days * DAY


def preferences(call: Call) -> None:
    """Open the form for how the person wishes to be reminded."""
    call.open(views.form(call.person))


def submit_preferences(call: Call) -> Show:
    """Keep how the person wishes to be reminded; it holds from the next morning on."""
    chosen = views.chosen(call.values)
    with call.desk.store.transaction() as work:
        person = work.get(Person, call.person.id)
        if person is not None and person.preferences != chosen:
            work.save(replace(person, preferences=chosen))
    answer = views.kept(chosen)
    return Show(parts.said("Reminders", answer.text, answer.blocks))


FEATURE = Feature(
    name="reminders",
    verbs=(Verb("reminders", "Choose when your reminders come", preferences, also=("preferences",)),),
    buttons=(Button("action.snooze", snooze), Button("reminders.preferences", preferences)),
    forms=(Form("reminders.form", submit_preferences),),
)
