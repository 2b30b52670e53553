"""The demonstration's text messages: who was invited, what came back, what did not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from auditapp.domain.month import local_date
from auditapp.services.conversations import SAID
from auditapp.services.demo.complaints import complain
from auditapp.services.demo.counters import Counter, Heard
from auditapp.services.demo.messages import INVITATION, Talk
from auditapp.services.demo.voices import Voice
from auditapp.store.messages import InvitationRow

REPLY_SHARE = (0.18, 0.25)  # of those invited, by hall
REPLY_MINUTES, WINDOW = (1, 240), timedelta(hours=48)
LATE_MINUTES = (49 * 60, 70 * 60)
MINUTES_UNTIL_ASKED = 10
ORIGINS = {"text": 2, "link": 1}
# What becomes of an invitation that brings no rating
SILENCES = {"silent": 957, "failed": 15, "stop": 13, "late": 8, "unreadable": 7}
UNKNOWN_SHARE = 0.04  # of answers: somebody nobody asked writes as well
AGAIN_SHARE = 0.02  # of those thanked: a second mark, which changes nothing
REASON, WORDS = "sms_reason", "sms_words"
REFUSAL = "undeliverable"  # what the provider says of a number out of service
Row = dict[str, Any]


def hear_texts(counter: Counter, voices: Sequence[Voice], version: str) -> None:
    """Let customers say what they think: in a file at first, then by text message."""
    answers = 0
    for number, voice in enumerate(voices):
        at = counter.some_time()
        if local_date(at) < counter.records.counted_since:
            _bring(counter, voice, version, at, number)
        else:
            _answer(counter, voice, version, at)
            answers += 1
    share = counter.chance.uniform(*REPLY_SHARE)
    silences = round(answers / share) - answers
    made = 0
    while made < silences:
        at = counter.some_time()
        if local_date(at) >= counter.records.counted_since:
            _keep_silent(counter, version, at)
            made += 1


def _bring(
    counter: Counter, voice: Voice, version: str, at: datetime, number: int
) -> None:
    """Bring in what a customer told the company before it asked by this way."""
    key = f"demo {counter.month} {counter.hall_id} {number}"
    day, business = local_date(at), counter.some_business()
    heard = Heard("sms", "import", key, version, counter.over_at, day, business)
    counter.hear(voice, heard)


def _answer(counter: Counter, voice: Voice, version: str, at: datetime) -> None:
    transaction, invitation = _invite(counter, version, at)
    talk = _ask(counter, invitation)
    talk.wait(timedelta(minutes=counter.chance.randint(*REPLY_MINUTES)))
    origin = counter.one_of(ORIGINS)
    answered_at = talk.at
    heard = Heard(
        "sms",
        origin,
        str(invitation["invitation_id"]),
        version,
        answered_at,
        transaction["happened_on"],
        transaction["business"],
        transaction["customer_id"],
    )
    response_id = counter.hear(voice, heard)
    complain(counter, transaction, voice, response_id, answered_at)
    if origin == "link":
        counter.records.count("reply.link", answered_at)
        asked = None
    else:
        asked = _converse(talk, voice)
    said = {WORDS: SAID} if voice.words else {}
    invitation |= {
        "state": "answered",
        "asked_item": asked,
        "answers": {**voice.answers, **said},
        "answered_at": answered_at,
        "response_id": response_id,
    }
    if counter.chance.random() < UNKNOWN_SHARE:
        Talk(counter, None, answered_at).hear("unknown")


def _converse(talk: Talk, voice: Voice) -> str | None:
    """Tell a conversation by text, and return the question that stays open."""
    talk.hear("answer")
    if REASON in voice.answers:
        talk.say(REASON)
        talk.hear("answer")
        talk.say(WORDS)
        if not (voice.wants_call or voice.words):
            return WORDS
        talk.hear("call" if voice.wants_call else "words")
    talk.say("thanks")
    if talk.counter.chance.random() < AGAIN_SHARE:
        talk.hear("repeated")
    return None


def _keep_silent(counter: Counter, version: str, at: datetime) -> None:
    """Invite a customer who does not rate, for one reason or another."""
    transaction, invitation = _invite(counter, version, at)
    fate = counter.one_of(SILENCES)
    if fate == "failed":
        transaction["customer"]["last_invited_at"] = None
        nothing = dict.fromkeys(("sent_at", "expires_at", "asked_item"))
        invitation |= nothing | {"state": "failed", "reason": REFUSAL}
    talk = _ask(counter, invitation, REFUSAL if fate == "failed" else "")
    minutes = counter.chance.randint(
        *(LATE_MINUTES if fate == "late" else REPLY_MINUTES)
    )
    until = talk.at + timedelta(minutes=minutes)
    if fate in ("silent", "failed") or until > counter.now:
        return
    talk.wait(until - talk.at)
    talk.hear(fate)
    if fate == "stop":
        transaction["customer"]["stopped_at"] = talk.at
        invitation |= {"state": "stopped", "asked_item": None}
        talk.say("farewell")


def _ask(counter: Counter, invitation: Row, refusal: str = "") -> Talk:
    """Send an invitation out."""
    talk = Talk(counter, invitation["invitation_id"], invitation["send_at"])
    talk.say(INVITATION, refusal)
    return talk


def _invite(counter: Counter, version: str, at: datetime) -> tuple[Row, Row]:
    """Return a transaction and the invitation to rate it, as yet without an answer."""
    transaction = counter.serve(at, is_asked=True)
    sent_at = at + timedelta(minutes=MINUTES_UNTIL_ASKED)
    transaction["customer"]["last_invited_at"] = sent_at
    counter.records.count("invitation.planned", transaction["received_at"])
    invitation_id: UUID = counter.new_id()
    invitation = counter.records.add(
        InvitationRow,
        invitation_id=invitation_id,
        transaction_id=transaction["transaction_id"],
        customer_id=transaction["customer_id"],
        hall_id=counter.hall_id,
        month=counter.month,
        business=transaction["business"],
        checklist_version=version,
        state="sent",
        reason=None,
        token_hash=sha256(f"{counter.month} {invitation_id}".encode()).hexdigest(),
        send_at=sent_at,
        sent_at=sent_at,
        expires_at=sent_at + WINDOW,
        asked_item=INVITATION,
        answers={},
        answered_at=None,
        response_id=None,
    )
    return transaction, invitation
