"""When the next call of a method of Slack has its turn, for all processes together; what is in doubt stands apart."""

from alembic import op

from storage.migrations.columns import index, instants, key, texts

revision = "0006"
down_revision = "0005"
oldest_beside = "0005"


def upgrade() -> None:
    """Make the table and the indexes of the outbox."""
    op.create_table(
        "paces", *texts("workspace_id", "method"), *instants("free_at"), key("paces", "workspace_id", "method")
    )
    op.drop_index("ix_deliveries_next_at", "deliveries")
    index("deliveries", "next_at", where="state = 'waiting' AND doubtful")
    index("deliveries", "kind", "next_at", where="state = 'waiting' AND NOT doubtful")
