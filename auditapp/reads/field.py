"""What an auditor's phone may see: its visits, forms, photos and audits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.intake import AuditCopy, Evidence, manifest
from auditapp.domain.json_text import read_json
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.store.audits import (
    AuditDraftRow,
    AuditRow,
    PhotoHolderRow,
    ReturnedItemRow,
)
from auditapp.store.checklists import FormRow
from auditapp.store.holdings import photo_conditions
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow

ON_THE_PHONE = (
    VisitState.ASSIGNED,
    VisitState.UNDER_WAY,
    VisitState.SENT,
    VisitState.IN_REVIEW,
    VisitState.RETURNED,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a reviewer asks about one item of a returned audit."""

    item: str
    question: str
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class FieldHall:
    """Where to go."""

    hall_id: str
    name_zh: str
    name_en: str
    latitude: float
    longitude: float
    radius_metres: int
    hours: str

    @property
    def name(self) -> Text:
        """What it is called."""
        return Text(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class FieldVisit:
    """One assignment as the auditor's phone needs it offline."""

    visit_id: UUID
    month: str
    kind: str
    hall: FieldHall
    form_digest: str
    scenario: str | None
    brief: dict[str, Any]
    due_on: date
    state: str
    audit_id: UUID | None  # begun on whatever phone
    questions: list[Question] = field(default_factory=list)


def visits_on_the_phone(session: Session, actor: Actor) -> list[FieldVisit]:
    """Return the visits that this auditor still has to do with, the next due first."""
    rows = session.execute(
        select(VisitRow, HallRow, AuditRow.audit_id)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .outerjoin(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .where(
            VisitRow.auditor_id == actor.person_id,
            VisitRow.state.in_([state.value for state in ON_THE_PHONE]),
        )
        .order_by(VisitRow.due_on, VisitRow.visit_id)
    ).all()
    questions = _questions(session, [row.audit_id for row in rows if row.audit_id])
    return [
        _visit(visit, hall, audit_id, questions.get(audit_id, []))
        for visit, hall, audit_id in rows
    ]


def get_form(session: Session, actor: Actor, digest: str) -> bytes:
    """Return the canonical JSON of a form of one of the auditor's halls.

    Raises:
        NotFoundError: There is no such form, or it is of a hall the auditor never had.
    """
    of_own_hall = exists().where(
        VisitRow.hall_id == FormRow.hall_id, VisitRow.auditor_id == actor.person_id
    )
    document = session.scalar(
        select(FormRow.document).where(FormRow.digest == digest, of_own_hall)
    )
    if document is None:
        raise NotFoundError
    return document


def holds_photo(session: Session, actor: Actor, sha256: str) -> bool:
    """Tell whether this auditor has sent a photo."""
    key = (sha256, actor.person_id)
    return session.get(PhotoHolderRow, key) is not None


def get_audit_copy(session: Session, actor: Actor, audit_id: UUID) -> AuditCopy:
    """Return the latest that the server holds of the auditor's own audit.

    That is the draft begun after a return, if there is one.

    Raises:
        NotFoundError: There is no such audit, or it is somebody else's.
    """
    row = session.execute(
        select(AuditRow, AuditDraftRow)
        .outerjoin(AuditDraftRow, AuditDraftRow.audit_id == AuditRow.audit_id)
        .where(AuditRow.audit_id == audit_id, AuditRow.auditor_id == actor.person_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    audit: AuditRow = row[0]
    draft: AuditDraftRow | None = row[1]
    latest = audit if draft is None else draft
    names = manifest(read_json(latest.document))
    sent = photo_conditions(session.connection(), actor.person_id, names.keys())
    return AuditCopy(
        audit.audit_id,
        latest.device,
        latest.revision,
        AuditState(audit.state),
        Evidence.of(names, sent),
        audit.receipt,
        latest.document,
    )


def _questions(
    session: Session, audit_ids: Sequence[UUID]
) -> dict[UUID, list[Question]]:
    if not audit_ids:
        return {}
    found: dict[UUID, list[Question]] = {}
    for row in session.scalars(
        select(ReturnedItemRow)
        .where(
            ReturnedItemRow.audit_id.in_(audit_ids),
            ReturnedItemRow.sent_at.is_not(None),
            ReturnedItemRow.replied_at.is_(None),
        )
        .order_by(ReturnedItemRow.asked_at)
    ):
        question = Question(row.item_id, row.question, row.asked_at, row.due_at)
        found.setdefault(row.audit_id, []).append(question)
    return found


def _visit(
    visit: VisitRow,
    hall: HallRow,
    audit_id: UUID | None,
    questions: list[Question],
) -> FieldVisit:
    return FieldVisit(
        visit_id=visit.visit_id,
        month=visit.month,
        kind=visit.kind,
        hall=FieldHall(
            hall.hall_id,
            hall.name_zh,
            hall.name_en,
            hall.latitude,
            hall.longitude,
            hall.radius_metres,
            hall.hours,
        ),
        form_digest=visit.form_digest,
        scenario=visit.scenario,
        brief=visit.brief,
        due_on=visit.due_on,
        state=visit.state,
        audit_id=audit_id,
        questions=questions,
    )
