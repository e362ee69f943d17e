"""Early warnings: what the bot noticed by itself, and how it was answered."""

from alembic import op

from storage.migrations.columns import index, instants, integers, jsons, key, parent, texts, unique

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "warnings",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts("priority_id", "rule"),
        *jsons("records"),
        *texts("fingerprint", "sentence"),
        *texts("action_id", "measure_id", "owner_id", null=True),
        *instants("written_at"),
        *instants("ended_at", null=True),
        *texts("answer"),
        *texts("answered_by", null=True),
        *instants("answered_at", null=True),
        *integers("version"),
        key("warnings", "id"),
        parent("warnings", "service_id", "services"),
        parent("warnings", "priority_id", "priorities"),
        parent("warnings", "action_id", "actions"),
        parent("warnings", "measure_id", "measures"),
        parent("warnings", "owner_id", "people"),
        unique("warnings", "workspace_id", "number"),
        unique("warnings", "fingerprint"),
    )
    for column in ("action_id", "measure_id", "owner_id", "priority_id", "service_id"):
        index("warnings", column)
