"""What the program tells about itself in Prometheus' format: times, depths and outcomes, never whose."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryState
from handlers.desk import Desk
from handlers.probing import PATIENCE, Probe
from handlers.ticker import Ticker

log = structlog.get_logger(__name__)

Seconds = Callable[[], float]
LATEST = 1000  # answers that p99 is taken from
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # seconds; Slack waits three


class Acks:
    """How long requests of Slack took to be answered, over HTTP or Socket Mode."""

    def __init__(self) -> None:
        self.histogram = Histogram(
            "grip_ack_seconds", "From a request of Slack to its answer", buckets=BUCKETS, registry=None
        )
        self._latest: deque[float] = deque(maxlen=LATEST)

    @contextmanager
    def time(self) -> Iterator[None]:
        """Around the answering of one request."""
        began = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - began
            self.histogram.observe(took)
            self._latest.append(took)

    def p99(self) -> float:
        """Of the latest thousand, the time in seconds within which 99 in 100 were answered; 0 before the first."""
        ordered = sorted(self._latest)
        return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


class Figures:
    """The figures of one process, in a registry of their own. `silence` gives seconds since Slack answered a ping;
    `patience` is how many seconds the database has to answer."""

    def __init__(
        self,
        desk: Desk,
        ticker: Ticker,
        acks: Acks,
        silence: Seconds | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.registry = CollectorRegistry()
        self.acks = acks
        self._answering, self._patience = Probe("probe", lambda: answers(desk)), patience
        self.registry.register(acks.histogram)
        self.registry.register(Looked(desk, ticker, acks, silence, self.store_answers, patience))

    def store_answers(self) -> bool:
        """Whether the database can be read now; what does not answer in time cannot."""
        return bool(self._answering.seen(self._patience))


def answers(desk: Desk) -> bool:
    """Whether the database can be read, however long it takes."""
    try:
        with desk.store.reading() as work:
            work.all(Service, limit=1)
    except Exception as error:
        log.warning("the store does not answer", exc_info=error)
        return False
    return True


class Looked(Collector):
    """Figures that are looked up when somebody asks."""

    def __init__(
        self,
        desk: Desk,
        ticker: Ticker,
        acks: Acks,
        silence: Seconds | None,
        up: Callable[[], bool],
        patience: float,
    ) -> None:
        self._desk, self._ticker, self._acks, self._silence, self._up = desk, ticker, acks, silence, up
        self._outbox, self._patience = Probe("figures", self._counted), patience

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure, now. Where the database does not answer, `grip_store_up` is 0 and its figures are missing.

        They are missing too where it takes too long over them."""
        age = (self._desk.clock() - self._ticker.ticked_at).total_seconds()
        yield GaugeMetricFamily("grip_tick_age_seconds", "Since a tick ended well", age)
        told = "99 in 100 of the latest thousand requests of Slack were answered within"
        yield GaugeMetricFamily("grip_ack_p99_seconds", told, self._acks.p99())
        if self._silence:
            yield GaugeMetricFamily("grip_socket_silence_seconds", "Since Slack answered a ping", self._silence())
        began = time.monotonic()
        up = self._up()
        yield GaugeMetricFamily("grip_store_up", "Whether the database answers", float(up))
        yield from (up and self._outbox.seen(self._patience - (time.monotonic() - began))) or ()

    def _counted(self) -> list[GaugeMetricFamily] | None:
        try:
            return list(self._read())
        except Exception as error:
            log.warning("the outbox is not counted", exc_info=error)
            return None

    def _read(self) -> Iterator[GaugeMetricFamily]:
        now = self._desk.clock()
        with self._desk.store.reading() as work:
            counts = {state: work.count(Delivery, state=state) for state in DeliveryState}
            first = work.all(Delivery, order="next_at", limit=1, state=DeliveryState.WAITING)
        told = GaugeMetricFamily("grip_deliveries", "Deliveries kept, by state", labels=["state"])
        for state, count in counts.items():
            told.add_metric([state.value], count)
        yield told
        depth = counts[DeliveryState.WAITING] + counts[DeliveryState.CLAIMED]
        yield GaugeMetricFamily("grip_outbox_depth", "Deliveries that wait or are under way", depth)
        late = max(0.0, (now - first[0].next_at).total_seconds()) if first else 0.0
        yield GaugeMetricFamily("grip_outbox_age_seconds", "How long the oldest delivery is overdue", late)
