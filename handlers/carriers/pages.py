"""A person's App Home, refreshed after something on it changed."""

from bot.plan.people import Person
from handlers.carriers.outcome import Dropped, Outcome, Sent, Trip
from handlers.home import publish


def home(trip: Trip) -> Outcome:
    """HOME: the person's App Home as the records are now; nobody who never opened it is shown one."""
    with trip.desk.store.reading() as work:
        person = work.get(Person, trip.delivery.person_id)
    if person is None or not person.active:
        return Dropped("the person has left")
    if person.seen_home_at is None:
        return Dropped("the person has never opened Home")
    publish(trip.desk, person, trip.client)
    return Sent()
