"""create trials of work cards."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    # not by batch: SQLite would drop a table that readings refer to
    state = sa.Column("state", sa.String(), nullable=False, server_default="holds")
    op.add_column("work_cards", state)
    op.create_table(
        "pilots",
        sa.Column("pilot_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("first_month", sa.String(), nullable=False),
        sa.Column("last_month", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("expected", sa.String(), nullable=False),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.{key}"],
                name=op.f(f"fk_pilots_{column}_{table}"),
            )
            for column, table, key in (
                ("card_id", "work_cards", "card_id"),
                ("begun_by", "people", "person_id"),
                ("ended_by", "people", "person_id"),
            )
        ),
        sa.PrimaryKeyConstraint("pilot_id", name=op.f("pk_pilots")),
        sa.UniqueConstraint("card_id", name=op.f("uq_pilots_card_id")),
    )
    op.create_table(
        "pilot_halls",
        sa.Column("pilot_id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"],
            ["pilots.pilot_id"],
            name=op.f("fk_pilot_halls_pilot_id_pilots"),
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_pilot_halls_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("pilot_id", "hall_id", name=op.f("pk_pilot_halls")),
    )
    op.create_index("ix_pilot_halls_hall_id", "pilot_halls", ["hall_id"])


def downgrade():
    op.drop_table("pilot_halls")
    op.drop_table("pilots")
    op.execute(
        "DELETE FROM card_readings WHERE card_id IN"
        " (SELECT card_id FROM work_cards WHERE state <> 'holds')"
    )
    op.execute("DELETE FROM work_cards WHERE state <> 'holds'")
    op.drop_column("work_cards", "state")
