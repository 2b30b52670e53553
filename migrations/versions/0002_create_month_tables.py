"""Create the tables of customers, responses, calls, messages and months."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_table(
        "column_mappings",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("heading_sha256", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("remembered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "source", "heading_sha256", name=op.f("pk_column_mappings")
        ),
    )
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("phone_hash", sa.String(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erase_on", sa.Date(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customers")),
        sa.UniqueConstraint("phone_hash", name=op.f("uq_customers_phone_hash")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_customers_erase_on"), ["erase_on"], unique=False
        )

    op.create_table(
        "policy_versions",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("effective_month", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_versions")),
    )
    op.create_table(
        "feedback_counts",
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("counted_on", "kind", name=op.f("pk_feedback_counts")),
    )
    op.create_table(
        "month_scores",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("weight_pct", sa.Integer(), nullable=False),
        sa.Column("official_milli", sa.Integer(), nullable=True),
        sa.Column("half_milli", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("is_ranked", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("adjusted_milli", sa.Integer(), nullable=True),
        sa.Column("low_milli", sa.Integer(), nullable=True),
        sa.Column("high_milli", sa.Integer(), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("visit_milli", sa.Integer(), nullable=True),
        sa.Column("inspections", sa.Integer(), nullable=False),
        sa.Column("inspection_milli", sa.Integer(), nullable=True),
        sa.Column("callbacks", sa.Integer(), nullable=False),
        sa.Column("callback_milli", sa.Integer(), nullable=True),
        sa.Column("feedbacks", sa.Integer(), nullable=False),
        sa.Column("feedback_milli", sa.Integer(), nullable=True),
        sa.Column("gap_milli", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_month_scores_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("month", "hall_id", name=op.f("pk_month_scores")),
    )
    with op.batch_alter_table("month_scores", schema=None) as batch_op:
        batch_op.create_index(
            "ix_month_scores_hall_id_month", ["hall_id", "month"], unique=False
        )
        batch_op.create_index(
            "ix_month_scores_month_region_id", ["month", "region_id"], unique=False
        )

    op.create_table(
        "responses",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("origin_key", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business", sa.String(), nullable=True),
        sa.Column("checklist_version", sa.String(), nullable=False),
        sa.Column("score_milli", sa.Integer(), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("wants_call", sa.Boolean(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customer_id"],
            name=op.f("fk_responses_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_responses_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_responses")),
        sa.UniqueConstraint("source", "origin_key", name=op.f("uq_responses_source")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_responses_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            "ix_responses_hall_id_month_source",
            ["hall_id", "month", "source"],
            unique=False,
        )

    op.create_table(
        "tallies",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("total_milli", sa.BigInteger(), nullable=False),
        sa.Column("squares_milli", sa.BigInteger(), nullable=False),
        sa.Column("front_line", sa.Integer(), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_tallies_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("month", "hall_id", "source", name=op.f("pk_tallies")),
    )
    op.create_table(
        "transactions",
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customer_id"],
            name=op.f("fk_transactions_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_transactions_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("source_key", name=op.f("uq_transactions_source_key")),
    )
    with op.batch_alter_table("transactions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transactions_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            "ix_transactions_hall_id_month", ["hall_id", "month"], unique=False
        )

    op.create_table(
        "schedules",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_schedules")),
    )
    op.create_table(
        "callbacks",
        sa.Column("callback_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("business", sa.String(), nullable=False),
        sa.Column("checklist_version", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_before_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["people.person_id"],
            name=op.f("fk_callbacks_agent_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customer_id"],
            name=op.f("fk_callbacks_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_callbacks_hall_id_halls")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.response_id"],
            name=op.f("fk_callbacks_response_id_responses"),
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.transaction_id"],
            name=op.f("fk_callbacks_transaction_id_transactions"),
        ),
        sa.PrimaryKeyConstraint("callback_id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_callbacks_transaction_id")),
    )
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_callbacks_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            "ix_callbacks_hall_id_month", ["hall_id", "month"], unique=False
        )
        batch_op.create_index(
            "ix_callbacks_state_next_try_at", ["state", "next_try_at"], unique=False
        )

    op.create_table(
        "invitations",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("business", sa.String(), nullable=False),
        sa.Column("checklist_version", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_item", sa.String(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customer_id"],
            name=op.f("fk_invitations_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_invitations_hall_id_halls")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.response_id"],
            name=op.f("fk_invitations_response_id_responses"),
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.transaction_id"],
            name=op.f("fk_invitations_transaction_id_transactions"),
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sa.UniqueConstraint(
            "transaction_id", name=op.f("uq_invitations_transaction_id")
        ),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_invitations_customer_id_sent_at",
            ["customer_id", "sent_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_invitations_hall_id_month", ["hall_id", "month"], unique=False
        )
        batch_op.create_index(
            "ix_invitations_state_send_at", ["state", "send_at"], unique=False
        )

    op.create_table(
        "ledgers",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous_digest", sa.String(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by"],
            ["people.person_id"],
            name=op.f("fk_ledgers_closed_by_people"),
        ),
        sa.PrimaryKeyConstraint("month", "number", name=op.f("pk_ledgers")),
    )
    op.create_table(
        "months",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ledger_number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("model", sa.LargeBinary(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["people.person_id"],
            name=op.f("fk_months_changed_by_people"),
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_months")),
    )
    op.create_table(
        "call_tries",
        sa.Column("try_id", sa.Uuid(), nullable=False),
        sa.Column("callback_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["people.person_id"],
            name=op.f("fk_call_tries_agent_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["callback_id"],
            ["callbacks.callback_id"],
            name=op.f("fk_call_tries_callback_id_callbacks"),
        ),
        sa.PrimaryKeyConstraint("try_id", name=op.f("pk_call_tries")),
    )
    with op.batch_alter_table("call_tries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_tries_callback_id"), ["callback_id"], unique=False
        )

    op.create_table(
        "complaints",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("callback_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("is_severe", sa.Boolean(), nullable=False),
        sa.Column("may_contact", sa.Boolean(), nullable=False),
        sa.Column("promise_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["callback_id"],
            ["callbacks.callback_id"],
            name=op.f("fk_complaints_callback_id_callbacks"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["people.person_id"],
            name=op.f("fk_complaints_created_by_people"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customer_id"],
            name=op.f("fk_complaints_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_complaints_hall_id_halls")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.response_id"],
            name=op.f("fk_complaints_response_id_responses"),
        ),
        sa.ForeignKeyConstraint(
            ["held_by"],
            ["people.person_id"],
            name=op.f("fk_complaints_held_by_people"),
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaints")),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaints_callback_id"), ["callback_id"], unique=False
        )
        batch_op.create_index(
            "ix_complaints_hall_id_created_at", ["hall_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_complaints_response_id"), ["response_id"], unique=False
        )
        batch_op.create_index(
            "ix_complaints_state_promise_at", ["state", "promise_at"], unique=False
        )

    op.create_table(
        "imports",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("total_rows", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("faults_key", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.job_id"], name=op.f("fk_imports_job_id_jobs")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["people.person_id"],
            name=op.f("fk_imports_requested_by_people"),
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_imports_file_sha256"), ["file_sha256"], unique=False
        )

    op.create_table(
        "ledger_lines",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("official_digest", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["month", "number"],
            ["ledgers.month", "ledgers.number"],
            name=op.f("fk_ledger_lines_month_ledgers"),
        ),
        sa.PrimaryKeyConstraint(
            "month", "number", "hall_id", name=op.f("pk_ledger_lines")
        ),
    )
    with op.batch_alter_table("ledger_lines", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_lines_hall_id_month", ["hall_id", "month"], unique=False
        )

    op.create_table(
        "messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider_key", sa.String(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.invitation_id"],
            name=op.f("fk_messages_invitation_id_invitations"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_messages")),
        sa.UniqueConstraint("provider_key", name=op.f("uq_messages_provider_key")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_messages_due_at"), ["due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_messages_invitation_id"), ["invitation_id"], unique=False
        )

    op.create_table(
        "revisits",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("hall_id", sa.String(), nullable=False),
        sa.Column("gap_milli", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["halls.hall_id"], name=op.f("fk_revisits_hall_id_halls")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.visit_id"], name=op.f("fk_revisits_visit_id_visits")
        ),
        sa.PrimaryKeyConstraint("month", "hall_id", name=op.f("pk_revisits")),
    )
    op.create_table(
        "overrides",
        sa.Column("override_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("score_before", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_overrides_audit_id_audits")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.person_id"],
            name=op.f("fk_overrides_decided_by_people"),
        ),
        sa.PrimaryKeyConstraint("override_id", name=op.f("pk_overrides")),
    )
    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_overrides_audit_id"), ["audit_id"], unique=False
        )

    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "lost_hard_milli", sa.Integer(), server_default="0", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "lost_soft_milli", sa.Integer(), server_default="0", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "cap_loss_milli", sa.Integer(), server_default="0", nullable=False
            )
        )

    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("score_numerator", sa.BigInteger(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("score_denominator", sa.BigInteger(), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "outcome", sa.String(), server_default="completed", nullable=False
            )
        )

    numbers = ("lost_hard_milli", "lost_soft_milli", "cap_loss_milli")
    for column in (*numbers, "outcome"):
        with op.batch_alter_table("scores", schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
    _score_again()


def _score_again():
    """Ask for every audit to be scored: only that fills the new columns."""
    audits = sa.table("audits", sa.column("audit_id", sa.Uuid()), sa.column("state"))
    jobs = sa.table(
        "jobs",
        sa.column("job_id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("subject", sa.String()),
        sa.column("payload", sa.JSON()),
        sa.column("state", sa.String()),
        sa.column("priority", sa.Integer()),
        sa.column("tries", sa.Integer()),
        sa.column("failures", sa.Integer()),
        sa.column("done_steps", sa.Integer()),
        sa.column("total_steps", sa.Integer()),
        sa.column("lease_until", sa.DateTime(timezone=True)),
        sa.column("requested_at", sa.DateTime(timezone=True)),
    )
    now = datetime.now(UTC)
    sent = sa.select(audits.c.audit_id).where(audits.c.state != "draft")
    rows = [
        {
            "job_id": uuid4(),
            "kind": "audit.score",
            "subject": str(audit_id),
            "payload": {},
            "state": "queued",
            "priority": 20,
            "tries": 0,
            "failures": 0,
            "done_steps": 0,
            "total_steps": 0,
            "lease_until": now,
            "requested_at": now,
        }
        for audit_id in op.get_bind().scalars(sent)
    ]
    if rows:
        op.bulk_insert(jobs, rows)


def downgrade():
    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.drop_column("outcome")
        batch_op.drop_column("score_denominator")
        batch_op.drop_column("score_numerator")
        batch_op.drop_column("cap_loss_milli")
        batch_op.drop_column("lost_soft_milli")
        batch_op.drop_column("lost_hard_milli")

    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_overrides_audit_id"))

    op.drop_table("overrides")
    op.drop_table("revisits")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_messages_due_at"))

    op.drop_table("messages")
    with op.batch_alter_table("ledger_lines", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_lines_hall_id_month")

    op.drop_table("ledger_lines")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imports_file_sha256"))

    op.drop_table("imports")
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("ix_complaints_state_promise_at")
        batch_op.drop_index(batch_op.f("ix_complaints_response_id"))
        batch_op.drop_index("ix_complaints_hall_id_created_at")
        batch_op.drop_index(batch_op.f("ix_complaints_callback_id"))

    op.drop_table("complaints")
    with op.batch_alter_table("call_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_tries_callback_id"))

    op.drop_table("call_tries")
    op.drop_table("months")
    op.drop_table("ledgers")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index("ix_invitations_state_send_at")
        batch_op.drop_index("ix_invitations_hall_id_month")
        batch_op.drop_index("ix_invitations_customer_id_sent_at")

    op.drop_table("invitations")
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.drop_index("ix_callbacks_state_next_try_at")
        batch_op.drop_index("ix_callbacks_hall_id_month")
        batch_op.drop_index(batch_op.f("ix_callbacks_customer_id"))

    op.drop_table("callbacks")
    op.drop_table("schedules")
    with op.batch_alter_table("transactions", schema=None) as batch_op:
        batch_op.drop_index("ix_transactions_hall_id_month")
        batch_op.drop_index(batch_op.f("ix_transactions_customer_id"))

    op.drop_table("transactions")
    op.drop_table("tallies")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_index("ix_responses_hall_id_month_source")
        batch_op.drop_index(batch_op.f("ix_responses_customer_id"))

    op.drop_table("responses")
    with op.batch_alter_table("month_scores", schema=None) as batch_op:
        batch_op.drop_index("ix_month_scores_month_region_id")
        batch_op.drop_index("ix_month_scores_hall_id_month")

    op.drop_table("month_scores")
    op.drop_table("feedback_counts")
    op.drop_table("policy_versions")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_erase_on"))

    op.drop_table("customers")
    op.drop_table("column_mappings")
