"""create corrective actions, their history and its photos."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade():
    op.create_table(
        "actions",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contain_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("level_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recurrences", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_actions_audit_id_audits")
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_actions_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_actions")),
        sa.UniqueConstraint("hall_id", "item_id", name=op.f("uq_actions_hall_id")),
    )
    op.create_index(op.f("ix_actions_audit_id"), "actions", ["audit_id"])
    op.create_index(op.f("ix_actions_owner_state"), "actions", ["owner", "state"])
    op.create_index(op.f("ix_actions_state_due_at"), "actions", ["state", "due_at"])

    op.create_table(
        "action_entries",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["actions.action_id"],
            name=op.f("fk_action_entries_action_id_actions"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_action_entries_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_action_entries")),
    )
    op.create_index(
        op.f("ix_action_entries_action_id_at"), "action_entries", ["action_id", "at"]
    )

    op.create_table(
        "action_photos",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_before", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["action_entries.entry_id"],
            name=op.f("fk_action_photos_entry_id_action_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["photos.sha256"], name=op.f("fk_action_photos_sha256_photos")
        ),
        sa.PrimaryKeyConstraint(
            "entry_id", "sha256", "is_before", name=op.f("pk_action_photos")
        ),
    )


def downgrade():
    op.drop_table("action_photos")
    op.drop_index(op.f("ix_action_entries_action_id_at"), table_name="action_entries")

    op.drop_table("action_entries")
    op.drop_index(op.f("ix_actions_state_due_at"), table_name="actions")
    op.drop_index(op.f("ix_actions_owner_state"), table_name="actions")
    op.drop_index(op.f("ix_actions_audit_id"), table_name="actions")

    op.drop_table("actions")
