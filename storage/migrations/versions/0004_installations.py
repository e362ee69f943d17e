"""Workspaces that installed the app, their encrypted tokens, and the states of installations under way."""

from alembic import op

from storage.migrations.columns import instants, key, texts

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "installations",
        *texts("id", "enterprise_id", "bot_user", "scopes", "token", "refresh_token"),
        *instants("expires_at", null=True),
        *instants("installed_at"),
        *instants("removed_at", null=True),
        key("installations", "id"),
    )
    op.create_table("oauth_states", *texts("state"), *instants("expires_at"), key("oauth_states", "state"))
