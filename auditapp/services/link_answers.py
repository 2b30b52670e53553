"""What a customer answers on the page behind the personal link."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from auditapp.domain.dialogue import Dialogue
from auditapp.domain.invitation import InvitationState
from auditapp.services.conversations import Heard, Held, hold_invitations, settle
from auditapp.services.feedback_counts import count_up
from auditapp.services.stop_list import stop_customers
from auditapp.store.messages import InvitationRow


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What one page brought; the page before brought the rest."""

    rating: int | None = None
    reason: str | None = None
    words: str = ""
    wants_call: bool = False
    has_stopped: bool = False


def answer_by_link(
    session: Session, token_hash: str, answer: LinkAnswer, *, now: datetime
) -> bool:
    """Take an answer in; False when the link is unknown, used or too old."""
    held = hold_invitations(session, InvitationRow.token_hash == token_hash)
    if not held or not is_open(held[0], now):
        return False
    heard = _heard(held[0], answer)
    settle(session, [heard], now=now)
    if answer.has_stopped:
        stop_customers(session, [held[0].customer_id], now=now)
    count_up(
        session, {"reply.stop" if answer.has_stopped else "reply.link": 1}, now=now
    )
    return True


def is_open(invitation: Held, now: datetime) -> bool:
    """Tell whether a question of this invitation may still be answered."""
    return (
        invitation.asked_item is not None
        and invitation.state in (InvitationState.SENT, InvitationState.ANSWERED)
        and now <= invitation.expires_at
    )


def _heard(invitation: Held, answer: LinkAnswer) -> Heard:
    dialogue, asked = invitation.dialogue, invitation.asked_item
    answers = dict(invitation.answers)
    heard = Heard(invitation, "link", answers, asked)
    if answer.has_stopped:
        return replace(heard, asked_item=None, has_stopped=True)
    if asked == dialogue.first_item:
        if answer.rating is None:
            return heard
        answers[asked] = answer.rating
        return replace(heard, asked_item=dialogue.next_item(answers, asked))
    reason_item = reason_item_of(dialogue)
    if answer.reason and reason_item and reason_item not in answers:
        answers[reason_item] = answer.reason
    if answer.words and dialogue.words_item:
        answers.setdefault(dialogue.words_item, answer.words)
    return replace(heard, asked_item=None, wants_call=answer.wants_call)


def reason_item_of(dialogue: Dialogue) -> str | None:
    """Return the question that is answered by choosing."""
    chosen = (i["id"] for i in dialogue.form["items"] if i["kind"] == "choice")
    return next(chosen, None)
