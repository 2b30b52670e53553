"""create appeals and their photos."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    op.create_table(
        "appeals",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lodged_by", sa.Uuid(), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("override_id", sa.Uuid(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.{key}"],
                name=op.f(f"fk_appeals_{column}_{table}"),
            )
            for column, table, key in (
                ("audit_id", "audits", "audit_id"),
                ("hall_id", "halls", "hall_id"),
                ("lodged_by", "people", "person_id"),
                ("decided_by", "people", "person_id"),
                ("override_id", "overrides", "override_id"),
            )
        ),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("audit_id", "item_id", name=op.f("uq_appeals_audit_id")),
    )
    op.create_index(op.f("ix_appeals_hall_id"), "appeals", ["hall_id"])
    op.create_index("ix_appeals_state_lodged_at", "appeals", ["state", "lodged_at"])
    op.create_table(
        "appeal_photos",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appeal_id"],
            ["appeals.appeal_id"],
            name=op.f("fk_appeal_photos_appeal_id_appeals"),
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["photos.sha256"], name=op.f("fk_appeal_photos_sha256_photos")
        ),
        sa.PrimaryKeyConstraint("appeal_id", "sha256", name=op.f("pk_appeal_photos")),
    )


def downgrade():
    op.drop_table("appeal_photos")
    op.drop_index("ix_appeals_state_lodged_at", table_name="appeals")
    op.drop_index(op.f("ix_appeals_hall_id"), table_name="appeals")
    op.drop_table("appeals")
