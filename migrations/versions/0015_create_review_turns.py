"""create review turns and confirmed causes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade():
    op.create_table(
        "review_turns",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        *_keys(
            "review_turns",
            ("audit_id", "audits", "audit_id"),
            ("agency_id", "agencies", "agency_id"),
            ("checked_by", "people", "person_id"),
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_review_turns")),
    )
    op.create_index(
        "ix_review_turns_escalated_at_due_at",
        "review_turns",
        ["escalated_at", "due_at"],
    )
    op.create_table(
        "confirmed_causes",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        *_keys(
            "confirmed_causes",
            ("audit_id", "audits", "audit_id"),
            ("confirmed_by", "people", "person_id"),
        ),
        sa.PrimaryKeyConstraint(
            "audit_id", "item_id", name=op.f("pk_confirmed_causes")
        ),
    )


def downgrade():
    op.drop_table("confirmed_causes")
    op.drop_index("ix_review_turns_escalated_at_due_at", table_name="review_turns")
    op.drop_table("review_turns")


def _keys(name, *keys):
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{table}.{key}"], name=op.f(f"fk_{name}_{column}_{table}")
        )
        for column, table, key in keys
    ]
