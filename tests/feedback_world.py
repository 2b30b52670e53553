"""What tests of text-message feedback share."""

from datetime import UTC, datetime

import yaml

from auditapp.services.checklists import publish_checklist
from desk_world import CHECKLISTS


def publish_messages(session, month="2026-01"):
    """Put the text messages into force."""
    publish_checklist(
        session,
        yaml.safe_load((CHECKLISTS / "sms_feedback.yaml").read_text()),
        yaml.safe_load((CHECKLISTS / "_vocabulary.yaml").read_text()),
        effective_month=month,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.commit()
