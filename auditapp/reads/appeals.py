"""Appeals in a person's scope: the queue and one of them. Nobody learns who audited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.appeal import AppealState
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month_life import MonthState
from auditapp.domain.review_sheet import SheetLine
from auditapp.domain.text import Text
from auditapp.reads.appeal_results import Result, read_result
from auditapp.reads.photos import PhotoUnreadableError
from auditapp.reads.review_parts import Override, Photo, photos_of
from auditapp.reads.scope import audits_open_to
from auditapp.store.appeals import AppealPhotoRow, AppealRow
from auditapp.store.audits import AuditRow, OverrideRow, PhotoRow, ReturnedItemRow
from auditapp.store.months import MonthRow
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow

READERS = frozenset(
    {
        Role.ADMIN,
        Role.HEADQUARTERS,
        Role.REGION_MANAGER,
        Role.AGENCY_SUPERVISOR,
        Role.HALL_MANAGER,
    }
)
PAGE = 100
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal of the queue; ``is_own`` when the reader reviewed that audit."""

    appeal_id: UUID
    item_id: str
    hall: Text
    month: str
    kind: str
    state: AppealState
    lodged_at: datetime
    decided_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal with what it is about.

    ``line`` is the item as it is decided now, ``sent`` as the auditor answered it.
    ``evidence`` is the audit's photos of the item and empty for a hall;
    ``score_before`` is the audit's score in milli-points before it was overturned.
    """

    line_of_queue: AppealLine
    visit_id: UUID
    audit_id: UUID
    reason: str
    decision: str | None
    result: Result
    line: SheetLine
    evidence: tuple[Photo, ...]
    photos: tuple[tuple[str, str], ...]  # SHA-256 and condition
    overrides: tuple[Override, ...]
    score_before: Mapping[str, Any] | None
    is_month_closed: bool


def appeals_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which appeals a person finds; selects must join the visit."""
    if actor.role is Role.HALL_MANAGER:
        return AppealRow.hall_id == actor.hall_id
    return audits_open_to(actor)


def list_appeals(
    session: Session, actor: Actor, state: AppealState | None = None
) -> list[AppealLine]:
    """Return what waits, oldest first, then what was decided, the latest first."""
    is_open = AppealRow.state == AppealState.OPEN.value
    statement = _lines(actor).order_by(
        case((is_open, 0), else_=1),
        case((is_open, AppealRow.lodged_at)),
        AppealRow.decided_at.desc(),
        AppealRow.appeal_id,
    )
    if state is not None:
        statement = statement.where(AppealRow.state == state.value)
    return [_line(row) for row in session.execute(statement.limit(PAGE))]


def count_to_decide(session: Session, actor: Actor) -> int:
    """Return how many wait that this person may decide."""
    waiting = _lines(actor).where(
        AppealRow.state == AppealState.OPEN.value, ~_is_reviewer(actor)
    )
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def get_appeal(session: Session, actor: Actor, appeal_id: UUID) -> Appeal:
    """Return one appeal.

    Raises:
        NotFoundError: There is none, or not for this person.
    """
    row = session.execute(
        _lines(actor).where(AppealRow.appeal_id == appeal_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    appeal: AppealRow = row.AppealRow
    result = read_result(session, VisitRow.visit_id == row.visit_id)
    line = next(each for each in result.lines if each.item_id == appeal.item_id)
    evidence = (
        ()
        if actor.role is Role.HALL_MANAGER
        else photos_of(session, appeal.audit_id, row.auditor_id)
    )
    month = session.get(MonthRow, row.month)
    return Appeal(
        line_of_queue=_line(row),
        visit_id=row.visit_id,
        audit_id=appeal.audit_id,
        reason=appeal.reason,
        decision=appeal.decision,
        result=result,
        line=line,
        evidence=tuple(each for each in evidence if each.item_id == appeal.item_id),
        photos=_photos(session, appeal_id),
        overrides=tuple(o for o in result.overrides if o.item_id == appeal.item_id),
        score_before=_score_before(session, appeal.override_id),
        is_month_closed=month is not None and month.state == MonthState.CLOSED.value,
    )


def check_appeal_photo(
    session: Session, actor: Actor, appeal_id: UUID, sha256: str
) -> None:
    """Pass when a photo belongs to an appeal that the person may read.

    Raises:
        NotFoundError: There is no such photo, or not for this person.
        PhotoUnreadableError: There is, and it cannot be shown.
    """
    condition = session.scalar(
        select(PhotoRow.condition)
        .join(AppealPhotoRow, AppealPhotoRow.sha256 == PhotoRow.sha256)
        .join(AppealRow, AppealRow.appeal_id == AppealPhotoRow.appeal_id)
        .join(AuditRow, AuditRow.audit_id == AppealRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(
            AppealRow.appeal_id == appeal_id,
            PhotoRow.sha256 == sha256,
            appeals_open_to(actor),
        )
    )
    if condition is None:
        raise NotFoundError
    if condition == UNREADABLE:
        raise PhotoUnreadableError


def _lines(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            AppealRow,
            VisitRow.visit_id,
            VisitRow.auditor_id,
            VisitRow.month,
            VisitRow.kind,
            HallRow.name_zh,
            HallRow.name_en,
            _is_reviewer(actor).label("is_own"),
        )
        .join(AuditRow, AuditRow.audit_id == AppealRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(HallRow, HallRow.hall_id == AppealRow.hall_id)
        .where(appeals_open_to(actor))
    )


def _is_reviewer(actor: Actor) -> ColumnElement[bool]:
    asked = (
        select(ReturnedItemRow.returned_id)
        .where(
            ReturnedItemRow.audit_id == AppealRow.audit_id,
            ReturnedItemRow.asked_by == actor.person_id,
        )
        .exists()
    )
    accepted = func.coalesce(VisitRow.accepted_by == actor.person_id, False)
    return or_(accepted, asked)


def _line(row: Row[*tuple[Any, ...]]) -> AppealLine:
    appeal: AppealRow = row.AppealRow
    return AppealLine(
        appeal.appeal_id,
        appeal.item_id,
        Text(row.name_zh, row.name_en),
        row.month,
        row.kind,
        AppealState(appeal.state),
        appeal.lodged_at,
        appeal.decided_at,
        bool(row.is_own),
    )


def _photos(session: Session, appeal_id: UUID) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(PhotoRow.sha256, PhotoRow.condition)
        .join(AppealPhotoRow, AppealPhotoRow.sha256 == PhotoRow.sha256)
        .where(AppealPhotoRow.appeal_id == appeal_id)
        .order_by(AppealPhotoRow.position)
    )
    return tuple((sha256, condition) for sha256, condition in rows)


def _score_before(
    session: Session, override_id: UUID | None
) -> Mapping[str, Any] | None:
    if override_id is None:
        return None
    return session.scalar(
        select(OverrideRow.score_before).where(OverrideRow.override_id == override_id)
    )
