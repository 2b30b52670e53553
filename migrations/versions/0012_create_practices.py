"""create practices."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade():
    op.create_table(
        "practices",
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("practised_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_practices_hall_id_halls")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"],
            ["people.person_id"],
            name=op.f("fk_practices_noted_by_people"),
        ),
        sa.PrimaryKeyConstraint(
            "hall_id", "skill", "practised_on", name=op.f("pk_practices")
        ),
    )


def downgrade():
    op.drop_table("practices")
