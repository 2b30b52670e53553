"""Lodging an appeal against one item of a released audit, and deciding it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.appeal import (
    LONGEST_WORDS,
    AppealDecision,
    AppealState,
    DecidedError,
    appeal_until,
    check_appeal,
    check_decider,
    check_decision,
)
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.text import Text
from auditapp.domain.working_days import IsWorking
from auditapp.reads.appeal_results import get_result
from auditapp.reads.scope import audits_open_to
from auditapp.services.events import record_event
from auditapp.services.evidence import StoredPhoto, keep_own_photos
from auditapp.services.overrides import OtherAnswer, decide_otherwise
from auditapp.store.appeals import AppealPhotoRow, AppealRow
from auditapp.store.audits import AuditRow, ReturnedItemRow
from auditapp.store.visits import VisitRow


def lodge_appeal(  # noqa: PLR0913 (an appeal is these facts)
    session: Session,
    actor: Actor,
    visit_id: UUID,
    item_id: str,
    reason: str,
    photos: Sequence[StoredPhoto] = (),
    *,
    is_working: IsWorking,
    now: datetime,
) -> UUID:
    """Keep a hall's objection to one lost item; photos are stored already.

    Raises:
        NotFoundError: No such released audit of the own hall, or nothing was lost.
        AppealedError, TooLateError: Not again, or not any more.
        InvalidError: There is no reason.
    """
    visit = select(VisitRow).where(
        VisitRow.visit_id == visit_id, VisitRow.hall_id == actor.hall_id
    )
    session.execute(visit.with_for_update())  # two windows: one appeal
    result = get_result(session, actor, visit_id)
    until = appeal_until(result.released_at, is_working)
    check_appeal(until, now, result.appeals, item_id)
    if result.find_lost(item_id) is None:
        raise NotFoundError
    row = AppealRow(
        audit_id=result.audit_id,
        item_id=item_id,
        hall_id=result.hall_id,
        reason=_words(reason),
        state=AppealState.OPEN.value,
        lodged_by=actor.person_id,
        lodged_at=now,
    )
    session.add(row)
    session.flush()
    _attach(session, actor, row.appeal_id, photos, now)
    _log(session, "lodged", row, actor, now, photos=len(photos))
    return row.appeal_id


def decide_appeal(
    session: Session,
    actor: Actor,
    appeal_id: UUID,
    decision: AppealDecision,
    *,
    now: datetime,
) -> None:
    """Uphold the result, overturn it with another answer, or reject the appeal.

    An overturned item scores the audit again and asks for its month; a closed month
    counts it once headquarters reopens it.

    Raises:
        NotFoundError: There is no such appeal in the person's scope.
        ForbiddenError, OwnReviewError: This person does not decide it.
        DecidedError: It was decided meanwhile.
        InvalidError: No reason, or an answer that the item does not take.
    """
    row = _hold(session, actor, appeal_id)
    check_decider(actor, _reviewers(session, row.audit_id))
    if row.state != AppealState.OPEN.value:
        raise DecidedError
    check_decision(decision)
    words = decision.reason.strip()[:LONGEST_WORDS]
    if decision.state is AppealState.OVERTURNED:
        wanted = OtherAnswer(row.audit_id, row.item_id, decision.value, words)
        row.override_id = decide_otherwise(session, actor, wanted, now)
    row.state, row.decision = decision.state.value, words
    row.decided_by, row.decided_at = actor.person_id, now
    session.flush()
    _log(session, decision.state.value, row, actor, now)


def _hold(session: Session, actor: Actor, appeal_id: UUID) -> AppealRow:
    row = session.scalar(
        select(AppealRow)
        .join(AuditRow, AuditRow.audit_id == AppealRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(AppealRow.appeal_id == appeal_id, audits_open_to(actor))
        .with_for_update(of=AppealRow)
    )
    if row is None:
        raise NotFoundError
    return row


def _reviewers(session: Session, audit_id: UUID) -> set[UUID | None]:
    """Return who accepted an audit and who asked its auditor about an item."""
    accepted = (
        select(VisitRow.accepted_by)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .where(AuditRow.audit_id == audit_id)
    )
    asked = select(ReturnedItemRow.asked_by).where(ReturnedItemRow.audit_id == audit_id)
    return set(session.scalars(accepted.union(asked)))


def _attach(
    session: Session,
    actor: Actor,
    appeal_id: UUID,
    photos: Sequence[StoredPhoto],
    now: datetime,
) -> None:
    keep_own_photos(session, actor, photos, now=now)
    by_hash = {photo.sha256: photo for photo in photos}
    session.add_all(
        AppealPhotoRow(appeal_id=appeal_id, sha256=sha256, position=position)
        for position, sha256 in enumerate(by_hash)
    )
    session.flush()


def _words(text: str) -> str:
    words = without_numbers(text.strip())[:LONGEST_WORDS]
    if not words:
        raise InvalidError([Problem("/reason", "no-words", _NO_REASON)])
    return words


def _log(
    session: Session,
    what: str,
    row: AppealRow,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    record_event(
        session,
        f"appeal.{what}",
        row.appeal_id,
        now=now,
        actor_id=actor.person_id,
        hall=row.hall_id,
        item=row.item_id,
        **details,
    )


_NO_REASON = Text(
    "请写明为什么不同意，说事实。", "Say why you do not agree; give facts."
)
