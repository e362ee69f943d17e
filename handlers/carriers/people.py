"""What Slack knows of one person, kept as it is now."""

from datetime import datetime

from bot.plan import roster
from bot.plan.actions import Action, is_open
from bot.plan.people import Person, UserGroup
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.timing.outbox import Reminder, ReminderState
from bot.work import Work
from handlers import groups
from handlers.callers import profile_of
from handlers.carriers.leaving import ask_who_takes_over
from handlers.carriers.outcome import Dropped, Outcome, Sent, Trip
from handlers.contexts import SUBJECTS

LOOKED_BACK = 200  # reminders; what is older was answered long since


def profile(trip: Trip) -> Outcome:
    """PROFILE: the person's name, zone and standing, as Slack has them."""
    with trip.desk.store.reading() as work:
        person = work.get(Person, trip.delivery.person_id)
    if person is None:
        return Dropped("nobody of that id is known")
    told = profile_of(trip.client.users_info(user=person.slack_id)["user"], person.workspace_id)
    return Sent(then=lambda work: _keep(work, trip, person.id, told))


def _keep(work: Work, trip: Trip, person_id: str, told: dict[str, object]) -> None:
    person = work.get(Person, person_id)
    if person is None:
        return
    saved = roster.profile_told(work, person, **told)  # type: ignore[arg-type]  # profile_of gives just these
    if person.active != saved.active:
        wake_for(work, saved, trip.now)


def members(trip: Trip) -> Outcome:
    """GROUP: {group}; who is in it now."""
    with trip.desk.store.reading() as work:
        group = work.get(UserGroup, str(trip.delivery.payload["group"]))
    if group is None:
        return Dropped("no user group of that id is known")
    found = trip.client.usergroups_users_list(usergroup=group.slack_id)["users"]

    def keep(work: Work) -> None:
        if now := work.get(UserGroup, group.id):
            groups.told(work, now, found, trip.now)

    return Sent(then=keep)


def wake_for(work: Work, person: Person, now: datetime) -> None:
    """Somebody left or came back: who hears of what they own, or were owed, is worked out anew.

    The deputy is asked who takes over from somebody who left."""
    if not person.active:
        ask_who_takes_over(work, person, now)
    for action in work.all(Action, owner_id=person.id):
        if is_open(action):
            work.rouse(Action, action.id, now)
            work.rouse(Service, action.service_id, now)
    for priority in work.all(Priority, workspace_id=person.workspace_id, lead_id=person.id):
        work.rouse(Service, priority.service_id, now)
    unsent = (ReminderState.WAITING, ReminderState.DROPPED)
    owed = work.all(Reminder, order="-due_at", person_id=person.id, state=unsent, limit=LOOKED_BACK)
    for kind, subject_id in {(reminder.subject_kind, reminder.subject_id) for reminder in owed}:
        work.rouse(SUBJECTS[kind], subject_id, now)
