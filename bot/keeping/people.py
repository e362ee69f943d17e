"""Finding one member of staff by what an operator types, and what was sent to them."""

from bot.errors import NotFound
from bot.plan.people import Person
from bot.timing.outbox import Delivery
from bot.work import Work


def person_called(work: Work, typed: str) -> Person:
    """The person with that name, Slack id or id of ours. Raises NotFound, naming those who may be meant."""
    wanted = typed.strip()
    if not wanted:  # which would be whoever has no name
        raise NotFound("Nobody was named. Give the full name or the Slack id.")
    everybody = work.all(Person, order="name")
    for found in (
        [p for p in everybody if wanted in (p.id, p.slack_id)],
        [p for p in everybody if p.name.casefold() == wanted.casefold()],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            told = "; ".join(f"{p.name}, {p.slack_id} in {p.workspace_id}" for p in found)
            raise NotFound(f"More than one person is called {wanted!r}. Name one by the Slack id: {told}.")
    near = [p.name for p in everybody if wanted.casefold() in p.name.casefold()][:10]
    hint = f" Is it one of these: {', '.join(near)}?" if near else ""
    raise NotFound(f"Nobody is called {wanted!r} here. Give the full name or the Slack id.{hint}")


def is_to(delivery: Delivery, person: Person) -> bool:
    """Whether a message is to the person."""
    places = (delivery.channel, delivery.payload.get("channel"))
    return person.id in (delivery.person_id, delivery.payload.get("person")) or person.slack_id in places
