"""A file is brought, looked at, taken; its bad rows come back: in a real browser."""

import csv
import io

import pytest
from playwright.sync_api import expect

from auditapp.services.checklists import publish_checklist
from browser.office import serving
from browser.soundness import faults_of
from desk_world import NOW, checklist_document, make_world

pytestmark = pytest.mark.browser

ROWS = (
    "流水号,甲,办理时间,客户手机号,评分,客户意见\r\n"
    "A1,BD01,2026年10月5日,13800001111,9,挺好\r\n"
    "A2,SX01标准厅,2026/10/6 10:20,13800002222,3,=1+1\r\n"
    "A3,没有这家厅,10月7日,13800003333,8,=2+2\r\n"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where an installation with feedback questions runs."""
    with serving(tmp_path_factory.mktemp("imports"), fill) as server:
        yield server.url


def fill(_app, session):
    """Publish the questions of the messages."""
    make_world(session)
    publish_checklist(
        session,
        checklist_document("sms_feedback"),
        checklist_document("_vocabulary"),
        effective_month="2026-01",
        now=NOW,
    )


@pytest.mark.parametrize("width", [360, 1440])
def test_a_file_goes_in_and_its_bad_rows_come_back(address, new_desk, width):
    page = new_desk(address, "hq", width)
    page.goto("/imports")
    page.get_by_label("内容", exact=True).select_option("sms")
    file = {
        "name": "十月.csv",
        "mimeType": "text/csv",
        "buffer": ROWS.encode("gb18030"),
    }
    page.get_by_label("文件", exact=True).set_input_files(file)
    assert faults_of(page) == []
    page.get_by_role("button", name="先看一看").click()

    page.get_by_role("combobox", name="甲").select_option("hall")
    page.get_by_role("button", name="按这样看一遍").click()
    expect(page.locator("main")).to_contain_text("138****1111")
    expect(page.locator("main")).to_contain_text("2行可以导入，1行要改")
    assert faults_of(page) == []
    page.get_by_role("button", name="导入", exact=True).click()

    link = page.get_by_role("link", name="下载要改的行")
    expect(link).to_be_visible(timeout=90_000)
    assert faults_of(page) == []
    with page.expect_download() as download:
        link.click()
    rows = download.value.path().read_text("utf-8-sig")
    found = list(csv.reader(io.StringIO(rows)))
    assert found[1][:2] == ["4", "A3"]
    assert found[1][4:7] == ["138****3333", "8", "'=2+2"]
