"""What waits to be told: reminders owed to people, and deliveries on their way to Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class ReminderState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # answered meanwhile; `reason` says how
    LAPSED = "lapsed"  # older than its kind allows; shown in the digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder owed to one person. `key` is `kind:subject:period[:person]` and unique, so that any number of
    processes may offer it and it exists once."""

    id: str
    key: str
    workspace_id: str
    service_id: str
    kind: str
    subject_kind: str
    subject_id: str
    period: str
    person_id: str
    due_at: datetime
    state: ReminderState = ReminderState.WAITING
    reason: str = ""
    delivery_id: str | None = None
    version: int = 1


class DeliveryState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    DROPPED = "dropped"  # nothing left to say when its turn came
    FAILED = "failed"  # a permanent refusal by Slack, or too many tries


class DeliveryKind(StrEnum):
    """What the outbox carries."""

    MORNING = "morning"  # one person's reminders of one morning
    DIGEST = "digest"  # a service's week, composed when it is sent
    STATUS = "status"  # the status on its days, composed when it is sent
    WARNING = "warning"  # early warnings for one person, composed when it is sent
    POST = "post"  # a message to a channel or person, blocks in the payload
    UPDATE = "update"  # a change to a message posted before
    FETCH = "fetch"  # download an evidence file
    UPLOAD = "upload"  # make a file and share it
    WORKBOOK = "workbook"  # make a workbook of registers and share it with whoever asked
    IMPORT = "import"  # read a spreadsheet and say what it holds, or bring it in
    PICTURE = "picture"  # draw a measure's chart and hand it to Slack, for Home and windows
    HOME = "home"  # refresh a person's App Home
    PROFILE = "profile"  # ask Slack for a person's name, zone and standing
    GROUP = "group"  # ask Slack who is in a user group


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One job of the outbox; its id travels in the message's metadata. `key` is unique where a job must exist once."""

    id: str
    key: str
    workspace_id: str
    service_id: str | None = None
    kind: DeliveryKind
    payload: Mapping[str, Any]
    person_id: str | None = None
    channel: str | None = None
    state: DeliveryState = DeliveryState.WAITING
    next_at: datetime
    holder: str = ""
    lease_until: datetime | None = None
    attempts: int = 0
    doubtful: bool = False  # a try may have reached Slack although no answer came back
    error: str = ""
    ts: str | None = None
    sent_at: datetime | None = None
    version: int = 1
