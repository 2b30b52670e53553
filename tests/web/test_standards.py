"""Headquarters changes the standard: a draft, its matrix, a second person."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select, update

from auditapp.services.checklists import get_version_in_force
from auditapp.store.checklists import ChecklistVersionRow
from auditapp.store.people import PersonRow
from auditapp.store.standards import DraftRevisionRow, DraftRow, ItemMonthRow
from desk_world import make_world, sign_in

MYSTERY = "/standards/telecom_hall_mystery"
RACK = "int_umbrella_rack"


@pytest.fixture(autouse=True)
def world(session):
    world = make_world(session)
    other = session.scalars(select(PersonRow).where(PersonRow.login == "admin")).one()
    second = PersonRow(
        login="hq_std",
        role="headquarters",
        name_zh="标准管理员",
        name_en="Standards",
        code="C-std",
        region_ids=[],
        password_hash=other.password_hash,
    )
    session.add(second)
    session.commit()
    return world


def begin(client, **fields):
    answer = client.post(f"{MYSTERY}/drafts", data={"title": "雨伞架", **fields})
    assert answer.status_code == 303
    return answer.location


@pytest.fixture
def draft(client):
    sign_in(client, "hq")
    return begin(client)


def set_cell(client, draft, at="tourist", **fields):
    data = {
        "item": RACK,
        "at": at,
        "requirement": "required",
        "tiers": ["flagship", "standard", "small", "township"],
        "reason": "游客多",
        "revision": "1",
        **fields,
    }
    return client.post(f"{draft}/cell", data=data)


def test_the_standards_page_says_what_holds(client):
    sign_in(client, "hq")
    page = client.get("/standards").text
    assert "营业厅暗访检查表" in page
    assert "现行：2026.11" in page
    assert "月度计分规则" in page


def test_the_matrix_of_the_version_in_force_has_every_item_and_cannot_be_changed(
    client,
):
    sign_in(client, "hq")
    page = client.get(f"{MYSTERY}/matrix").text
    assert page.count('<th scope="row">') == 66
    panel = client.get(f"{MYSTERY}/matrix?item={RACK}&at=rainy&part=panel").text
    assert "多雨，小型厅" in panel
    assert "<form" not in panel
    assert "<html" not in panel


def test_a_cell_is_changed_in_a_draft_with_a_reason_and_nothing_else(
    client, draft, session
):
    answer = set_cell(client, draft)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "比2026.11版改了1项" in page
    assert "游客多" in page
    row = session.scalars(
        select(DraftRevisionRow).order_by(DraftRevisionRow.revision.desc()).limit(1)
    ).one()
    assert [change["place"] for change in row.changes] == [["items", RACK, "overrides"]]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"reason": " "}, "请写一句理由"),
        ({"requirement": "maybe"}, "请选一个"),
        ({"tiers": []}, "至少选一个等级"),
    ],
)
def test_what_a_cell_lacks_is_said_and_what_was_typed_is_kept(
    client, draft, fields, says
):
    answer = set_cell(client, draft, **fields)
    assert answer.status_code == 422
    assert says in answer.text
    if fields.get("reason", "x").strip():
        assert "游客多" in answer.text


def test_the_later_of_two_people_chooses_between_both_versions(client, draft):
    set_cell(client, draft)
    answer = set_cell(client, draft, requirement="optional", revision="1")
    assert answer.status_code == 409
    assert "用对方的" in answer.text
    settled = set_cell(client, draft, requirement="optional", revision="1", keep="mine")
    assert settled.status_code == 303
    changes = client.get(f"{draft}/changes").text
    assert "可选" in changes


def test_a_draft_goes_to_a_second_person_and_then_holds_from_its_month(
    client, draft, session
):
    set_cell(client, draft)
    assert client.post(f"{draft}/submit").status_code == 303
    assert client.post(f"{draft}/approve").status_code == 409
    sign_in(client, "hq_std")
    page = client.get(f"{draft}/changes").text
    assert "必查" in page
    assert client.post(f"{draft}/approve").status_code == 303
    session.rollback()
    row = session.get_one(DraftRow, _id(draft))
    assert row.state == "published"
    month = row.effective_month
    version = get_version_in_force(session, "mystery", month)
    assert version.checklist.version == row.published_version
    assert "2026.11" in client.get(f"{MYSTERY}/matrix").text


def test_sending_back_needs_a_question(client, draft):
    set_cell(client, draft)
    client.post(f"{draft}/submit")
    sign_in(client, "hq_std")
    assert client.post(f"{draft}/send-back", data={"note": " "}).status_code == 422
    answer = client.post(f"{draft}/send-back", data={"note": "为什么？"})
    assert answer.status_code == 303
    assert "为什么？" in client.get(f"{draft}/changes").text


def test_a_draft_without_a_change_is_not_submitted(client, draft):
    answer = client.post(f"{draft}/submit")
    assert answer.status_code == 422
    assert "没有要发布的内容" in answer.text


@pytest.mark.parametrize("month", ["2020-01", "2026-13", "x"])
def test_a_month_that_has_begun_is_refused_everywhere(client, draft, month):
    begun = client.post(f"{MYSTERY}/drafts", data={"title": "x", "month": month})
    assert begun.status_code == 409
    assert client.post(f"{draft}/month", data={"month": month}).status_code == 409


def test_an_approval_after_the_month_began_is_refused(client, draft, session):
    set_cell(client, draft)
    client.post(f"{draft}/submit")
    session.execute(update(DraftRow).values(effective_month="2026-01"))
    session.commit()
    sign_in(client, "hq_std")
    answer = client.post(f"{draft}/approve")
    assert answer.status_code == 409
    assert "已经开始" in answer.text
    count = select(ChecklistVersionRow.version)
    assert len(session.scalars(count).all()) == 1


def test_what_often_fails_is_shown_and_found(client, session):
    counts = {"asked": 100, "not_observed": 0, "overturned": 0}
    for item, failed in ((RACK, 38), ("ext_open", 2)):
        session.add(
            ItemMonthRow(
                month="2026-10",
                checklist_id="telecom_hall_mystery",
                item_id=item,
                tier="standard",
                passed=100 - failed,
                failed=failed,
                **counts,
            )
        )
    session.commit()
    sign_in(client, "hq")
    page = client.get(f"{MYSTERY}/matrix").text
    assert ">38%</a>" in page
    assert ">2%</a>" in page
    failing = client.get(f"{MYSTERY}/matrix?failing=1").text
    assert failing.count('<th scope="row">') == 1


def test_what_is_worth_a_second_thought_is_said_of_real_halls(client, draft):
    document = "门口有可用的雨伞架"
    assert "值得再想想" not in client.get(f"{draft}/changes").text
    page = client.get(f"{draft}/items/{RACK}").text
    assert document in page
    data = {"revision": "1", "reason": "x", "quality": "硬质量", "weight": "5"}
    for item in ("int_clean", "int_seats", "int_temp", "int_water", "ext_clean"):
        client.post(f"{draft}/items/{item}", data=data | {"revision": ""})
    for item in ("ext_signage", "ext_access", "int_demo", "int_charging", RACK):
        client.post(f"{draft}/items/{item}", data=data | {"revision": ""})
    for item in ("int_lang_sign", "int_reading_aids", "int_first_aid", "wai_kiosk"):
        client.post(f"{draft}/items/{item}", data=data | {"revision": ""})
    page = client.get(f"{draft}/changes").text
    assert "值得再想想" in page
    assert "软质量只占" in page


def test_a_halls_form_is_shown_as_the_phone_asks_it_in_rain(client, draft):
    set_cell(client, draft, at="rainy", requirement="not_applicable")
    now = client.get(f"{MYSTERY}/form?hall=SX01").text
    assert "SX01标准厅查什么" in now
    then = client.get(f"{draft}/form?hall=sx01&today=raining").text
    held, drafted = (page.index("门口有可用的雨伞架") for page in (now, then))
    assert 'data-req="required"' in now[held - 200 : held]
    assert 'data-req="not_applicable"' in then[drafted - 200 : drafted]
    assert "没有“XX99”这家厅" in client.get(f"{draft}/form?hall=XX99").text


def test_two_versions_are_compared(client, draft, session):
    set_cell(client, draft)
    client.post(f"{draft}/submit")
    sign_in(client, "hq_std")
    client.post(f"{draft}/approve")
    name = session.scalars(select(DraftRow.published_version)).one()
    page = client.get(f"{MYSTERY}/difference?from=2026.11&to={name}").text
    assert "旅游区" in page
    assert "要求有变的营业厅" in page
    assert client.get(f"{MYSTERY}/difference?from=1999.01").status_code == 404


def test_the_policy_is_changed_in_a_form(client):
    sign_in(client, "hq")
    begun = client.post("/standards/monthly_score/drafts", data={"title": "规则"})
    page = client.get(begun.location).text
    fields = dict(
        re.findall(
            r'<input class="input" [^>]*name="([^"]+)"[^>]*value="([^"]*)"', page
        )
    )
    assert fields["sources.mystery.weight"] == "40"
    data = {**fields, "revision": "1", "reason": "更早复访", "missing": "anchored"}
    wrong = client.post(begun.location, data=data | {"rules.revisit_if_gap": "abc"})
    assert wrong.status_code == 422
    assert "abc" in wrong.text
    right = client.post(begun.location, data=data | {"rules.revisit_if_gap": "15"})
    assert right.status_code == 303
    draft = begun.location.removesuffix("/policy")
    assert client.post(f"{draft}/submit").status_code == 303
    sign_in(client, "hq_std")
    assert client.post(f"{draft}/approve").status_code == 303


def test_two_people_at_the_policy_choose_where_they_clash_and_merge_elsewhere(client):
    sign_in(client, "hq")
    begun = client.post("/standards/monthly_score/drafts", data={"title": "规则"})
    page = client.get(begun.location).text
    assert "保存了这份草稿" not in page
    fields = dict(
        re.findall(
            r'<input class="input" [^>]*name="([^"]+)"[^>]*value="([^"]*)"', page
        )
    )
    data = {**fields, "revision": "1", "reason": "更早复访"}
    client.post(begun.location, data=data | {"rules.revisit_if_gap": "15"})
    sign_in(client, "hq_std")
    assert "保存了这份草稿" in client.get(begun.location).text
    own = data | {"rules.revisit_if_gap": "18", "sources.sms.usual_spread": "21"}
    clash = client.post(begun.location, data=own)
    assert clash.status_code == 409
    assert "用我的" in clash.text
    assert 'name="revision" value="1"' in clash.text
    kept = client.post(begun.location, data=own | {"keep": "theirs"})
    assert kept.status_code == 303
    page = client.get(begun.location).text
    assert re.search(r'name="rules.revisit_if_gap"[^>]*value="15"', page)
    assert re.search(r'name="sources.sms.usual_spread"[^>]*value="21"', page)


@pytest.mark.parametrize("login", ["rm_north", "hall_bd01", "a10", "sup", "cb1"])
def test_nobody_else_sees_the_standard_in_the_making(client, draft, login):
    sign_in(client, login)
    for address in ("/standards", MYSTERY, f"{MYSTERY}/matrix", draft):
        assert client.get(address).status_code == 403
    assert set_cell(client, draft).status_code == 403


@pytest.mark.parametrize("login", ["hq_view", "admin"])
def test_who_only_reads_sees_no_buttons_and_cannot_write(client, draft, login):
    sign_in(client, login)
    page = client.get(f"{draft}?item={RACK}&at=rainy")
    assert page.status_code == 200
    assert "存入草稿" not in page.text
    assert set_cell(client, draft).status_code == 403
    assert client.post(f"{draft}/submit").status_code == 403


def test_what_does_not_exist_is_not_found(client, draft):
    for address in (
        "/standards/nothing",
        "/standards/nothing/matrix",
        f"{MYSTERY}/matrix?version=1999.01",
        "/standards/monthly_score/matrix",
        f"{draft}/policy",
        "/standards/drafts/00000000-0000-0000-0000-000000000000",
        "/standards/drafts/00000000-0000-0000-0000-000000000000/changes",
    ):
        assert client.get(address).status_code == 404, address
    unknown = client.get(f"{draft}?item=nothing&at=rainy")
    assert unknown.status_code == 200


def _id(draft):

    return UUID(draft.rsplit("/", 1)[1])
