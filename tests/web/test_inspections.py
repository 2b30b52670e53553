"""The copy of an open inspection, and who may have it."""

import pytest

from auditapp.jobs.report_page import report_html
from auditapp.reads.report_data import get_report
from auditapp.services.inspections import settle_inspection
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.audits import AuditRow
from desk_world import NOW, make_audit, sign_in
from inspection_world import (
    SIGNED_AT,
    inspection_places,
    make_inspection,
    make_inspection_world,
)

CORRECTED = {"fac_backup": {"at": SIGNED_AT, "note": "当场充值", "photo_waived": True}}


@pytest.fixture
def world(session):
    return make_inspection_world(session)


@pytest.fixture
def inspected(session, world):
    """Return an inspection of BD01 that its manager signed, accepted by itself."""
    make_audit(session, world, state="released", answers={"int_clean": {"value": "no"}})
    audit_id = make_inspection(
        session,
        failed={"fac_backup": "备用热点欠费"},
        corrections=CORRECTED,
    )
    keep_judgement(session, judge_audit(session, audit_id), now=NOW)
    assert settle_inspection(session, audit_id, now=NOW)
    session.commit()
    return audit_id


def status(client, login, address, method="GET"):
    sign_in(client, login)
    return client.open(address, method=method, data={"locale": "zh_CN"}).status_code


def test_the_hall_has_its_copy_with_all_that_was_signed(client, inspected):
    sign_in(client, "hall_bd01")

    assert f"/inspections/{inspected}" in client.get("/").text
    page = client.get(f"/inspections/{inspected}").text
    for words in (
        "north明检员",
        "备用热点欠费",
        "当场已改正",
        "当场充值",
        "已改好",
        "值班经理签字",
        "没有抽到",
    ):
        assert words in page, words
    assert "走访员" not in page
    assert "C-a10" not in page


@pytest.mark.parametrize(
    ("login", "expected"),
    {
        "hall_bd01": 200,
        "insp_north": 200,
        "rm_north": 200,
        "hq": 200,
        "insp_east": 404,
        "rm_east": 404,
        "a10": 404,
        "sup": 404,
        "cb1": 404,
    }.items(),
)
def test_only_the_hall_its_inspector_and_reviewers_have_the_copy(
    client, session, inspected, login, expected
):
    sha256 = inspection_places(session, inspected)["signature.hall"]

    assert status(client, login, f"/inspections/{inspected}") == expected
    report = status(client, login, f"/audits/{inspected}/reports", "POST")
    assert report == (303 if expected == 200 else report)
    assert report in (303, 403, 404)
    photo = status(client, login, f"/photos/{inspected}/{sha256}/320")
    # the picture itself was never stored here: those who may look learn just that
    assert photo == (503 if expected == 200 else 404)


@pytest.mark.usefixtures("inspected")
def test_a_hall_and_an_inspector_open_nothing_of_a_mystery_visit(
    client, session, world
):
    audit_id = make_audit(session, world, state="released")
    sha256 = next(iter(inspection_places(session, audit_id).values()))
    for login in ("hall_bd01", "insp_north"):
        for address in (
            f"/inspections/{audit_id}",
            f"/audits/{audit_id}",
            f"/photos/{audit_id}/{sha256}/320",
        ):
            assert status(client, login, address) == 404, (login, address)
        assert status(client, login, f"/audits/{audit_id}/reports", "POST") == 404


def test_an_inspector_finds_halls_of_the_region_and_own_inspections(client, inspected):
    sign_in(client, "insp_north")
    halls, visits = client.get("/halls").text, client.get("/visits").text
    assert "BD01" in halls
    assert "SX01" not in halls
    assert f"/inspections/{inspected}" in visits
    assert "暗访" not in visits
    assert "/field/" in client.get("/").text
    assert client.get("/halls/SX01").status_code == 404


@pytest.mark.usefixtures("world")
def test_a_reviewer_sees_why_an_inspection_waits(client, session):
    refused = {"state": "refused", "reason": "不同意消防一项", "at": SIGNED_AT}
    audit_id = make_inspection(session, signature=refused, corrections=CORRECTED)
    keep_judgement(session, judge_audit(session, audit_id), now=NOW)
    session.commit()
    sign_in(client, "rm_north")

    page = client.get(f"/audits/{audit_id}?show=all").text

    for words in (
        "不愿签字",
        "不同意消防一项",
        "north明检员",
        "台席营业员",
        "抽到的题",
    ):
        assert words in page, words
    assert "没有计时" not in page
    assert client.get(f"/inspections/{audit_id}").status_code == 200
    client.post("/sign-out")
    assert status(client, "hall_bd01", f"/inspections/{audit_id}") == 404
    accepted = session.get_one(AuditRow, audit_id)
    sign_in(client, "rm_north")
    data = {"revision": accepted.revision}
    assert client.post(f"/audits/{audit_id}/accept", data=data).status_code == 303
    assert status(client, "hall_bd01", f"/inspections/{audit_id}") == 200


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh_CN", ("north明检员", "当场已改正", "复查上次的问题", "值班经理签字")),
        ("en", ("Inspector of the north", "Corrected on the spot", "Looked at again")),
    ],
)
def test_the_print_holds_what_was_signed_and_no_hint_for_reviewers(
    app, session, inspected, locale, words
):
    sha256 = inspection_places(session, inspected)["signature.hall"]
    with app.test_request_context():
        page = report_html(get_report(session, inspected), locale, {sha256}, NOW)

    for each in words:
        assert each in page, each
    assert f"photo:{sha256}" in page
    assert "C-a10" not in page
    assert "For the reviewer" not in page
    assert "给审核员" not in page
    assert "暗访" not in page
