"""A file is brought, looked at, taken; its bad rows come back: in a real browser."""

import csv
import io

import pytest
from flask_migrate import upgrade
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.services.checklists import publish_checklist
from auditapp.settings import Settings
from desk_world import NOW, PASSWORD, checklist_document, make_world
from live_server import SECRET, LiveServer

pytestmark = pytest.mark.browser

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules });
  return found.violations.map((each) => `${each.id}: ${each.nodes[0].html}`);
}"""
ROWS = (
    "流水号,甲,办理时间,客户手机号,评分,客户意见\r\n"
    "A1,BD01,2026年10月5日,13800001111,9,挺好\r\n"
    "A2,SX01标准厅,2026/10/6 10:20,13800002222,3,=1+1\r\n"
    "A3,没有这家厅,10月7日,13800003333,8,=2+2\r\n"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where an installation with feedback questions runs."""
    folder = tmp_path_factory.mktemp("imports")
    environment = {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"}
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        with Session(db.engine) as session:
            make_world(session)
            publish_checklist(
                session,
                checklist_document("sms_feedback"),
                checklist_document("_vocabulary"),
                effective_month="2026-01",
                now=NOW,
            )
            session.commit()
        db.engine.dispose()
    server = LiveServer(folder).start()
    yield server.url
    server.stop()


def is_sound(page):
    """Tell that nothing is cut off and that axe has nothing to say."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE, RULES) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_a_file_goes_in_and_its_bad_rows_come_back(address, chromium, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 720}, locale="zh-CN"
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("[name=login]").first.fill("hq")
    page.locator("[name=password]").first.fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.goto(f"{address}/imports")
    page.get_by_label("内容", exact=True).select_option("sms")
    file = {
        "name": "十月.csv",
        "mimeType": "text/csv",
        "buffer": ROWS.encode("gb18030"),
    }
    page.get_by_label("文件", exact=True).set_input_files(file)
    is_sound(page)
    page.get_by_role("button", name="先看一看").click()

    page.get_by_role("combobox", name="甲").select_option("hall")
    page.get_by_role("button", name="按这样看一遍").click()
    expect(page.locator("main")).to_contain_text("138****1111")
    expect(page.locator("main")).to_contain_text("2行可以导入，1行要改")
    is_sound(page)
    page.get_by_role("button", name="导入", exact=True).click()

    link = page.get_by_role("link", name="下载要改的行")
    expect(link).to_be_visible(timeout=90_000)
    is_sound(page)
    with page.expect_download() as download:
        link.click()
    rows = download.value.path().read_text("utf-8-sig")
    found = list(csv.reader(io.StringIO(rows)))
    assert found[1][:2] == ["4", "A3"]
    assert found[1][4:7] == ["138****3333", "8", "'=2+2"]
    context.close()
