"""create notifications, their cursor and choices."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade():
    op.create_table(
        "notifications",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("emailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_notifications_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "person_id", "event_id", name=op.f("uq_notifications_person_id")
        ),
    )
    op.create_index(
        "ix_notifications_person_id_read_at", "notifications", ["person_id", "read_at"]
    )
    op.create_index("ix_notifications_emailed_at", "notifications", ["emailed_at"])
    op.create_table(
        "news_cursor",
        sa.Column("cursor_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("lately", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("cursor_id", name=op.f("pk_news_cursor")),
    )
    op.create_table(
        "news_choices",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_news_choices_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_news_choices")),
    )


def downgrade():
    op.drop_table("news_choices")
    op.drop_table("news_cursor")
    op.drop_index("ix_notifications_emailed_at", table_name="notifications")
    op.drop_index("ix_notifications_person_id_read_at", table_name="notifications")
    op.drop_table("notifications")
