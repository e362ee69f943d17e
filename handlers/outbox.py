"""The outbox: takes deliveries one lease at a time, has each carried once, when its turn with Slack has come."""

import os
import secrets
import socket
import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from slack_sdk import WebClient

from bot.errors import SealedToken, Stale, StorageTrouble
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from bot.work import Work
from handlers.buckets import LOOKING, Buckets
from handlers.carriers.evidence import Passing
from handlers.carriers.outcome import HeldTooLong, Later, Outcome, Trip
from handlers.carriers.table import CARRIERS
from handlers.desk import Desk
from handlers.doubts import Patience, Watch
from handlers.settling import Settling
from handlers.slack_errors import NO_STORAGE, Fate, Verdict, judge

log = structlog.get_logger(__name__)

AT_HAND = 64  # deliveries that a process holds a lease on at once
SHARE = 10  # of one kind and workspace taken at once, when half of that or less is left: two seconds of posts
PATIENCE = 2.0  # seconds that `run_once` waits for a turn
TOO_LONG = 20.0  # seconds after which whatever has no turn is put back instead of being held
BARREN = 0.5  # seconds
SEALED = timedelta(minutes=1)  # until a token is tried again that no key opens
IDLE = 1.0  # seconds between looks while nothing calls: a clock that was moved pokes nobody
DOUBTED = 500  # deliveries in doubt that are watched at once
KINDS = tuple(CARRIERS)
# A kind that is left while any of the other is in hand: a morning message takes early warnings along.
AFTER = {DeliveryKind.WARNING: DeliveryKind.MORNING}


@dataclass(slots=True)
class Job:
    """A delivery that this process holds: since when (Watch.holding), and when its turn is (Buckets.monotonic)."""

    delivery: Delivery
    since: float
    turn: float


