"""tell people by several ways; one cursor for each follower of the event log."""

import hashlib
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

MOMENT = sa.DateTime(timezone=True)


def cursor_table(name):
    return op.create_table(
        name,
        sa.Column("cursor_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("lately", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("cursor_id", name=op.f(f"pk_{name}")),
    )


def copy(before, after):
    columns = "cursor_id, event_id, lately"
    op.execute(f"INSERT INTO {after} ({columns}) SELECT {columns} FROM {before}")  # noqa: S608


def upgrade():
    cursor_table("event_cursors")
    copy("news_cursor", "event_cursors")
    op.drop_table("news_cursor")
    ways = op.create_table(
        "news_ways",
        sa.Column("way_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_news_ways_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("way_id", name=op.f("pk_news_ways")),
        sa.UniqueConstraint(
            "person_id", "address_hash", name=op.f("uq_news_ways_person_id")
        ),
    )
    sendings = op.create_table(
        "news_sendings",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("way_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.notification_id"],
            name=op.f("fk_news_sendings_notification_id_notifications"),
        ),
        sa.ForeignKeyConstraint(
            ["way_id"],
            ["news_ways.way_id"],
            name=op.f("fk_news_sendings_way_id_news_ways"),
        ),
        sa.PrimaryKeyConstraint(
            "notification_id", "way_id", name=op.f("pk_news_sendings")
        ),
    )
    op.create_index(
        "ix_news_sendings_way_id", "news_sendings", ["way_id", "claimed_at"]
    )
    keep_choices(ways, sendings)
    op.drop_table("news_choices")
    op.drop_index("ix_notifications_emailed_at", table_name="notifications")
    # not by batch: SQLite would drop a table that others refer to by now
    op.drop_column("notifications", "claimed_at")
    op.drop_column("notifications", "emailed_at")


def keep_choices(ways, sendings):
    """Make a way of each choice; what waits for the mail still waits for it."""
    bind = op.get_bind()
    choices = sa.table(
        "news_choices",
        sa.column("person_id", sa.Uuid()),
        sa.column("email", sa.String()),
        sa.column("groups", sa.JSON()),
        sa.column("since", MOMENT),
    )
    told = sa.table(
        "notifications",
        sa.column("notification_id", sa.Uuid()),
        sa.column("person_id", sa.Uuid()),
        sa.column("created_at", MOMENT),
        sa.column("emailed_at", MOMENT),
    )
    for choice in bind.execute(sa.select(choices)).all():
        way_id = uuid.uuid4()
        bind.execute(
            ways.insert().values(
                way_id=way_id,
                person_id=choice.person_id,
                kind="email",
                address=choice.email,
                address_hash=hashlib.sha256(choice.email.encode()).hexdigest(),
                name=choice.email,
                groups=choice.groups,
                failures=0,
            )
        )
        waiting = sa.select(
            told.c.notification_id,
            sa.literal(way_id, sa.Uuid()),
            told.c.created_at,
            sa.null(),
        ).where(
            told.c.person_id == choice.person_id,
            told.c.emailed_at.is_(None),
            told.c.created_at >= choice.since,
        )
        columns = ["notification_id", "way_id", "created_at", "claimed_at"]
        bind.execute(sendings.insert().from_select(columns, waiting))


def downgrade():
    op.add_column("notifications", sa.Column("claimed_at", MOMENT, nullable=True))
    op.add_column("notifications", sa.Column("emailed_at", MOMENT, nullable=True))
    op.execute("UPDATE notifications SET emailed_at = created_at")
    op.create_index("ix_notifications_emailed_at", "notifications", ["emailed_at"])
    choices = op.create_table(
        "news_choices",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_news_choices_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_news_choices")),
    )
    ways = sa.table(
        "news_ways",
        sa.column("person_id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("address", sa.String()),
        sa.column("groups", sa.JSON()),
    )
    mail = sa.select(
        ways.c.person_id, ways.c.address, ways.c.groups, sa.func.now()
    ).where(ways.c.kind == "email")
    columns = ["person_id", "email", "groups", "since"]
    op.execute(choices.insert().from_select(columns, mail))
    op.drop_table("news_sendings")
    op.drop_table("news_ways")
    cursor_table("news_cursor")
    copy("event_cursors", "news_cursor")
    op.drop_table("event_cursors")
