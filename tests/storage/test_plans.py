"""The questions of every tick are answered by index, so that they cost what is due and not what exists."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.plan.actions import Action
from bot.plan.entries import Entry
from bot.plan.journal import Event
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder, ReminderState
from storage.records import to_row
from storage.store import SqlStore
from storage.tables import TABLES, search_documents
from storage.work import SqlWork
from tests.storage.plan import NOW, delivery, filled, plant, reminder

Ask = Callable[[SqlWork], object]

QUESTIONS: dict[str, tuple[Ask, set[str]]] = {
    "waking": (lambda work: work.waking(Action, NOW, 100), {"ix_actions_wake_at"}),
    "anything to look at": (lambda work: work.any_waking([Action], NOW), {"ix_actions_wake_at"}),
    "what is ready": (lambda work: work.ready_kinds(NOW, list(DeliveryKind)), {"ix_deliveries_kind_next_at"}),
    "claim": (
        lambda work: work.claim(NOW, NOW, "me", 20, DeliveryKind.FETCH),
        {"ix_deliveries_kind_next_at"},
    ),
    "claim past full workspaces": (
        lambda work: work.claim(NOW, NOW, "me", 20, DeliveryKind.FETCH, ["T9"]),
        {"ix_deliveries_kind_next_at"},
    ),
    "what is in doubt": (lambda work: work.in_doubt(20), {"ix_deliveries_next_at"}),
    "recipients": (lambda work: work.recipients_due(NOW, 100), {"ix_reminders_person_id_due_at"}),
    "by number": (lambda work: work.one(Action, workspace_id="T1", number=12), {"uq_actions_workspace_id_number"}),
    "mine": (lambda work: work.all(Action, owner_id="person"), {"ix_actions_owner_id"}),
    "entries of an action": (lambda work: work.all(Entry, action_id="action"), {"ix_entries_action_id"}),
    "a request": (lambda work: work.event_of("r1"), {"uq_events_request_id"}),
    "a chain": (lambda work: list(work.events("service", after=3)), {"uq_events_chain_number"}),
    "search": (
        lambda work: work.search(["service"], "night staff"),
        {"ix_search_documents_words"},
    ),
}
# Reading the whole of what was just chosen, and of an index that holds only what waits.
HARMLESS = {
    "SCAN ours",
    "SCAN reminders USING INDEX ix_reminders_person_id_due_at",
    "SCAN deliveries USING INDEX ix_deliveries_next_at",
}


@pytest.fixture
def lived_in(store: SqlStore) -> SqlStore:
    """Two thousand of everything, nearly all of it asleep, told or sent."""
    asleep: dict[str, Any] = {"owner_id": "other", "wake_at": None, "service_id": "other", "priority_id": "other"}
    told = {"state": ReminderState.SENT, "person_id": "other"}
    sent = {"state": DeliveryState.SENT}
    with store.transaction() as work:
        plant(work)
        plant(work, "T2", "-other")
        work.add(filled(Person, id="other", slack_id="U7"))
        work.add(Service(id="other", workspace_id="T1", channel_id="C7", name="Oak"))
        work.add(filled(Priority, id="other", number=7))
        numbers = range(100, 2100)
        rows: dict[type[Any], list[Any]] = {
            Action: [filled(Action, id=f"a{n}", number=n, **asleep) for n in numbers],
            Entry: [filled(Entry, bare=True, id=f"e{n}", number=n, action_id="action-other") for n in numbers],
            Reminder: [reminder(f"r{n}", **told) for n in numbers],
            Delivery: [delivery(f"d{n}", **sent) for n in numbers],
            Event: [filled(Event, bare=True, id=f"v{n}", number=n, request_id=f"q{n}") for n in numbers],
        }
        for kind, records in rows.items():
            work.connection.execute(insert(TABLES[kind]), [to_row(record) for record in records])
        documents = [
            {"kind": "entry", "record_id": f"e{n}", "service_id": "service", "text": f"Sheet {n} looked at"}
            for n in numbers
        ]
        work.connection.execute(insert(search_documents), documents)
        if store.engine.dialect.name == "postgresql":  # where it runs by itself; nobody runs it on SQLite
            work.connection.exec_driver_sql("ANALYZE")
    return store


def test_they_are_answered_by_index(lived_in: SqlStore) -> None:
    asked: list[tuple[str, Any]] = []

    @event.listens_for(lived_in.engine, "before_cursor_execute")
    def hear(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked.append((statement, parameters))

    for question, (ask, indexes) in QUESTIONS.items():
        with lived_in.transaction() as work:
            ask(work)
            plan = explained(work, *asked[-1])
        used = {name for name in indexes if name in plan}
        assert used == indexes or by_key(plan), f"{question}:\n{plan}"
        assert "Seq Scan" not in plan, f"{question}:\n{plan}"
        scans = [line for line in plan.splitlines() if line.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in line]
        scans = [line for line in scans if not line.startswith("SCAN anon_")]  # of a row that was just chosen
        assert set(scans) <= HARMLESS, f"{question}:\n{plan}"


def by_key(plan: str) -> bool:
    """SQLite names the index of a unique constraint by number, and a full-text index by its table."""
    return "INDEX sqlite_autoindex" in plan or "search_words VIRTUAL TABLE INDEX" in plan


def explained(work: SqlWork, statement: str, parameters: Any) -> str:
    """The engine's own plan of a statement."""
    sqlite = work.connection.dialect.name == "sqlite"
    words = ("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement
    return "\n".join(str(row[-1]) for row in work.connection.exec_driver_sql(words, parameters))
