"""means of mystery visits beside a replay's scores."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
COLUMNS = ("audits_before_milli", "audits_after_milli")


def upgrade():
    for name in COLUMNS:
        op.add_column("what_if_halls", sa.Column(name, sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table("what_if_halls") as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)
