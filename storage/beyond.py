"""What the database is told beyond tables: the journal only grows, words are indexed, busy tables are swept often."""

from sqlalchemy import Connection, MetaData, event

from storage.tables import metadata

_STAYS = (
    *("id", "chain", "number", "at", "person_id", "verb", "kind"),
    *("record_id", "corrects", "request_id", "previous_hash", "hash"),
)
_UNTOUCHED = " AND ".join(f"new.{name} IS old.{name}" for name in _STAYS)
_SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _STAYS)

SQLITE = (
    # Words may be taken out of an event (its seal then changes), never its hash or what it is about.
    f"""CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
    WHEN NOT ({_UNTOUCHED} AND new.seal IS NOT old.seal)
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
    f"""CREATE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF {_SAME}
        AND NEW.seal::text IS DISTINCT FROM OLD.seal::text THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'the journal only grows: events are never changed or deleted';
    END $$""",
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


@event.listens_for(metadata, "after_create")
def extend(_: MetaData, connection: Connection, **__: object) -> None:
    """Follow the tables with what belongs to them on this engine."""
    for statement in STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
