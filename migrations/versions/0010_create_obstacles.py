"""create obstacles, their votes and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade():
    op.create_table(
        "obstacles",
        sa.Column("obstacle_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("cost", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("photo_sha256", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=True),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        *_references(
            "obstacles",
            ("owner", "departments", "department_id"),
            ("photo_sha256", "photos", "sha256"),
            ("hall_id", "halls", "hall_id"),
            ("reported_by", "people", "person_id"),
        ),
        sa.PrimaryKeyConstraint("obstacle_id", name=op.f("pk_obstacles")),
    )
    op.create_index("ix_obstacles_state_owner", "obstacles", ["state", "owner"])
    op.create_index(op.f("ix_obstacles_reported_by"), "obstacles", ["reported_by"])
    op.create_table(
        "obstacle_votes",
        sa.Column("obstacle_id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("voted_by", sa.Uuid(), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        *_references(
            "obstacle_votes",
            ("obstacle_id", "obstacles", "obstacle_id"),
            ("hall_id", "halls", "hall_id"),
            ("voted_by", "people", "person_id"),
        ),
        sa.PrimaryKeyConstraint(
            "obstacle_id", "hall_id", name=op.f("pk_obstacle_votes")
        ),
    )
    op.create_table(
        "obstacle_answers",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("obstacle_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("halls", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        *_references(
            "obstacle_answers",
            ("obstacle_id", "obstacles", "obstacle_id"),
            ("answered_by", "people", "person_id"),
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_obstacle_answers")),
    )
    op.create_index(
        op.f("ix_obstacle_answers_obstacle_id"), "obstacle_answers", ["obstacle_id"]
    )


def _references(table, *columns):
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other, key in columns
    ]


def downgrade():
    op.drop_index(op.f("ix_obstacle_answers_obstacle_id"), "obstacle_answers")
    op.drop_table("obstacle_answers")
    op.drop_table("obstacle_votes")
    op.drop_index(op.f("ix_obstacles_reported_by"), "obstacles")
    op.drop_index("ix_obstacles_state_owner", "obstacles")
    op.drop_table("obstacles")
