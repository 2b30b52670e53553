"""What tests of text-message feedback share."""

from datetime import UTC, datetime

from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.services.checklists import publish_checklist


def load(name):
    """Return one of the checklists' files."""
    return load_yaml(CHECKLIST_DIR / f"{name}.yaml").document


def publish_messages(session, month="2026-01"):
    """Put the text messages into force."""
    publish_checklist(
        session,
        load("sms_feedback"),
        load("_vocabulary"),
        effective_month=month,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.commit()
