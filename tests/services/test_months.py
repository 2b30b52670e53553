"""A month is scored from what is stored: whole, hall by hall, and what it lost."""

from datetime import timedelta
from math import hypot

import pytest
from sqlalchemy import select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month_ledger import DIMENSIONS
from auditapp.domain.month_life import MonthClosedError
from auditapp.reads.hall_month import get_hall_month
from auditapp.services.months import rescore_halls, score_month
from auditapp.store.months import MonthRow, MonthScoreRow, RevisitRow
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, take


@pytest.fixture
def world(session):
    """Return a company in which BD01 has all sources and the others a few."""
    world = make_world(session)
    bad = {item: {"value": "no"} for item in ("off_fit", "off_plain", "exp_listen")}
    make_accepted(session, world, answers=bad)
    make_accepted(session, world, hall_id="SX01", auditor="a11")
    take(session, "callback", [80, 90, 70, 60, 100, 95])
    take(session, "sms", [90] * 10 + [70] * 10, cause="process")
    take(session, "sms", [50] * 16, hall_id="BD02")
    return world


def actor(world, login, role, **scope):
    return Actor(world.people[login], login, role, **scope)


def rows(session):
    found = session.scalars(
        select(MonthScoreRow)
        .where(MonthScoreRow.month == MONTH)
        .order_by(MonthScoreRow.hall_id)
    )
    return {row.hall_id: row for row in found}


def as_columns(row):
    return {
        column.name: getattr(row, column.name)
        for column in MonthScoreRow.__table__.columns
        if column.name != "computed_at"
    }


@pytest.mark.usefixtures("world")
def test_a_month_is_scored_for_every_hall(session):
    assert score_month(session, MONTH, now=LATER) == 3
    session.commit()

    found = rows(session)
    own = found["BD01"]
    assert (own.visits, own.callbacks, own.feedbacks) == (1, 6, 20)
    assert (own.callback_milli, own.feedback_milli) == (82_500, 80_000)
    expected = (40 * own.visit_milli + 20 * 82_500 + 20 * 80_000) / 80
    assert abs(own.official_milli - expected) <= 1
    assert (found["BD02"].status, found["BD02"].official_milli) == (
        "insufficient",
        None,
    )
    assert found["SX01"].flags == ["one_visit", "too_few_sources", "too_little_weight"]
    assert session.get(MonthRow, MONTH).state == "collecting"


def test_a_halls_page_adds_up_to_a_hundred_in_every_grouping(session, world):
    score_month(session, MONTH, now=LATER)
    session.commit()
    month = get_hall_month(
        session, actor(world, "hq", Role.HEADQUARTERS), "BD01", MONTH
    )

    for dimension in DIMENSIONS:
        lost = sum(month.lost_by(dimension).values())
        assert lost + month.official.milli == 100_000
    assert sum(source.adds_milli for source in month.sources) == month.official.milli
    assert any(line.name is not None for line in month.lines)
    assert set(month.lost_by("cause")) >= {"front_line", "process", "support"}
    assert month.sources[3].tagged == {"front_line": 0, "process": 20, "support": 0}


@pytest.mark.usefixtures("world")
def test_scoring_one_hall_again_gives_what_a_full_run_gives(session):
    score_month(session, MONTH, now=LATER)
    take(session, "callback", [10] * 9, hall_id="BD02")
    session.commit()
    later = LATER + timedelta(minutes=1)
    assert rescore_halls(session, MONTH, ["BD02"], now=later)
    session.commit()
    alone = as_columns(rows(session)["BD02"])
    others = {k: as_columns(row) for k, row in rows(session).items() if k != "BD02"}
    session.expire_all()

    score_month(session, MONTH, now=later + timedelta(minutes=1))
    session.commit()
    whole = {hall: as_columns(row) for hall, row in rows(session).items()}
    ours = {name for name in whole["BD02"] if name not in ADJUSTED}
    assert {n: whole["BD02"][n] for n in ours} == {n: alone[n] for n in ours}
    assert {h: r["official_milli"] for h, r in others.items()} == {
        h: whole[h]["official_milli"] for h in others
    }


