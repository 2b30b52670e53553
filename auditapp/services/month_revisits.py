"""Second visits: asked for where a visit and the customers contradict each other."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.briefs import Briefs
from auditapp.domain.composite import REVISIT
from auditapp.domain.errors import ConflictError, ForbiddenError, NotFoundError
from auditapp.domain.text import Text
from auditapp.reads.organisation import get_hall_place
from auditapp.services.events import record_event
from auditapp.services.month_rows import HallScore
from auditapp.services.visits import Assignment, assign_visit
from auditapp.store.contention import table_of
from auditapp.store.months import RevisitRow

PLANNERS = frozenset({Role.HEADQUARTERS, Role.REGION_MANAGER})
REVISITS = table_of(RevisitRow)


def keep_revisits(
    session: Session, month: str, scores: Iterable[HallScore], now: datetime
) -> None:
    """Open the tasks that are asked for, close those that no longer are."""
    connection = session.connection()
    known = {
        row.hall_id: row.closed_at is None
        for row in connection.execute(
            select(REVISITS.c.hall_id, REVISITS.c.closed_at).where(
                REVISITS.c.month == month
            )
        )
    }
    new, opened, closed = [], [], []
    for score in scores:
        hall_id, is_asked = score.hall.hall_id, REVISIT in score.flags
        if is_asked and hall_id not in known:
            new.append(_row(month, score, now))
        elif is_asked and not known[hall_id]:
            opened.append(hall_id)
        elif not is_asked and known.get(hall_id):
            closed.append(hall_id)
    if new:
        connection.execute(insert(REVISITS), new)
    _set_closed(session, month, opened, None)
    _set_closed(session, month, closed, now)


def _row(month: str, score: HallScore, now: datetime) -> dict[str, object]:
    return {
        "month": month,
        "hall_id": score.hall.hall_id,
        "gap_milli": score.gap_milli,
        "asked_at": now,
    }


def _set_closed(
    session: Session, month: str, hall_ids: list[str], closed_at: datetime | None
) -> None:
    if hall_ids:
        session.connection().execute(
            update(REVISITS)
            .where(REVISITS.c.month == month, REVISITS.c.hall_id.in_(hall_ids))
            .values(closed_at=closed_at)
        )


class NoRevisitError(ConflictError):
    """No second visit is asked for, or it is planned already."""

    code = "no-revisit"
    text = Text(
        "这个厅本月不需要复访，或者已经安排过了。",
        "No second visit is asked for here, or it is planned already.",
    )


def plan_revisit(
    session: Session,
    actor: Actor,
    wanted: Assignment,
    briefs: Briefs,
    *,
    now: datetime,
) -> UUID:
    """Send another auditor to a hall whose visit and customers disagree.

    Raises:
        ForbiddenError: The role does not plan visits.
        NotFoundError: There is no such hall for this person, or no such auditor.
        NoRevisitError: None is asked for, or it is planned already.
        InvalidError: A rule of assignment speaks against it; every one is named.
    """
    if actor.role not in PLANNERS or actor.is_read_only:
        raise ForbiddenError
    place = get_hall_place(session, wanted.hall_id)
    if actor.role is Role.REGION_MANAGER and place.region_id not in actor.region_ids:
        raise NotFoundError
    task = session.get(RevisitRow, (wanted.month, wanted.hall_id), with_for_update=True)
    if task is None or task.closed_at is not None or task.visit_id is not None:
        raise NoRevisitError
    task.visit_id = assign_visit(
        session,
        replace(wanted, is_extra=True),
        briefs,
        now=now,
        assigned_by=actor.person_id,
    )
    session.flush()
    record_event(
        session,
        "revisit.planned",
        f"{wanted.month} {wanted.hall_id}",
        now=now,
        actor_id=actor.person_id,
        visit=str(task.visit_id),
    )
    return task.visit_id
