"""create work cards and their readings."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade():
    op.create_table(
        "work_cards",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("scenario", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.person_id"],
            name=op.f("fk_work_cards_published_by_people"),
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_work_cards")),
        sa.UniqueConstraint("scenario", "number", name=op.f("uq_work_cards_scenario")),
    )
    op.create_table(
        "card_readings",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("read_by", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.{key}"],
                name=op.f(f"fk_card_readings_{column}_{table}"),
            )
            for column, table, key in (
                ("card_id", "work_cards", "card_id"),
                ("hall_id", "halls", "hall_id"),
                ("read_by", "people", "person_id"),
            )
        ),
        sa.PrimaryKeyConstraint("card_id", "hall_id", name=op.f("pk_card_readings")),
    )


def downgrade():
    op.drop_table("card_readings")
    op.drop_table("work_cards")
