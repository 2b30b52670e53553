"""Analysis in a real browser: for everyone, at both widths, down to the hall."""

import pytest
from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy.orm import Session

import closed_months as months
from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from auditapp.settings import Settings
from browser.test_desk import AXE, RULES, RUN_AXE
from desk_world import PASSWORD, make_world
from live_server import SECRET, LiveServer
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
def installation(tmp_path_factory):
    """Return a running installation with a month that is compared."""
    folder = tmp_path_factory.mktemp("see")
    app = create_app(
        Settings.from_environment(
            {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"}
        )
    )
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        with Session(db.engine, expire_on_commit=False) as session:
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
            session.commit()
        db.engine.dispose()
    server = LiveServer(folder).start()
    yield server.url
    server.stop()


@pytest.fixture
def open_as(chromium, installation):
    """Return a function that signs a person in and hands out the page."""
    contexts = []

    def sign_in(login, width=1440, **options):
        view = {"width": width, "height": 640 if width < 600 else 900}
        contexts.append(
            chromium.new_context(
                viewport=view, locale="zh-CN", base_url=installation, **options
            )
        )
        page = contexts[-1].new_page()
        page.goto("/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        expect(page.locator(".me summary")).to_contain_text(login)
        return page

    yield sign_in
    for context in contexts:
        context.close()


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
    page = open_as("hq", width, bypass_csp=True)
    faults = []
    for theme, language in (("light", "zh"), ("dark", "en")):
        page.goto(f"/theme/{theme}?next=/profile")
        page.goto(f"/language/{language}?next=/profile")
        for address in PAGES:
            page.goto(address)
            page.evaluate(AXE)
            where = f"{address} {theme} {language}: "
            faults += [where + each for each in page.evaluate(RUN_AXE, RULES)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{where}scrolls sideways")
            if page.locator("h1").count() != 1:
                faults.append(f"{where}not one h1")

    assert not faults, "\n".join(faults)
