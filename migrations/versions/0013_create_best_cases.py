"""create best cases."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    op.create_table(
        "best_cases",
        sa.Column("choice_id", sa.Uuid(), nullable=False),
        sa.Column("scenario", sa.String(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visits.visit_id"],
            name=op.f("fk_best_cases_visit_id_visits"),
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by"],
            ["people.person_id"],
            name=op.f("fk_best_cases_chosen_by_people"),
        ),
        sa.PrimaryKeyConstraint("choice_id", name=op.f("pk_best_cases")),
    )
    op.create_index(
        "ix_best_cases_scenario_chosen_at", "best_cases", ["scenario", "chosen_at"]
    )


def downgrade():
    op.drop_index("ix_best_cases_scenario_chosen_at", "best_cases")
    op.drop_table("best_cases")
