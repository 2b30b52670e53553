"""create profiles of halls and their sums."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade():
    op.create_table(
        "hall_profiles",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("traits", sa.JSON(), nullable=False),
        sa.Column("official_milli", sa.Integer(), nullable=True),
        sa.Column("adjusted_milli", sa.Integer(), nullable=True),
        sa.Column("low_milli", sa.Integer(), nullable=True),
        sa.Column("high_milli", sa.Integer(), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("is_begging", sa.Boolean(), nullable=False),
        sa.Column("staging_milli", sa.Integer(), nullable=True),
        sa.Column("staging_half_milli", sa.Integer(), nullable=True),
        sa.Column("alerts", sa.JSON(), nullable=False),
        sa.Column("alert_count", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_hall_profiles_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("month", "hall_id", name=op.f("pk_hall_profiles")),
    )
    op.create_index(
        "ix_hall_profiles_hall_id_month", "hall_profiles", ["hall_id", "month"]
    )
    op.create_table(
        "profile_sums",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("trait", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("halls", sa.Integer(), nullable=False),
        sa.Column("total_milli", sa.BigInteger(), nullable=False),
        sa.Column("squares_milli", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "month",
            "trait",
            "dimension",
            "region_id",
            "tier",
            "key",
            name=op.f("pk_profile_sums"),
        ),
    )


def downgrade():
    op.drop_table("profile_sums")
    op.drop_index("ix_hall_profiles_hall_id_month", table_name="hall_profiles")
    op.drop_table("hall_profiles")
