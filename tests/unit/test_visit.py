"""Which state of a visit or an audit may follow which."""

from itertools import pairwise, product

import pytest

from auditapp.domain.errors import ConflictError
from auditapp.domain.visit import (
    AuditState,
    VisitState,
    check_audit_transition,
    check_visit_transition,
)


@pytest.mark.parametrize(
    "life",
    [
        "planned assigned under_way sent in_review accepted released",
        "assigned sent in_review returned sent in_review rejected",
        "accepted in_review returned in_review",
        "under_way assigned planned",
    ],
)
def test_a_visit_lives_like_this(life):
    for old, new in pairwise(map(VisitState, life.split())):
        check_visit_transition(old, new)


@pytest.mark.parametrize(
    "life",
    [
        "draft waiting_for_evidence complete returned waiting_for_evidence complete",
        "draft complete closed complete",
        "waiting_for_evidence returned complete closed",
    ],
)
def test_an_audit_lives_like_this(life):
    for old, new in pairwise(map(AuditState, life.split())):
        check_audit_transition(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("planned", "sent"),
        ("sent", "accepted"),
        ("returned", "accepted"),
        ("accepted", "sent"),
        *product(["released", "rejected"], ["planned", "in_review", "sent"]),
    ],
)
def test_a_visit_does_not_skip_its_review_nor_come_back_from_the_end(old, new):
    with pytest.raises(ConflictError):
        check_visit_transition(VisitState(old), VisitState(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("complete", "draft"), ("closed", "draft"), ("closed", "returned")],
)
def test_a_complete_audit_is_no_draft_again(old, new):
    with pytest.raises(ConflictError):
        check_audit_transition(AuditState(old), AuditState(new))


def test_staying_is_always_allowed_because_requests_are_repeated():
    for state in VisitState:
        check_visit_transition(state, state)
    for state in AuditState:
        check_audit_transition(state, state)
