"""Early warnings that a person's morning message takes along: a morning is one message, whatever it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.ids import new_id
from bot.plan.access import rights_in
from bot.plan.account import load
from bot.plan.actions import Action, Milestone
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.plan.warnings import EarlyWarning, stands
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder, ReminderState
from bot.work import Work
from handlers.moments import next_moment
from handlers.views import warnings as views
from handlers.views.warnings import Noticed

ALONG = "told in the morning message"
# So long an early warning waits for a morning message that is being made; then it goes alone.
WAITS = timedelta(minutes=5)
# An early warning is due a little after it was noticed, or after the morning: a message of that morning takes it along.
AFTER = timedelta(seconds=2)


class InHand(Exception):
    """Somebody holds an early warning that the morning would take along."""


Told = Mapping[str, Sequence[str]]  # service id -> ids of early warnings


def told_in(morning: Delivery) -> Told:
    """The early warnings that a morning message has taken along."""
    return dict(morning.payload.get("along", {}))


def to_take(work: Work, morning: Delivery, now: datetime) -> list[Delivery]:
    """What waits for the person about now, and has surely not been sent. Raises InHand where some of it is just in
    somebody's hands: it will be put back, since the morning is on its way."""
    unsent = (DeliveryState.WAITING, DeliveryState.CLAIMED)
    found = work.all(Delivery, person_id=morning.person_id, state=unsent, doubtful=False)
    due = [d for d in found if d.kind is DeliveryKind.WARNING and d.next_at <= now + WAITS and "again" not in d.payload]
    if any(each.state is DeliveryState.CLAIMED for each in due):
        raise InHand
    return due


def take_along(work: Work, morning: Delivery, now: datetime) -> Delivery:
    """Have a morning tell the early warnings that wait for the same person by now, instead of messages of their own."""
    waiting = to_take(work, morning, now)
    if not waiting:
        return morning
    along = {service: list(ids) for service, ids in told_in(morning).items()}
    for each in waiting:
        ids = along.setdefault(str(each.service_id), [])
        ids += [one for one in each.payload["warnings"] if one not in ids]
        work.save(
            replace(each, state=DeliveryState.DROPPED, error=ALONG, payload={**each.payload, "along": morning.id})
        )
    current = work.get(Delivery, morning.id) or morning
    return work.save(replace(current, payload={**current.payload, "along": along}))


def waits_for_morning(work: Work, warning: Delivery, person: Person, now: datetime) -> bool:
    """Whether a morning message to the same person is on its way or about to be made, which will take this along."""
    if now - warning.next_at > WAITS:
        return False
    unsent = work.all(Delivery, person_id=person.id, state=[DeliveryState.WAITING, DeliveryState.CLAIMED])
    if any(each.kind is DeliveryKind.MORNING and each.next_at <= now for each in unsent):
        return True
    owed = work.all(Reminder, person_id=person.id, state=ReminderState.WAITING, delivery_id=None)
    return any(each.due_at <= now for each in owed) or work.any_waking((Action, Milestone, Priority), now)


def give_back(work: Work, morning: Delivery, person: Person, now: datetime) -> None:
    """The morning is not sent after all: what it took along goes by itself, or with the next one."""
    for service_id, ids in told_in(morning).items():
        service = work.get(Service, service_id)
        if service is not None and ids:
            leave_warnings(work, service, person, ids, f"warning:{person.id}:{ids[0]}:{morning.id}", now)


def leave_warnings(work: Work, service: Service, person: Person, ids: Sequence[str], key: str, now: datetime) -> None:
    """Leave early warnings to be told to a person at their next moment; once for each key."""
    work.enqueue(
        Delivery(
            id=new_id(now),
            key=key,
            workspace_id=service.workspace_id,
            service_id=service.id,
            kind=DeliveryKind.WARNING,
            person_id=person.id,
            payload={"warnings": list(ids)},
            next_at=next_moment(now, person, service) + AFTER,
        )
    )


def noticed(work: Work, morning: Delivery, person: Person) -> list[Noticed]:
    """What a morning has taken along, as things are now; before it is sent only what still stands."""
    found = []
    for service_id, ids in told_in(morning).items():
        service = work.get(Service, service_id)
        kept = [w for w in work.all(EarlyWarning, order="number", id=list(ids)) if morning.sent_at or stands(w)]
        if service is not None and kept:
            found.append(as_noticed(work, service, person, kept))
    return found


def as_noticed(work: Work, service: Service, person: Person, kept: Sequence[EarlyWarning]) -> Noticed:
    """Early warnings of a service as they are shown to a person now."""
    account = load(work, service)
    answerers = sorted({w.answered_by for w in kept if w.answered_by})
    names = {p.id: p.name for p in work.all(Person, id=answerers)} if answerers else {}
    items = [views.shown(account, w, names.get(w.answered_by or "", "")) for w in kept]
    return Noticed(items, service.name, rights_in(work, person, service))
