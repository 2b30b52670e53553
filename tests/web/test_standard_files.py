"""The standard as files: taken along, changed elsewhere, looked at and taken back."""

import io
import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from auditapp.domain.document_merge import differences
from auditapp.services.standard_versions import version_document
from auditapp.store.people import PersonRow
from auditapp.store.standards import DraftRow
from desk_world import make_world, sign_in

MYSTERY = "/standards/telecom_hall_mystery"
RACK = "int_umbrella_rack"


@pytest.fixture(autouse=True)
def world(session):
    world = make_world(session)
    session.commit()
    return world


@pytest.fixture
def draft(client):
    sign_in(client, "hq")
    answer = client.post(f"{MYSTERY}/drafts", data={"title": "雨伞架"})
    assert answer.status_code == 303
    return answer.location


def edited(content, change, sheet="项目"):
    """Return a workbook after a change to the cells of an item, by their titles."""
    book = load_workbook(io.BytesIO(content))
    table = book[sheet]
    titles = {cell.value: cell.column for cell in table[1]}
    change(table, titles)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def set_cell(item, title, value):
    def change(table, titles):
        for row in range(2, table.max_row + 1):
            if table.cell(row, titles["编号"]).value == item:
                table.cell(row, titles[title]).value = value

    return change


def look(client, address, content, name="检查表.xlsx"):
    data = {"file": (io.BytesIO(content), name)}
    return client.post(address, data=data, content_type="multipart/form-data")


def payload(page):
    return re.search(r'name="payload" value="([^"]+)"', page.text)[1]


def take(client, draft, page, **fields):
    data = {"payload": payload(page), "reason": "小厅用不着", **fields}
    return client.post(f"{draft}/import/apply", data=data)


def document(session):
    session.rollback()  # see what requests have committed
    return json.loads(session.scalars(select(DraftRow.document)).one())


def item_in(document, item_id):
    return next(
        item
        for section in document["sections"]
        for item in section["items"]
        if item["id"] == item_id
    )


@pytest.mark.parametrize("kind", ["xlsx", "yaml", "xlsform"])
def test_a_version_taken_along_says_the_same_when_it_comes_back(client, draft, kind):
    content = client.get(f"{MYSTERY}/versions/2026.11.{kind}")
    assert content.status_code == 200
    assert "attachment" in content.headers["Content-Disposition"]
    page = look(client, f"{draft}/import", content.data)
    assert page.status_code == 200
    assert "没有要并入的" in page.text


def test_a_rule_changed_in_a_workbook_is_shown_and_taken_into_the_draft(
    client, draft, session
):
    content = client.get(f"{draft}/file.xlsx").data
    rules = "多雨 & 旗舰厅 = 必查\n多雨 & 小型厅 = 不问\n少雨干旱 = 不问"
    changed = edited(content, set_cell(RACK, "各地规则", rules))
    page = look(client, f"{draft}/import", changed)
    assert page.status_code == 200
    assert "门口有可用的雨伞架或伞套" in page.text
    assert document(session) == version_document(
        session, "checklist", "telecom_hall_mystery", "2026.11"
    )
    answer = take(client, draft, page)
    assert answer.status_code == 303
    assert item_in(document(session), RACK)["overrides"] == [
        {"if": ["rainy", "tier.flagship"], "set": "required"},
        {"if": ["rainy", "tier.small"], "set": "not_applicable"},
        {"if": "arid", "set": "not_applicable"},
    ]
    assert "小厅用不着" in client.get(f"{draft}/changes").text


def test_every_fault_names_sheet_row_and_column_and_nothing_is_taken(client, draft):
    content = client.get(f"{draft}/file.xlsx").data

    def spoil(table, titles):
        table.cell(2, titles["权重"]).value = "很重"
        table.cell(3, titles["归因"]).value = "现场"
        table.cell(4, titles["编号"]).value = None
        table.cell(5, titles["各地规则"]).value = "多雪 = 必查"

    page = look(client, f"{draft}/import", edited(content, spoil))
    assert page.status_code == 422
    for said in (
        "“项目”页第2行G列“权重”",
        "“很重”要写成整数",
        "“项目”页第3行",
        "“现场”不在可选的词里",
        "这一行没有编号",
        "“多雪”不在可选的词里",
    ):
        assert said in page.text, said
    assert "缺少" not in page.text  # said once, of the cell itself
    assert "payload" not in page.text


def test_an_old_export_merges_with_what_others_saved_since(client, draft, session):
    old = client.get(f"{draft}/file.xlsx").data
    newer = edited(old, set_cell("int_clean", "权重", 3))
    take(client, draft, look(client, f"{draft}/import", newer))
    changed = edited(old, set_cell(RACK, "权重", 4))
    page = look(client, f"{draft}/import", changed)
    take(client, draft, page)
    held = document(session)
    assert item_in(held, RACK)["weight"] == 4
    assert item_in(held, "int_clean")["weight"] == 3


def test_where_both_changed_the_same_cell_somebody_chooses(client, draft, session):
    old = client.get(f"{draft}/file.xlsx").data
    first = edited(old, set_cell(RACK, "权重", 2))
    take(client, draft, look(client, f"{draft}/import", first))
    page = look(client, f"{draft}/import", edited(old, set_cell(RACK, "权重", 5)))
    assert "请逐处选用哪一个" in page.text
    refused = take(client, draft, page)
    assert refused.status_code == 409
    assert "小厅用不着" in refused.text
    place = re.search(r'name="place_0" value="([^"]+)"', page.text)[1]
    answer = take(client, draft, page, place_0=place, keep_0="mine")
    assert answer.status_code == 303
    assert item_in(document(session), RACK)["weight"] == 5


