"""What tests of text-message feedback share."""

from datetime import UTC, datetime, timedelta

from auditapp.domain.reply_batch import NewReply
from auditapp.domain.transaction import read_transactions
from auditapp.extensions import unit_of_work
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.jobs.feedback import send_due
from auditapp.services.checklists import publish_checklist
from auditapp.services.replies import take_replies
from auditapp.services.transactions import Keys, take_transactions

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)  # noon in the halls
LATER = NOW + timedelta(minutes=10)
NUMBER = "13800001234"


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


class Phones:
    """A provider that remembers what it was given; it can be away, or refuse."""

    def __init__(self):
        self.got, self.error = [], None

    def send(self, message):
        if self.error:
            raise self.error
        self.got.append(message)
        return f"provider-{len(self.got)}"

    @property
    def last(self):
        return self.got[-1].text


class Feedback:
    """The whole way, one call a step."""

    def __init__(self, app):
        self.app, self.phones, self.replied = app, Phones(), 0
        app.extensions["sms"] = self.phones

    def finish(self, key="t1", phone=NUMBER, at=NOW, **changes):
        row = {
            "id": key,
            "hall": "BD01",
            "business": "plan_change",
            "finished_at": at.isoformat(),
            "phone": phone,
            **changes,
        }
        sound, problems = read_transactions({"transactions": [row]}, at)
        assert not problems
        parts = self.app.extensions
        keys = Keys(parts["phone_vault"], parts["personal_links"])
        with self.app.app_context(), unit_of_work() as session:
            take_transactions(session, keys, sound, now=at)

    def send(self, at=LATER):
        with self.app.app_context():
            return send_due(at)

    def reply(self, *texts, phone="+86" + NUMBER, at=LATER, key=None):
        batch = []
        for text in texts:
            self.replied += 1
            name = key or f"in:{self.replied}"
            batch.append(
                NewReply(name, phone, text, at + timedelta(seconds=self.replied))
            )
        with self.app.app_context(), unit_of_work() as session:
            now = at + timedelta(minutes=1)
            return take_replies(
                session, self.app.extensions["phone_vault"], batch, now=now
            )
