"""The independent count at the end of a soak: what was acknowledged, what is stored, what was told, what it weighed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from bot.plan.entries import Entry
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryKind
from playground.server import Standin
from storage.store import SqlStore
from tests.bench.table import Figure, at_least, told, under
from tests.faults.expected import LONDON, Outcome, Owed, check, expected
from tests.soak.load import Ledger
from tests.soak.replicas import Fleet, Life

NONE = 0.5  # "under": none at all
FLAT = 1.1  # the last tenth of a life against its second
FLAT_SHORT = 1.3  # in a few minutes the program is still filling its caches
SHORT = 900.0  # seconds
OWNER = "U0OWNER"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot in Slack: in which conversation, to which owner if to one, and which delivery it was."""

    channel: str
    owner: str
    ts: str
    text: str
    delivery: str


def entries(store: SqlStore, ledger: Ledger) -> list[Figure]:
    """Every acknowledged entry is stored under its number, once; nothing else is stored but what was tried."""
    stored: Counter[str] = Counter()
    numbers: dict[str, set[int]] = defaultdict(set)
    with store.reading() as work:
        services = work.all(Service)
    for service in services:
        with store.reading() as work:
            for entry in work.all(Entry, order="number", service_id=service.id):
                word = entry.what.rsplit(" ", 1)[-1]
                stored[word] += 1
                numbers[word].add(entry.number)
    lost = [w for w, number in ledger.acknowledged.items() if number not in numbers[w]]
    doubled = [w for w, times in stored.items() if times > 1]
    strange = set(stored) - ledger.tried
    return [
        told("entries acknowledged", len(ledger.acknowledged), "count"),
        told("entries tried and never acknowledged", len(ledger.tried - set(ledger.acknowledged)), "count"),
        under("acknowledged entries that are not stored", len(lost) + len(ledger.changed_number), NONE, "count"),
        under("entries stored more than once", len(doubled), NONE, "count"),
        under("entries that nobody wrote", len(strange), NONE, "count"),
    ]


def said(slack: Standin) -> list[Said]:
    """Everything that the bot said."""
    found = []
    for channel in list(slack.hub.world.channels.values()):
        person = next((p for p in channel.members if p != slack.bot_user), "") if channel.kind == "im" else ""
        owner = person if person.startswith(OWNER) else ""
        for message in list(channel.messages.values()):
            if message.by_bot:
                payload = (message.metadata or {}).get("event_payload", {})
                found.append(Said(channel.id, owner, message.ts, message.text, str(payload.get("delivery", ""))))
    return found


def reminded(owed: Sequence[Owed], days: Sequence[date], messages: Sequence[Said]) -> tuple[Outcome, list[Figure]]:
    """Every reminder of the days of the run reached its owner, once."""
    wanted = expected(owed, days)
    outcome = check(wanted, [(each.owner, each.ts, each.text) for each in messages if each.owner])
    return outcome, [
        told("reminders owed", outcome.owed, "count"),
        told("morning messages", outcome.messages, "count"),
        at_least("reminders owed at all", outcome.owed, 1, "count"),
        under("reminders lost", len(outcome.lost), NONE, "count"),
        under("reminders doubled", len(outcome.doubled), NONE, "count"),
        under("reminders that nobody was owed", len(outcome.strange), NONE, "count"),
    ]


def posted(store: SqlStore, services: int, days: Sequence[date], messages: Sequence[Said]) -> list[Figure]:
    """No delivery of any kind was posted twice, and each service had its digest on each Monday."""
    times = Counter(each.delivery for each in messages if each.delivery)
    with store.reading() as work:
        digests = {d.id for d in work.all(Delivery, kind=DeliveryKind.DIGEST)}
    mondays = [day for day in days if day.weekday() == 0]
    weekly = Counter((each.channel, _day(each)) for each in messages if each.delivery in digests)
    wanted = services * len(mondays)
    return [
        told("messages of all kinds", len(messages), "count"),
        under("deliveries posted twice", sum(n - 1 for n in times.values()), NONE, "count"),
        under("digests missing or doubled", abs(wanted - weekly.total()) + wanted - len(weekly), NONE, "count"),
    ]


def answered(ledger: Ledger, seconds: float) -> list[Figure]:
    """How requests were answered: nothing but the database's absence may be an excuse."""
    logs = sorted(ledger.seconds["log"])
    count = sum(len(each) for each in ledger.seconds.values())
    return [
        told("requests answered", count, "count"),
        told("requests a second", count / seconds, "1/s"),
        told("log: p50", _share(logs, 0.50) * 1000, "ms"),
        told("log: p99", _share(logs, 0.99) * 1000, "ms"),
        told("log: slowest", (logs[-1] if logs else 0.0) * 1000, "ms"),
        told("answers slower than the 3 s that Slack waits", ledger.slow, "count"),
        told("tries that met a dead replica", ledger.unreachable, "count"),
        told("failures while the database was away", len(ledger.failures) - len(ledger.unexplained), "count"),
        under("failures while it was there", len(ledger.unexplained), NONE, "count"),
    ]


def weighed(fleet: Fleet, seconds: float) -> list[Figure]:
    """The memory of the replica that lived throughout is flat; those of the others are told."""
    whole = max(fleet.lives, key=lambda life: len(life.weights))
    limit = FLAT if seconds >= SHORT else FLAT_SHORT
    early, late = _tenth(whole, 1), _tenth(whole, 9)
    long_lives = [life for life in fleet.lives if len(life.weights) >= 24 and life is not whole]
    grown = [_tenth(life, 9) / _tenth(life, 1) for life in long_lives]
    figures = [
        told("lives of replicas", len(fleet.lives), "count"),
        told("memory of the one that lived throughout, early", early / 1e6, "MB"),
        told("and late", late / 1e6, "MB"),
        under("late to early", late / early if early else 0.0, limit),
    ]
    if grown:
        figures.append(told("late to early, worst of the other lives over two minutes", max(grown), "ratio"))
    return figures


def _tenth(life: Life, number: int) -> float:
    weights = [weight for _, weight in life.weights]
    size = max(1, len(weights) // 10)
    part = weights[number * size : (number + 1) * size] or weights[-1:]
    return float(median(part)) if part else 0.0


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _day(message: Said) -> date:
    return datetime.fromtimestamp(float(message.ts), LONDON).date()
