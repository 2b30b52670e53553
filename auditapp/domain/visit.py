"""The lives of a visit and of its audit: which state may follow which.

Source: docs/architecture.md, "Lives".
"""

from collections.abc import Mapping
from enum import Enum

from auditapp.domain.errors import TransitionError


class VisitState(Enum):
    """How far one assignment of an auditor to a hall has come."""

    PLANNED = "planned"
    ASSIGNED = "assigned"
    UNDER_WAY = "under_way"
    SENT = "sent"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    RELEASED = "released"
    REJECTED = "rejected"


class AuditState(Enum):
    """What the server holds of an audit, as the phone is told it."""

    DRAFT = "draft"
    WAITING_FOR_EVIDENCE = "waiting_for_evidence"
    COMPLETE = "complete"
    RETURNED = "returned"
    CLOSED = "closed"


COMPLETED, HALL_CLOSED = "completed", "closed"  # outcomes of a visit

# what a reviewer can take up next
WAITING_FOR_REVIEW = frozenset({VisitState.SENT, VisitState.IN_REVIEW})

_VISIT = {
    VisitState.PLANNED: {VisitState.ASSIGNED},
    # a phone that had no signal all day is first heard of when it sends
    VisitState.ASSIGNED: {VisitState.PLANNED, VisitState.UNDER_WAY, VisitState.SENT},
    VisitState.UNDER_WAY: {VisitState.ASSIGNED, VisitState.SENT},
    VisitState.SENT: {VisitState.IN_REVIEW, VisitState.RETURNED, VisitState.REJECTED},
    VisitState.IN_REVIEW: {
        VisitState.RETURNED,
        VisitState.ACCEPTED,
        VisitState.REJECTED,
    },
    # back to review: the reviewer took the decision back
    VisitState.RETURNED: {
        VisitState.SENT,
        VisitState.IN_REVIEW,
        VisitState.REJECTED,
    },
    VisitState.ACCEPTED: {VisitState.RELEASED, VisitState.IN_REVIEW},
    VisitState.RELEASED: set[VisitState](),
    VisitState.REJECTED: set[VisitState](),
}
_SENT_AUDIT = {
    AuditState.WAITING_FOR_EVIDENCE,
    AuditState.COMPLETE,
    AuditState.CLOSED,
}
_AUDIT = {
    AuditState.DRAFT: _SENT_AUDIT,
    AuditState.WAITING_FOR_EVIDENCE: {*_SENT_AUDIT, AuditState.RETURNED},
    AuditState.COMPLETE: {AuditState.RETURNED, AuditState.CLOSED},
    AuditState.RETURNED: _SENT_AUDIT,
    AuditState.CLOSED: {AuditState.COMPLETE},
}


def check_visit_transition(old: VisitState, new: VisitState) -> None:
    """Raise TransitionError unless a visit may go from ``old`` to ``new``.

    Staying where it is is no transition and always allowed: requests are repeated.
    """
    if new is not old and new not in _VISIT[old]:
        raise TransitionError(old.value, new.value)


def check_audit_transition(old: AuditState, new: AuditState) -> None:
    """Raise TransitionError unless an audit may go from ``old`` to ``new``."""
    if new is not old and new not in _AUDIT[old]:
        raise TransitionError(old.value, new.value)


def outcome_of(document: Mapping[str, object]) -> str:
    """Return how a visit ended, as its audit says: completed, closed and so on."""
    return str(document.get("outcome") or COMPLETED)
