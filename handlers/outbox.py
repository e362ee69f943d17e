"""The outbox: takes deliveries one lease at a time, has each carried once, and writes down what became of it."""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient

from bot.errors import Stale, StorageTrouble
from bot.timing.outbox import Delivery, DeliveryState
from bot.work import Work
from handlers.buckets import Buckets
from handlers.carriers.evidence import Passing
from handlers.carriers.outcome import Dropped, Outcome, Sent, Trip
from handlers.carriers.table import CARRIERS
from handlers.desk import Desk
from handlers.slack_errors import NO_STORAGE, Fate, Verdict, judge

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=120)  # longer than any one try may take
CALL_TIMEOUT = 10  # seconds for one call to Slack
# A reply that never came may belong to a call that Slack is still working on; look for its message after that.
DOUBT = timedelta(seconds=30)
FIRST_WAIT = 5.0  # seconds; doubled at each failed try
LONGEST_WAIT = 900.0
PATIENCE = 2.0  # seconds that `run_once` waits for its turn at a bucket instead of putting a delivery back
AT_HAND = 20  # deliveries that a process holds a lease on at once
IDLE = 1.0  # seconds between looks while nothing calls: a clock that was moved pokes nobody

KINDS = tuple(CARRIERS)
Settle = Callable[[Delivery], Delivery]


