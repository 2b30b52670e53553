"""Closing by headquarters, deciding an answer otherwise, planning a second visit."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

import closed_months as months
from auditapp.services.months import score_month
from auditapp.store.audits import AuditRow, OverrideRow
from auditapp.store.months import RevisitRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import JobRow
from desk_world import make_audit, make_world, sign_in
from month_world import accept

LATER = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def world(session):
    """Return the small company; one accepted audit failed to open in time."""
    world = make_world(session)
    months.publish_all(session)
    failed = {"ext_open": {"value": "no", "note": "门口有三位客户在等"}}
    world.audit = make_audit(session, world, photos=0, answers=failed)
    accept(session, world.audit)
    return world


def test_an_answer_is_decided_otherwise_and_the_sent_one_stays(client, session, world):
    address = f"/audits/{world.audit}"
    sign_in(client, "rm_north")
    right = {"item": "ext_open", "value": "yes", "reason": "监控显示八点半已开门"}
    assert client.post(f"{address}/overrides", data=right).status_code == 403
    sign_in(client, "hq")

    nothing = client.post(f"{address}/overrides", data=right | {"reason": " "})
    wrong = client.post(f"{address}/overrides", data=right | {"value": "maybe"})
    done = client.post(f"{address}/overrides", data=right, follow_redirects=True)

    assert nothing.status_code == wrong.status_code == 422
    assert "请写明为什么改判" in nothing.text
    assert "这个项目不能这样答" in wrong.text
    for words in ("监控显示八点半已开门", "审核员原答：否", "已改判", "门口有三位客户"):
        assert words in done.text
    session.expire_all()
    assert session.scalar(select(OverrideRow.item_id)) == "ext_open"
    assert b'"no"' in session.get(AuditRow, world.audit).document


def test_headquarters_closes_by_a_job_that_one_can_leave(client, session, world):
    score_month(session, "2026-10", now=LATER)
    session.commit()
    sign_in(client, "hq")

    asked = client.post("/months/2026-10/close")
    early = client.post("/months/2999-01/close")
    page = client.get(asked.location)
    missing = client.get("/months/2026-10/closing").text

    assert asked.status_code == 303
    assert "关账" in page.text
    assert "/months/2026-10/closing" in page.text
    assert early.status_code == 409
    assert "还没有过完" in early.text
    assert "没有已受理的暗访" in missing
    assert session.scalar(select(JobRow.kind).where(JobRow.kind == "month.close"))
    sign_in(client, "hq_view")
    assert client.post("/months/2026-10/close").status_code == 403
    assert world.people


def test_headquarters_releases_a_month_to_its_halls(client, session, world):
    visit = session.scalar(select(VisitRow))
    visit.month = "2026-10"
    session.commit()
    sign_in(client, "hq")

    before = client.get("/months/2026-10/closing").text
    done = client.post("/months/2026-10/release", follow_redirects=True)
    early = client.post("/months/2999-01/release")

    assert "发布2026年10月的结果" in before
    assert "已向营业厅发布1份结果" in done.text
    assert "发布2026年10月的结果" not in done.text
    assert early.status_code == 409
    sign_in(client, "hall_bd01")
    assert client.get(f"/results/{visit.visit_id}").status_code == 200
    assert world.people


@pytest.mark.usefixtures("world")
def test_a_second_visit_is_planned_for_another_auditor(client, session):
    task = RevisitRow(month="2026-11", hall_id="BD01", gap_milli=-30500, asked_at=LATER)
    session.add(task)
    session.commit()
    address = "/halls/BD01/months/2026-11/revisit"
    sign_in(client, "hall_bd01")
    assert client.get(address).status_code == 403
    sign_in(client, "rm_east")
    assert client.get(address).status_code == 404
    sign_in(client, "rm_north")
    wanted = {"auditor": "C-a11", "scenario": "bill_query", "due_on": "2026-11-28"}

    form = client.get(address).text
    late = client.post(address, data=wanted | {"due_on": "2026-12-02"})
    same = client.post(address, data=wanted | {"auditor": "C-a10"})
    done = client.post(address, data=wanted, follow_redirects=True)

    assert "C-a11" in form
    assert "C-a10" not in form  # was there for the first visit
    assert late.status_code == same.status_code == 422
    assert "第二次暗访已安排" in done.text
    session.expire_all()
    visit = session.get(VisitRow, session.scalar(select(RevisitRow.visit_id)))
    assert (visit.month, visit.scenario) == ("2026-11", "bill_query")
    assert client.post(address, data=wanted).status_code in {409, 422}
