"""Dashboards cost as many statements for three halls as for sixty."""

from datetime import timedelta

import pytest

import closed_months as months
from auditapp.domain.actor import Actor, Role
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.see import SeeFilter, get_seen
from auditapp.reads.see_halls import HallChoice, count_halls, list_halls, list_work
from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, take
from statements import counted, statements

pytestmark = pytest.mark.perf


def answer(session, hall_ids):
    """Give halls enough answers to be scored."""
    for hall_id in hall_ids:
        take(session, "sms", [80] * 15, hall_id=hall_id)


def test_a_dashboard_costs_the_same_for_three_halls_or_sixty(app, session):
    world = make_world(session)
    make_accepted(session, world)
    answer(session, ["BD01", "BD02", "SX01"])
    manager = Actor(
        world.people["rm_north"],
        "rm",
        Role.REGION_MANAGER,
        region_ids=frozenset({"north"}),
    )
    pages, made, halls = [], [], []
    for run in range(3):
        if run == 2:
            months.make_halls(session, 57)
            answer(session, [f"N{number:03}" for number in range(57)])
        now = LATER + timedelta(hours=run)
        with app.app_context():
            with unit_of_work() as database:
                score_month(database, MONTH, now=now)
            with statements(app) as seen, unit_of_work() as database:
                halls.append(profile_month(database, MONTH))
            made.append(len(counted(seen)))
            wanted = SeeFilter(MONTH, 12)
            with statements(app) as seen, reading() as database:
                get_seen(database, manager, wanted)
                list_work(database, manager, wanted, now)
                list_halls(database, manager, wanted, HallChoice())
                count_halls(database, manager, wanted, HallChoice())
            pages.append(len(counted(seen)))
    assert halls == [3, 3, 60]
    assert made[1] == made[2] <= 32
    assert pages[0] == pages[1] == pages[2] <= 10
