"""What stands against closing a month, and what waits for a reopening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.appeal import AppealState
from auditapp.domain.composite import UNRANKED
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import at_hall, first_day, is_month, later
from auditapp.domain.month_life import MonthState
from auditapp.domain.text import Text
from auditapp.domain.visit import VisitState
from auditapp.reads.month_audits import OFFICIAL_STATES
from auditapp.store.appeals import AppealRow
from auditapp.store.audits import AuditRow, OverrideRow
from auditapp.store.calls import ComplaintRow
from auditapp.store.months import LedgerRow, MonthRow, MonthScoreRow, RevisitRow
from auditapp.store.organisation import HallRow
from auditapp.store.responses import ResponseRow
from auditapp.store.visits import VisitRow

READERS = frozenset({Role.HEADQUARTERS, Role.ADMIN})
SHOWN_HALLS = 50


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that is not as it should be before a month is closed.

    ``code`` is ``never_scored``, ``no_visit``, ``unreviewed``, ``returned``,
    ``under_way``, ``revisits``, ``complaints_late``, ``appeals_open``, or ``unranked``
    with the flag as ``detail``. ``hall_ids`` are the first of them.
    """

    code: str
    detail: str | None
    count: int
    hall_ids: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Waiting:
    """Evidence that came after a month was closed; it waits for a reopening."""

    responses: int = 0
    audits: int = 0
    overrides: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """A month before it is closed, or after.

    Obstacles do not forbid closing but for ``never_scored``; they are what a person
    should have seen. ``unreleased`` accepted visits their halls cannot read yet.
    """

    month: str
    state: MonthState
    ledger_number: int
    scored_at: datetime | None
    halls: int
    scored: int
    ranked: int
    unreleased: int
    obstacles: tuple[Obstacle, ...]
    waiting: Waiting


def get_closing(session: Session, actor: Actor, month: str, now: datetime) -> Closing:
    """Return what headquarters sees before closing a month.

    Raises:
        NotFoundError: There is no such month, or it is not for this person.
    """
    if actor.role not in READERS or not is_month(month):
        raise NotFoundError
    life = session.get(MonthRow, month)
    halls, scored, ranked = session.execute(
        select(
            func.count(),
            func.count(MonthScoreRow.official_milli),
            func.count().filter(MonthScoreRow.is_ranked),
        ).where(MonthScoreRow.month == month)
    ).one()
    state = MonthState(life.state) if life else MonthState.OPEN
    return Closing(
        month=month,
        state=state,
        ledger_number=life.ledger_number if life else 0,
        scored_at=life.scored_at if life else None,
        halls=halls,
        scored=scored,
        ranked=ranked,
        unreleased=session.scalar(select(func.count()).where(*unreleased_in(month)))
        or 0,
        obstacles=tuple(obstacles_to_closing(session, month, now)),
        waiting=waiting_evidence(session, month),
    )


def unreleased_in(month: str) -> tuple[ColumnElement[bool], ...]:
    """Return which visits of a month are accepted and not read by their halls yet."""
    return VisitRow.month == month, VisitRow.state == VisitState.ACCEPTED.value


def obstacles_to_closing(session: Session, month: str, now: datetime) -> list[Obstacle]:
    """Return what a person should know before a month is closed."""
    scored = session.scalar(select(MonthRow.scored_at).where(MonthRow.month == month))
    found = [
        _obstacle("no_visit", _without_visit(session, month)),
        *[
            _obstacle(code, _in_state(session, month, states))
            for code, states in _UNFINISHED.items()
        ],
        _obstacle("revisits", _revisits(session, month)),
        _obstacle("complaints_late", _late_complaints(session, month, now)),
        _obstacle("appeals_open", _open_appeals(session, month)),
        *_unranked(session, month),
    ]
    if scored is None:
        found.insert(0, _obstacle("never_scored", [""]))
    return [obstacle for obstacle in found if obstacle.count]


