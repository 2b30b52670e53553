"""A card is tried in some halls, judged beside like halls, taken over or given up."""

import random

import pytest
import time_machine
from sqlalchemy import insert, select

import closed_months as months
from auditapp.domain.notification import NewsKind
from auditapp.services.news_following import follow_events
from auditapp.store.contention import table_of
from auditapp.store.months import MonthScoreRow
from auditapp.store.notifications import NotificationRow
from auditapp.store.pilots import PilotHallRow, PilotRow
from auditapp.store.work_cards import WorkCardRow
from desk_world import NOW, make_audit, make_world, sign_in
from statements import counted, statements

CARD = "/work-cards/plan_change"
BEFORE = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
AFTER = ["2026-11", "2026-12", "2027-01"]
WRITTEN = {
    "after": "0",
    "title": "换套餐",
    "words": ["先看三个月用量", "把日期写在纸上"],
    "seconds": ["90", ""],
    "change": "",
}
PLAN = {
    "halls": "BD01, N001、N002 N003",
    "first_month": "2026-11",
    "last_month": "2027-01",
    "measure": "callback_milli",
    "expected": "回访会更好",
}
PILOTS = ["BD01", "N001", "N002", "N003"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def world(session):
    """Return the company with forty more halls."""
    world = make_world(session)
    make_audit(session, world, state="released")
    months.make_halls(session, 40)
    session.commit()
    return world


@pytest.fixture
def hq(world, client):
    assert world
    sign_in(client, "hq")
    return client


def begin(client, **changes):
    return client.post(f"{CARD}/pilot", data={**WRITTEN, **PLAN, **changes})


def score(session, *, gain, which=BEFORE + AFTER):
    """Write months down in which pilot halls gain from the trial's begin on."""
    chance = random.Random(5)
    halls = ["BD01", *(f"N{number:03}" for number in range(40))]
    rows = [
        {
            "month": month,
            "hall_id": hall,
            "region_id": "north",
            "tier": "standard",
            "status": "full",
            "weight_pct": 100,
            "official_milli": level,
            "callback_milli": level
            + (gain if hall in PILOTS and month >= "2026-11" else 0),
            "is_ranked": True,
            "flags": [],
            "visits": 0,
            "inspections": 0,
            "callbacks": 9,
            "feedbacks": 0,
            "details": {},
            "computed_at": NOW,
        }
        for month in which
        for hall in halls
        for level in [80_000 + chance.randint(-2_000, 2_000)]
    ]
    session.execute(insert(table_of(MonthScoreRow)), rows)
    session.commit()


def test_only_pilot_halls_read_the_version_on_trial(hq, session):
    follow_events(session)
    session.commit()
    page = begin(hq)
    assert page.status_code == 303
    follow_events(session)
    session.commit()
    told = session.scalars(select(NotificationRow)).all()
    assert [each.kind for each in told] == [NewsKind.CARD_PUBLISHED.value]

    assert "还不能比较" in hq.get(page.location).text
    assert "正在4个厅试点" in hq.get("/work-cards").text
    sign_in(hq, "hall_bd01")
    assert "先试用这一版" in hq.get(CARD).text
    hq.post(f"{CARD}/read", data={"number": "1"})
    assert "你们厅已读" in hq.get(CARD).text
    sign_in(hq, "rm_east")
    assert hq.get(CARD).status_code == 404
    assert "换套餐" not in hq.get("/work-cards").text
    sign_in(hq, "rm_north")
    assert "3/4个厅" in hq.get(CARD).text
    assert hq.get(page.location).status_code == 403


def test_other_halls_go_on_with_the_version_that_holds(hq):
    hq.post(f"{CARD}/write", data=WRITTEN)
    begin(hq, after="1", change="先看用量", title="换套餐二")

    refused = hq.post(f"{CARD}/write", data={**WRITTEN, "after": "1", "change": "x"})
    assert refused.status_code == 409
    assert "正在试点" in refused.text
    sign_in(hq, "rm_east")
    page = hq.get(CARD).text
    assert "换套餐二" not in page
    assert hq.get(f"{CARD}?version=2").status_code == 404
    sign_in(hq, "hall_bd01")
    assert "换套餐二" in hq.get(CARD).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"halls": "BD01"}, "试点要有3到200个厅"),
        ({"halls": "BD01 N001 N002 N999"}, "没有这些厅：N999"),
        ({"first_month": "2026-10"}, "请从本月或以后的月份开始"),
        ({"first_month": "x"}, "请从本月或以后的月份开始"),
        ({"last_month": "2026-10"}, "结束月份不能早于开始月份"),
        ({"last_month": "2027-12"}, "最长12个月"),
        ({"expected": " "}, "请写希望哪里变好"),
        ({"title": ""}, "请给作业卡起个名字"),
        ({"halls": "", "count": "2"}, "试点要有3到200个厅"),
        ({"halls": "", "count": "x"}, "试点要有3到200个厅"),
    ],
)
def test_a_plan_that_could_not_be_judged_is_refused_and_kept_as_typed(
    hq, session, changes, said
):
    refused = begin(hq, **changes)

    assert refused.status_code == 422
    assert said in refused.text
    assert "先看三个月用量" in refused.text
    assert session.scalars(select(WorkCardRow)).all() == []
    assert session.scalars(select(PilotRow)).all() == []


