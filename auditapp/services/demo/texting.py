"""The demonstration's text messages: who was invited and what came back."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from auditapp.domain.month import local_date
from auditapp.services.demo.complaints import complain
from auditapp.services.demo.counters import Counter, Heard
from auditapp.services.demo.voices import Voice
from auditapp.store.messages import InvitationRow

REPLY_MINUTES, WINDOW_HOURS = (1, 240), 48
MINUTES_UNTIL_ASKED = 10


def ask_by_text(counter: Counter, voices: Sequence[Voice], version: str) -> None:
    """Invite customers; half of them reply, the others do not."""
    for voice in voices:
        _invite(counter, version, voice)
        _invite(counter, version, None)


def bring_file(counter: Counter, voices: Sequence[Voice], version: str) -> None:
    """Bring in what customers told the company before it asked them by this way."""
    for number, voice in enumerate(voices):
        at = counter.some_time()
        key = f"demo {counter.month} {counter.hall_id} {number}"
        day, business = local_date(at), counter.some_business()
        heard = Heard("sms", "import", key, version, counter.over_at, day, business)
        counter.hear(voice, heard)


def _invite(counter: Counter, version: str, voice: Voice | None) -> None:
    transaction = counter.serve()
    sent_at = transaction["finished_at"] + timedelta(minutes=MINUTES_UNTIL_ASKED)
    transaction["customer"]["last_invited_at"] = sent_at
    invitation_id = counter.new_id()
    key, answered_at, response_id = str(invitation_id), None, None
    if voice:
        minutes = counter.chance.randint(*REPLY_MINUTES)
        answered_at = min(sent_at + timedelta(minutes=minutes), counter.now)
        heard = Heard(
            "sms",
            counter.chance.choice(("text", "text", "link")),
            key,
            version,
            answered_at,
            transaction["happened_on"],
            transaction["business"],
            transaction["customer_id"],
        )
        response_id = counter.hear(voice, heard)
        complain(counter, transaction, voice, response_id, answered_at)
    counter.records.add(
        InvitationRow,
        invitation_id=invitation_id,
        transaction_id=transaction["transaction_id"],
        customer_id=transaction["customer_id"],
        hall_id=counter.hall_id,
        month=counter.month,
        business=transaction["business"],
        checklist_version=version,
        state="answered" if voice else "sent",
        reason=None,
        token_hash=sha256(f"{counter.month} {key}".encode()).hexdigest(),
        send_at=sent_at,
        sent_at=sent_at,
        expires_at=sent_at + timedelta(hours=WINDOW_HOURS),
        asked_item=None if voice else "sms_rating",
        answers=voice.answers if voice else {},
        answered_at=answered_at,
        response_id=response_id,
    )
