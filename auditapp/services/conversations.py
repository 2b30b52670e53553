"""What customers say to an invitation, by text or by link, made into responses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from auditapp.domain.complaint import ComplaintState
from auditapp.domain.customer_response import score_response
from auditapp.domain.dialogue import Dialogue
from auditapp.domain.invitation import InvitationState
from auditapp.domain.phone_number import without_numbers
from auditapp.services.dialogues import SOURCE, get_dialogue
from auditapp.services.responses import (
    Amendment,
    NewResponse,
    amend_responses,
    take_responses,
)
from auditapp.store.calls import ComplaintRow
from auditapp.store.contention import table_of
from auditapp.store.customers import TransactionRow
from auditapp.store.messages import InvitationRow
from auditapp.store.responses import ResponseRow

ADD_COMPLAINT = insert(table_of(ComplaintRow))
CALL_WITHIN = timedelta(hours=24)  # as the message promises
# What a reason given by text is called among complaints; domain/reference.md 2.5
CATEGORY_OF_REASON = {
    "unclear": "tariff",
    "system": "network",
    "place": "facility",
}
USUAL_CATEGORY = "service"
SAID = True  # stands for words that went into the response


@dataclass(frozen=True, slots=True)
class Held:
    """An invitation that was sent, held until the transaction ends."""

    invitation_id: UUID
    customer_id: UUID
    hall_id: str
    month: str
    happened_on: date
    business: str
    language: str
    dialogue: Dialogue
    state: InvitationState
    answers: Mapping[str, Any]
    asked_item: str | None
    sent_at: datetime
    expires_at: datetime
    response_id: UUID | None
    awaits_call: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """How far one customer has come by now."""

    invitation: Held
    origin: str  # text, link
    answers: Mapping[str, Any]
    asked_item: str | None
    wants_call: bool = False
    has_stopped: bool = False

    @property
    def is_rated(self) -> bool:
        """Whether the one answer that counts is there."""
        return self.invitation.dialogue.first_item in self.answers

    @property
    def words(self) -> str | None:
        """New free words, without any number in them."""
        said = self.answers.get(self.invitation.dialogue.words_item or "")
        return without_numbers(said) if isinstance(said, str) else None

    @property
    def scored_answers(self) -> dict[str, Any]:
        """The answers but for the words, which nobody may read unchecked."""
        words_item = self.invitation.dialogue.words_item
        return {key: v for key, v in self.answers.items() if key != words_item}


def hold_invitations(session: Session, which: ColumnElement[bool]) -> list[Held]:
    """Return the invitations that were sent, the latest last; nobody else answers."""
    rows = session.execute(
        select(
            InvitationRow,
            TransactionRow.happened_on,
            TransactionRow.language,
            ResponseRow.wants_call,
        )
        .join(
            TransactionRow,
            TransactionRow.transaction_id == InvitationRow.transaction_id,
        )
        .outerjoin(ResponseRow, ResponseRow.response_id == InvitationRow.response_id)
        .where(which, InvitationRow.sent_at.is_not(None))
        .order_by(InvitationRow.sent_at, InvitationRow.invitation_id)
        .with_for_update(of=InvitationRow)
        .execution_options(populate_existing=True)
    ).all()
    versions = {row[0].checklist_version for row in rows}
    dialogues = {version: get_dialogue(session, version) for version in versions}
    return [_held(row, facts, dialogues[row.checklist_version]) for row, *facts in rows]


def settle(session: Session, heard: Sequence[Heard], *, now: datetime) -> None:
    """Write what customers said: invitations, responses, tallies, promises to call.

    A rating makes the response at once; what follows amends it.
    """
    ids = _take_new(session, heard, now)
    _amend(session, heard, now)
    if heard:
        session.execute(
            update(InvitationRow), [_progress(each, ids, now) for each in heard]
        )
    promises = [_promise(each, ids, now) for each in heard if _is_new_wish(each)]
    if promises:
        session.connection().execute(ADD_COMPLAINT, promises)


def _held(row: InvitationRow, facts: Sequence[Any], dialogue: Dialogue) -> Held:
    happened_on, language, awaits_call = facts
    if row.sent_at is None or row.expires_at is None:
        raise TypeError(row.invitation_id)
    return Held(
        invitation_id=row.invitation_id,
        customer_id=row.customer_id,
        hall_id=row.hall_id,
        month=row.month,
        happened_on=happened_on,
        business=row.business,
        language=language,
        dialogue=dialogue,
        state=InvitationState(row.state),
        answers=row.answers,
        asked_item=row.asked_item,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        response_id=row.response_id,
        awaits_call=bool(awaits_call),
    )


def _take_new(
    session: Session, heard: Sequence[Heard], now: datetime
) -> dict[UUID, UUID]:
    """Make the responses of new ratings; ids by invitation."""
    new = {
        str(each.invitation.invitation_id): _response(each, now)
        for each in heard
        if each.is_rated and each.invitation.response_id is None
    }
    taken = take_responses(session, list(new.values()), now=now)
    return {
        each.invitation.invitation_id: response_id
        for each in heard
        if (response_id := taken.ids.get(str(each.invitation.invitation_id)))
    }


def _response(heard: Heard, now: datetime) -> NewResponse:
    invitation = heard.invitation
    score = score_response(invitation.dialogue.form, heard.scored_answers)
    if score is None:
        raise ValueError(invitation.invitation_id)
    return NewResponse(
        source=SOURCE,
        origin=heard.origin,
        origin_key=str(invitation.invitation_id),
        hall_id=invitation.hall_id,
        month=invitation.month,
        happened_on=invitation.happened_on,
        received_at=now,
        business=invitation.business,
        checklist_version=invitation.dialogue.version,
        score_milli=score.score_milli,
        lost=score.lost,
        cause=score.cause,
        answers=heard.scored_answers,
        words=heard.words,
        wants_call=heard.wants_call,
        customer_id=invitation.customer_id,
    )


def _amend(session: Session, heard: Sequence[Heard], now: datetime) -> None:
    amendments = []
    for each in heard:
        invitation = each.invitation
        score = score_response(invitation.dialogue.form, each.scored_answers)
        if invitation.response_id is None or score is None or not _adds(each):
            continue
        amendments.append(
            Amendment(
                response_id=invitation.response_id,
                score_milli=score.score_milli,
                lost=score.lost,
                cause=score.cause,
                answers=each.scored_answers,
                words=each.words,
                wants_call=each.wants_call,
            )
        )
    amend_responses(session, amendments, now=now)


def _adds(heard: Heard) -> bool:
    return heard.wants_call or dict(heard.answers) != dict(heard.invitation.answers)


def _is_new_wish(heard: Heard) -> bool:
    return heard.wants_call and not heard.invitation.awaits_call


def _progress(heard: Heard, ids: Mapping[UUID, UUID], now: datetime) -> dict[str, Any]:
    invitation = heard.invitation
    response_id = invitation.response_id or ids.get(invitation.invitation_id)
    answers = dict(heard.answers)
    words_item = invitation.dialogue.words_item
    if response_id and words_item in answers:
        answers[words_item] = SAID
    state = invitation.state
    if response_id:
        state = InvitationState.ANSWERED
    elif heard.has_stopped:
        state = InvitationState.STOPPED
    return {
        "invitation_id": invitation.invitation_id,
        "answers": answers,
        "asked_item": heard.asked_item,
        "state": state.value,
        "answered_at": now if response_id else None,
        "response_id": response_id,
    }


def _promise(heard: Heard, ids: Mapping[UUID, UUID], now: datetime) -> dict[str, Any]:
    """Return the complaint that says whom to call, by when."""
    invitation = heard.invitation
    dialogue = invitation.dialogue
    reasons = [str(value) for value in heard.scored_answers.values()]
    categories = [CATEGORY_OF_REASON[r] for r in reasons if r in CATEGORY_OF_REASON]
    score = score_response(dialogue.form, heard.scored_answers)
    owner = dialogue.item(dialogue.words_item or dialogue.first_item)["owner"]
    return {
        "complaint_id": uuid4(),
        "source": SOURCE,
        "response_id": invitation.response_id or ids.get(invitation.invitation_id),
        "hall_id": invitation.hall_id,
        "customer_id": invitation.customer_id,
        "category": next(iter(categories), USUAL_CATEGORY),
        "cause": score.cause if score else None,
        "owner": owner,
        "words": heard.words or "",
        "may_contact": True,
        "is_severe": False,
        "promise_at": now + CALL_WITHIN,
        "state": ComplaintState.OPEN.value,
        "checks": 0,
        "created_at": now,
    }
