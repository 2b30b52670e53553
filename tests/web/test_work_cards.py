"""A work card from the best visit: written, read by halls, changed, read again."""

import pytest
import time_machine
from sqlalchemy import select

from auditapp.domain.notification import NewsKind
from auditapp.services.news_following import follow_events
from auditapp.store.audits import AuditRow
from auditapp.store.notifications import NotificationRow
from auditapp.store.work_cards import CardReadingRow, WorkCardRow
from desk_world import NOW, make_audit, make_world, sign_in
from statements import counted, statements

CARD = "/work-cards/plan_change"
OTHERS = ("new_sim", "bill_query")
WRITTEN = {
    "after": "0",
    "title": "换套餐",
    "words": ["先看三个月用量", "", "把日期写在纸上"],
    "seconds": ["90", "", ""],
}


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(session):
    world = make_world(session)
    make_audit(session, world, state="released")
    return world


def publish(client, **changes):
    sign_in(client, "hq")
    return client.post(f"{CARD}/write", data={**WRITTEN, **changes})


@pytest.mark.usefixtures("world")
def test_the_form_begins_with_what_the_best_visits_clock_saw(client, session):
    visit_id = session.scalars(select(AuditRow.visit_id)).one()
    session.rollback()
    sign_in(client, "hq")
    client.post(f"/cases/{visit_id}", data={"reason": "先问清用量"})
    page = client.get(f"{CARD}/write").text
    assert "先问清用量" in page
    assert 'value="40"' in page, "greeted after 40 seconds"
    assert "BD01" not in page, "halls are to read no hall's name"


@pytest.mark.usefixtures("world")
def test_a_card_keeps_its_steps_in_order_and_leaves_empty_lines_out(client, session):
    assert publish(client).status_code == 303
    (card,) = session.scalars(select(WorkCardRow)).all()
    assert card.steps == [
        {"words": "先看三个月用量", "seconds": 90},
        {"words": "把日期写在纸上", "seconds": None},
    ]
    page = client.get(CARD).text
    assert page.index("先看三个月用量") < page.index("把日期写在纸上")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "请给作业卡起个名字"),
        ({"words": ["", ""], "seconds": ["", ""]}, "请至少写一步"),
        ({"words": ["", "乙"], "seconds": ["30", ""]}, "没写做什么"),
        ({"seconds": ["90.5"]}, "整秒数"),
        ({"seconds": ["9000"]}, "整秒数"),
        ({"words": ["做"] * 13, "seconds": ["7"] * 13}, "最多12步"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    client, session, changes, said
):
    refused = publish(client, **changes)
    assert refused.status_code == 422
    assert said in refused.text
    kept = {**WRITTEN, **changes}
    assert all(typed in refused.text for typed in kept["words"] + kept["seconds"])
    assert session.scalars(select(WorkCardRow)).all() == []


@pytest.mark.usefixtures("world")
def test_a_hall_reads_each_version_again_and_the_first_stays(client, session):
    publish(client)
    sign_in(client, "hall_bd01")
    assert "全厅一起读过" in client.get(CARD).text
    client.post(f"{CARD}/read", data={"number": "1"})
    client.post(f"{CARD}/read", data={"number": "1"})
    session.rollback()
    assert len(session.scalars(select(CardReadingRow)).all()) == 1

    assert publish(client, after="1").status_code == 422, "what changed is missing"
    assert publish(client, after="1", change="时间太紧").status_code == 303
    sign_in(client, "hall_bd01")
    late = client.post(f"{CARD}/read", data={"number": "1"}, follow_redirects=True)
    assert "新版本" in late.text
    assert "全厅一起读过" in late.text
    assert "时间太紧" in late.text
    assert client.get(f"{CARD}?version=1").status_code == 200
    assert client.get(f"{CARD}?version=3").status_code == 404


@pytest.mark.usefixtures("world")
def test_two_writers_do_not_overwrite_each_other(client, session):
    publish(client)
    second = publish(client, title="另一个写法")
    assert second.status_code == 409
    assert "另一个写法" in second.text, "nothing typed is lost"
    session.rollback()
    assert [card.number for card in session.scalars(select(WorkCardRow))] == [1]


@pytest.mark.usefixtures("world")
def test_headquarters_sees_all_unread_halls_and_a_region_its_own(client):
    publish(client)
    assert "SX01标准厅" in client.get(CARD).text
    sign_in(client, "rm_north")
    page = client.get(CARD).text
    assert "BD01标准厅" in page
    assert "SX01标准厅" not in page
    sign_in(client, "hall_bd01")
    page = client.get(CARD).text
    assert "标准厅</a></li>" not in page
    listed = client.get("/work-cards").text
    assert "待读" in listed
    assert "个厅已读" not in listed


@pytest.mark.usefixtures("world")
def test_a_card_of_no_scenario_is_not_found(client):
    sign_in(client, "hq")
    for path in ("/work-cards/none", "/work-cards/none/write"):
        assert client.get(path).status_code == 404
    assert client.post("/work-cards/none/write", data=WRITTEN).status_code == 404


@pytest.mark.usefixtures("world")
def test_hall_managers_are_told_of_a_new_version(client, session):
    follow_events(session)
    session.commit()
    publish(client)
    follow_events(session)
    session.commit()
    (told,) = session.scalars(
        select(NotificationRow).where(
            NotificationRow.kind == NewsKind.CARD_PUBLISHED.value
        )
    )
    assert told.facts == {"title": "换套餐", "scenario": "plan_change"}


@pytest.mark.usefixtures("world")
def test_many_cards_take_no_more_statements_than_one(app, client):
    publish(client)
    with statements(app) as few:
        client.get("/work-cards")
    for scenario in OTHERS:
        made = client.post(f"/work-cards/{scenario}/write", data=WRITTEN)
        assert made.status_code == 303
    with statements(app) as many:
        client.get("/work-cards")
    assert len(counted(few)) == len(counted(many))