class Outbox:
    """Carries what waits, in a few threads. Any number of processes may run one over the same store."""

    def __init__(
        self,
        desk: Desk,
        called: threading.Event | None = None,
        *,
        workers: int = 8,
        buckets: Buckets | None = None,
        watch: Watch | None = None,
    ) -> None:
        """`called` is set by `poke`, which the store calls when something is left to carry."""
        self._desk = desk
        self._buckets = buckets or Buckets()
        self._watch = watch or Watch(Patience(desk.settings.lease_seconds))
        self._patience = self._watch.patience
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="outbox")
        self._hand: list[Job] = []  # held, and not with the workers yet
        self._flying: dict[str, Delivery] = {}
        self._barren: dict[DeliveryKind, tuple[frozenset[str], int]] = {}
        self._called = called or threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._settling = Settling(desk, self.holder, self._buckets)

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def poke(self) -> None:
        """There may be work."""
        self._called.set()

    def stop(self) -> None:
        """Finish what is on its way, give back what is held, take nothing new."""
        self._ended.set()
        self._called.set()
        if self._thread.is_alive():
            self._thread.join(self._patience.call * 3)
        now = self._desk.clock()
        self._settling.put_back([(job.delivery, now) for job in self._hand])
        self._hand = []
        self._pool.shutdown(wait=True)

    def run_once(self, now: datetime) -> int:
        """Carry, in this thread, everything that is ready at `now`; how many were tried."""
        tried = 0
        while self._gather(now, at_once=True):
            hand, self._hand = sorted(self._hand, key=lambda job: job.turn), []
            for job in hand:
                wait = self._wait(job)
                if wait > PATIENCE:
                    self._settling.put_back([(job.delivery, now + timedelta(seconds=wait))])
                    continue
                while wait > 0:
                    self._ended.wait(wait)
                    wait = self._wait(job)
                self._flying[job.delivery.id] = job.delivery
                self._carry(job, now)
                tried += 1
        return tried

    def _run(self) -> None:
        while not self._ended.is_set():
            self._called.clear()
            soonest = IDLE
            try:
                self._gather(self._desk.clock())
                soonest = self._hand_out()
            except Exception:  # a store that is away comes back; this thread must not be what ends
                log.exception("the outbox cannot reach its store")
                self._ended.wait(IDLE * 5)  # however often it is called meanwhile
                continue
            if soonest > 0:
                self._called.wait(soonest)

    def _gather(self, now: datetime, *, at_once: bool = False) -> int:
        """Take what is ready and what was in doubt for long enough; how many there are that were not held before."""
        had = len(self._hand)
        look = self._watch.is_time() or at_once
        with self._desk.store.reading() as work:
            ready = work.ready_kinds(now, KINDS)
            doubted = work.in_doubt(DOUBTED) if look else []
        for kind in KINDS:
            held = {delivery.kind for delivery in self._held()}
            if kind in ready and AFTER.get(kind) not in held:
                self._take(kind, now)
        if look:
            for delivery in self._watch.ripe(doubted, {d.id for d in self._held()}, now):
                self._take_over(delivery, now)
        return len(self._hand) - had

    def _take(self, kind: DeliveryKind, now: datetime) -> None:
        """Take deliveries of a kind, of each workspace only what its turns allow: one that is full delays no other."""
        while (room := AT_HAND - len(self._hand) - len(self._flying)) > 0:
            held = Counter(d.workspace_id for d in self._held() if d.kind is kind)
            full = frozenset(workspace for workspace, count in held.items() if count > SHARE / 2)
            since = self._watch.holding()
            if full and self._barren.get(kind) == (full, int(since / BARREN)):
                return  # a moment ago nobody else had any, and to ask again costs as much as there is waiting
            with self._desk.store.transaction() as work:
                until = now + timedelta(seconds=self._patience.lease)
                claimed = work.claim(now, until, self.holder, min(room, SHARE), kind, full)
                jobs = self._with_turns(work, claimed, since, now)
            self._hand += jobs
            if not claimed:
                self._barren[kind] = (full, int(since / BARREN))
            if len(claimed) < SHARE:
                return

    def _held(self) -> Iterable[Delivery]:
        return [*(job.delivery for job in self._hand), *self._flying.copy().values()]

    def _with_turns(self, work: Work, claimed: list[Delivery], since: float, now: datetime) -> list[Job]:
        jobs = []
        began = self._buckets.monotonic()
        rate = self._buckets.rate(CARRIERS[claimed[0].kind].method) if claimed else None
        for workspace_id, found in groupby(sorted(claimed, key=_by_workspace), key=_by_workspace):
            group = list(found)
            turns = [now] * len(group)
            if rate:
                method, apart = CARRIERS[group[0].kind].method, timedelta(seconds=1 / rate.per_second)
                turns = work.turns(workspace_id, method, len(group), apart, rate.burst, now)
            jobs += [Job(d, since, began + (at - now).total_seconds()) for d, at in zip(group, turns, strict=True)]
        return jobs

    def _take_over(self, delivery: Delivery, now: datetime) -> None:
        """Nobody can be at it any more: it is ours, and looked up first where a repeat would do harm."""
        if len(self._hand) + len(self._flying) >= AT_HAND:
            return
        since = self._watch.holding()
        ours = replace(
            delivery,
            state=DeliveryState.CLAIMED,
            holder=self.holder,
            lease_until=now + timedelta(seconds=self._patience.lease),
            attempts=delivery.attempts + 1,
            doubtful=not CARRIERS[delivery.kind].again_safe,
        )
        try:
            with self._desk.store.transaction() as work:
                ours = work.save(ours)
        except Stale:
            return  # another process was quicker, or its holder lives
        log.info("taken over", delivery=delivery.id, kind=delivery.kind)
        self._hand.append(Job(ours, since, self._buckets.monotonic()))

    def _hand_out(self) -> float:
        """Give to the workers what has its turn, put back what would be held too long; seconds until the next turn."""
        soonest, kept, early = IDLE, [], []
        now = self._desk.clock()
        for job in sorted(self._hand, key=lambda job: job.turn):
            wait = self._wait(job)
            if wait > TOO_LONG:
                early.append((job.delivery, now + timedelta(seconds=wait)))
            elif wait > 0:
                kept.append(job)
                soonest = min(soonest, wait)
            else:
                self._flying[job.delivery.id] = job.delivery
                self._pool.submit(self._work_on, job)
        self._hand = kept
        self._settling.put_back(early)
        return soonest  # a worker that ends calls

    def _wait(self, job: Job) -> float:
        """Seconds until a job may be carried: its turn among all processes, and then among what this one calls."""
        left = job.turn - self._buckets.monotonic()
        if left > 0:
            return left
        carrier = CARRIERS[job.delivery.kind]
        methods = (*LOOKING, carrier.method) if job.delivery.doubtful else (carrier.method,)
        return self._buckets.wait(job.delivery.id, job.delivery.workspace_id, methods, carrier.place(job.delivery))

    def _work_on(self, job: Job) -> None:
        try:
            self._carry(job, self._desk.clock())
        except Exception:  # it stays claimed and comes back in doubt; nothing is lost
            log.exception("not settled", delivery=job.delivery.id, kind=job.delivery.kind)
        finally:
            self._called.set()

    def _carry(self, job: Job, now: datetime) -> None:
        """One try, and its result in one transaction. It counts as flying until then."""
        try:
            self._try(job, now)
        finally:
            self._flying.pop(job.delivery.id, None)

    def _try(self, job: Job, now: datetime) -> None:
        delivery = job.delivery
        outcome: Outcome
        try:
            client = patient(self._desk.client_of(delivery.workspace_id), self._patience.call)
            trip = Trip(self._desk, client, delivery, now, lambda: self._in_time(job))
            outcome = CARRIERS[delivery.kind].carry(trip)
        except HeldTooLong:
            outcome = Later(now, "held too long")
        except SealedToken:  # mended by whoever runs Grip; until then nothing was tried
            log.error("TOKEN_KEYS does not open the token", delivery=delivery.id, workspace=delivery.workspace_id)
            outcome = Later(now + SEALED, "no key opens the token")
        except Exception as error:  # noqa: BLE001 - the edge of the program: written down, tried again or given up
            self._settling.failed(delivery, self._verdict(error, delivery), now)
            return
        log.info("carried", delivery=delivery.id, kind=delivery.kind, outcome=type(outcome).__name__)
        self._settling.carried(delivery, outcome, now)

    def _in_time(self, job: Job) -> bool:
        return self._watch.holding() - job.since < self._patience.last_call

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
        if verdict.wait is not None:
            self._buckets.pause(delivery.workspace_id, verdict.method, verdict.wait)
        return verdict


def _by_workspace(delivery: Delivery) -> str:
    return delivery.workspace_id


def patient(client: WebClient, timeout: float) -> WebClient:
    """The same client with so many seconds for a reply, and without retries: a repeated post would be read twice."""
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=timeout,  # type: ignore[arg-type]  # passed on to urllib, which takes fractions
        ssl=client.ssl,
        proxy=client.proxy,
        headers=client.headers,
        team_id=client.default_params.get("team_id"),
        retry_handlers=[],
    )
