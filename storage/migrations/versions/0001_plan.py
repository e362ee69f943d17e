"""The first schema of the plan: services, people and every record of the account."""

from alembic import op

from storage.migrations.columns import (
    dates,
    flags,
    floats,
    index,
    instants,
    integers,
    jsons,
    key,
    parent,
    texts,
    times,
    unique,
)

revision = "0001"
down_revision = None


def people() -> None:
    op.create_table(
        "people",
        *texts("id", "workspace_id", "slack_id", "name", "zone"),
        *flags("active", "guest", "admin"),
        *jsons("preferences"),
        *instants("seen_home_at", null=True),
        *integers("version"),
        key("people", "id"),
        unique("people", "workspace_id", "slack_id"),
    )


def services() -> None:
    op.create_table(
        "services",
        *texts("id", "workspace_id", "channel_id", "name", "location_id", "nation", "zone"),
        *times("opens", "closes"),
        *jsons("shifts", "cadence"),
        *texts("framework"),
        *instants("wake_at", null=True),
        *integers("version"),
        key("services", "id"),
        unique("services", "workspace_id", "channel_id"),
    )
    index("services", "wake_at", where="wake_at IS NOT NULL")


def user_groups() -> None:
    op.create_table(
        "user_groups",
        *texts("id", "workspace_id", "slack_id", "name"),
        *jsons("members"),
        *integers("version"),
        key("user_groups", "id"),
        unique("user_groups", "workspace_id", "slack_id"),
    )


def evidence() -> None:
    op.create_table(
        "evidence",
        *texts("id", "workspace_id", "service_id", "record_kind", "record_id", "name", "state"),
        *texts("slack_file_id", null=True),
        *texts("mimetype"),
        *integers("size", null=True),
        *texts("sha256", null=True),
        *texts("link", "text", "problem", "person_id"),
        *instants("written_at"),
        *integers("version"),
        key("evidence", "id"),
        parent("evidence", "service_id", "services"),
        parent("evidence", "person_id", "people"),
    )
    index("evidence", "record_id")
    index("evidence", "service_id")
    index("evidence", "sha256")


def priorities() -> None:
    op.create_table(
        "priorities",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts(
            "title",
            "problem_statement",
            "rationale",
            "evidence_base",
            "affected_areas",
            "theme",
            "risk",
            "quality_statement",
            "lead_id",
        ),
        *dates("opened_on"),
        *dates("target_on", null=True),
        *texts("status"),
        *dates("closed_on", null=True),
        *texts("split_from", "reopened_from", null=True),
        *jsons("clocks", "extensions"),
        *texts("person_id"),
        *instants("written_at"),
        *instants("wake_at", null=True),
        *integers("version"),
        key("priorities", "id"),
        parent("priorities", "service_id", "services"),
        parent("priorities", "lead_id", "people"),
        parent("priorities", "person_id", "people"),
        unique("priorities", "workspace_id", "number"),
    )
    index("priorities", "service_id")
    index("priorities", "wake_at", where="wake_at IS NOT NULL")


def role_holdings() -> None:
    op.create_table(
        "role_holdings",
        *texts("id", "workspace_id"),
        *texts("service_id", null=True),
        *texts("role"),
        *texts("person_id", "group_id", null=True),
        *instants("ended_at", null=True),
        *integers("version"),
        key("role_holdings", "id"),
        parent("role_holdings", "service_id", "services"),
        parent("role_holdings", "person_id", "people"),
    )
    index("role_holdings", "person_id")
    index("role_holdings", "service_id")
    index("role_holdings", "workspace_id")


def actions() -> None:
    op.create_table(
        "actions",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts("priority_id", "what", "owner_id"),
        *dates("due_on"),
        *texts("check"),
        *texts("strength", null=True),
        *texts("status"),
        *instants("done_at", null=True),
        *texts("done_by", null=True),
        *instants("verified_at", null=True),
        *texts("verified_by", null=True),
        *texts("verification", "cancelled_reason"),
        *dates("snoozed_until", null=True),
        *instants("not_mine_at", null=True),
        *texts("person_id"),
        *instants("written_at"),
        *instants("wake_at", null=True),
        *integers("version"),
        key("actions", "id"),
        parent("actions", "service_id", "services"),
        parent("actions", "priority_id", "priorities"),
        parent("actions", "owner_id", "people"),
        parent("actions", "person_id", "people"),
        unique("actions", "workspace_id", "number"),
    )
    index("actions", "owner_id")
    index("actions", "priority_id")
    index("actions", "service_id")
    index("actions", "wake_at", where="wake_at IS NOT NULL")


def escalations() -> None:
    op.create_table(
        "escalations",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts("priority_id", "why", "rule", "to"),
        *texts("response", null=True),
        *texts("how"),
        *texts("responded_by", null=True),
        *instants("responded_at", null=True),
        *texts("outcome"),
        *instants("outcome_at", null=True),
        *texts("review_id", "person_id", null=True),
        *instants("written_at"),
        *instants("wake_at", null=True),
        *integers("version"),
        key("escalations", "id"),
        parent("escalations", "service_id", "services"),
        parent("escalations", "priority_id", "priorities"),
        parent("escalations", "person_id", "people"),
        unique("escalations", "workspace_id", "number"),
    )
    index("escalations", "priority_id")
    index("escalations", "service_id")
    index("escalations", "wake_at", where="wake_at IS NOT NULL")


def measures() -> None:
    op.create_table(
        "measures",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts("priority_id", "name", "lens", "kind", "better"),
        *floats("target", null=True),
        *texts("unit"),
        *jsons("rebased", "retargeted"),
        *texts("person_id"),
        *instants("written_at"),
        *integers("version"),
        key("measures", "id"),
        parent("measures", "service_id", "services"),
        parent("measures", "priority_id", "priorities"),
        parent("measures", "person_id", "people"),
        unique("measures", "workspace_id", "number"),
    )
    index("measures", "priority_id")
    index("measures", "service_id")


