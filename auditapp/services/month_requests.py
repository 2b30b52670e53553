"""Which months a visit concerns, so that they are scored again when it changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from auditapp.domain.month import later, month_of
from auditapp.reads.month_audits import INSPECTION
from auditapp.reads.policies import get_policy_in_force
from auditapp.services.responses import request_rescore
from auditapp.store.visits import VisitRow


def request_rescore_of(session: Session, visit: VisitRow, now: datetime) -> None:
    """Ask for every begun month that takes a visit to be scored again for its hall."""
    policy = get_policy_in_force(session, visit.month).policy
    is_inspection = visit.kind == INSPECTION
    span = policy.sources[INSPECTION].valid_months if is_inspection else 1
    for ahead in range(span):
        month = later(visit.month, ahead)
        if ahead == 0 or month <= month_of(now):
            request_rescore(session, month, [visit.hall_id], now=now)
