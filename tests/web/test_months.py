"""The pages of the month: the worked example, who sees what, what each figure opens."""

import re

import pytest
from sqlalchemy import update

import closed_months as months
from auditapp.store.months import MonthRow, MonthScoreRow
from auditapp.web.month_ledger import DIMENSIONS
from desk_world import make_audit, make_world, sign_in
from statements import counted, statements

MONTH = months.MONTH
PAGE = f"/halls/BD01/months/{MONTH}"

HIDDEN = ("C-a10", "a10先生", "/audits/", "photos", "审核员C-")


@pytest.fixture
def world(session):
    """Return the small company with the worked example closed for BD01."""
    world = make_world(session)
    months.publish_all(session)
    audit = make_audit(session, world, state="accepted", photos=0)
    document = months.worked_example(session, audit_ids=[audit])
    months.keep_history(session)
    months.keep_document(session, document)
    months.ask_for_revisit(session, document)
    other = months.worked_example(session, hall="SX01", visits=(88,))
    other["region"] = "east"
    other["adjusted"]["change"]["last"] |= {"milli": -9040, "is_listed": True}
    months.keep_document(session, other, band=1)
    row = session.get(MonthScoreRow, (MONTH, "SX01"))
    row.details = row.details | {"is_worst_tenth": True}
    months.close(session, [document, other], by=world.people["hq"])
    world.audit = audit
    return world


