"""The month in a real browser: from the list down to the photo, and closed."""

import io
import json
import re
from functools import partial

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select, update

import closed_months as months
from auditapp.gateways.storage import photo_key
from auditapp.services.months import score_month
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoRow
from auditapp.store.visits import VisitRow
from browser.office import serving
from browser.soundness import faults_of_each
from desk_world import NOW, make_audit, make_world
from month_world import accept

pytestmark = pytest.mark.browser

OPEN, CLOSED = "2026-10", months.MONTH
PAGES = (
    "/months",
    f"/months/{CLOSED}",
    f"/months/{CLOSED}/closing",
    f"/months/{CLOSED}/ledgers/1",
    f"/halls/BD01/months/{CLOSED}",
    f"/halls/BD01/months/{CLOSED}/sheet",
    f"/halls/BD01/months/{CLOSED}/sources/sms",
    f"/halls/BD01/months/{OPEN}",
)
FAILS = {"ext_open": {"value": "no", "note": "九点半还没开门"}}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where an installation with one month closed and one open runs."""
    with serving(tmp_path_factory.mktemp("months"), fill) as server:
        yield server.url


def fill(app, session):
    """Close a month, leave the next open; both have the one visit's photos."""
    world = make_world(session)
    months.publish_all(session)
    audit = make_audit(session, world, answers=FAILS)
    accept(session, audit)
    session.execute(update(VisitRow).values(month=OPEN))
    show_first_photo_at(session, audit, "ext_open")
    months.keep_history(session)
    document = months.worked_example(session, audit_ids=[audit])
    months.keep_document(session, document)
    months.ask_for_revisit(session, document)
    months.close(session, [document], by=world.people["hq"])
    score_month(session, OPEN, now=NOW)
    session.commit()
    for photo in session.scalars(select(PhotoRow)):
        picture = io.BytesIO()
        Image.new("RGB", (640, 480), (90, 140, 160)).save(picture, "JPEG")
        photo.condition = "readable"
        app.extensions["storage"].put(photo_key(photo.sha256), picture.getvalue())


def show_first_photo_at(session, audit_id, item_id):
    """Let the audit's photos belong to the item that failed."""
    audit = session.get(AuditRow, audit_id)
    document = json.loads(audit.document)
    for photo in document["evidence"]:
        photo["item"] = item_id
    audit.document = json.dumps(document).encode()
    session.execute(
        update(EvidenceRow)
        .where(EvidenceRow.audit_id == audit_id)
        .values(item_id=item_id)
    )
    session.commit()


@pytest.fixture
def open_as(new_desk, address):
    """Return a function that signs a person in and hands out the page."""
    return partial(new_desk, address)


def test_a_region_manager_goes_from_the_month_down_to_the_photo(open_as):
    page = open_as("rm_north", 360)

    page.click(".nav a:has-text('月度')")
    page.click("a:has-text('2026年10月')")
    page.click("#bands a:has-text('BD01标准厅')")
    page.click("#lost a:has-text('营业厅正常开门营业')")

    expect(page.locator("#item")).to_contain_text("九点半还没开门")
    expect(page.locator("#item a.shot img").first).to_be_visible()


def test_headquarters_closes_the_month_and_sees_its_digest(open_as):
    page = open_as("hq")
    page.goto(f"/months/{OPEN}")

    page.click("a:has-text('去关账')")
    expect(page.locator("main")).to_contain_text("没有已受理的暗访")
    page.click("button:has-text('关账2026年10月')")
    expect(page.locator(".job .sign[data-state='good']")).to_be_visible(timeout=60_000)
    page.click("a:has-text('回到这个月')")

    expect(page.locator("main")).to_contain_text("第1版账本")
    assert re.search(r"[0-9a-f]{64}", page.locator(".digest").first.inner_text())


@pytest.mark.parametrize("width", [360, 1440])
def test_the_months_pages_are_for_everyone_and_fit(open_as, width):
    page = open_as("hq", width)
    assert faults_of_each(page, PAGES) == []
