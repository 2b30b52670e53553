"""The desk in a real browser: every page for everyone, the review by keyboard alone."""

import io
import json
import re
from functools import partial

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from auditapp.gateways.storage import photo_key
from auditapp.store.audits import PhotoRow
from browser.office import serving
from browser.soundness import faults_of, faults_of_each
from desk_world import make_audit, make_world

pytestmark = pytest.mark.browser

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
    """Return where an installation runs, and the audits in it by what they show."""
    audits = {}

    def fill(app, session):
        world = make_world(session)
        audits["fails"] = make_audit(session, world, answers=FAILS)
        audits["returned"] = make_audit(
            session, world, hall_id="BD02", state="returned"
        )
        audits["asked"] = make_audit(session, world, hall_id="BD02", days_ago=1)
        audits["released"] = make_audit(session, world, state="released", days_ago=9)
        keep_pictures(session, app.extensions["storage"])

    folder = tmp_path_factory.mktemp("desk")
    with serving(folder, fill, PUSH_CONTACT="audit@x.example") as server:
        yield server.url, {name: f"/audits/{key}" for name, key in audits.items()}


def keep_pictures(session, storage):
    for number, photo in enumerate(session.scalars(select(PhotoRow))):
        picture = io.BytesIO()
        colour = (number * 53 % 256, number * 91 % 256, 140)
        Image.new("RGB", (640, 480), colour).save(picture, "JPEG")
        if photo.condition == "readable":
            storage.put(photo_key(photo.sha256), picture.getvalue())


@pytest.fixture
def open_desk(new_desk, desk):
    """Return a function that signs a person in and hands out the page."""
    return partial(new_desk, desk[0])


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("login", sorted(LOGINS))
def test_every_page_is_for_everyone_and_fits(open_desk, desk, login, width):
    page = open_desk(login, width)
    addresses = [address.format(**desk[1]) for address in LOGINS[login]]
    assert faults_of_each(page, addresses) == []


def test_the_sign_in_page_is_for_everyone(chromium, desk):
    context = chromium.new_context(base_url=desk[0])
    page = context.new_page()
    page.goto("/sign-in")

    assert faults_of(page) == []
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
