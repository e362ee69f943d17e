"""What became of one try of a delivery, written down in one transaction with all that follows from it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient

from bot.errors import Stale
from bot.timing.outbox import Delivery, DeliveryState
from bot.work import Work
from handlers.buckets import Buckets
from handlers.carriers.outcome import Dropped, Outcome, Sent, Trip
from handlers.carriers.table import CARRIERS
from handlers.desk import Desk
from handlers.slack_errors import NO_STORAGE, Fate, Verdict

log = structlog.get_logger(__name__)

FIRST_WAIT = 5.0  # seconds; doubled at each failed try
LONGEST_WAIT = 900.0

Change = Callable[[Delivery], Delivery]


class Settling:
    """Writes results down for one holder of deliveries."""

    def __init__(self, desk: Desk, holder: str, buckets: Buckets) -> None:
        self._desk = desk
        self._holder = holder
        self._buckets = buckets

    def carried(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """The carrier has answered."""

        def settled(current: Delivery) -> Delivery:
            if isinstance(outcome, Sent):
                return replace(
                    current,
                    state=DeliveryState.SENT,
                    doubtful=False,
                    lease_until=None,
                    channel=outcome.channel or current.channel,
                    ts=outcome.ts,
                    sent_at=now,
                    error="",
                )
            if isinstance(outcome, Dropped):
                return replace(current, state=DeliveryState.DROPPED, lease_until=None, error=outcome.reason)
            return _waiting(current, outcome.at, outcome.reason, attempts=current.attempts - 1)

        self._save(delivery, settled, outcome.then, always=isinstance(outcome, Sent))

    def failed(self, delivery: Delivery, verdict: Verdict, now: datetime) -> None:
        """The carrier has raised: tried again later, or given up."""
        carrier = CARRIERS[delivery.kind]
        doubtful = verdict.fate is Fate.DOUBTFUL and not carrier.again_safe
        limited = verdict.wait is not None
        if verdict.fate in (Fate.PERMANENT, Fate.BLOCKS):
            self._give_up(delivery, verdict, now)
        elif delivery.attempts >= carrier.tries and not limited:
            why = NO_STORAGE if verdict.error == NO_STORAGE else "too_many_tries"
            self._give_up(delivery, Verdict(verdict.fate, why), now, last=verdict.error)
        else:
            wait = timedelta(seconds=verdict.wait or min(LONGEST_WAIT, FIRST_WAIT * 2 ** (delivery.attempts - 1)))
            attempts = delivery.attempts - limited  # to be asked to wait is no failed try

            def again(current: Delivery) -> Delivery:
                doubt = current.doubtful or doubtful
                return _waiting(current, now + wait, verdict.error, attempts=attempts, doubtful=doubt)

            self._save(delivery, again, lambda work: self._paused(work, delivery, verdict, now))

    def _paused(self, work: Work, delivery: Delivery, verdict: Verdict, now: datetime) -> None:
        """After a 429 no process calls that method in that workspace before Slack listens again."""
        rate = self._buckets.rate(verdict.method)
        if verdict.wait is not None and rate is not None:
            until, apart = now + timedelta(seconds=verdict.wait), timedelta(seconds=1 / rate.per_second)
            work.pause(delivery.workspace_id, verdict.method, until, apart, rate.burst, now)

    def _give_up(self, delivery: Delivery, verdict: Verdict, now: datetime, last: str = "") -> None:
        log.error("given up", delivery=delivery.id, kind=delivery.kind, error=last or verdict.error)
        # Nothing is sent while giving up, and the workspace may be gone; so there is no token.
        trip = Trip(self._desk, WebClient(retry_handlers=[]), delivery, now)

        def given_up(current: Delivery) -> Delivery:
            return replace(current, state=DeliveryState.FAILED, lease_until=None, error=last or verdict.error)

        self._save(delivery, given_up, lambda work: CARRIERS[delivery.kind].refused(work, trip, verdict))

    def put_back(self, early: Sequence[tuple[Delivery, datetime]]) -> None:
        """Their turn has not come: others may go first. What was renewed since it was claimed is read again."""
        if early:
            with self._desk.store.transaction() as work:
                for delivery, at in early:
                    current = work.get(Delivery, delivery.id)
                    if current and current.state is DeliveryState.CLAIMED and current.holder == self._holder:
                        work.save(_waiting(current, at, current.error, attempts=current.attempts - 1))

    def _save(
        self, delivery: Delivery, change: Change, then: Callable[[Work], None] | None = None, *, always: bool = False
    ) -> None:
        """Write down a result, unless another process has taken the delivery over and answers for it now.

        `always`: what Slack has taken is written down whoever holds the lease; the other one will find it so."""
        for _ in range(3):
            try:
                with self._desk.store.transaction() as work:
                    current = work.get(Delivery, delivery.id)
                    if current is None or current.state is not DeliveryState.CLAIMED:
                        return
                    if current.holder != self._holder and not always:
                        return
                    work.save(change(current))
                    if then:
                        then(work)
                    return
            except Stale:
                log.info("settled beside another", delivery=delivery.id)


def _waiting(current: Delivery, at: datetime, error: str, *, attempts: int, doubtful: bool | None = None) -> Delivery:
    return replace(
        current,
        state=DeliveryState.WAITING,
        lease_until=None,
        holder="",
        next_at=at,
        error=error,
        attempts=attempts,
        doubtful=current.doubtful if doubtful is None else doubtful,
    )
