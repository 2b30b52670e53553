"""Headquarters reads what was learned, and decides what is proposed."""

from datetime import UTC, datetime

import pytest

from auditapp.reads.relevance import list_proposals
from auditapp.services.item_proposals import keep_proposals
from auditapp.store.standards import ItemMonthRow, RelevanceRow
from desk_world import make_world, sign_in

MYSTERY = "telecom_hall_mystery"
PAGE = f"/standards/{MYSTERY}/relevance"
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def world(session):
    world = make_world(session)
    session.add(
        RelevanceRow(
            checklist_id=MYSTERY,
            item_id="int_charging",
            tier="small",
            trait="",
            through_month="2026-10",
            word="no_sign",
            effect_milli=200,
            low_milli=-300,
            high_milli=700,
            halls=420,
            passed_pct=61,
            details={"guard": ""},
            computed_at=NOW,
        )
    )
    session.add(
        ItemMonthRow(
            month="2026-10",
            checklist_id=MYSTERY,
            item_id="int_charging",
            tier="small",
            asked=420,
            passed=256,
            failed=164,
            not_observed=0,
            overturned=2,
        )
    )
    evidence = {"effect_milli": 200, "low_milli": -300, "high_milli": 700, "halls": 420}
    proposal = {
        "item_id": "int_charging",
        "kind": "make_optional",
        "place": ["tier.small"],
        "halls": 500,
        "evidence": evidence,
    }
    keep_proposals(session, MYSTERY, [proposal], through="2026-10", now=NOW)
    session.commit()
    return world


def proposal_id(session):
    session.rollback()
    return list_proposals(session, MYSTERY)[0].proposal_id


def test_the_page_says_in_words_and_figures_what_was_learned(client):
    sign_in(client, "hq")
    page = client.get(PAGE).text
    assert "这里改为可选" in page
    assert "十次有九次在−0.3到+0.7之间" in page
    assert "看不出" in page
    assert "61%" in page
    item = client.get(f"/standards/{MYSTERY}/items/int_charging").text
    assert "420" in item
    assert client.get(f"/standards/{MYSTERY}/items/nothing").status_code == 404


def test_a_proposal_becomes_a_draft_with_its_what_if(client, session):
    sign_in(client, "hq")
    own = f"/standards/{MYSTERY}/proposals/{proposal_id(session)}"
    answer = client.post(f"{own}/accept", data={"title": "充电"})
    assert answer.status_code == 303
    assert answer.location.endswith("/what-ifs")
    changes = client.get(answer.location.replace("/what-ifs", "/changes")).text
    assert "充电" in changes
    assert client.post(f"{own}/accept", data={"title": "x"}).status_code == 409


def test_declining_needs_a_reason(client, session):
    sign_in(client, "hq")
    own = f"/standards/{MYSTERY}/proposals/{proposal_id(session)}"
    assert client.post(f"{own}/decline", data={"reason": " "}).status_code == 422
    assert client.post(f"{own}/decline", data={"reason": "要"}).status_code == 303
    assert "谢绝" not in client.get(PAGE).text.split("建议")[1][:400]


def test_without_halls_enough_the_page_says_why_nobody_can_tell(client, session):
    session.execute(RelevanceRow.__table__.delete())
    session.commit()
    sign_in(client, "hq_view")
    page = client.get(PAGE).text
    assert "都是碰运气" in page
    assert "写成草稿" not in page
