"""All that a reviewer reads of one audit, in a constant number of selects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.finding_cause import FindingCause
from auditapp.domain.inspection import KIND
from auditapp.domain.overrides import with_overrides
from auditapp.domain.redaction import is_open_to_hall
from auditapp.domain.review_turn import ReviewTurn
from auditapp.domain.score_document import from_document
from auditapp.domain.scoring import AuditScore
from auditapp.domain.signal import Signal
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.review_parts import (
    Override,
    Photo,
    Question,
    Twin,
    overrides_of,
    photos_of,
    questions_of,
    signals_of,
    twins_of,
)
from auditapp.reads.review_turns import confirmed_causes, turn_of
from auditapp.reads.scope import audits_open_to, copies_open_to
from auditapp.reads.words import read_words
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRevisionRow,
    AuditRow,
    ScoreRow,
)
from auditapp.store.checklists import ChecklistVersionRow, FormRow
from auditapp.store.organisation import CityRow, HallRow, RegionRow
from auditapp.store.people import PersonRow
from auditapp.store.reviews import ReviewTurnRow
from auditapp.store.visits import VisitRow

READERS = frozenset(
    {Role.REGION_MANAGER, Role.HEADQUARTERS, Role.AGENCY_SUPERVISOR, Role.ADMIN}
)
# of open inspections also those whom they were about and who made them
COPY_READERS = READERS | {Role.HALL_MANAGER, Role.INSPECTOR}
ARRIVED = (
    AuditState.WAITING_FOR_EVIDENCE,
    AuditState.COMPLETE,
    AuditState.RETURNED,
    AuditState.CLOSED,
)


@dataclass(frozen=True, slots=True)
class Review:
    """An audit with its form, score, photos, signals and questions.

    ``returned_document`` is the last one that was sent back, None before any return.
    ``document`` and ``form`` are as docs/architecture.md and field.md describe them.
    """

    audit_id: UUID
    visit_id: UUID
    revision: int
    audit_state: AuditState
    visit_state: VisitState
    month: str
    kind: str
    hall_id: str
    hall: Text
    city: Text
    region: Text
    tier: str
    auditor_code: str
    inspector: Text | None  # who came openly; None for a mystery visit
    due_at: datetime | None
    received_at: datetime
    completed_at: datetime | None
    accepted_at: datetime | None
    brief: Mapping[str, Any]
    form: Mapping[str, Any]
    vocabulary: Vocabulary
    document: Mapping[str, Any]
    returned_document: Mapping[str, Any] | None
    score: AuditScore | None
    photos: tuple[Photo, ...]
    signals: tuple[Signal, ...]
    questions: tuple[Question, ...]
    overrides: tuple[Override, ...]
    twins: Mapping[str, Twin]  # by the SHA-256 of this audit's photo
    turn: ReviewTurn | None
    causes: Mapping[str, FindingCause]  # as confirmed, by item

    @property
    def decided(self) -> Mapping[str, Any]:
        """The document with the answers that were decided otherwise.

        What the auditor wrote beside an answer stays beside it.
        """
        answers = self.document.get("answers", {})
        decided = [
            (each.item_id, {**answers.get(each.item_id, {}), **each.answer})
            for each in self.overrides
        ]
        return with_overrides(self.document, decided)

    @property
    def noted(self) -> tuple[Question, ...]:
        """Questions that are written and not sent."""
        return tuple(each for each in self.questions if each.sent_at is None)

    @property
    def waiting_for_reply(self) -> tuple[Question, ...]:
        """Questions the auditor has still to answer."""
        return tuple(q for q in self.questions if q.sent_at and not q.replied_at)


def get_review(session: Session, actor: Actor, audit_id: UUID) -> Review:
    """Return one audit for reading.

    Raises:
        NotFoundError: There is no such audit, it is a draft, or not for this person.
    """
    if actor.role not in READERS:
        raise NotFoundError
    return _read(session, actor, audit_id, audits_open_to(actor))


def get_copy(session: Session, actor: Actor, audit_id: UUID) -> Review:
    """Return an open inspection for the hall it was about and for who made it.

    Raises:
        NotFoundError: There is no such inspection, or not for this person.
    """
    if actor.role not in COPY_READERS:
        raise NotFoundError
    is_open = VisitRow.kind == KIND
    copy = _read(session, actor, audit_id, is_open & copies_open_to(actor))
    if actor.role is Role.HALL_MANAGER:
        return replace(copy, photos=open_to_hall(copy))
    return copy


def open_to_hall(review: Review) -> tuple[Photo, ...]:
    """Return the photos of an audit that its hall may see."""
    kind = review.kind
    return tuple(p for p in review.photos if is_open_to_hall(kind, p.redaction))


def _read(
    session: Session, actor: Actor, audit_id: UUID, condition: ColumnElement[bool]
) -> Review:
    row = session.execute(
        _REVIEW.where(AuditRow.audit_id == audit_id, condition)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    signals = signals_of(session, audit_id)
    questions = questions_of(session, audit_id)
    return _review(
        row,
        photos=photos_of(session, audit_id, row.VisitRow.auditor_id),
        signals=signals,
        questions=questions,
        overrides=overrides_of(session, audit_id),
        twins=twins_of(session, actor, signals),
        turn=turn_of(row.ReviewTurnRow),
        causes=confirmed_causes(session, audit_id),
    )


_RETURNED = (
    select(AuditRevisionRow.document)
    .where(AuditRevisionRow.audit_id == AuditRow.audit_id)
    .order_by(AuditRevisionRow.revision.desc())
    .limit(1)
    .scalar_subquery()
)
_REVIEW = (
    select(
        AuditRow,
        VisitRow,
        HallRow.name_zh,
        HallRow.name_en,
        HallRow.tier,
        CityRow.name_zh.label("city_zh"),
        CityRow.name_en.label("city_en"),
        RegionRow.name_zh.label("region_zh"),
        RegionRow.name_en.label("region_en"),
        PersonRow.code,
        PersonRow.name_zh.label("person_zh"),
        PersonRow.name_en.label("person_en"),
        FormRow.document.label("form"),
        ChecklistVersionRow.vocabulary,
        ScoreRow.lines,
        ReviewTurnRow,
        _RETURNED.label("returned"),
    )
    .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
    .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
    .join(CityRow, CityRow.city_id == HallRow.city_id)
    .join(RegionRow, RegionRow.region_id == VisitRow.region_id)
    .join(PersonRow, PersonRow.person_id == VisitRow.auditor_id)
    .join(FormRow, FormRow.digest == AuditRow.form_digest)
    .join(
        ChecklistVersionRow,
        and_(
            ChecklistVersionRow.checklist_id == FormRow.checklist_id,
            ChecklistVersionRow.version == FormRow.version,
        ),
    )
    .outerjoin(
        ScoreRow,
        IS_SCORE_OF_AUDIT,
    )
    .outerjoin(ReviewTurnRow, ReviewTurnRow.audit_id == AuditRow.audit_id)
    .where(AuditRow.state.in_([state.value for state in ARRIVED]))
)


def _review(row: Row[*tuple[Any, ...]], **parts: Any) -> Review:  # noqa: ANN401
    audit, visit = row.AuditRow, row.VisitRow
    return Review(
        audit_id=audit.audit_id,
        visit_id=visit.visit_id,
        revision=audit.revision,
        audit_state=AuditState(audit.state),
        visit_state=VisitState(visit.state),
        month=visit.month,
        kind=visit.kind,
        hall_id=visit.hall_id,
        hall=Text(row.name_zh, row.name_en),
        city=Text(row.city_zh, row.city_en),
        region=Text(row.region_zh, row.region_en),
        tier=row.tier,
        auditor_code=row.code,
        inspector=Text(row.person_zh, row.person_en) if visit.kind == KIND else None,
        due_at=max((q.due_at for q in parts["questions"] if q.sent_at), default=None),
        received_at=audit.received_at,
        completed_at=audit.completed_at,
        accepted_at=visit.accepted_at,
        brief=visit.brief,
        form=json.loads(row.form),
        vocabulary=read_words(row.vocabulary),
        document=json.loads(audit.document),
        returned_document=json.loads(row.returned) if row.returned else None,
        score=from_document(row.lines) if row.lines else None,
        **parts,
    )
