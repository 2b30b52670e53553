"""What the standard's pages cost: as many statements for three halls as for sixty."""

import pytest

import closed_months as months
from desk_world import make_world, sign_in
from statements import counted, statements

pytestmark = pytest.mark.perf

MYSTERY = "/standards/telecom_hall_mystery"
CELL = "item=int_umbrella_rack&at=rainy"
MOST = 16


def test_pages_cost_the_same_for_three_halls_or_sixty(app, client, session):
    make_world(session)
    sign_in(client, "hq")
    draft = client.post(f"{MYSTERY}/drafts", data={"title": "x"}).location
    addresses = (
        "/standards",
        MYSTERY,
        f"{MYSTERY}/matrix?{CELL}",
        f"{draft}?{CELL}",
        f"{draft}/changes",
        f"{draft}/form?hall=SX01",
        f"{draft}/what-ifs",
        "/halls/places",
        f"{MYSTERY}/relevance",
        f"{MYSTERY}/items/int_umbrella_rack",
        f"{MYSTERY}/requests",
    )
    costs = []
    for run in range(3):
        if run == 2:
            months.make_halls(session, 57)
        found = []
        for address in addresses:
            with statements(app) as seen:
                assert client.get(address).status_code == 200, address
            found.append(len(counted(seen)))
        costs.append(found)
    assert costs[1] == costs[2]
    assert max(costs[2]) <= MOST, dict(zip(addresses, costs[2], strict=True))
