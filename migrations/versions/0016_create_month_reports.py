"""create month reports."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade():
    op.create_table(
        "month_reports",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("storage_key", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.{key}"],
                name=op.f(f"fk_month_reports_{column}_{table}"),
            )
            for column, table, key in (
                ("job_id", "jobs", "job_id"),
                ("requested_by", "people", "person_id"),
            )
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_month_reports")),
    )
    op.create_index(
        "ix_month_reports_requested_by_requested_at",
        "month_reports",
        ["requested_by", "requested_at"],
    )


def downgrade():
    op.drop_index(
        "ix_month_reports_requested_by_requested_at", table_name="month_reports"
    )
    op.drop_table("month_reports")
