"""The messages of one conversation in the demonstration, one after another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from auditapp.services.demo.counters import Counter
from auditapp.services.sending import SENT
from auditapp.store.messages import MessageRow

INVITATION = "sms_rating"  # the question that an invitation asks
SECONDS_TO_TYPE = (15, 240)
SENT_AFTER = timedelta(seconds=6)


@dataclass(slots=True)
class Talk:
    """What was said until ``at``; by somebody unknown where there is no invitation."""

    counter: Counter
    invitation_id: UUID | None
    at: datetime

    def wait(self, time: timedelta) -> None:
        """Let time go by, though never beyond now."""
        self.at = min(self.at + time, self.counter.now)

    def say(self, kind: str, refusal: str = "") -> None:
        """Write to the customer; ``refusal`` is why the provider did not take it."""
        what = "invitation" if kind == INVITATION else "message"
        self.counter.records.count(f"{what}.{'failed' if refusal else 'sent'}", self.at)
        self._add("out", kind, tries=1, outcome=refusal or SENT)
        self.wait(timedelta(seconds=self.counter.chance.randint(*SECONDS_TO_TYPE)))

    def hear(self, kind: str) -> None:
        """Take a reply in, as what it was taken for."""
        self.counter.records.count(f"reply.{kind}", self.at)
        self._add("in", kind, tries=0, outcome=None)
        self.wait(SENT_AFTER)

    def _add(self, direction: str, kind: str, **facts: Any) -> None:  # noqa: ANN401
        message_id = self.counter.new_id()
        self.counter.records.add(
            MessageRow,
            message_id=message_id,
            invitation_id=self.invitation_id,
            direction=direction,
            kind=kind,
            provider_key=f"demo:{message_id}",
            happened_at=self.at,
            due_at=None,
            provider_id=None,
            **facts,
        )
