"""What a hall reads of a released audit of its own, and may object to.

Nothing of who came and when: the answers, what they cost and why they were asked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.overrides import with_overrides
from auditapp.domain.redaction import is_open_to_hall
from auditapp.domain.review_sheet import SheetLine, sheet_lines
from auditapp.domain.score_document import from_document
from auditapp.domain.scoring import AuditScore
from auditapp.domain.text import Text
from auditapp.domain.visit import VisitState
from auditapp.reads.review_parts import Override, Photo, overrides_of, photos_of
from auditapp.store.appeals import AppealRow
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    ScoreRow,
)
from auditapp.store.checklists import FormRow
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow

FULL_MARKS, BEST = 100, 3


@dataclass(frozen=True, slots=True)
class Result:
    """A released audit item by item; ``appeals`` by item: the id and the state.

    ``audit_id`` is for services; no page for a hall shows it. ``photos`` are those that
    the hall may see, and their place in the row is their address.
    """

    visit_id: UUID
    audit_id: UUID
    hall_id: str
    hall: Text
    month: str
    kind: str
    released_at: datetime
    form: Mapping[str, Any]
    score: AuditScore | None
    lines: tuple[SheetLine, ...]
    overrides: tuple[Override, ...]
    appeals: Mapping[str, tuple[UUID, str]]
    photos: tuple[Photo, ...]

    @property
    def numbered_photos(self) -> Mapping[str, tuple[int, ...]]:
        """The numbers of the photos that the hall may see, from 1, by item."""
        found: dict[str, tuple[int, ...]] = {}
        for number, photo in enumerate(self.photos, start=1):
            item_id = photo.item_id or ""
            found[item_id] = (*found.get(item_id, ()), number)
        return found

    @property
    def lost(self) -> tuple[SheetLine, ...]:
        """What cost points or was not met, the dearest first."""
        found = [each for each in self.lines if each.is_failed or each.lost_tenths]
        return tuple(sorted(found, key=lambda each: -each.lost_tenths))

    @property
    def best(self) -> tuple[SheetLine, ...]:
        """Three things done best: full marks where the most was at stake."""
        full = [each for each in self.lines if each.score == FULL_MARKS]
        return tuple(sorted(full, key=lambda each: -each.item["weight"])[:BEST])

    def find_lost(self, item_id: str) -> SheetLine | None:
        """Return a lost item; None for what cost nothing."""
        return next((each for each in self.lost if each.item_id == item_id), None)


def get_result(session: Session, actor: Actor, visit_id: UUID) -> Result:
    """Return a released audit of the actor's hall.

    Raises:
        NotFoundError: There is none, it is not released, or it is another hall's.
    """
    if actor.role is not Role.HALL_MANAGER:
        raise NotFoundError
    own = (VisitRow.hall_id == actor.hall_id) & (VisitRow.visit_id == visit_id)
    return read_result(session, own)


def read_result(session: Session, which: ColumnElement[bool]) -> Result:
    """Return the released audit that a condition finds.

    Raises:
        NotFoundError: It finds none.
    """
    row = session.execute(_RESULT.where(which)).one_or_none()
    if row is None:
        raise NotFoundError
    visit, form = row.VisitRow, json.loads(row.form)
    overrides = overrides_of(session, row.audit_id)
    score = from_document(row.lines) if row.lines else None
    document = with_overrides(
        json.loads(row.document), [(each.item_id, each.answer) for each in overrides]
    )
    appeals = session.execute(
        select(AppealRow.item_id, AppealRow.appeal_id, AppealRow.state).where(
            AppealRow.audit_id == row.audit_id
        )
    )
    return Result(
        visit_id=visit.visit_id,
        audit_id=row.audit_id,
        hall_id=visit.hall_id,
        hall=Text(row.name_zh, row.name_en),
        month=visit.month,
        kind=visit.kind,
        released_at=visit.released_at,
        form=form,
        score=score,
        lines=tuple(sheet_lines(form, document, score)),
        overrides=overrides,
        appeals={item: (appeal_id, state) for item, appeal_id, state in appeals},
        photos=_shown(visit.kind, photos_of(session, row.audit_id, visit.auditor_id)),
    )


def _shown(kind: str, photos: tuple[Photo, ...]) -> tuple[Photo, ...]:
    return tuple(
        photo
        for photo in photos
        if photo.condition == "readable" and is_open_to_hall(kind, photo.redaction)
    )


_RESULT = (
    select(
        VisitRow,
        AuditRow.audit_id,
        AuditRow.document,
        FormRow.document.label("form"),
        ScoreRow.lines,
        HallRow.name_zh,
        HallRow.name_en,
    )
    .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
    .join(FormRow, FormRow.digest == AuditRow.form_digest)
    .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
    .outerjoin(
        ScoreRow,
        IS_SCORE_OF_AUDIT,
    )
    .where(
        VisitRow.state == VisitState.RELEASED.value, VisitRow.released_at.is_not(None)
    )
)
