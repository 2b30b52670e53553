"""Showing halls what was accepted about them: all at once, so nobody can tell when."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from auditapp.domain.errors import ForbiddenError
from auditapp.domain.month_life import MonthNotOverError
from auditapp.reads.appeal_results import get_result
from auditapp.reads.month_closing import get_closing
from auditapp.reads.people import actor_of
from auditapp.services.appeals import lodge_appeal
from auditapp.services.month_closing import close_month
from auditapp.services.months import score_month
from auditapp.services.releases import release_month
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow
from closed_months import publish_all
from desk_world import make_audit, make_world
from month_world import accept

MONTH = "2026-11"
DURING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
AFTER = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
LOST = {"ext_open": {"value": "no"}}


@pytest.fixture
def world(session):
    """Return the company with one visit accepted, and one of another hall in review."""
    world = make_world(session)
    publish_all(session)
    accept(session, make_audit(session, world, answers=LOST))
    make_audit(session, world, hall_id="BD02")
    session.commit()
    return world


def actor(session, login):
    return actor_of(session.scalar(select(PersonRow).where(PersonRow.login == login)))


def states(session):
    session.expire_all()
    rows = session.execute(select(VisitRow.hall_id, VisitRow.state))
    return dict(rows.all())


@pytest.mark.usefixtures("world")
def test_what_is_accepted_is_released_and_can_be_appealed(session):
    headquarters = actor(session, "hq")
    count = release_month(session, MONTH, now=AFTER, actor=headquarters)
    assert count == 1
    assert states(session) == {"BD01": "released", "BD02": "in_review"}
    [visit] = session.scalars(select(VisitRow).where(VisitRow.hall_id == "BD01"))
    result = get_result(session, actor(session, "hall_bd01"), visit.visit_id)
    assert result.released_at == AFTER
    assert lodge_appeal(
        session,
        actor(session, "hall_bd01"),
        visit.visit_id,
        "ext_open",
        "那天停电。",
        is_working=lambda _day: True,
        now=AFTER,
    )
    obstacles = get_closing(session, headquarters, MONTH, AFTER).obstacles
    assert ("appeals_open", 1) in {(each.code, each.count) for each in obstacles}


@pytest.mark.usefixtures("world")
def test_the_second_time_there_is_nothing_left_to_release(session):
    headquarters = actor(session, "hq")
    release_month(session, MONTH, now=AFTER, actor=headquarters)
    assert release_month(session, MONTH, now=AFTER, actor=headquarters) == 0
    released = select(EventRow.details).where(EventRow.name == "month.released")
    assert [each["visits"] for each in session.scalars(released)] == [1]


@pytest.mark.usefixtures("world")
def test_nobody_learns_of_a_visit_while_the_month_lasts(session):
    with pytest.raises(MonthNotOverError):
        release_month(session, MONTH, now=DURING, actor=actor(session, "hq"))
    assert states(session)["BD01"] == "accepted"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("login", ["rm_north", "hq_view", "admin", "hall_bd01"])
def test_only_headquarters_releases(session, login):
    with pytest.raises(ForbiddenError):
        release_month(session, MONTH, now=AFTER, actor=actor(session, login))


@pytest.mark.usefixtures("world")
def test_a_month_that_is_closed_is_released_with_it(session):
    score_month(session, MONTH, now=AFTER)
    closing = get_closing(session, actor(session, "hq"), MONTH, AFTER)
    assert closing.unreleased == 1
    close_month(session, MONTH, now=AFTER, actor=actor(session, "hq"))
    assert states(session) == {"BD01": "released", "BD02": "in_review"}
