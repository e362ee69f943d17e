"""How far a pack is: one message where it will arrive, changed as it goes on, at most once every three seconds."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Self

import structlog
from slack_sdk.errors import SlackApiError

from bot.ids import new_id
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryKind
from bot.work import Work
from handlers.carriers.outcome import Outcome, Sent, Trip
from handlers.carriers.posts import change
from handlers.views import packs as views

log = structlog.get_logger(__name__)

Seconds = Callable[[], float]
BETWEEN = 3.0  # seconds between two changes of the message


class Progress:
    """The message of one try. It is a courtesy: where Slack refuses it the pack is made all the same."""

    def __init__(self, trip: Trip, service: str, channel: str, ts: str, seconds: Seconds) -> None:
        """`ts` "" where there is no message. `seconds` measures how long things take."""
        self._trip, self._service = trip, service
        self._channel, self._ts = channel, ts
        self._seconds = seconds
        self._began = self._changed = seconds()
        self._shown = ""

    @classmethod
    def begin(cls, trip: Trip, place: str, seconds: Seconds = time.monotonic) -> Self:
        """Post the message, or find that of an earlier try."""
        payload = trip.delivery.payload
        with trip.desk.store.reading() as work:
            found = work.get(Service, payload["service_id"])
        service = found.name if found else ""
        if there := payload.get("progress"):
            return cls(trip, service, str(there["channel"]), str(there["ts"]), seconds)
        answer = views.progress(service, "")
        thread = {"thread_ts": payload["thread_ts"]} if payload.get("thread_ts") else {}
        try:
            posted = trip.client.chat_postMessage(channel=place, text=answer.text, blocks=answer.blocks, **thread)
        except (SlackApiError, OSError) as error:
            log.info("no progress shown", delivery=trip.delivery.id, error=type(error).__name__)
            return cls(trip, service, place, "", seconds)
        channel, ts = str(posted["channel"]), str(posted["ts"])
        with trip.desk.store.transaction() as work:
            current = work.get(Delivery, trip.delivery.id)
            if current:
                kept = {**current.payload, "progress": {"channel": channel, "ts": ts}}
                work.save(replace(current, payload=kept))
        return cls(trip, service, channel, ts, seconds)

    def at(self, stage: str) -> None:
        """The making has come to this stage; shown unless the message was changed a moment ago."""
        if not self._ts or stage == self._shown or self._seconds() - self._changed < BETWEEN:
            return
        answer = views.progress(self._service, stage, try_number=self._trip.delivery.attempts)
        try:
            change(self._trip.client, self._channel, self._ts, answer.text, answer.blocks)
        except (SlackApiError, OSError) as error:
            log.info("no progress shown", delivery=self._trip.delivery.id, error=type(error).__name__)
        self._shown, self._changed = stage, self._seconds()

    def ended(self, outcome: Outcome) -> Outcome:
        """The same outcome, after which the message says that the pack is there."""
        if not isinstance(outcome, Sent):
            return outcome
        took = self._seconds() - self._began
        wait = max(0.0, BETWEEN - (self._seconds() - self._changed))
        sentence = f"Ready, made and checked in {max(1, round(took))} s: it is the file below."
        return replace(outcome, then=lambda work: leave_ending(work, self._trip, sentence, wait=wait))


def leave_ending(work: Work, trip: Trip, sentence: str, *, failed: bool = False, wait: float = BETWEEN) -> None:
    """Have the message say how it ended, `wait` seconds from now; nothing where there is no message."""
    current = work.get(Delivery, trip.delivery.id) or trip.delivery
    there = current.payload.get("progress")
    if not there:
        return
    answer = views.ended(sentence, str(current.payload["service_id"]) if failed else "")
    work.enqueue(
        Delivery(
            id=new_id(trip.now),
            key=f"progress:{trip.delivery.id}:{'failed' if failed else 'done'}",
            workspace_id=trip.delivery.workspace_id,
            service_id=trip.delivery.service_id,
            kind=DeliveryKind.UPDATE,
            payload={**there, "text": answer.text, "blocks": answer.blocks},
            next_at=trip.desk.clock() + timedelta(seconds=wait),
        )
    )
