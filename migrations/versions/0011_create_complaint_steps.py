"""create the steps of complaints, from what is known of the old ones."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade():
    steps = op.create_table(
        "complaint_steps",
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("obstacle_id", sa.Uuid(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.{key}"],
                name=op.f(f"fk_complaint_steps_{column}_{table}"),
            )
            for column, table, key in (
                ("complaint_id", "complaints", "complaint_id"),
                ("obstacle_id", "obstacles", "obstacle_id"),
                ("done_by", "people", "person_id"),
            )
        ),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_complaint_steps")),
    )
    op.create_index(
        op.f("ix_complaint_steps_complaint_id"), "complaint_steps", ["complaint_id"]
    )
    old = sa.table(
        "complaints",
        sa.column("complaint_id", sa.Uuid()),
        sa.column("created_by", sa.Uuid()),
        *(
            sa.column(name, sa.DateTime(timezone=True))
            for name in ("created_at", "replied_at", "checked_at")
        ),
    )
    known = (
        ("classified", "created_at", True),
        ("answered", "replied_at", False),
        ("called_back", "checked_at", False),
    )
    rows = [
        {
            "step_id": uuid4(),
            "complaint_id": complaint.complaint_id,
            "step": step,
            "words": "",
            "done_by": complaint.created_by if is_creator else None,
            "done_at": getattr(complaint, column),
        }
        for complaint in op.get_bind().execute(sa.select(old)).all()
        for step, column, is_creator in known
        if getattr(complaint, column) is not None
        # what came by text was filed by a machine and waits for a person
        and (complaint.created_by is not None or not is_creator)
    ]
    if rows:
        op.bulk_insert(steps, rows)


def downgrade():
    op.drop_index(op.f("ix_complaint_steps_complaint_id"), "complaint_steps")
    op.drop_table("complaint_steps")