def test_what_is_wrong_with_the_plan_and_with_the_card_is_said_at_once(hq):
    refused = begin(hq, title="", seconds=["0"], halls="BD01", expected="")

    for said in (
        "请给作业卡起个名字",
        "请写1到3600之间的整秒数",
        "试点要有3到200个厅",
        "请写希望哪里变好",
    ):
        assert said in refused.text


def test_halls_are_drawn_by_chance_within_a_region_and_a_tier(hq, session):
    begin(hq, halls="", count="6", region="north", tier="standard")

    drawn = session.scalars(select(PilotHallRow.hall_id)).all()
    assert len(drawn) == 6
    assert "SX01" not in drawn
    assert session.scalars(select(PilotRow.is_drawn)).one()


def test_a_real_gain_is_found_and_the_months_of_the_plan_alone_count(
    hq, session, clock
):
    address = begin(hq).location
    score(session, gain=6_000)
    clock.move_to(NOW.replace(year=2027, month=2))
    sign_in(hq, "hq")

    page = hq.get(address).text

    assert "变好了" in page
    assert "随机" not in page
    assert "选它们的原因本身" in page
    assert "80." in page
    clock.move_to(NOW.replace(month=12))
    sign_in(hq, "hq")
    assert "目前只过完一个月" in hq.get(address).text


def test_where_nothing_changed_nothing_is_claimed(hq, session, clock):
    address = begin(hq).location
    score(session, gain=0)
    clock.move_to(NOW.replace(year=2027, month=2))
    sign_in(hq, "hq")

    page = hq.get(address).text

    assert "还看不出" in page
    assert "变好了" not in page
    hq.get("/language/en")
    assert "Cannot tell" in hq.get(address).text


def test_a_trial_that_is_taken_over_holds_for_every_hall(hq, session):
    address = begin(hq).location
    missing = hq.post(f"{address}/end", data={"outcome": "adopted"})
    assert missing.status_code == 422
    assert "请写这样决定的理由" in missing.text
    neither = hq.post(f"{address}/end", data={"outcome": "running", "reason": "x"})
    assert "请选择推广或放弃" in neither.text

    hq.post(f"{address}/end", data={"outcome": "adopted", "reason": "客户更清楚了"})

    assert "客户更清楚了" in hq.get(address).text
    again = hq.post(f"{address}/end", data={"outcome": "dropped", "reason": "x"})
    assert again.status_code == 409
    sign_in(hq, "rm_east")
    assert "换套餐" in hq.get(CARD).text
    session.rollback()
    assert session.scalars(select(WorkCardRow.state)).all() == ["holds"]


def test_a_trial_that_is_given_up_leaves_the_version_before(hq):
    hq.post(f"{CARD}/write", data=WRITTEN)
    begin(hq, after="1", change="先看用量", title="换套餐二")
    address = hq.get("/work-cards").text.split('href="/pilots/')[1].split('"')[0]
    data = {"outcome": "dropped", "reason": "没有差别"}
    hq.post(f"/pilots/{address}/end", data=data)

    assert "换套餐二" not in hq.get(CARD).text.split("<h1>")[1].split("</h1>")[0]
    assert "试点后已放弃" in hq.get(f"{CARD}?version=2").text
    sign_in(hq, "hall_bd01")
    assert "换套餐二" not in hq.get(CARD).text
    assert hq.get(f"{CARD}?version=2").status_code == 404
    sign_in(hq, "hq")
    third = {**WRITTEN, "after": "1", "change": "再改", "title": "换套餐三"}
    assert hq.post(f"{CARD}/write", data=third).status_code == 303


@pytest.mark.usefixtures("world")
def test_a_trial_costs_the_same_for_four_halls_or_thirty(app, hq, session, clock):
    score(session, gain=0, which=BEFORE + AFTER)
    costs = []
    for scenario, halls in (
        ("plan_change", PLAN["halls"]),
        ("new_sim", " ".join(f"N{number:03}" for number in range(30))),
    ):
        data = {**WRITTEN, **PLAN, "halls": halls}
        address = hq.post(f"/work-cards/{scenario}/pilot", data=data).location
        clock.move_to(NOW.replace(year=2027, month=2))
        sign_in(hq, "hq")
        with statements(app) as seen:
            assert hq.get(address).status_code == 200
        costs.append(len(counted(seen)))
        with statements(app) as listed:
            hq.get("/work-cards")
        costs.append(len(counted(listed)))
        clock.move_to(NOW)
        sign_in(hq, "hq")

    assert costs[0] == costs[2] <= 8
    assert costs[1] == costs[3] <= 10
