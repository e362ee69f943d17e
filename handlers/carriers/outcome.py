"""What a carrier is given and what it may answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk import WebClient

from bot.ids import new_id
from bot.plan.people import Person
from bot.timing.outbox import Delivery, DeliveryKind, Reminder
from bot.work import Work
from handlers.desk import Desk
from handlers.slack_errors import Verdict

Then = Callable[[Work], None]


def nothing(_work: Work) -> None:
    """Nothing more to save."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Trip:
    """One try of one delivery. `client` never retries by itself. `in_time` says whether a call that must not happen
    twice may still be begun: another process may soon take the delivery over."""

    desk: Desk
    client: WebClient
    delivery: Delivery
    now: datetime
    in_time: Callable[[], bool] = _always


class HeldTooLong(Exception):
    """The lease has nearly run out (the database was away, the machine slept): somebody begins anew."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It is done; `then` is saved in the transaction that says so."""

    channel: str | None = None
    ts: str | None = None
    then: Then = nothing


@dataclass(frozen=True, slots=True)
class Dropped:
    """There was nothing left to do."""

    reason: str
    then: Then = nothing


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; it does not count as a try."""

    at: datetime
    reason: str
    then: Then = nothing


Outcome = Sent | Dropped | Later


def no_refusal(_work: Work, _trip: Trip, _verdict: Verdict) -> None:
    """Nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """How one kind of delivery is carried.

    `method` names the bucket of its call, `place` its channel's. `refused` is saved in the transaction that gives up
    (permanent refusal, or `tries` used up). `again_safe`: doing it twice does no harm, so doubt means trying again."""

    carry: Callable[[Trip], Outcome]
    method: str = ""
    place: Callable[[Delivery], str] = lambda _delivery: ""
    refused: Callable[[Work, Trip, Verdict], None] = no_refusal
    tries: int = 12  # an hour and more
    again_safe: bool = True


def slack_id(work: Work, workspace_id: str, named: str) -> str:
    """The Slack id of somebody who is named by our id or by Slack's."""
    person = work.get(Person, named)
    return person.slack_id if person and person.workspace_id == workspace_id else named


def tell(work: Work, trip: Trip, whom: str, text: str, key: str, *, answer_to: str = "") -> None:
    """Leave a direct message for somebody (our id or Slack's); with one key only ever one.

    `answer_to`: a response_url through which to tell them where they asked, as long as Slack allows."""
    delivery = trip.delivery
    to = slack_id(work, delivery.workspace_id, whom)
    work.enqueue(
        Delivery(
            id=new_id(trip.now),
            key=key,
            workspace_id=delivery.workspace_id,
            service_id=delivery.service_id,
            kind=DeliveryKind.POST,
            payload={"channel": to, "text": text, "answer_to": answer_to},
            next_at=trip.now,
        )
    )


def born(record: Delivery | Reminder) -> datetime:
    """When the record was made: the time in its id (see bot/ids.py). No try of a delivery came earlier."""
    return datetime.fromtimestamp(int(record.id[:12], 16) / 1000, UTC)
