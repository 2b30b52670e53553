"""Preparing what pages about many halls show."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from auditapp.services.months import score_month
from auditapp.services.profiles import (
    make_profiles,
    profile_month,
    request_stale_profiles,
)
from auditapp.store.profiles import EVERYWHERE, HallProfileRow, ProfileSumRow
from auditapp.store.work import JobRow
from closed_months import publish_all
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, take


@pytest.fixture
def world(session):
    """Return the company with one hall visited and heard, two others only heard."""
    world = make_world(session)
    publish_all(session)
    make_accepted(session, world, answers={"ext_open": {"value": "no"}})
    for hall in ("BD01", "BD02", "SX01"):
        take(session, "sms", [80] * 12, hall_id=hall)
    take(session, "sms", [30] * 3, answers={"sms_rating": 5, "sms_reason": "wait"})
    score_month(session, MONTH, now=LATER)
    session.commit()
    return world


def sums(session, **where):
    statement = select(ProfileSumRow).filter_by(month=MONTH, **where)
    return {(row.region_id, row.key): row for row in session.scalars(statement)}


@pytest.mark.usefixtures("world")
def test_a_month_is_prepared_once_and_again_only_after_new_scores(session):
    assert profile_month(session, MONTH) == 3
    session.commit()
    assert profile_month(session, MONTH) == 0
    score_month(session, MONTH, now=LATER + timedelta(hours=1))
    session.commit()
    assert len(make_profiles(session, MONTH).rows) == 3
    assert profile_month(session, MONTH) == 3
    session.commit()
    assert session.scalar(select(func.count()).select_from(HallProfileRow)) == 3


@pytest.mark.usefixtures("world")
def test_the_sums_are_those_of_the_halls(session):
    profile_month(session, MONTH)
    session.commit()
    rows = session.scalars(select(HallProfileRow).order_by(HallProfileRow.hall_id))
    halls = {row.hall_id: row for row in rows}
    official = sums(session, dimension="score", trait="")
    north = [halls["BD01"].official_milli, halls["BD02"].official_milli]
    known = [milli for milli in north if milli is not None]
    assert official["north", "official"].total_milli == sum(known)
    assert official["north", "official"].squares_milli == sum(x * x for x in known)
    stages = sums(session, dimension="stage", trait="")
    own = halls["BD01"].figures["stage"]
    assert {key for _region, key in stages} == set(own)
    assert stages["north", "approach"].total_milli == own["approach"] < 100_000
    failed = sums(session, dimension="failed", trait="")
    assert {key for _region, key in failed} == {"ext_open"}


def test_the_country_is_the_sum_of_its_regions(session, world):
    make_accepted(session, world, hall_id="SX01")
    score_month(session, MONTH, now=LATER)
    profile_month(session, MONTH)
    session.commit()
    asked = {"month": MONTH, "trait": "", "dimension": "score", "key": "official"}
    rows = session.scalars(select(ProfileSumRow).filter_by(**asked)).all()
    country = [row for row in rows if row.region_id == EVERYWHERE]
    parts = [row for row in rows if row.region_id != EVERYWHERE]
    assert {row.region_id for row in parts} == {"north", "east"}
    for number in ("halls", "total_milli", "squares_milli"):
        whole = sum(getattr(row, number) for row in parts)
        assert sum(getattr(row, number) for row in country) == whole


@pytest.mark.usefixtures("world")
def test_sums_are_kept_by_trait_as_well_but_not_for_single_items(session):
    profile_month(session, MONTH)
    session.commit()
    hot = sums(session, dimension="stage", trait="hot")
    rainy = sums(session, dimension="score", trait="rainy")
    assert hot["north", "approach"].halls == 1
    assert {region for region, _key in rainy} == {"east", EVERYWHERE}
    assert not sums(session, dimension="item", trait="hot")


@pytest.mark.usefixtures("world")
def test_points_lost_by_cause_are_those_of_the_official_score(session):
    profile_month(session, MONTH)
    session.commit()
    row = session.get(HallProfileRow, (MONTH, "BD01"))
    lost = 100_000 - row.official_milli
    assert sum(row.figures["cause"].values()) == lost
    assert sum(row.figures["owner"].values()) == lost


@pytest.mark.usefixtures("world")
def test_a_hall_whose_visit_waited_well_and_whose_customers_did_not_is_told(session):
    profile_month(session, MONTH)
    session.commit()
    row = session.get(HallProfileRow, (MONTH, "BD01"))
    assert [alert["kind"] for alert in row.alerts] == ["wait"]
    assert row.alert_count == 1
    assert row.staging_milli is None


@pytest.mark.usefixtures("world")
def test_stale_months_are_asked_for_once(session):
    assert request_stale_profiles(session, LATER) == [MONTH]
    assert request_stale_profiles(session, LATER) == [MONTH]
    session.commit()
    kinds = session.scalars(select(JobRow).where(JobRow.kind == "month.profile"))
    assert [job.subject for job in kinds] == [MONTH]
    profile_month(session, MONTH)
    session.commit()
    assert request_stale_profiles(session, LATER) == []
