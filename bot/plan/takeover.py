"""What a person owns in a service, and handing it to somebody else when they leave."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import BadInput
from bot.plan.access import colleague, open_service, roles_in
from bot.plan.actions import OPEN_STATUSES, Action, ActionStatus
from bot.plan.fields import Form, OptionalText
from bot.plan.people import Person, Right, may
from bot.plan.priorities import LIVE_STATUSES, Priority
from bot.plan.revisions import revised
from bot.plan.saving import save
from bot.work import Work


@dataclass(frozen=True)
class Owned:
    """What somebody answers for: open actions (those awaiting a check too) and live priorities that they lead."""

    actions: tuple[Action, ...]
    priorities: tuple[Priority, ...]

    def __bool__(self) -> bool:
        return bool(self.actions or self.priorities)


class HandOver(Form):
    """Everything that one person owns in a service goes to another."""

    service_id: str
    from_id: str
    to_id: str
    reason: OptionalText = ""


def owned_by(work: Work, service_id: str, person_id: str) -> Owned:
    """What a person owns in a service."""
    statuses = [*OPEN_STATUSES, ActionStatus.DONE]
    return Owned(
        tuple(work.all(Action, order="due_on", service_id=service_id, owner_id=person_id, status=statuses)),
        tuple(work.all(Priority, order="number", service_id=service_id, lead_id=person_id, status=list(LIVE_STATUSES))),
    )


def left_behind(work: Work, service_id: str) -> list[tuple[Person, Owned]]:
    """The people who left the workspace and what they still own in a service, by name."""
    owners = {a.owner_id for a in work.all(Action, service_id=service_id, status=list(OPEN_STATUSES))}
    owners |= {p.lead_id for p in work.all(Priority, service_id=service_id, status=list(LIVE_STATUSES))}
    gone = work.all(Person, order="name", id=sorted(owners), active=False) if owners else []
    return [(person, owned_by(work, service_id, person.id)) for person in gone]


def hand_over(work: Work, person: Person, form: HandOver, now: datetime) -> tuple[Owned, Owned]:
    """Give all that somebody owns to a colleague: what was handed over, and what is left because it takes the right to
    change priorities. Actions that await their check stay with whoever did them.

    Raises NotFound, NotAllowed, BadInput (nothing owned, to themselves, somebody who left)."""
    service = open_service(work, person, form.service_id, Right.HAND_OVER)
    if form.request_id and work.event_of(form.request_id):
        return Owned((), ()), owned_by(work, service.id, form.from_id)
    leaver = work.get(Person, form.from_id)
    if leaver is None or leaver.workspace_id != person.workspace_id:
        raise BadInput("That person is not known here. Choose somebody from the list.", field="from_id")
    to = colleague(work, person, form.to_id, "to_id")
    if to.id == leaver.id:
        raise BadInput(f"{to.name} owns it already. Choose somebody else.", field="to_id")
    owned = owned_by(work, service.id, leaver.id)
    actions = [a for a in owned.actions if a.status in OPEN_STATUSES]
    priorities = list(owned.priorities) if may(roles_in(work, person, service.id), Right.PRIORITY) else []
    if not actions and not owned.priorities:
        raise BadInput(f"{leaver.name} owns nothing open in {service.name}.", field="from_id")
    reason = form.reason or f"taken over from {leaver.name}"
    requests = iter([form.request_id])
    given = [
        revised(
            work,
            person,
            now,
            "assign action",
            action,
            replace(action, owner_id=to.id, not_mine_at=None, snoozed_until=None, wake_at=now),
            reason,
            next(requests, None),
        )[0]
        for action in actions
    ]
    led = [
        save(
            work,
            person,
            now,
            "hand over priority",
            priority,
            replace(priority, lead_id=to.id, wake_at=now),
            reason=reason,
            request_id=next(requests, None),
        )
        for priority in priorities
    ]
    return Owned(tuple(given), tuple(led)), owned_by(work, service.id, leaver.id)
