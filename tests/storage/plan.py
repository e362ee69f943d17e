"""A small plan to store: a person, a service, a priority, an action; and any record with every field filled."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from bot.ids import new_id
from bot.plan.actions import Action, ActionStatus
from bot.plan.journal import note
from bot.plan.measures import Measure
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryKind, Reminder
from bot.work import Work

NOW = datetime(2026, 10, 25, 0, 59, 59, 123456, tzinfo=UTC)  # a second before the clocks go back


def filled(kind: type[Any], *, bare: bool = False, **given: Any) -> Any:
    """A record of this kind with a value in every field; `bare` leaves out whatever may be None."""
    hints = get_type_hints(kind)
    return kind(**{field.name: value_of(hints[field.name], field.name, bare=bare) for field in fields(kind)} | given)


def value_of(shape: Any, name: str, *, bare: bool) -> Any:
    """Some value of a field's type; a field that names another record names one of `planted`."""
    origin, words = get_origin(shape), get_args(shape)
    if origin in (Union, UnionType):
        return None if bare else value_of(next(one for one in words if one is not NoneType), name, bare=bare)
    if origin is tuple:
        return () if bare else (value_of(words[0], name, bare=bare),) * 2
    if origin is Mapping:
        return {} if bare else {"deep": [1, 2.5, None, "ten £ ’ \u0000 \U0001f600"], "a": {"b": True}}
    if is_dataclass(shape):
        return filled(cast(type[Any], shape))
    if isinstance(shape, type) and issubclass(shape, StrEnum):
        return list(shape)[-1]
    plain = {
        str: PARENT_IDS.get(name, "Zoë’s “words” – 100% 'quoted'\n\\ ; %s :x"),
        int: 7,
        float: 0.1,
        bool: True,
        date: date(2026, 2, 28),
        time: time(23, 59, 59, 5),
        datetime: NOW,
    }
    return plain[shape]


PARENT_IDS = {
    "service_id": "service",
    "priority_id": "priority",
    "action_id": "action",
    "measure_id": "measure",
    "person_id": "person",
    "owner_id": "person",
    "lead_id": "person",
}


def plant(work: Work, workspace: str = "T1", tail: str = "") -> Action:
    """Store a service with one person, priority, measure and action; the action is journalled and given back."""
    person = Person(id=f"person{tail}", workspace_id=workspace, slack_id="U1", name="Rosa Diaz")
    work.add(person)
    work.add(Service(id=f"service{tail}", workspace_id=workspace, channel_id="C1", name="Elm House"))
    here: dict[str, Any] = {"workspace_id": workspace, "service_id": f"service{tail}", "person_id": person.id}
    priority = filled(Priority, bare=True, id=f"priority{tail}", lead_id=person.id, **here)
    work.add(priority)
    note(work, person, NOW, "open priority", after=priority)
    measure = filled(Measure, bare=True, id=f"measure{tail}", priority_id=priority.id, **here)
    work.add(measure)
    note(work, person, NOW, "add measure", after=measure)
    return add_action(work, workspace=workspace, tail=tail, id=f"action{tail}")


def add_action(work: Work, *, workspace: str = "T1", tail: str = "", **given: Any) -> Action:
    """Store and journal one more action of the planted priority."""
    action = Action(
        **{
            "id": new_id(NOW),
            "workspace_id": workspace,
            "service_id": f"service{tail}",
            "number": work.next_number(workspace, "A"),
            "priority_id": f"priority{tail}",
            "what": "Brief night staff on the new sheet",
            "owner_id": f"person{tail}",
            "due_on": date(2026, 11, 2),
            "check": "Ten sheets looked at",
            "status": ActionStatus.PLANNED,
            "person_id": f"person{tail}",
            "written_at": NOW,
            **given,
        }
    )
    work.add(action)
    note(work, work.get(Person, f"person{tail}"), NOW, "create action", after=action)
    return action


def reminder(key: str, **given: Any) -> Reminder:
    """A reminder about the planted action."""
    facts: dict[str, Any] = {
        "id": f"r-{key}",
        "key": key,
        "workspace_id": "T1",
        "service_id": "service",
        "kind": "overdue",
        "subject_kind": "action",
        "subject_id": "action",
        "period": "2026-11-02",
        "person_id": "person",
        "due_at": NOW,
    }
    return Reminder(**facts | given)


def delivery(key: str, **given: Any) -> Delivery:
    """A job of the outbox."""
    facts: dict[str, Any] = {
        "id": f"d-{key}",
        "key": key,
        "workspace_id": "T1",
        "kind": DeliveryKind.POST,
        "payload": {"text": key},
        "next_at": NOW,
    }
    return Delivery(**facts | given)
