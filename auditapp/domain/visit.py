"""The lives of a visit and of its audit."""

from enum import Enum


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
    """How much of an audit the server holds, and whether it may still change."""

    DRAFT = "draft"
    WAITING_FOR_EVIDENCE = "waiting_for_evidence"
    COMPLETE = "complete"
    RETURNED = "returned"
    CLOSED = "closed"


# what a reviewer can take up next
WAITING_FOR_REVIEW = frozenset({VisitState.SENT, VisitState.IN_REVIEW})