class Outbox:
    """Carries what waits, in a few threads. Any number of processes may run one over the same store."""

    def __init__(
        self, desk: Desk, called: threading.Event | None = None, *, workers: int = 4, buckets: Buckets | None = None
    ) -> None:
        """`called` is set by whoever leaves something to carry (the desk's `poke`)."""
        self._desk = desk
        self._buckets = buckets or Buckets()
        self._room = threading.Semaphore(AT_HAND)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="outbox")
        self._flying: set[str] = set()
        self._called = called or threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def poke(self) -> None:
        """There may be work."""
        self._called.set()

    def stop(self) -> None:
        """Finish what is on its way, take nothing new."""
        self._ended.set()
        self._called.set()
        if self._thread.is_alive():
            self._thread.join(CALL_TIMEOUT * 3)
        self._pool.shutdown(wait=True)

    def run_once(self, now: datetime) -> int:
        """Carry, in this thread, everything that is ready at `now`; how many were tried."""
        tried = 0
        while claimed := self._claim(now, 50):
            for delivery in claimed:
                wait = self._turn(delivery)
                if wait > PATIENCE:
                    self._put_back([(delivery, now + timedelta(seconds=wait))])
                    continue
                while wait > 0:
                    self._ended.wait(wait)
                    wait = self._turn(delivery)
                self._carry(delivery, now)
                tried += 1
        return tried

    def _run(self) -> None:
        while not self._ended.is_set():
            self._called.clear()
            try:
                soonest = self._hand_out()
            except Exception:  # a store that is away comes back; this thread must not be what ends
                log.exception("the outbox cannot reach its store")
                self._ended.wait(IDLE * 5)  # however often it is called meanwhile
                continue
            if soonest > 0:
                self._called.wait(soonest)

    def _hand_out(self) -> float:
        """Give what is ready and has its turn to the workers; seconds until there may be more."""
        room = 0
        while room < AT_HAND and self._room.acquire(blocking=False):
            room += 1
        now, soonest, early = self._desk.clock(), IDLE, []
        try:
            claimed = self._claim(now, room) if room else []
            for delivery in claimed:
                wait = self._turn(delivery)
                if wait > 0:
                    early.append((delivery, now + timedelta(seconds=wait)))
                    soonest = min(soonest, wait)
                else:
                    self._pool.submit(self._work_on, delivery, now)
                    room -= 1
            self._put_back(early)
        finally:
            if room:
                self._room.release(room)
        return 0.0 if room and claimed else soonest  # a worker that ends calls

    def _work_on(self, delivery: Delivery, now: datetime) -> None:
        try:
            self._carry(delivery, now)
        except Exception:  # the lease runs out and the delivery comes back in doubt; nothing is lost
            log.exception("not settled", delivery=delivery.id, kind=delivery.kind)
        finally:
            self._room.release()
            self._called.set()

    def _claim(self, now: datetime, limit: int) -> list[Delivery]:
        with self._desk.store.transaction() as work:
            return work.claim(now, now + LEASE, self.holder, limit, KINDS)

    def _turn(self, delivery: Delivery) -> float:
        carrier = CARRIERS[delivery.kind]
        return self._buckets.wait(delivery.id, delivery.workspace_id, carrier.method, carrier.place(delivery))

    def _carry(self, delivery: Delivery, now: datetime) -> None:
        """One try, and its result in one transaction."""
        if delivery.id in self._flying:
            return  # a clock that leapt ended the lease of a try that is still under way here, and will answer for it
        self._flying.add(delivery.id)
        try:
            self._try(delivery, now)
        finally:
            self._flying.discard(delivery.id)

    def _try(self, delivery: Delivery, now: datetime) -> None:
        carrier = CARRIERS[delivery.kind]
        try:
            client = patient(self._desk.client_of(delivery.workspace_id))
            trip = Trip(self._desk, client, delivery, now)
            outcome = carrier.carry(trip)
        except Exception as error:  # noqa: BLE001 - the edge of the program: written down, tried again or given up
            verdict = self._verdict(error, delivery)
            self._failed(delivery, verdict, now)
            return
        log.info("carried", delivery=delivery.id, kind=delivery.kind, outcome=type(outcome).__name__)
        self._settle(delivery, outcome, now)

    def _verdict(self, error: Exception, delivery: Delivery) -> Verdict:
        if isinstance(error, Passing):
            return Verdict(Fate.PASSING, str(error))
        if isinstance(error, StorageTrouble):
            log.error("no storage", delivery=delivery.id, kind=delivery.kind, trouble=str(error))
            return Verdict(Fate.PASSING, NO_STORAGE)
        verdict = judge(error)
        if verdict is None:
            # A fault of our own: tried again a few times, since what it met may have been passing, and then given up.
            log.error("failed", delivery=delivery.id, kind=delivery.kind, exc_info=error)
            return Verdict(Fate.PASSING, type(error).__name__)
        log.warning("not carried", delivery=delivery.id, kind=delivery.kind, error=verdict.error, fate=verdict.fate)
        if verdict.error == "ratelimited" and verdict.wait is not None:
            method = CARRIERS[delivery.kind].method
            self._buckets.pause(delivery.workspace_id, method, verdict.wait)
        return verdict

    def _settle(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
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

    def _failed(self, delivery: Delivery, verdict: Verdict, now: datetime) -> None:
        carrier = CARRIERS[delivery.kind]
        doubtful = verdict.fate is Fate.DOUBTFUL and not carrier.again_safe
        limited = verdict.wait is not None
        if verdict.fate is Fate.PERMANENT or verdict.fate is Fate.BLOCKS:
            self._give_up(delivery, verdict, now)
        elif delivery.attempts >= carrier.tries and not limited:
            why = NO_STORAGE if verdict.error == NO_STORAGE else "too_many_tries"
            self._give_up(delivery, Verdict(verdict.fate, why), now, last=verdict.error)
        else:
            wait = timedelta(seconds=verdict.wait or min(LONGEST_WAIT, FIRST_WAIT * 2 ** (delivery.attempts - 1)))
            at = now + (max(wait, DOUBT) if doubtful else wait)
            # To be asked to wait is no failed try.
            attempts = delivery.attempts - limited

            def again(current: Delivery) -> Delivery:
                return _waiting(current, at, verdict.error, attempts=attempts, doubtful=current.doubtful or doubtful)

            self._save(delivery, again)

    def _give_up(self, delivery: Delivery, verdict: Verdict, now: datetime, last: str = "") -> None:
        log.error("given up", delivery=delivery.id, kind=delivery.kind, error=last or verdict.error)
        # Nothing is sent while giving up, and the workspace may be gone; so there is no token.
        trip = Trip(self._desk, WebClient(retry_handlers=[]), delivery, now)

        def failed(current: Delivery) -> Delivery:
            return replace(current, state=DeliveryState.FAILED, lease_until=None, error=last or verdict.error)

        self._save(delivery, failed, lambda work: CARRIERS[delivery.kind].refused(work, trip, verdict))

    def _put_back(self, early: Sequence[tuple[Delivery, datetime]]) -> None:
        """Their turn has not come: others may go first. What was renewed since it was claimed is read again."""
        if early:
            with self._desk.store.transaction() as work:
                for delivery, at in early:
                    current = work.get(Delivery, delivery.id)
                    if current and current.state is DeliveryState.CLAIMED and current.holder == self.holder:
                        work.save(_waiting(current, at, current.error, attempts=current.attempts - 1))

    def _save(
        self, delivery: Delivery, settle: Settle, then: Callable[[Work], None] | None = None, *, always: bool = False
    ) -> None:
        """Write down a result, unless another process has taken the delivery over and answers for it now.

        `always`: what Slack has taken is written down whoever holds the lease; the other one will find it so."""
        for _ in range(3):
            try:
                with self._desk.store.transaction() as work:
                    current = work.get(Delivery, delivery.id)
                    if current is None or current.state is not DeliveryState.CLAIMED:
                        return
                    if current.holder != self.holder and not always:
                        return
                    work.save(settle(current))
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


def patient(client: WebClient) -> WebClient:
    """The same client with time enough for a reply, and without retries: a repeated post would be read twice."""
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=CALL_TIMEOUT,
        ssl=client.ssl,
        proxy=client.proxy,
        headers=client.headers,
        team_id=client.default_params.get("team_id"),
        retry_handlers=[],
    )