@pytest.mark.usefixtures("world")
def test_scoring_halls_by_the_months_model_gives_every_digit_of_the_full_run(session):
    take(session, "sms", [80] * 20, month="2026-10")
    assert score_month(session, MONTH, now=LATER) == 3
    session.commit()
    whole = {hall: as_columns(row) for hall, row in rows(session).items()}
    session.expire_all()
    assert session.get(MonthRow, "2026-10").model is not None

    for hall in whole:
        assert rescore_halls(session, MONTH, [hall], now=LATER + timedelta(minutes=1))
    session.commit()
    assert {hall: as_columns(row) for hall, row in rows(session).items()} == whole
    own = whole["BD01"]
    adjusted = own["details"]["adjusted"]
    steps = sum(adjusted["bridge"].values())
    assert own["official_milli"] + steps == own["adjusted_milli"]
    assert own["low_milli"] < own["adjusted_milli"] < own["high_milli"]
    change = adjusted["change"]["last"]
    before = change["before"]
    assert (change["month"], adjusted["change"]["six"]) == ("2026-10", None)
    assert change["milli"] == adjusted["milli"] - before["milli"]
    assert change["peer_milli"] == adjusted["peer_milli"] - before["peer_milli"]
    z = change["milli"] / hypot(adjusted["se_milli"], before["se_milli"])
    assert change["z_milli"] == round(z * 1000)
    assert change["is_alarm"] == (abs(z) > 1.645)
    assert own["band"] == 1


ADJUSTED = {"adjusted_milli", "low_milli", "high_milli", "band", "details", "state"}


@pytest.mark.usefixtures("world")
def test_a_row_made_from_newer_evidence_is_never_replaced(session):
    score_month(session, MONTH, now=LATER)
    take(session, "callback", [10] * 9, hall_id="BD02")
    rescore_halls(session, MONTH, ["BD02"], now=LATER + timedelta(minutes=2))
    session.commit()
    newest = as_columns(rows(session)["BD02"])
    session.expire_all()

    rescore_halls(session, MONTH, ["BD02"], now=LATER + timedelta(minutes=1))
    score_month(session, MONTH, now=LATER + timedelta(minutes=1))
    session.commit()
    assert as_columns(rows(session)["BD02"]) == newest


def test_a_visit_far_from_the_customers_asks_for_a_second_one(session, world):
    take(session, "callback", [20] * 30, hall_id="SX01")
    score_month(session, MONTH, now=LATER)
    session.commit()
    task = session.get(RevisitRow, (MONTH, "SX01"))
    assert task.gap_milli == rows(session)["SX01"].gap_milli > 20_000
    assert "revisit" in rows(session)["SX01"].flags

    make_accepted(session, world, hall_id="SX01", days_ago=1)
    rescore_halls(session, MONTH, ["SX01"], now=LATER + timedelta(hours=1))
    session.commit()
    session.refresh(task)
    assert task.closed_at is not None


@pytest.mark.usefixtures("world")
def test_a_closed_months_rows_are_never_touched(session):
    score_month(session, MONTH, now=LATER)
    session.get(MonthRow, MONTH).state = "closed"
    session.commit()
    before = as_columns(rows(session)["BD01"])
    session.expire_all()
    take(session, "callback", [0] * 9)

    assert not rescore_halls(session, MONTH, ["BD01"], now=LATER + timedelta(hours=1))
    with pytest.raises(MonthClosedError):
        score_month(session, MONTH, now=LATER + timedelta(hours=1))
    session.rollback()
    assert as_columns(rows(session)["BD01"]) == before


def test_each_person_reads_the_months_of_their_own_halls(session, world):
    score_month(session, MONTH, now=LATER)
    session.commit()
    north = frozenset({"north"})
    region = actor(world, "rm_north", Role.REGION_MANAGER, region_ids=north)
    manager = actor(world, "hall_bd01", Role.HALL_MANAGER, hall_id="BD01")

    assert get_hall_month(session, region, "BD01", MONTH).official.milli
    for person, hall in ((region, "SX01"), (manager, "BD01"), (manager, "BD02")):
        with pytest.raises(NotFoundError):
            get_hall_month(session, person, hall, MONTH)
    session.get(MonthRow, MONTH).state = "closed"
    session.commit()
