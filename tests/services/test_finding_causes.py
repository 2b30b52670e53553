"""A reviewer says whose doing the findings are; points move, none is lost."""

import pytest
from sqlalchemy import select

from auditapp.domain.action import SupportToHallError
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.domain.finding_cause import FindingCause
from auditapp.domain.score_document import from_document
from auditapp.services import reviews
from auditapp.services.finding_causes import confirm_causes
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.actions import ActionRow
from auditapp.store.audits import ScoreRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.work import EventRow
from desk_world import NOW, confirm_all, make_audit, make_world, person

FAILS = {
    "ext_open": {"value": "no", "note": "九点半还没开门"},
    "int_clean": {"value": "no", "note": "地上有水"},
}
IT = FindingCause("support", "it")


@pytest.fixture
def audit(session):
    world = make_world(session)
    session.add(DepartmentRow(department_id="it", name_zh="信息部", name_en="IT"))
    session.commit()
    return make_audit(session, world, answers=FAILS)


@pytest.fixture
def manager(session, audit):  # noqa: ARG001  the audit's world holds the person
    return person(session, "rm_north")


def lines(session, audit):
    score = from_document(session.get(ScoreRow, (audit, 7)).lines)
    return {line.item_id: line for line in score.lines}


def test_a_finding_of_weight_three_is_not_accepted_before_its_cause_is_confirmed(
    session, audit, manager
):
    with pytest.raises(InvalidError) as refused:
        reviews.accept_audit(session, manager, audit, 7, NOW)
    assert [p.code for p in refused.value.problems] == ["causes-unconfirmed"]

    confirm_all(session, manager, audit)

    reviews.accept_audit(session, manager, audit, 7, NOW)


def test_a_corrected_cause_is_the_scores_the_actions_and_the_next_scorings(
    session, audit, manager
):
    before = lines(session, audit)["ext_open"]
    confirm_all(session, manager, audit)
    confirm_causes(session, manager, audit, {"ext_open": IT}, NOW)

    line = lines(session, audit)["ext_open"]
    assert (line.cause, line.owner, line.lost) == ("support", "it", before.lost)
    keep_judgement(session, judge_audit(session, audit), now=NOW)
    assert lines(session, audit)["ext_open"] == line

    reviews.accept_audit(session, manager, audit, 7, NOW)
    action = session.scalars(
        select(ActionRow).where(ActionRow.item_id == "ext_open")
    ).one()
    assert (action.cause, action.owner) == ("support", "it")


def test_every_word_about_a_cause_stays_in_the_log(session, audit, manager):
    confirm_causes(session, manager, audit, {"ext_open": IT}, NOW)
    again = FindingCause("front_line", "hall")
    confirm_causes(session, manager, audit, {"ext_open": again}, NOW)

    said = session.scalars(
        select(EventRow).where(EventRow.name == "audit.cause_confirmed")
    ).all()
    assert [each.details["cause"] for each in said] == ["support", "front_line"]
    assert said[1].details["was"] == {"cause": "support", "owner": "it"}


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"ext_open": FindingCause("support", "hall")}, SupportToHallError),
        ({"ext_open": FindingCause("process", "nobody")}, InvalidError),
        ({"ext_signage": IT}, NotFoundError),  # it passed
        ({"no_such_item": IT}, NotFoundError),
    ],
)
def test_what_cannot_be_said_of_a_finding_is_refused(
    session, audit, manager, wanted, error
):
    with pytest.raises(error):
        confirm_causes(session, manager, audit, wanted, NOW)


@pytest.mark.parametrize(
    ("login", "error"),
    [("sup", ForbiddenError), ("hq_view", ForbiddenError), ("rm_east", NotFoundError)],
)
def test_only_who_decides_an_audit_says_its_causes(session, audit, login, error):
    with pytest.raises(error):
        confirm_causes(session, person(session, login), audit, {"ext_open": IT}, NOW)
