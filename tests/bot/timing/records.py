"""Records to try the timing rules on: one invented home, its people, and a plan's parts with plain defaults."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.plan.actions import Action, Milestone
from bot.plan.people import Person, Preferences, Role
from bot.plan.priorities import Priority, Risk
from bot.plan.services import Nation, Service
from bot.timing.due import Context
from bot.timing.outbox import Reminder

WRITTEN = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)

HOLDERS = {
    Role.DEPUTY: ("dep",),
    Role.QUALITY_LEAD: ("qua",),
    Role.AUDIT_LEAD: ("aud",),
    Role.REGISTERED_MANAGER: ("man",),
    Role.PROVIDER_OVERSIGHT: ("pro",),
}


def utc(day: str, at: str = "00:00") -> datetime:
    """An instant in UTC from an ISO date and a time."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), UTC)


def instants(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Whole seconds between two midnights in UTC."""
    seconds = int((utc(last) - utc(first)).total_seconds())
    return st.integers(0, seconds).map(lambda n: utc(first) + timedelta(seconds=n))


def day(iso: str) -> date:
    return date.fromisoformat(iso)


def service(**changes: Any) -> Service:
    return Service(**{"id": "oak", "workspace_id": "T1", "channel_id": "C1", "name": "Oak House", **changes})


def scottish() -> Service:
    return service(nation=Nation.SCOTLAND)


def context(**changes: Any) -> Context:
    return Context(**{"service": service(), "holders": HOLDERS, **changes})


def person(zone: str = "Europe/London", hour: int | None = None, *, nights: bool = False) -> Person:
    return Person(
        id="own",
        workspace_id="T1",
        slack_id="U1",
        name="A. Khan",
        zone=zone,
        preferences=Preferences(hour=hour, nights=nights),
    )


def action(due_on: str, **changes: Any) -> Action:
    given = {
        "id": "a12",
        "workspace_id": "T1",
        "service_id": "oak",
        "number": 12,
        "priority_id": "p3",
        "what": "Use the eight-line handover sheet",
        "owner_id": "own",
        "due_on": day(due_on),
        "check": "Read 20 sheets picked at random",
        "person_id": "dep",
        "written_at": WRITTEN,
    }
    return Action(**{**given, **changes})


def milestone(on: str, **changes: Any) -> Milestone:
    given = {"id": "m1", "service_id": "oak", "priority_id": "p3", "on": day(on), "person_id": "dep"}
    return Milestone(**{**given, "written_at": WRITTEN, **changes})


def priority(**changes: Any) -> Priority:
    given = {
        "id": "p3",
        "workspace_id": "T1",
        "service_id": "oak",
        "number": 3,
        "title": "Handovers",
        "problem_statement": "Changes in care are lost between shifts",
        "rationale": "People miss care",
        "evidence_base": "",
        "affected_areas": "Willow unit",
        "theme": "handover",
        "risk": Risk.HIGH,
        "quality_statement": "Safe systems, pathways and transitions",
        "lead_id": "man",
        "opened_on": day("2026-01-05"),
        "person_id": "man",
        "written_at": WRITTEN,
    }
    return Priority(**{**given, **changes})


def reminder(kind: str, period: str, due_at: datetime, person_id: str = "own", subject_id: str = "a12") -> Reminder:
    return Reminder(
        id=f"{kind}{period}{person_id}",
        key=f"{kind}:action:{subject_id}:{period}:{person_id}",
        workspace_id="T1",
        service_id="oak",
        kind=kind,
        subject_kind="action",
        subject_id=subject_id,
        period=period,
        person_id=person_id,
        due_at=due_at,
    )
