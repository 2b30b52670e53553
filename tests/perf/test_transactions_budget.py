"""What a batch of transactions costs: the same few statements for ten or a hundred."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from auditapp.domain.transaction import read_transactions
from auditapp.extensions import unit_of_work
from auditapp.services.transactions import Keys, take_transactions
from desk_world import make_world
from feedback_world import publish_messages
from statements import counted, statements

pytestmark = pytest.mark.perf
NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


def batch(count, first):
    rows = [
        {
            "id": f"t{number}",
            "hall": "BD01",
            "business": "plan_change",
            "finished_at": (NOW - timedelta(minutes=2)).isoformat(),
            "phone": f"138{number:08}",
        }
        for number in range(first, first + count)
    ]
    sound, problems = read_transactions(
        json.loads(json.dumps({"transactions": rows})), NOW
    )
    assert not problems
    return sound


def test_a_batch_costs_the_same_statements_for_ten_or_four_hundred(app, session):
    make_world(session)
    publish_messages(session)
    keys = Keys(app.extensions["phone_vault"], app.extensions["personal_links"])
    costs = []
    for count, first in ((10, 0), (400, 1000)):
        with app.app_context(), statements(app) as seen, unit_of_work() as database:
            intake = take_transactions(database, keys, batch(count, first), now=NOW)
        assert intake.taken == count
        costs.append(len(counted(seen)))
    assert costs[0] == costs[1] <= 16
