"""What Slack knows of one person, kept as it is now."""

from datetime import datetime

from bot.plan import roster
from bot.plan.actions import Action, is_open
from bot.plan.people import Person
from bot.work import Work
from handlers.callers import profile_of
from handlers.carriers.outcome import Dropped, Outcome, Sent, Trip


def profile(trip: Trip) -> Outcome:
    """PROFILE: the person's name, zone and standing, as Slack has them."""
    with trip.desk.store.reading() as work:
        person = work.get(Person, trip.delivery.person_id)
    if person is None:
        return Dropped("nobody of that id is known")
    told = profile_of(trip.client.users_info(user=person.slack_id)["user"])
    return Sent(then=lambda work: _keep(work, trip, person.id, told))


def _keep(work: Work, trip: Trip, person_id: str, told: dict[str, object]) -> None:
    person = work.get(Person, person_id)
    if person is None:
        return
    saved = roster.profile_told(work, person, **told)  # type: ignore[arg-type]  # profile_of gives just these
    if person.active != saved.active:
        wake_actions(work, saved, trip.now)


def wake_actions(work: Work, person: Person, now: datetime) -> None:
    """Somebody left or came back: who hears of their open actions is worked out anew."""
    for action in work.all(Action, owner_id=person.id):
        if is_open(action):
            work.rewake(Action, action.id, now)
