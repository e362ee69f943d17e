"""What the reminder rules hand over: something due on a day, to somebody, and the facts that they look at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.plan.actions import Action, Milestone
from bot.plan.people import Role
from bot.plan.priorities import Priority
from bot.plan.reviews import ReviewKind
from bot.plan.services import Service
from bot.timing.outbox import ReminderState

Subject = Action | Milestone | Priority | Service

SUBJECT_KINDS: dict[type[Subject], str] = {
    Action: "action",
    Milestone: "milestone",
    Priority: "priority",
    Service: "service",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """Who is to hear: one person, everybody who holds a role, or (all None) the service's channel.

    `without`: somebody who must not be asked, because nobody verifies their own action."""

    person_id: str | None = None
    role: Role | None = None
    without: str | None = None


CHANNEL = To()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The facts beside the record itself that the rules look at.

    `holders`: ids of the active people who hold each role in the service; `gone`: people who left the workspace.
    Of a priority: `unjudged_since` is the day of its oldest follow-up sample with no assurance review after it,
    `last_sample_on` the day of its newest sample. `reviewed`: for a priority the reviews it has had, for a service
    those that every live priority has had, as (kind, period). Of a service: `live` says whether it has any live
    priority, `for_oversight` whether any of them is persistent, high-risk or stalled.
    """

    service: Service
    holders: Mapping[Role, Collection[str]] = field(default_factory=dict)
    gone: Collection[str] = frozenset()
    unjudged_since: date | None = None
    last_sample_on: date | None = None
    reviewed: Collection[tuple[ReviewKind, str]] = frozenset()
    live: bool = True
    for_oversight: bool = True


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day on which a kind of reminder falls due for a subject. `period` is unique within kind and subject; what
    stands before a slash in it names a series of its own (one of several statutory clocks)."""

    on: date
    period: str
    to: tuple[To, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that fell due for one recipient; `state` is waiting, or lapsed with the reason."""

    kind: str
    subject_kind: str
    subject_id: str
    service_id: str
    period: str
    on: date
    to: To
    state: ReminderState = ReminderState.WAITING
    reason: str = ""

    def key(self, person_id: str | None) -> str:
        """The unique key of the reminder to that person (None: to the channel)."""
        key = f"{self.kind}:{self.subject_kind}:{self.subject_id}:{self.period}"
        return key if person_id is None else f"{key}:{person_id}"


def series_of(period: str) -> str:
    """The series that a period belongs to; of one series only the newest reminder is worth sending."""
    series, slash, _ = period.partition("/")
    return series if slash else ""


# Where nobody holds a role, these are asked instead, in this order: a reminder that reaches nobody is a lost one.
STAND_INS: dict[Role, tuple[Role, ...]] = {
    Role.TEAM_LEADER: (Role.DEPUTY, Role.REGISTERED_MANAGER, Role.PROVIDER_OVERSIGHT),
    Role.DEPUTY: (Role.REGISTERED_MANAGER, Role.PROVIDER_OVERSIGHT),
    Role.QUALITY_LEAD: (Role.REGISTERED_MANAGER, Role.PROVIDER_OVERSIGHT),
    Role.AUDIT_LEAD: (Role.QUALITY_LEAD, Role.REGISTERED_MANAGER, Role.PROVIDER_OVERSIGHT),
    Role.REGISTERED_MANAGER: (Role.PROVIDER_OVERSIGHT,),
    Role.PROVIDER_OVERSIGHT: (Role.REGISTERED_MANAGER,),
}


def recipients(to: To, context: Context) -> list[str]:
    """The ids of the people whom `to` means today, in order; empty for the channel and where nobody is left to ask.

    A person who left the workspace is stood in for by the deputy, a role that nobody holds by the next one up."""
    if to.person_id is not None and to.person_id not in context.gone:
        return [to.person_id]
    role = Role.DEPUTY if to.person_id is not None else to.role
    if role is None:
        return []
    for asked in (role, *STAND_INS[role]):
        people = sorted(set(context.holders.get(asked, ())) - {to.without} - set(context.gone))
        if people:
            return people
    return []
