"""create redactions: how photos are shown."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade():
    op.create_table(
        "redactions",
        sa.Column("redaction_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.{key}"],
                name=op.f(f"fk_redactions_{column}_{table}"),
            )
            for column, table, key in (
                ("audit_id", "audits", "audit_id"),
                ("sha256", "photos", "sha256"),
                ("made_by", "people", "person_id"),
            )
        ),
        sa.PrimaryKeyConstraint("redaction_id", name=op.f("pk_redactions")),
        sa.UniqueConstraint(
            "audit_id", "sha256", "number", name=op.f("uq_redactions_audit_id")
        ),
    )


def downgrade():
    op.drop_table("redactions")