def text_of(page):
    """Return what a page says, without its tags and double blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_the_worked_example_stands_on_the_halls_page_digit_by_digit(client, world):
    sign_in(client, "rm_north")

    page = client.get(PAGE)
    said = text_of(page)

    assert page.status_code == 200
    assert "70.6 ±6.7" in said
    assert "C–D，分不出" in said
    for row in ("暗访 40 52.0 1次走访 20.8", "明检 20 84.0 1次走访，2026年8月 16.8"):
        assert row in said
    for row in ("回访 20 83.0 12人 16.6", "短信反馈 20 82.0 60条 16.4"):
        assert row in said
    assert "合计 100 70.6" in said
    assert "暗访52分，客户82.5分，差30.5分。" in said
    assert "76 九成在71–81" in said
    steps = "官方分 70.6 审核员宽严 +0.4 明检、短信偏高 −0.9 封顶分摊 0.0 缺的来源 0.0"
    assert f"{steps} 可靠度与历史 +5.9 校正分 76.0" in said
    assert "比上月+1.2，在误差以内。" in said
    assert "比2026年3月低9.0，超出误差；同类厅+0.4。" in said
    assert f"/audits/{world.audit}?show=all" in page.text


@pytest.mark.usefixtures("world")
def test_every_grouping_of_lost_points_adds_up_as_it_is_shown(client):
    sign_in(client, "hq")

    for dimension in DIMENSIONS:
        page = client.get(f"{PAGE}?by={dimension}").text
        lost = page.split('class="lost"')[1].split("total")[0]
        head = r'<h3><span>[^<]*</span><span class="num">−([\d.]+)'
        row = r'</span>\s*<span class="num">−([\d.]+)</span>\s*<svg'
        for pattern in (head, row):
            shown = [round(float(each) * 10) for each in re.findall(pattern, lost)]
            assert sum(shown) == 294, dimension


def test_a_halls_manager_reads_the_own_closed_month_and_nobodys_name(client, world):
    sign_in(client, "hall_bd01")

    page = client.get("/my-month", follow_redirects=True)

    assert page.request.path == PAGE
    assert page.text.index("做得最好的三样") < page.text.index("官方分")
    assert not [word for word in HIDDEN if word in page.text]
    assert not re.search(r"\d{2}:\d{2}", text_of(page))
    for address in (f"{PAGE}/sheet", f"{PAGE}/sources/mystery", f"{PAGE}/trend.csv"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert str(world.audit) not in answer.text


@pytest.mark.usefixtures("world")
def test_what_is_not_a_halls_own_or_not_closed_does_not_exist(client, session):
    sign_in(client, "hall_bd01")
    hidden = [
        f"/halls/SX01/months/{MONTH}",
        f"/halls/SX01/months/{MONTH}/sheet",
        f"/halls/SX01/months/{MONTH}/sources/sms",
        "/halls/BD01/months/2026-11",
    ]
    assert {client.get(address).status_code for address in hidden} == {404}
    forbidden = [
        "/months",
        f"/months/{MONTH}",
        f"/months/{MONTH}/closing",
        f"/months/{MONTH}/ledgers/1",
        f"/api/v1/months/{MONTH}/halls/BD01",
    ]
    assert {client.get(address).status_code for address in forbidden} == {403}

    session.execute(update(MonthRow).values(state="collecting"))
    session.commit()
    assert client.get(PAGE).status_code == 404
    assert "还没有月份关账" in client.get("/my-month").text


@pytest.mark.usefixtures("world")
def test_a_region_sees_its_own_halls_only(client):
    sign_in(client, "rm_north")

    overview = client.get(f"/months/{MONTH}?region=east")
    file = client.get(f"/months/{MONTH}.csv").text

    assert "SX01" not in overview.text
    assert "BD01" in file
    assert "SX01" not in file
    assert client.get(f"/halls/SX01/months/{MONTH}").status_code == 404
    assert client.get(f"/months/{MONTH}/closing").status_code == 403


@pytest.mark.usefixtures("world")
def test_the_overview_says_bands_reasons_and_tasks(client):
    sign_in(client, "hq")

    said = text_of(client.get(f"/months/{MONTH}"))

    assert "第1档，1家厅，彼此分不出" in said
    assert re.search(r"SX01标准厅 ▼9.0 \S+ 最差一成", said)
    assert "暂不排名，1家" in said
    assert "暗访52、客户82.5，差30.5分" in said
    assert "暗访比客户低30.5分" in said


@pytest.mark.usefixtures("world")
def test_the_overview_costs_the_same_for_two_halls_or_two_hundred(app, client, session):
    sign_in(client, "hq")
    document = months.worked_example(session, visits=(88,))
    months.make_halls(session, 200)
    costs, lengths = [], []
    for hall_ids in ([], [f"N{number:03}" for number in range(200)]):
        for hall_id in hall_ids:
            months.keep_document(session, {**document, "hall": hall_id}, band=2)
        session.commit()
        with statements(app) as seen:
            page = client.get(f"/months/{MONTH}")
        costs.append(len(counted(seen)))
        lengths.append(len(page.data))

    assert costs[0] == costs[1] <= 18
    assert lengths[1] < 150_000


@pytest.mark.usefixtures("world")
def test_the_export_holds_no_formula(client, session):
    session.execute(
        update(months.HallRow)
        .where(months.HallRow.hall_id == "BD01")
        .values(name_zh="=cmd|' /C calc'!A0")
    )
    session.commit()
    sign_in(client, "hq")

    assert "'=cmd" in client.get(f"/months/{MONTH}.csv").text


@pytest.mark.usefixtures("world")
def test_the_interface_gives_the_ledger_that_adds_up(client):
    sign_in(client, "hq")

    answer = client.get(f"/api/v1/months/{MONTH}/halls/BD01").json
    document = answer["document"]
    added = sum(each["adds_milli"] for each in document["sources"])
    lost = sum(each["lost_milli"] for each in document["lines"])

    assert answer["state"] == "closed"
    assert added == document["official"]["milli"] == 70600
    assert lost == 100_000 - 70600
    assert len(answer["digest"]) == 64


@pytest.mark.usefixtures("world")
def test_a_correction_is_explained_line_by_line_and_the_old_ledger_stays(
    client, session
):
    document = months.worked_example(session, visits=(60,))
    months.close(session, [document], number=2, reason="申诉成立")
    sign_in(client, "hq")

    new = text_of(client.get(f"/months/{MONTH}/ledgers/2"))
    old = client.get(f"/months/{MONTH}/ledgers/1")
    closing = text_of(client.get(f"/months/{MONTH}/closing"))

    assert "70.6 → 73.8" in new
    assert "官方分 70.600 73.800 +3.200" in new
    assert "申诉成立" in new
    assert old.status_code == 200
    assert "第2版账本" in closing
    assert "旧版" in closing


@pytest.mark.usefixtures("world")
def test_a_month_is_reopened_with_a_reason_only(client, session):
    sign_in(client, "hq")
    address = f"/months/{MONTH}/reopen"

    empty = client.post(address, data={"reason": " "})
    done = client.post(address, data={"reason": "申诉成立"}, follow_redirects=True)

    assert empty.status_code == 422
    assert "请写明为什么重新打开" in empty.text
    assert "已重新打开" in done.text
    session.expire_all()
    assert session.get(MonthRow, MONTH).state == "collecting"


@pytest.mark.usefixtures("world")
def test_nonsense_in_an_address_is_no_error_of_ours(client):
    sign_in(client, "hq")
    for address in (
        "/months/2026-13",
        "/months/x",
        f"{PAGE}/sources/none",
        "/halls/%00/months/2026-09",
        "/halls/BD01/months/2026-9",
    ):
        assert client.get(address).status_code == 404, address
    for address in (
        f"{PAGE}?by=%3Cscript%3E",
        f"/months/{MONTH}?after=~~&tier=%25&trait=%22&region='",
        "/months/2020-01",
    ):
        assert client.get(address).status_code == 200, address
