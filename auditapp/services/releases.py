"""Showing halls what was accepted about them: a whole month at once, after its end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.month_life import check_release, require_headquarters
from auditapp.domain.visit import VisitState
from auditapp.reads.month_closing import unreleased_in
from auditapp.services.action_tending import give_released
from auditapp.services.events import record_event
from auditapp.services.jobs import request_job
from auditapp.services.month_life import hold_month
from auditapp.store.visits import VisitRow


def release_month(
    session: Session, month: str, *, now: datetime, actor: Actor | None
) -> int:
    """Show every accepted visit of a month to its hall; return how many those are.

    All at once, so that no hall can tell from the moment when it was visited. What is
    accepted later is released by asking again, or by closing the month. From now on
    halls may appeal. ``actor`` is None on the command line.

    Raises:
        ForbiddenError: Only headquarters releases.
        NotFoundError: That is no month.
        MonthNotOverError: Auditors are still on their way.
    """
    if actor is not None:
        require_headquarters(actor)
    hold_month(session, month, now)
    check_release(month, now)
    return release_accepted(session, month, now, actor.person_id if actor else None)


def release_accepted(
    session: Session, month: str, now: datetime, person_id: UUID | None
) -> int:
    """Release what a person was found entitled to, with one event for all of it."""
    released = session.scalars(
        update(VisitRow)
        .where(*unreleased_in(month))
        .values(state=VisitState.RELEASED.value, released_at=now)
        .returning(VisitRow.visit_id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if released:
        give_released(session, month, now=now)
        request_job(session, "actions.follow", month, now=now)
        record_event(
            session,
            "month.released",
            month,
            now=now,
            actor_id=person_id,
            visits=len(released),
        )
    return len(released)
