"""A draft's workbook goes out, is changed and comes back: in a real browser."""

from io import BytesIO

import pytest
from flask_migrate import upgrade
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.settings import Settings
from browser.test_desk import AXE, RULES, RUN_AXE
from desk_world import PASSWORD, make_world
from live_server import SECRET, LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where an installation with the mystery checklist runs."""
    folder = tmp_path_factory.mktemp("standard-files")
    environment = {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"}
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        with Session(db.engine) as session:
            make_world(session)
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


def with_weight(path, weight):
    """Return the workbook with another weight of the first item."""
    book = load_workbook(BytesIO(path.read_bytes()))
    table = book["项目"]
    column = next(cell.column for cell in table[1] if cell.value == "权重")
    table.cell(2, column).value = weight
    file = BytesIO()
    book.save(file)
    return {"name": "a.xlsx", "mimeType": "", "buffer": file.getvalue()}


@pytest.mark.parametrize("width", [360, 1440])
def test_a_workbook_goes_out_and_comes_back(address, chromium, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 720}, locale="zh-CN"
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("[name=login]").first.fill("hq")
    page.locator("[name=password]").first.fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.goto(f"{address}/standards/telecom_hall_mystery/import")
    is_sound(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").first.click()
    path = download.value.path()

    page.get_by_label("文件", exact=True).set_input_files(with_weight(path, "很重"))
    page.get_by_role("button", name="先看一看").click()
    expect(page.locator("main")).to_contain_text("“项目”页第2行G列“权重”")
    is_sound(page)
    page.get_by_role("link", name="换一个文件").click()

    page.get_by_label("文件", exact=True).set_input_files(with_weight(path, 4))
    page.get_by_role("button", name="先看一看").click()
    is_sound(page)
    page.get_by_label("改什么").fill("开门")
    page.locator("[name=reason]").fill("开门不算最重")
    page.get_by_role("button", name="开始写").click()
    expect(page.locator("main")).to_contain_text("开门不算最重")
    page.get_by_role("link", name="文件", exact=True).click()
    expect(page.locator("main")).to_contain_text("第2次保存")
    is_sound(page)
    context.close()