def reviews() -> None:
    op.create_table(
        "reviews",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts("priority_id", "kind", "period"),
        *dates("on"),
        *texts("present", "improved", "unresolved", "why"),
        *texts("judgement", "remaining", "decision", null=True),
        *texts("challenge", "agreement", "next_steps"),
        *dates("next_review_on", null=True),
        *texts("specific", "monitoring", "movement", "slipped", "evidence"),
        *texts("sample_id", null=True),
        *texts("override_reason", "person_id"),
        *instants("written_at"),
        *texts("signed_by", null=True),
        *instants("signed_at", "corrected_at", null=True),
        *integers("version"),
        key("reviews", "id"),
        parent("reviews", "service_id", "services"),
        parent("reviews", "priority_id", "priorities"),
        parent("reviews", "person_id", "people"),
        unique("reviews", "workspace_id", "number"),
    )
    index("reviews", "priority_id")
    index("reviews", "service_id")


def signals() -> None:
    op.create_table(
        "signals",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *dates("on"),
        *texts("source", "theme", "summary", "reference"),
        *texts("priority_id", "answered_by", null=True),
        *texts("answered_reason", "person_id"),
        *instants("written_at"),
        *instants("withdrawn_at", "corrected_at", null=True),
        *integers("version"),
        key("signals", "id"),
        parent("signals", "service_id", "services"),
        parent("signals", "priority_id", "priorities"),
        parent("signals", "person_id", "people"),
        unique("signals", "workspace_id", "number"),
    )
    index("signals", "priority_id")
    index("signals", "service_id")


def entries() -> None:
    op.create_table(
        "entries",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts("priority_id", "action_id"),
        *dates("on"),
        *texts("shift", "what", "kind", "attended"),
        *integers("attended_count", null=True),
        *texts("staff_response", "barriers", "person_id"),
        *instants("written_at"),
        *instants("withdrawn_at", "corrected_at", null=True),
        *integers("version"),
        key("entries", "id"),
        parent("entries", "service_id", "services"),
        parent("entries", "priority_id", "priorities"),
        parent("entries", "action_id", "actions"),
        parent("entries", "person_id", "people"),
        unique("entries", "workspace_id", "number"),
    )
    index("entries", "action_id")
    index("entries", "priority_id")
    index("entries", "service_id")


def milestones() -> None:
    op.create_table(
        "milestones",
        *texts("id", "service_id", "priority_id"),
        *texts("action_id", null=True),
        *dates("on"),
        *texts("note"),
        *texts("sample_id", null=True),
        *instants("cancelled_at", null=True),
        *texts("person_id"),
        *instants("written_at"),
        *instants("wake_at", null=True),
        *integers("version"),
        key("milestones", "id"),
        parent("milestones", "service_id", "services"),
        parent("milestones", "priority_id", "priorities"),
        parent("milestones", "action_id", "actions"),
        parent("milestones", "person_id", "people"),
    )
    index("milestones", "action_id")
    index("milestones", "priority_id")
    index("milestones", "service_id")
    index("milestones", "wake_at", where="wake_at IS NOT NULL")


def revisions() -> None:
    op.create_table(
        "revisions",
        *texts("id", "service_id", "action_id", "from_what", "to_what", "from_check", "to_check"),
        *texts("from_owner_id", "to_owner_id", null=True),
        *texts("reason", "person_id"),
        *instants("written_at"),
        *integers("version"),
        key("revisions", "id"),
        parent("revisions", "service_id", "services"),
        parent("revisions", "action_id", "actions"),
        parent("revisions", "person_id", "people"),
    )
    index("revisions", "action_id")
    index("revisions", "service_id")


def samples() -> None:
    op.create_table(
        "samples",
        *texts("id", "workspace_id", "service_id"),
        *integers("number"),
        *texts("priority_id", "measure_id"),
        *texts("milestone_id", null=True),
        *flags("baseline"),
        *dates("on"),
        *integers("n", "met", "count", null=True),
        *floats("periods"),
        *texts("sampled", "findings", "in_their_words"),
        *flags("comparable"),
        *texts("not_comparable_reason"),
        *flags("failed"),
        *jsons("with_ids"),
        *texts("answered_by", null=True),
        *texts("answered_reason", "person_id"),
        *instants("written_at"),
        *instants("withdrawn_at", "corrected_at", null=True),
        *integers("version"),
        key("samples", "id"),
        parent("samples", "service_id", "services"),
        parent("samples", "priority_id", "priorities"),
        parent("samples", "measure_id", "measures"),
        parent("samples", "person_id", "people"),
        unique("samples", "workspace_id", "number"),
    )
    index("samples", "measure_id")
    index("samples", "priority_id")
    index("samples", "service_id")


def slips() -> None:
    op.create_table(
        "slips",
        *texts("id", "service_id", "action_id"),
        *dates("from_on", "to_on"),
        *texts("reason", "person_id"),
        *instants("written_at"),
        *integers("version"),
        key("slips", "id"),
        parent("slips", "service_id", "services"),
        parent("slips", "action_id", "actions"),
        parent("slips", "person_id", "people"),
    )
    index("slips", "action_id")
    index("slips", "service_id")


def upgrade() -> None:
    """Make the tables, parents first."""
    people()
    services()
    user_groups()
    evidence()
    priorities()
    role_holdings()
    actions()
    escalations()
    measures()
    reviews()
    signals()
    entries()
    milestones()
    revisions()
    samples()
    slips()
