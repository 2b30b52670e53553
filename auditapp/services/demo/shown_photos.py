"""Photos of released visits that reviewers showed to halls, tickets covered first."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.redaction import Cover
from auditapp.domain.visit import VisitState
from auditapp.reads.people import actor_of
from auditapp.reads.review_parts import photos_of
from auditapp.services.redactions import PhotoName, redact_photo
from auditapp.store.audits import AuditRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.people import PersonRow
from auditapp.store.redactions import RedactionRow
from auditapp.store.visits import VisitRow

MYSTERY, READABLE = "mystery", "readable"
VISITS = 2  # of each hall whose manager can sign in: the latest ones
# a ticket's number would tell the hall which customer it was
SLIPS = frozenset({"con_receipt", "act_result"})
TICKET = Cover(left=220, top=220, width=420, height=140)


def show_photos(session: Session, now: datetime) -> bool:
    """Show them; tell whether it was to do."""
    if session.scalar(select(RedactionRow.redaction_id).limit(1)) is not None:
        return False
    reviewers = _reviewers(session)
    for hall_id, region_id in _halls(session):
        audits = session.execute(
            select(AuditRow.audit_id, AuditRow.auditor_id)
            .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
            .where(
                VisitRow.hall_id == hall_id,
                VisitRow.kind == MYSTERY,
                VisitRow.state == VisitState.RELEASED.value,
            )
            .order_by(VisitRow.month.desc(), AuditRow.audit_id)
            .limit(VISITS)
        )
        for audit_id, auditor_id in audits.all():
            for photo in photos_of(session, audit_id, auditor_id):
                if photo.condition == READABLE:
                    covers = [TICKET] if photo.item_id in SLIPS else []
                    name = PhotoName(audit_id, photo.sha256, 0)
                    reviewer = reviewers[region_id]
                    redact_photo(
                        session, reviewer, name, covers, is_shown=True, now=now
                    )
    return True


def _reviewers(session: Session) -> dict[str, Actor]:
    managers = session.scalars(
        select(PersonRow).where(PersonRow.role == Role.REGION_MANAGER.value)
    )
    return {
        region: actor
        for actor in map(actor_of, managers)
        for region in actor.region_ids
    }


def _halls(session: Session) -> list[tuple[str, str]]:
    """Return the halls that have a manager, with their regions."""
    rows = session.execute(
        select(HallRow.hall_id, CityRow.region_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .join(PersonRow, PersonRow.hall_id == HallRow.hall_id)
        .where(PersonRow.role == Role.HALL_MANAGER.value)
        .order_by(HallRow.hall_id)
    )
    return [(row.hall_id, row.region_id) for row in rows]