def waiting_evidence(session: Session, month: str) -> Waiting:
    """Return what came after a closed month was closed; nothing for other months."""
    closed_at = session.scalar(
        select(LedgerRow.closed_at)
        .join(
            MonthRow,
            (MonthRow.month == LedgerRow.month)
            & (MonthRow.ledger_number == LedgerRow.number),
        )
        .where(MonthRow.month == month, MonthRow.state == MonthState.CLOSED.value)
    )
    if closed_at is None:
        return Waiting()
    responses = select(func.count()).where(
        ResponseRow.month == month, ResponseRow.received_at > closed_at
    )
    audits = select(func.count()).where(
        VisitRow.month == month,
        VisitRow.state.in_(OFFICIAL_STATES),
        VisitRow.accepted_at > closed_at,
    )
    overrides = (
        select(func.count())
        .select_from(OverrideRow)
        .join(AuditRow, AuditRow.audit_id == OverrideRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(VisitRow.month == month, OverrideRow.decided_at > closed_at)
    )
    return Waiting(
        *(session.scalar(each) or 0 for each in (responses, audits, overrides))
    )


_UNFINISHED = {
    "under_way": (VisitState.ASSIGNED, VisitState.UNDER_WAY, VisitState.SENT),
    "unreviewed": (VisitState.IN_REVIEW,),
    "returned": (VisitState.RETURNED,),
}


def _without_visit(session: Session, month: str) -> list[str]:
    visited = exists().where(
        VisitRow.hall_id == HallRow.hall_id,
        VisitRow.month == month,
        VisitRow.kind == "mystery",
        VisitRow.state.in_(OFFICIAL_STATES),
    )
    statement = select(HallRow.hall_id).where(HallRow.is_active, ~visited)
    return list(session.scalars(statement.order_by(HallRow.hall_id)))


def _in_state(session: Session, month: str, states: Sequence[VisitState]) -> list[str]:
    return list(
        session.scalars(
            select(VisitRow.hall_id)
            .where(
                VisitRow.month == month,
                VisitRow.state.in_([state.value for state in states]),
            )
            .order_by(VisitRow.hall_id)
        )
    )


def _revisits(session: Session, month: str) -> list[str]:
    return list(
        session.scalars(
            select(RevisitRow.hall_id)
            .where(RevisitRow.month == month, RevisitRow.closed_at.is_(None))
            .order_by(RevisitRow.hall_id)
        )
    )


def _late_complaints(session: Session, month: str, now: datetime) -> list[str]:
    first, after = at_hall(first_day(month), 0), at_hall(first_day(later(month, 1)), 0)
    return list(
        session.scalars(
            select(ComplaintRow.hall_id)
            .where(
                ComplaintRow.created_at >= first,
                ComplaintRow.created_at < after,
                ComplaintRow.state != "closed",
                ComplaintRow.promise_at < now,
            )
            .order_by(ComplaintRow.hall_id)
        )
    )


def _open_appeals(session: Session, month: str) -> list[str]:
    return list(
        session.scalars(
            select(AppealRow.hall_id)
            .join(AuditRow, AuditRow.audit_id == AppealRow.audit_id)
            .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
            .where(VisitRow.month == month, AppealRow.state == AppealState.OPEN.value)
            .order_by(AppealRow.hall_id)
        )
    )


def _unranked(session: Session, month: str) -> list[Obstacle]:
    rows = session.execute(
        select(MonthScoreRow.hall_id, MonthScoreRow.flags)
        .where(MonthScoreRow.month == month, MonthScoreRow.is_ranked.is_(False))
        .order_by(MonthScoreRow.hall_id)
    )
    by_flag: dict[str, list[str]] = {flag: [] for flag in UNRANKED}
    for hall_id, flags in rows:
        for flag in flags:
            if flag in by_flag:
                by_flag[flag].append(hall_id)
    return [_obstacle("unranked", halls, flag) for flag, halls in by_flag.items()]


def _obstacle(code: str, halls: Sequence[str], detail: str | None = None) -> Obstacle:
    named = tuple(dict.fromkeys(halls))[:SHOWN_HALLS]
    return Obstacle(code, detail, len(halls), named, _TEXTS[code])


_TEXTS = {
    "never_scored": Text("本月还没有计过分", "The month was never scored"),
    "no_visit": Text("没有已受理的暗访", "Halls without an accepted mystery visit"),
    "under_way": Text("走访还没有交齐", "Visits still on their way"),
    "unreviewed": Text("记录等待审核", "Audits waiting for review"),
    "returned": Text("退回后还没有答复", "Returned audits without an answer"),
    "revisits": Text("复访还没有完成", "Second visits still open"),
    "complaints_late": Text("投诉超过承诺时间未办结", "Complaints past their promise"),
    "appeals_open": Text("申诉还没有裁定", "Appeals not decided yet"),
    "unranked": Text("暂不参加排名", "Halls that cannot be ranked yet"),
}
