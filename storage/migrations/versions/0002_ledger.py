"""The first schema of the ledger: the journal, reminders, the outbox, numbers, and the words to search."""

from alembic import op

from storage.migrations.columns import flags, index, instants, integers, jsons, key, parent, texts, unique

revision = "0002"
down_revision = "0001"

SQLITE = (
    """CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the journal only grows: events are never changed'); END""",
    """CREATE TRIGGER events_keep_delete BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the journal only grows: events are never deleted'); END""",
    """CREATE VIRTUAL TABLE search_words USING fts5(
    text, content='search_documents', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER search_words_insert AFTER INSERT ON search_documents
    BEGIN INSERT INTO search_words (rowid, text) VALUES (new.number, new.text); END""",
    """CREATE TRIGGER search_words_delete AFTER DELETE ON search_documents
    BEGIN INSERT INTO search_words (search_words, rowid, text) VALUES ('delete', old.number, old.text); END""",
    """CREATE TRIGGER search_words_update AFTER UPDATE ON search_documents
    BEGIN INSERT INTO search_words (search_words, rowid, text) VALUES ('delete', old.number, old.text);
    INSERT INTO search_words (rowid, text) VALUES (new.number, new.text); END""",
)

# Rows here change with every tick; swept as seldom as other tables, their partial indexes would fill with dead rows.
SWEPT = ("services", "priorities", "actions", "milestones", "escalations", "reminders", "deliveries")

POSTGRESQL = (
    """CREATE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal only grows: events are never changed or deleted'; END $$""",
    "CREATE TRIGGER events_keep_row BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_keep()",
    "CREATE TRIGGER events_keep_all BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_keep()",
    "CREATE INDEX ix_search_documents_words ON search_documents USING gin (to_tsvector('english', text))",
    *(
        f"""ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200,
        autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)"""
        for table in SWEPT
    ),
)

STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def chains() -> None:
    op.create_table(
        "chains",
        *texts("chain"),
        *integers("number"),
        *texts("head"),
        key("chains", "chain"),
    )


def counters() -> None:
    op.create_table(
        "counters",
        *texts("workspace_id", "letter"),
        *integers("number"),
        key("counters", "workspace_id", "letter"),
    )


def events() -> None:
    op.create_table(
        "events",
        *texts("id", "chain"),
        *integers("number"),
        *instants("at"),
        *texts("person_id", null=True),
        *texts("verb", "kind", "record_id"),
        *jsons("before", "after", null=True),
        *texts("reason"),
        *texts("corrects", "request_id", null=True),
        *texts("previous_hash", "hash"),
        key("events", "id"),
        unique("events", "chain", "number"),
        unique("events", "request_id"),
    )
    index("events", "record_id")


def deliveries() -> None:
    op.create_table(
        "deliveries",
        *texts("id", "key", "workspace_id"),
        *texts("service_id", null=True),
        *texts("kind"),
        *jsons("payload"),
        *texts("person_id", "channel", null=True),
        *texts("state"),
        *instants("next_at"),
        *texts("holder"),
        *instants("lease_until", null=True),
        *integers("attempts"),
        *flags("doubtful"),
        *texts("error"),
        *texts("ts", null=True),
        *instants("sent_at", null=True),
        *integers("version"),
        key("deliveries", "id"),
        parent("deliveries", "service_id", "services"),
        parent("deliveries", "person_id", "people"),
        unique("deliveries", "key"),
    )
    index("deliveries", "lease_until", where="state = 'claimed'")
    index("deliveries", "next_at", where="state = 'waiting'")
    index("deliveries", "person_id")
    index("deliveries", "service_id")


def reminders() -> None:
    op.create_table(
        "reminders",
        *texts("id", "key", "workspace_id", "service_id", "kind", "subject_kind", "subject_id", "period", "person_id"),
        *instants("due_at"),
        *texts("state", "reason"),
        *texts("delivery_id", null=True),
        *integers("version"),
        key("reminders", "id"),
        parent("reminders", "service_id", "services"),
        parent("reminders", "person_id", "people"),
        unique("reminders", "key"),
    )
    index("reminders", "delivery_id", where="delivery_id IS NOT NULL")
    index("reminders", "person_id")
    index("reminders", "person_id", "due_at", where="state = 'waiting' AND delivery_id IS NULL")
    index("reminders", "service_id")
    index("reminders", "subject_id")


def search_documents() -> None:
    op.create_table(
        "search_documents",
        *integers("number"),
        *texts("kind", "record_id", "service_id", "text"),
        key("search_documents", "number"),
        parent("search_documents", "service_id", "services"),
        unique("search_documents", "kind", "record_id"),
    )
    index("search_documents", "service_id")


def upgrade() -> None:
    """Make the tables, parents first, then what the engine is told beyond tables."""
    chains()
    counters()
    events()
    deliveries()
    reminders()
    search_documents()
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(statement)
