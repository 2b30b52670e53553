"""relevance by trait within a tier; its rows are made again every night."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade():
    _create(sa.Column("trait", sa.String(), nullable=False))


def downgrade():
    _create()


def _create(*further):
    keys = ["checklist_id", "item_id", "tier", *(column.name for column in further)]
    op.drop_table("relevance")
    op.create_table(
        "relevance",
        sa.Column("checklist_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        *further,
        sa.Column("through_month", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("effect_milli", sa.Integer(), nullable=True),
        sa.Column("low_milli", sa.Integer(), nullable=True),
        sa.Column("high_milli", sa.Integer(), nullable=True),
        sa.Column("halls", sa.Integer(), nullable=False),
        sa.Column("passed_pct", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_relevance")),
    )
