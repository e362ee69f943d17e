"""What may be taken away: words of the journal, people who were erased, and how long a service keeps what."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
oldest_beside = "0004"

STAYS = (
    *("id", "chain", "number", "at", "person_id", "verb", "kind"),
    *("record_id", "corrects", "request_id", "previous_hash", "hash"),
)
UNTOUCHED = " AND ".join(f"new.{name} IS old.{name}" for name in STAYS)
SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in STAYS)

SQLITE = (
    "DROP TRIGGER events_keep_update",
    f"""CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
    WHEN NOT ({UNTOUCHED} AND new.seal IS NOT old.seal)
    BEGIN SELECT RAISE(ABORT, 'the journal only grows: events are never changed'); END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF {SAME}
        AND NEW.seal::text IS DISTINCT FROM OLD.seal::text THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'the journal only grows: events are never changed or deleted';
    END $$""",
)


def upgrade() -> None:
    """Add the columns, all of them empty so that the release before goes on beside this one, and change the trigger."""
    op.add_column("events", sa.Column("seal", sa.JSON(), nullable=True))
    op.add_column("people", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("services", sa.Column("retention", sa.JSON(), nullable=True))
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
