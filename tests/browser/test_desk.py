"""The desk in a real browser: every page for everyone, the review by keyboard alone."""

import io
import json
import re

import pytest
from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.gateways.storage import photo_key
from auditapp.settings import Settings
from auditapp.store.audits import PhotoRow
from desk_world import PASSWORD, make_audit, make_world
from live_server import SECRET, LiveServer

pytestmark = pytest.mark.browser

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules });
  return found.violations.map((each) => `${each.id}: ${each.nodes[0].html}`);
}"""
LOGINS = {
    "rm_north": [
        "/",
        "/visits",
        "/visits?month=2020-01",
        "/halls",
        "/halls/BD01",
        "/notifications",
        "/work-cards",
    ],
    "hq": [
        "/cases",
        "/halls/BD01/checklist",
        "/work-cards/plan_change/write",
        "{fails}",
        "{fails}?show=all",
        "{returned}",
    ],
    "hall_bd01": ["/", "/visits", "/halls/BD01", "/obstacles", "/obstacles/new"],
    "sup": ["/", "{fails}"],
    "admin": [
        "/",
        "/profile",
        "/sign-out",
        "/nowhere",
        "/verify",
        "/webhooks",
        "/webhooks/new",
    ],
    "cb1": ["/", "/obstacles/new"],
}
FAILS = {
    "ext_open": {"value": "no", "note": "九点半还没开门，门口有三位客户在等。"},
    "wai_kiosk": {"value": "part_bare"},
    "int_clean": {"value": "could_not_observe", "reason": "当时在施工"},
    "ent_greet_time": {"value": 42.5, "source": "recalled"},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return a running installation, and the audits in it by what they show."""
    folder = tmp_path_factory.mktemp("desk")
    app = create_app(
        Settings.from_environment(
            {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"}
        )
    )
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        with Session(db.engine) as session:
            world = make_world(session)
            audits = {
                "fails": make_audit(session, world, answers=FAILS),
                "returned": make_audit(
                    session, world, hall_id="BD02", state="returned"
                ),
                "asked": make_audit(session, world, hall_id="BD02", days_ago=1),
                "released": make_audit(session, world, state="released", days_ago=9),
            }
            keep_pictures(session, app.extensions["storage"])
        db.engine.dispose()
    server = LiveServer(folder, PUSH_CONTACT="audit@x.example").start()
    yield server.url, {name: f"/audits/{key}" for name, key in audits.items()}
    server.stop()


def keep_pictures(session, storage):
    for number, photo in enumerate(session.scalars(select(PhotoRow))):
        picture = io.BytesIO()
        colour = (number * 53 % 256, number * 91 % 256, 140)
        Image.new("RGB", (640, 480), colour).save(picture, "JPEG")
        if photo.condition == "readable":
            storage.put(photo_key(photo.sha256), picture.getvalue())


@pytest.fixture
def open_desk(chromium, desk):
    """Return a function that signs a person in and hands out the page."""
    contexts = []

    def open_as(login, width=1440, **options):
        view = {"width": width, "height": 640 if width < 600 else 900}
        context = chromium.new_context(
            viewport=view, locale="zh-CN", base_url=desk[0], **options
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        expect(page.locator(".me summary")).to_contain_text(login)
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("login", sorted(LOGINS))
def test_every_page_is_for_everyone_and_fits(open_desk, desk, login, width):
    page = open_desk(login, width, bypass_csp=True)
    faults = []
    for theme, language in (("light", "zh"), ("dark", "en")):
        page.goto(f"/theme/{theme}?next=/profile")
        page.goto(f"/language/{language}?next=/profile")
        for address in LOGINS[login]:
            page.goto(address.format(**desk[1]))
            page.evaluate(AXE)
            where = f"{address} {theme} {language}: "
            faults += [where + each for each in page.evaluate(RUN_AXE, RULES)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{where}scrolls sideways")
            if page.locator("h1").count() != 1:
                faults.append(f"{where}not one h1")

    assert not faults, "\n".join(faults)


def test_the_sign_in_page_is_for_everyone(chromium, desk):
    context = chromium.new_context(base_url=desk[0], bypass_csp=True)
    page = context.new_page()
    page.goto("/sign-in")
    page.evaluate(AXE)

    assert page.evaluate(RUN_AXE, RULES) == []
    context.close()


def test_photos_open_turn_zoom_and_close_by_keyboard(open_desk, desk):
    page = open_desk("rm_north")
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto(f"{desk[1]['fails']}?show=all&item=ext_open")

    page.locator(".panel a.shot").focus()
    page.keyboard.press("Enter")
    viewer = page.locator("#viewer")
    expect(viewer).to_be_visible()
    first = page.locator("#viewer-caption").inner_text()
    page.keyboard.press("ArrowRight")
    second = page.locator("#viewer-caption").inner_text()
    page.keyboard.press("+")
    expect(page.locator(".viewer-stage")).to_have_attribute("data-zoom", "2")
    page.keyboard.press("Escape")

    expect(viewer).to_be_hidden()
    assert re.search(r"\(1/\d\)", first)
    assert re.search(r"\(2/\d\)", second)
    expect(page.locator(".panel a.shot")).to_be_focused()
    assert not faults


def test_a_question_is_asked_returned_and_taken_back_without_javascript(
    open_desk, desk
):
    page = open_desk("rm_north", java_script_enabled=False)
    page.goto(f"{desk[1]['asked']}?show=all&item=ext_open")

    page.fill("#question", "请补一张能看清营业时间的照片。")
    page.click(".panel button:has-text('退回这一项')")
    expect(page.locator(".flash")).to_contain_text("已记下")
    page.click(".decide button:has-text('退回（1项）')")
    expect(page.locator(".flash")).to_contain_text("已退回1项")
    page.click(".decide button:has-text('撤回')")

    expect(page.locator(".flash")).to_contain_text("重新审核")


def test_nothing_on_a_page_comes_from_elsewhere(open_desk, desk):
    page = open_desk("hq")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(desk[1]["fails"])
    page.wait_for_load_state("networkidle")

    assert asked
    assert all(url.startswith(desk[0]) for url in asked), json.dumps(asked)
