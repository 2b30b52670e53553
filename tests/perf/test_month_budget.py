"""What a month costs: as many statements for three halls as for sixty."""

from datetime import timedelta

import pytest

import closed_months as months
from auditapp.domain.actor import Actor, Role
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.hall_month import get_hall_month
from auditapp.services.months import score_month
from auditapp.services.responses import take_responses
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, make_response
from statements import counted, statements

pytestmark = pytest.mark.perf


def answer(session, hall_ids):
    """Give halls enough answers of two months to be scored and compared."""
    responses = [
        make_response("sms", (60 + 2 * n) * 1000, hall_id, month=month)
        for month in ("2026-10", MONTH)
        for hall_id in hall_ids
        for n in range(15)
    ]
    take_responses(session, responses, now=LATER)
    session.commit()


def test_a_month_costs_the_same_statements_for_three_halls_or_sixty(app, session):
    world = make_world(session)
    make_accepted(session, world)
    answer(session, ["BD01", "BD02", "SX01"])
    hq = Actor(world.people["hq"], "hq", Role.HEADQUARTERS)
    costs, pages, halls = [], [], []
    for run in range(3):
        if run == 2:
            months.make_halls(session, 57)
            answer(session, [f"N{number:03}" for number in range(57)])
        now = LATER + timedelta(hours=run)
        with app.app_context():
            with statements(app) as seen, unit_of_work() as database:
                halls.append(score_month(database, MONTH, now=now))
            costs.append(len(counted(seen)))
            with statements(app) as seen, reading() as database:
                page = get_hall_month(database, hq, "BD01", MONTH)
            pages.append(len(counted(seen)))
    assert halls == [3, 3, 60]
    assert page.adjusted.change["last"]["month"] == "2026-10"
    # the first run scored October as well
    assert costs[1] == costs[2] <= 32 < costs[0]
    assert pages[0] == pages[1] == pages[2] <= 15
