"""Analysis in a real browser: for everyone, at both widths, down to the hall."""

from functools import partial

import pytest
from PIL import Image
from playwright.sync_api import expect

import closed_months as months
from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from browser.office import serving
from browser.soundness import faults_of_each
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, take

pytestmark = pytest.mark.browser

PAGES = (
    f"/see/{MONTH}",
    f"/see/{MONTH}?region=north&span=12",
    f"/see/{MONTH}/halls",
    f"/see/{MONTH}/halls?alert=begging",
    f"/see/{MONTH}/items?dimension=stage&key=approach",
    "/see/2020-01",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where an installation with a month that is compared runs."""
    with serving(tmp_path_factory.mktemp("see"), fill) as server:
        yield server.url


def fill(_app, session):
    """Judge, hear and compare three halls for a month."""
    world = make_world(session)
    months.publish_all(session)
    make_accepted(session, world, answers={"ext_open": {"value": "no"}})
    make_accepted(session, world, hall_id="SX01")
    for hall in ("BD01", "BD02", "SX01"):
        take(session, "sms", [80] * 12, hall_id=hall)
    voice = {"sms_rating": 5, "sms_reason": "wait"}
    take(session, "sms", [30] * 3, answers=voice)
    score_month(session, MONTH, now=LATER)
    profile_month(session, MONTH)


@pytest.fixture
def open_as(new_desk, address):
    """Return a function that signs a person in and hands out the page."""
    return partial(new_desk, address)


def test_a_region_manager_goes_from_the_worst_moment_to_the_hall(open_as):
    page = open_as("rm_north", 360)

    page.click(".nav a:has-text('分析')")
    page.click("#stage svg a:has-text('到达') >> visible=true")
    page.click("main a:has-text('营业厅正常开门营业')")
    page.click("main a:has-text('BD01标准厅')")

    expect(page.locator("#lost")).to_contain_text("营业厅正常开门营业")


def test_a_chart_can_be_kept_as_a_picture(open_as):
    page = open_as("hq")
    page.goto(f"/see/{MONTH}")

    for chart in ("rater", "heat", "causes", "trend"):
        with page.expect_download() as kept:
            page.click(f"#{chart} a:has-text('PNG')")
        assert kept.value.suggested_filename == f"{chart}.png"
        picture = Image.open(kept.value.path()).convert("RGB")
        shown = page.locator(f"#{chart}").bounding_box()
        assert picture.width >= 2 * shown["width"]
        colours = picture.getcolors(maxcolors=picture.width * picture.height)
        assert len(colours) > 20, "words and shapes, not a bare ground"


@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_of_analysis_are_for_everyone_and_fit(open_as, width):
    page = open_as("hq", width)
    assert faults_of_each(page, PAGES) == []
