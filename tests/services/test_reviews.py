"""A reviewer's decisions, on the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.domain.review import (
    NothingToReturnError,
    NotInReviewError,
    RevisedMeanwhileError,
)
from auditapp.reads.people import actor_of
from auditapp.reads.reviews import get_review
from auditapp.services import reviews
from auditapp.store.people import PersonRow
from auditapp.store.work import EventRow
from desk_world import NOW, make_audit, make_world

DUE = NOW + timedelta(days=3)


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def audit(session, world):
    return make_audit(session, world)


def actor(session, login):
    return actor_of(session.scalar(select(PersonRow).where(PersonRow.login == login)))


def test_a_good_complete_audit_is_accepted_and_closed(session, audit):
    manager = actor(session, "rm_north")

    reviews.accept_audit(session, manager, audit, 7, NOW)
    session.commit()

    review = get_review(session, manager, audit)
    assert review.visit_state.value == "accepted"
    assert review.audit_state.value == "closed"
    names = session.scalars(select(EventRow.name)).all()
    assert "audit.accepted" in names


def test_an_audit_with_too_little_answered_cannot_be_accepted(session, world):
    unanswered = {f"{name}": None for name in ("ext_open",)}
    audit = make_audit(session, world, answers=unanswered)

    with pytest.raises(InvalidError) as refused:
        reviews.accept_audit(session, actor(session, "hq"), audit, 7, NOW)

    assert [p.code for p in refused.value.problems] == ["critical-unanswered"]


def test_a_noted_question_must_be_returned_or_dropped_before_accepting(session, audit):
    manager = actor(session, "rm_north")
    reviews.note_item(session, manager, audit, "ext_open", "开门了吗？", NOW)

    with pytest.raises(InvalidError) as refused:
        reviews.accept_audit(session, manager, audit, 7, NOW)
    reviews.drop_note(session, manager, audit, "ext_open")
    reviews.accept_audit(session, manager, audit, 7, NOW)

    assert [p.code for p in refused.value.problems] == ["items-noted"]


def test_returning_sends_every_noted_item_with_its_deadline(session, audit):
    manager = actor(session, "rm_north")
    reviews.note_item(session, manager, audit, "ext_open", "开门了吗？", NOW)
    reviews.note_item(session, manager, audit, "ext_open", "几点开的门？", NOW)
    reviews.note_item(session, manager, audit, "ent_greet_time", "谁招呼的？", NOW)

    count = reviews.return_audit(session, manager, audit, 7, DUE, NOW)
    session.commit()

    review = get_review(session, manager, audit)
    assert count == 2
    assert (review.visit_state.value, review.audit_state.value) == ("returned",) * 2
    assert {q.question for q in review.waiting_for_reply} == {
        "几点开的门？",
        "谁招呼的？",
    }
    assert {q.due_at for q in review.questions} == {DUE}


def test_returning_nothing_is_refused(session, audit):
    with pytest.raises(NothingToReturnError):
        reviews.return_audit(session, actor(session, "hq"), audit, 7, DUE, NOW)


@pytest.mark.parametrize("decision", ["accept", "return"])
def test_a_decision_can_be_taken_back(session, audit, decision):
    manager = actor(session, "rm_north")
    if decision == "accept":
        reviews.accept_audit(session, manager, audit, 7, NOW)
    else:
        reviews.note_item(session, manager, audit, "ext_open", "？", NOW)
        reviews.return_audit(session, manager, audit, 7, DUE, NOW)

    reviews.reopen_audit(session, manager, audit, 7, NOW)
    session.commit()

    review = get_review(session, manager, audit)
    assert review.visit_state.value == "in_review"
    assert review.accepted_at is None
    assert len(review.noted) == (decision == "return")


def test_a_decision_about_a_version_that_was_replaced_is_refused(session, audit):
    with pytest.raises(RevisedMeanwhileError):
        reviews.accept_audit(session, actor(session, "hq"), audit, 6, NOW)


def test_nothing_is_decided_twice(session, audit):
    manager = actor(session, "rm_north")
    reviews.accept_audit(session, manager, audit, 7, NOW)

    with pytest.raises(NotInReviewError):
        reviews.accept_audit(session, manager, audit, 7, NOW)


@pytest.mark.parametrize("login", ["rm_east"])
def test_another_regions_audit_does_not_exist(session, audit, login):
    with pytest.raises(NotFoundError):
        reviews.accept_audit(session, actor(session, login), audit, 7, NOW)


@pytest.mark.parametrize("login", ["sup", "a10", "hall_bd01", "admin", "hq_view"])
def test_only_reviewers_decide(session, audit, login):
    with pytest.raises(ForbiddenError):
        reviews.accept_audit(session, actor(session, login), audit, 7, NOW)


def test_an_item_that_is_not_on_the_form_cannot_be_asked_about(session, audit):
    with pytest.raises(NotFoundError):
        reviews.note_item(session, actor(session, "hq"), audit, "nothing", "？", NOW)
