"""People, the roles they hold in services, and what each role may do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """A standing in one service; an action's owner needs none."""

    TEAM_LEADER = "team_leader"
    DEPUTY = "deputy"
    QUALITY_LEAD = "quality_lead"
    AUDIT_LEAD = "audit_lead"
    REGISTERED_MANAGER = "registered_manager"
    PROVIDER_OVERSIGHT = "provider_oversight"


ROLE_NAMES: dict[Role, str] = {
    Role.TEAM_LEADER: "Team leader",
    Role.DEPUTY: "Deputy manager",
    Role.QUALITY_LEAD: "Quality lead",
    Role.AUDIT_LEAD: "Audit lead",
    Role.REGISTERED_MANAGER: "Registered Manager",
    Role.PROVIDER_OVERSIGHT: "Provider oversight",
}


class Right(StrEnum):
    """Something a person may do in a service; the value reads on after "may not"."""

    READ = "read this plan"
    LOG = "log implementation"
    SIGNAL = "log a concern"
    UPDATE = "update this action"
    PLAN = "create or revise actions"
    IMPORT = "import a plan"
    HAND_OVER = "hand over what somebody leaves behind"
    SAMPLE = "record a sample"
    VERIFY = "verify an action"
    ASSURE = "record an assurance review"
    REASSESS = "record a reassessment"
    EVIDENCE = "link signals to a priority"
    MEASURE = "define a measure"
    GATHER = "gather a review pack"
    PREPARE = "prepare a governance meeting"
    PRIORITY = "open, change or close a priority"
    DECIDE = "decide a review"
    SIGN = "sign minutes"
    RETARGET = "change the target of a measure"
    OVERSEE = "record a provider review"
    ESCALATE = "escalate"
    ANSWER = "answer an early warning"
    EXPORT = "export the plan"
    SETUP = "change the service's set-up"


_T, _D, _Q, _A, _M, _P = Role
_EVERYONE = frozenset(Role)

RIGHTS: dict[Right, frozenset[Role]] = {
    Right.READ: _EVERYONE,
    Right.LOG: frozenset({_T, _D, _M}),
    # A concern is never turned away from somebody who works in the service: losing one costs more than a stray one.
    Right.SIGNAL: _EVERYONE - {_P},
    Right.UPDATE: frozenset({_M}),
    Right.PLAN: frozenset({_D, _M}),
    Right.IMPORT: frozenset({_D, _M}),
    Right.HAND_OVER: frozenset({_D, _M}),
    Right.SAMPLE: frozenset({_Q, _A, _M}),
    Right.VERIFY: frozenset({_Q, _M}),
    Right.ASSURE: frozenset({_Q, _M}),
    Right.REASSESS: frozenset({_A, _M}),
    Right.EVIDENCE: frozenset({_D, _Q, _M}),
    Right.MEASURE: frozenset({_Q, _M}),
    Right.GATHER: frozenset({_D, _M}),
    Right.PREPARE: frozenset({_Q, _M}),
    Right.PRIORITY: frozenset({_M}),
    Right.DECIDE: frozenset({_M}),
    Right.SIGN: frozenset({_M}),
    Right.RETARGET: frozenset({_M}),
    Right.OVERSEE: frozenset({_P}),
    Right.ESCALATE: frozenset({_M, _P}),
    Right.ANSWER: frozenset({_D, _Q, _M}),
    Right.EXPORT: frozenset({_D, _Q, _A, _M, _P}),
    Right.SETUP: frozenset({_M}),
}

# What the owner of an action may do to that action, whatever their role.
OWNER_RIGHTS: frozenset[Right] = frozenset({Right.READ, Right.LOG, Right.UPDATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a person wishes to be reminded; times are local to the person's zone."""

    hour: int | None = None  # the hour of the morning message; None follows the service
    nights: bool = False  # on nights: reminded before the night shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a Slack workspace, known by (workspace_id, slack_id). Personal data lives in this record alone."""

    id: str
    workspace_id: str
    slack_id: str
    name: str
    zone: str = "Europe/London"
    active: bool = True
    guest: bool = False
    admin: bool = False
    preferences: Preferences = Preferences()
    seen_home_at: datetime | None = None
    erased_at: datetime | None = None  # since when everything personal here is a pseudonym
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolding:
    """One role held by a person or by a Slack user group; service_id None means every service of the workspace.

    A role that ended stays on record: who was what at the time belongs to the account."""

    id: str
    workspace_id: str
    service_id: str | None
    role: Role
    person_id: str | None = None
    group_id: str | None = None
    ended_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    """A Slack user group that holds a role, with its members' Slack ids as last told by Slack."""

    id: str
    workspace_id: str
    slack_id: str
    name: str
    members: tuple[str, ...] = ()
    version: int = 1


def may(roles: Collection[Role], right: Right) -> bool:
    """Whether any of these roles carries the right."""
    return not RIGHTS[right].isdisjoint(roles)


def who_may(right: Right) -> str:
    """The roles that carry a right, as words: "Deputy manager or Registered Manager"."""
    names = [ROLE_NAMES[role] for role in Role if role in RIGHTS[right]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
