"""what-ifs of before get the keys that pages and jobs now read; nothing is invented."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# what each item did was another figure then: it was tried on no visit alone
MONTH = {"alone": 0, "moved_milli": {}, "together_milli": 0}
WHOLE = {**MONTH, "validity": None}
WHAT_IFS = sa.table(
    "what_ifs",
    sa.column("what_if_id", sa.Uuid()),
    sa.column("summary", sa.JSON()),
)


def upgrade():
    connection = op.get_bind()
    rows = connection.execute(sa.select(WHAT_IFS)).all()
    for what_if_id, summary in rows:
        connection.execute(
            sa.update(WHAT_IFS)
            .where(WHAT_IFS.c.what_if_id == what_if_id)
            .values(summary=completed(summary))
        )


def downgrade():
    """Leave the keys: what is there before does not read them."""


def completed(summary):
    """Return a summary with every key; one made as now stays as it is."""
    months = {
        month: each if "alone" in each else {**each, **MONTH}
        for month, each in summary.get("months", {}).items()
    }
    is_finished = "hall_months" in summary
    more = WHOLE if is_finished and "alone" not in summary else {}
    return {**summary, "months": months, **more}
