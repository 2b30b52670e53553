"""First pages and dashboards cost as many statements for three halls as for sixty."""

from datetime import timedelta

import pytest

import closed_months as months
from action_world import check_hall, make_action_world
from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from desk_world import make_audit, sign_in
from month_world import LATER, MONTH, take
from statements import counted, statements

pytestmark = pytest.mark.perf

MOST = 22  # of any page, with what finds who is signed in
VIEWS = (
    f"/see/{MONTH}",
    f"/see/{MONTH}?span=12",
    f"/see/{MONTH}?trait=rainy",
    f"/see/{MONTH}/halls",
    f"/see/{MONTH}/items?dimension=rater&key=reliability",
    f"/see/{MONTH}/trend.csv",
    "/months",
    f"/months/{MONTH}",
    "/visits",
    "/complaints",
    "/appeals/rates",
)
PAGES = {
    "hq": ("/", "/actions", "/appeals", "/obstacles", *VIEWS),
    "rm_north": ("/", "/actions", "/appeals", "/obstacles", *VIEWS),
    "hall_bd01": ("/", "/actions", "/appeals", "/obstacles", "/visits"),
    "dep_facilities": ("/actions", "/obstacles", "/complaints"),
    "sup": ("/", "/visits"),
    "cb1": ("/", "/complaints"),
    "admin": ("/",),
}


def work_in(session, world, hall_ids):
    """Give halls customers, an audit that waits, and one that found something."""
    for hall_id in hall_ids:
        take(session, "sms", [80] * 15, hall_id=hall_id)
        make_audit(session, world, hall_id=hall_id, photos=0)
        check_hall(session, world, ["ext_open"], hall_id=hall_id)
    session.commit()


def costs_of_pages(app, session, hour):
    now = LATER + timedelta(hours=hour)
    score_month(session, MONTH, now=now)
    profile_month(session, MONTH)
    session.commit()
    costs = {}
    for login, pages in PAGES.items():
        client = app.test_client()
        sign_in(client, login)
        for page in pages:
            client.get(page, follow_redirects=True)
            with statements(app) as seen:
                answer = client.get(page, follow_redirects=True)
            assert answer.status_code == 200, (login, page)
            costs[login, page] = len(counted(seen))
    return costs


def test_every_first_page_and_dashboard_costs_the_same_for_sixty_halls(app, session):
    world = make_action_world(session)
    months.publish_all(session)
    work_in(session, world, ["BD01", "BD02", "SX01"])
    few = costs_of_pages(app, session, 0)
    months.make_halls(session, 57)
    work_in(session, world, [f"N{number:03}" for number in range(57)])
    many = costs_of_pages(app, session, 1)
    assert many == few
    assert max(few.values()) <= MOST
