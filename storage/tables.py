"""The tables: one for each kind of record, its columns being the record's fields."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_type_hints

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

from bot.plan.actions import Action, Milestone, Revision, Slip
from bot.plan.entries import Entry, Evidence
from bot.plan.escalations import Escalation
from bot.plan.journal import Event
from bot.plan.measures import Measure
from bot.plan.people import Person, RoleHolding, UserGroup
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.services import Service
from bot.plan.signals import Signal
from bot.plan.warnings import EarlyWarning
from bot.timing.outbox import Delivery, Reminder
from storage.types import UtcInstant, column_type

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# A column of this name points at the record that a row hangs on, or at the person who answers for it.
PARENTS = {
    "service_id": "services.id",
    "priority_id": "priorities.id",
    "action_id": "actions.id",
    "measure_id": "measures.id",
    "person_id": "people.id",
    "owner_id": "people.id",
    "lead_id": "people.id",
}


def _table(
    name: str,
    kind: type[Any],
    *,
    unique: Sequence[str] = (),
    index: Sequence[str] = (),
    where: dict[str, str] | None = None,
    parents: bool = True,
) -> Table:
    """The table of a kind of record. `unique` and `index` name columns ("a, b" for several together); `where` maps
    the columns of a further, partial index to its condition."""
    hints = get_type_hints(kind)
    columns = []
    for field in fields(kind):
        column, nullable = column_type(hints[field.name])
        parent = [ForeignKey(PARENTS[field.name])] if parents and field.name in PARENTS else []
        columns.append(Column(field.name, column, *parent, primary_key=field.name == "id", nullable=nullable))
    table = Table(name, metadata, *columns)
    for names in unique:
        table.append_constraint(UniqueConstraint(*names.split(", ")))
    for names in index:
        Index(None, *(table.c[one] for one in names.split(", ")))
    for names, condition in (where or {}).items():
        clause = text(condition)
        Index(None, *(table.c[one] for one in names.split(", ")), sqlite_where=clause, postgresql_where=clause)
    return table


NUMBERED = "workspace_id, number"
WAKING = {"wake_at": "wake_at IS NOT NULL"}

TABLES: dict[type[Any], Table] = {
    Service: _table("services", Service, unique=["workspace_id, channel_id"], where=WAKING),
    Person: _table("people", Person, unique=["workspace_id, slack_id"]),
    RoleHolding: _table("role_holdings", RoleHolding, index=["workspace_id", "service_id", "person_id"]),
    UserGroup: _table("user_groups", UserGroup, unique=["workspace_id, slack_id"]),
    Signal: _table("signals", Signal, unique=[NUMBERED], index=["service_id", "priority_id"]),
    Priority: _table("priorities", Priority, unique=[NUMBERED], index=["service_id"], where=WAKING),
    Measure: _table("measures", Measure, unique=[NUMBERED], index=["service_id", "priority_id"]),
    Action: _table("actions", Action, unique=[NUMBERED], index=["service_id", "priority_id", "owner_id"], where=WAKING),
    Slip: _table("slips", Slip, index=["service_id", "action_id"]),
    Revision: _table("revisions", Revision, index=["service_id", "action_id"]),
    Milestone: _table("milestones", Milestone, index=["service_id", "priority_id", "action_id"], where=WAKING),
    Entry: _table("entries", Entry, unique=[NUMBERED], index=["service_id", "priority_id", "action_id"]),
    Evidence: _table("evidence", Evidence, index=["service_id", "record_id", "sha256"]),
    Sample: _table("samples", Sample, unique=[NUMBERED], index=["service_id", "priority_id", "measure_id"]),
    Review: _table("reviews", Review, unique=[NUMBERED], index=["service_id", "priority_id"]),
    Escalation: _table("escalations", Escalation, unique=[NUMBERED], index=["service_id", "priority_id"], where=WAKING),
    EarlyWarning: _table(
        "warnings",
        EarlyWarning,
        unique=[NUMBERED, "fingerprint"],
        index=["service_id", "priority_id", "action_id", "measure_id", "owner_id"],
    ),
    # Events name people and records but depend on none: they outlive them.
    Event: _table("events", Event, unique=["chain, number", "request_id"], index=["record_id"], parents=False),
    Reminder: _table(
        "reminders",
        Reminder,
        unique=["key"],
        index=["service_id", "person_id", "subject_id"],
        where={
            "person_id, due_at": "state = 'waiting' AND delivery_id IS NULL",
            "delivery_id": "delivery_id IS NOT NULL",  # holding nulls too, it would be taken for the index above
        },
    ),
    Delivery: _table(
        "deliveries",
        Delivery,
        unique=["key"],
        index=["service_id", "person_id"],
        where={
            "kind, next_at": "state = 'waiting' AND NOT doubtful",
            "next_at": "state = 'waiting' AND doubtful",
            "lease_until": "state = 'claimed'",
        },
    ),
}

chains = Table(
    "chains",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("head", Text, nullable=False),
)
counters = Table(
    "counters",
    metadata,
    Column("workspace_id", Text, primary_key=True),
    Column("letter", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
paces = Table(
    "paces",
    metadata,
    Column("workspace_id", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("free_at", UtcInstant, nullable=False),
)
search_documents = Table(
    "search_documents",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("service_id", Text, ForeignKey("services.id"), nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("kind", "record_id"),
    Index(None, "service_id"),
)
installations = Table(
    "installations",
    metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("enterprise_id", "bot_user", "scopes", "token", "refresh_token")),
    Column("expires_at", UtcInstant, nullable=True),
    Column("installed_at", UtcInstant, nullable=False),
    Column("removed_at", UtcInstant, nullable=True),
)
oauth_states = Table(
    "oauth_states",
    metadata,
    Column("state", Text, primary_key=True),
    Column("expires_at", UtcInstant, nullable=False),
)

# The kinds of record under the names that the journal gives them.
KINDS: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in TABLES}
