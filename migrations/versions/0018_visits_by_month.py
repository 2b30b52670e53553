"""find the latest visits, and count them by state, without reading all of them."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade():
    op.create_index("ix_visits_month_visit_id", "visits", ["month", "visit_id"])
    op.create_index("ix_visits_state", "visits", ["state"])


def downgrade():
    op.drop_index("ix_visits_state", table_name="visits")
    op.drop_index("ix_visits_month_visit_id", table_name="visits")
