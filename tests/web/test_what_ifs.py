"""Headquarters tries a draft on past months and reads what came of it."""

from datetime import UTC, datetime

import pytest
import time_machine

from auditapp.jobs.runner import Runner
from auditapp.services.months import score_month
from desk_world import make_world, sign_in
from month_world import LATER, MONTH, make_accepted, take

MYSTERY = "/standards/telecom_hall_mystery"


@pytest.fixture(autouse=True)
def _in_december():
    with time_machine.travel(datetime(2026, 12, 10, 2, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture(autouse=True)
def world(session):
    world = make_world(session)
    bad = {"int_umbrella_rack": {"value": "no", "note": "没有伞架"}}
    make_accepted(session, world, hall_id="SX01", answers=bad, auditor="a11")
    take(session, "callback", [80, 90, 70, 60, 100, 95], hall_id="SX01")
    take(session, "sms", [90] * 10 + [70] * 10, hall_id="SX01")
    score_month(session, MONTH, now=LATER)
    session.commit()
    return world


@pytest.fixture
def draft(client):
    sign_in(client, "hq")
    begun = client.post(f"{MYSTERY}/drafts", data={"title": "雨伞架"}).location
    client.post(
        f"{begun}/cell",
        data={
            "item": "int_umbrella_rack",
            "at": "rainy",
            "requirement": "not_applicable",
            "tiers": ["flagship", "standard", "small", "township"],
            "reason": "没人提",
            "revision": "1",
        },
    )
    return begun


def test_a_replay_is_asked_for_watched_and_read(app, client, draft):
    answer = client.post(f"{draft}/what-ifs", data={"months": [MONTH]})
    assert answer.status_code == 303
    waiting = client.get(answer.location)
    assert waiting.headers["Refresh"]
    assert "可以离开这页再回来" in waiting.text
    Runner(app).run_due()
    page = client.get(answer.location)
    assert "Refresh" not in page.headers
    assert "1/1" in page.text
    assert "家分数动了" in page.text
    assert "家厅里" in client.get(f"{draft}/changes").text
    rows = client.get(f"{answer.location}.csv").text.splitlines()
    assert len(rows) > 1
    only = client.get(f"{answer.location}?show=grades")
    assert only.status_code == 200


def test_a_replay_says_when_the_draft_was_changed_since(app, client, draft):
    answer = client.post(f"{draft}/what-ifs", data={"months": [MONTH]})
    Runner(app).run_due()
    client.post(
        f"{draft}/cell",
        data={
            "item": "int_charging",
            "at": "tier.small",
            "requirement": "not_applicable",
            "reason": "x",
            "revision": "2",
        },
    )
    assert "试算以后草稿又改过" in client.get(answer.location).text


def test_months_without_scores_are_refused_with_a_reason(client, draft):
    for months in ([], ["2020-01"]):
        answer = client.post(f"{draft}/what-ifs", data={"months": months})
        assert answer.status_code == 422
