"""What the pages of calls and complaints cost: the same for few rows as for many."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

import closed_months as months
from auditapp.services.callbacks import next_call
from auditapp.store.calls import ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow
from call_samples import NOW, agent_of, draw, make_call_world, make_transaction
from desk_world import sign_in
from statements import counted, statements

pytestmark = pytest.mark.perf

MORE_HALLS = 45  # a page of halls holds fifty
OWNERS = ("hall", "marketing", "network")
BUSINESSES = ("plan_change", "sim_replace", "bill_query")
# who opens it, its address, whether it lists what was filled in
PAGES = (
    ("cb1", "/calls", False),
    ("hq", "/callbacks", True),
    ("hq", "/complaints", True),
    ("hq", "/complaints?state=answered&severe=1", True),
    ("hall_bd01", "/complaints", False),
    ("cb1", "/complaints/checks", True),
)
MOST = 5


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def fill(session, vault, hall_ids):
    """Let customers of these halls wait to be called, and tell problems."""
    for number, hall_id in enumerate(hall_ids):
        make_transaction(
            session, vault, hall_id=hall_id, business=BUSINESSES[number % 3]
        )
    draw(session)
    customers = session.scalars(select(CustomerRow.customer_id)).all()
    for number, hall_id in enumerate(hall_ids):
        for state in ("open", "answered"):
            session.add(
                ComplaintRow(
                    source="callback",
                    hall_id=hall_id,
                    customer_id=customers[number],
                    category="service",
                    owner=OWNERS[number % 3],
                    words="态度冷淡",
                    is_severe=number % 2 == 0,
                    may_contact=True,
                    promise_at=NOW + timedelta(days=1),
                    state=state,
                    reply="已道歉" if state == "answered" else None,
                    replied_at=NOW - timedelta(days=5),
                    created_at=NOW - timedelta(days=6),
                )
            )
    session.commit()


def test_call_pages_cost_the_same_for_few_rows_or_many(app, session):
    world = make_call_world(session)
    vault = app.extensions["phone_vault"]
    for owner in OWNERS[1:]:
        session.add(DepartmentRow(department_id=owner, name_zh=owner, name_en=owner))
    fill(session, vault, ["BD01", "SX01", "BD02"])
    next_call(session, agent_of(world), now=NOW)
    session.commit()
    clients = {login: app.test_client() for login, _address, _is_list in PAGES}
    for login, client in clients.items():
        sign_in(client, login)

    def measure(login, address):
        clients[login].get(address)  # what is read once for all
        with statements(app) as seen:
            page = clients[login].get(address)
        assert page.status_code == 200, address
        return len(counted(seen)), len(page.data)

    few = [measure(login, address) for login, address, _is_list in PAGES]
    months.make_halls(session, MORE_HALLS)
    fill(session, vault, [f"N{number:03}" for number in range(MORE_HALLS)])
    many = [measure(login, address) for login, address, _is_list in PAGES]

    assert [cost for cost, _size in many] == [cost for cost, _size in few]
    assert max(cost for cost, _size in many) <= MOST
    for (_login, address, is_list), (_, short), (_, long) in zip(
        PAGES, few, many, strict=True
    ):
        assert (long > 2 * short) == is_list, address
