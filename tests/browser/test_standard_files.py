"""A draft's workbook goes out, is changed and comes back: in a real browser."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from browser.office import serving
from browser.soundness import faults_of
from desk_world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where an installation with the mystery checklist runs."""
    folder = tmp_path_factory.mktemp("standard-files")
    with serving(folder, lambda _app, session: make_world(session)) as server:
        yield server.url


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
def test_a_workbook_goes_out_and_comes_back(address, new_desk, width):
    page = new_desk(address, "hq", width)
    page.goto("/standards/telecom_hall_mystery/import")
    assert faults_of(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").first.click()
    path = download.value.path()

    page.get_by_label("文件", exact=True).set_input_files(with_weight(path, "很重"))
    page.get_by_role("button", name="先看一看").click()
    expect(page.locator("main")).to_contain_text("“项目”页第2行G列“权重”")
    assert faults_of(page) == []
    page.get_by_role("link", name="换一个文件").click()

    page.get_by_label("文件", exact=True).set_input_files(with_weight(path, 4))
    page.get_by_role("button", name="先看一看").click()
    expect(page.get_by_label("改什么")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_label("改什么").fill("开门")
    page.locator("[name=reason]").fill("开门不算最重")
    page.get_by_role("button", name="开始写").click()
    expect(page.locator("main")).to_contain_text("开门不算最重")
    page.get_by_role("link", name="文件", exact=True).click()
    expect(page.locator("main")).to_contain_text("第2次保存")
    assert faults_of(page) == []