def test_a_draft_begins_from_a_file_and_never_in_a_month_that_has_begun(
    client, session
):
    sign_in(client, "hq")
    content = client.get(f"{MYSTERY}/versions/2026.11.yaml").data
    changed = content.replace(b"critical_cap: 59", b"critical_cap: 55")
    page = look(client, f"{MYSTERY}/import", changed, "a.yaml")
    assert page.status_code == 200
    fields = {"payload": payload(page), "reason": "太松", "title": "封顶分"}
    begun = {**fields, "month": "2020-01"}
    refused = client.post(f"{MYSTERY}/import/begin", data=begun)
    assert refused.status_code == 409
    assert "生效月份已经开始" in refused.text
    assert session.scalars(select(DraftRow)).all() == []
    answer = client.post(f"{MYSTERY}/import/begin", data=fields)
    assert answer.status_code == 303
    assert document(session)["critical_cap"] == 55


def test_a_file_of_another_checklist_is_refused(client, draft):
    content = client.get(f"{draft}/file.yaml").data
    other = content.replace(b"\nid: telecom_hall_mystery", b"\nid: other_list", 1)
    page = look(client, f"{draft}/import", other, "a.yaml")
    assert page.status_code == 422
    assert "另一张检查表" in page.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: [1\n", "格式读不懂"),
        (b"- 1\n", "名称: 值"),
        (b"", "名称: 值"),
        (b"PK\x03\x04 no zip", "不是能读的 Excel"),
        (b"\xd0\xcf\x11\xe0 no workbook", "不是能读的 Excel"),
    ],
)
def test_what_is_no_checklist_is_refused_with_the_way_out(client, draft, content, says):
    page = look(client, f"{draft}/import", content)
    assert page.status_code == 422
    assert says in page.text


def test_a_spoilt_payload_and_no_file_are_refused(client, draft):
    assert client.post(f"{draft}/import").status_code == 422
    for spoilt in ("", "x", "eJwDAAAAAAE="):
        answer = client.post(f"{draft}/import/apply", data={"payload": spoilt})
        assert answer.status_code == 422
        assert "请重新选择文件" in answer.text
    assert client.get(f"{draft}/import").status_code == 200


def test_a_submitted_draft_takes_no_file(client, draft):
    content = client.get(f"{draft}/file.xlsx").data
    changed = edited(content, set_cell(RACK, "权重", 4))
    page = look(client, f"{draft}/import", changed)
    take(client, draft, page)
    assert client.post(f"{draft}/submit").status_code == 303
    page = look(client, f"{draft}/import", edited(content, set_cell(RACK, "权重", 3)))
    assert "payload" not in page.text


def test_who_only_reads_takes_files_along_and_brings_none(client, draft, session):
    for login in ("hq_view", "admin"):
        person = session.scalars(
            select(PersonRow).where(PersonRow.login == login)
        ).one()
        person.is_read_only = login == "hq_view"
        session.commit()
        sign_in(client, login)
        assert client.get(f"{draft}/file.xlsform").status_code == 200
        assert 'type="file"' not in client.get(f"{draft}/file").text
        assert look(client, f"{draft}/import", b"x").status_code == 403


def test_the_policy_goes_along_as_yaml_only(client, session):
    sign_in(client, "hq")
    answer = client.post("/standards/monthly_score/drafts", data={"title": "权重"})
    draft = answer.location
    draft = draft.replace("/policy", "")
    draft_id = session.scalars(select(DraftRow.draft_id)).one()
    draft = f"/standards/drafts/{draft_id}"
    assert client.get(f"{draft}/file.xlsx").status_code == 404
    content = client.get(f"{draft}/file.yaml").data
    changed = content.replace(b"need_weight: 50", b"need_weight: 60")
    page = look(client, f"{draft}/import", changed, "policy.yaml")
    assert page.status_code == 200
    assert take(client, draft, page).status_code == 303
    assert document(session)["need_weight"] == 60


DATA = Path(__file__).parents[1] / "data"
FORMS = sorted((DATA / "xlsforms").glob("*.xls*"))
BROKEN = sorted(path for path in (DATA / "bad-input").rglob("*") if path.is_file())


def test_a_workbook_edited_and_saved_in_libreoffice_comes_back(client, draft, session):
    """How it was made stands beside the file."""
    path = DATA / "standard-files/mystery-edited-in-libreoffice.xlsx"
    page = look(client, f"{draft}/import", path.read_bytes())
    assert page.status_code == 200
    assert "旅游区" in page.text
    take(client, draft, page)
    held = document(session)
    base = version_document(session, "checklist", "telecom_hall_mystery", "2026.11")
    [change] = differences(base, held)
    assert change.place == ("items", RACK, "overrides")
    assert {"if": "tourist", "set": "required"} in change.after


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_public_xlsforms_are_taken_or_refused_and_the_draft_stays_readable(
    client, draft, path
):
    page = look(client, f"{draft}/import", path.read_bytes(), path.name)
    assert page.status_code in (200, 422)
    if page.status_code == 422:
        return
    answer = take(client, draft, page)
    assert answer.status_code == 303
    for address in (draft, f"{draft}/changes", f"{draft}/file"):
        assert client.get(address).status_code == 200
    for kind in ("xlsx", "yaml", "xlsform"):
        assert client.get(f"{draft}/file.{kind}").status_code == 200
    refused = client.post(f"{draft}/submit")
    assert refused.status_code == 422
    assert "还没有翻译" in refused.text


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_files_that_break_parsers_are_refused_with_a_sentence(client, draft, path):
    page = look(client, f"{draft}/import", path.read_bytes(), path.name)
    assert page.status_code == 422
    assert 'class="error"' in page.text or "先在文件里改正" in page.text
