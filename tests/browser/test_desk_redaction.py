"""A reviewer covers a photo by mouse, finger and keys; the hall sees the rest."""

import io
import sqlite3

import pytest
from PIL import Image
from playwright.sync_api import expect

from browser.test_desk_life import LAST_MONTH, release
from browser.test_desk_review import ACCEPT, Desk, send_audit

pytestmark = pytest.mark.browser

SECRET = (250, 10, 10)
SQUARES = ((100, 100, 300, 300), (500, 300, 700, 500), (100, 400, 300, 550))
HANDLE_PX = 44


@pytest.fixture
def audit_id(server):
    """Return a visit of last month, just sent, whose photo shows three red squares."""
    image = Image.new("RGB", (800, 600), (20, 180, 40))
    for square in SQUARES:
        image.paste(SECRET, square)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95)
    audit_id = send_audit(server, "a02", file.getvalue())
    with sqlite3.connect(server.environment["DATA_DIR"] + "/auditapp.db") as database:
        database.execute(
            "UPDATE visits SET month = ? WHERE visit_id ="
            " (SELECT visit_id FROM audits WHERE audit_id = ?)",
            (LAST_MONTH, audit_id.replace("-", "")),
        )
    return audit_id


def test_a_hall_sees_only_what_is_left_of_a_photo(server, chromium, audit_id):
    desk = Desk(chromium, server.url, "rm_east")
    desk.open_audit(audit_id, "?show=all&item=ext_signage")
    desk.page.locator("#item a[href*='/photos/']:not([data-viewer])").click()
    draw_by_mouse(desk.page)
    draw_by_keys(desk.page)
    draw_by_finger(desk.page)
    check_handles(desk.page)
    desk.look("redact-drawn")
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    desk.page.locator(".choice").first.click()
    desk.page.locator("[data-redact-keep]").click()
    expect(desk.page.locator(".flash")).to_contain_text("已保存")
    desk.look("redact-kept")
    desk.open_audit(audit_id)
    desk.confirm_causes(audit_id)
    desk.page.locator(ACCEPT).click()
    expect(desk.page.locator("form[action$='/reopen']")).to_be_visible()

    release(Desk(chromium, server.url, "hq"))
    hall = Desk(chromium, server.url, "hall_sx03")
    hall.page.locator("a[href^='/results/']").first.click()
    photo = hall.page.locator("img[src^='/results/']").first
    photo.scroll_into_view_if_needed()
    hall.look("redact-hall")
    address = server.url + photo.get_attribute("src")
    assert reds(hall.page.request.get(address).body()) == 0
    large = address.rsplit("/", 1)[0] + "/1280"
    assert reds(hall.page.request.get(large).body()) == 0


def draw_by_mouse(page):
    """Draw from the lower right to the upper left, past the square's edges."""
    page.locator("[data-redact] img").scroll_into_view_if_needed()
    mouse = page.mouse
    mouse.move(*at(page, 310, 310))
    mouse.down()
    mouse.move(*at(page, 200, 200))
    mouse.move(*at(page, 90, 90))
    mouse.up()
    expect(page.locator(".cover")).to_have_count(1)
    expect(page.locator(".cover")).to_be_focused()


def draw_by_keys(page):
    """Add a rectangle, bring it over the second square, keep it; add one, delete it."""
    page.locator("[data-redact-add]").focus()
    page.keyboard.press("Enter")
    box = page.locator(".cover").nth(1)
    expect(box).to_be_focused()
    for _ in range(21):
        page.keyboard.press("ArrowRight")
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    for _ in range(8):
        page.keyboard.press("Shift+ArrowRight")
    for _ in range(16):
        page.keyboard.press("Shift+ArrowDown")
    expect(box).to_have_attribute("aria-label", "第2框：左起61%，上起49%，宽28%，高36%")
    page.keyboard.press("Enter")
    expect(page.locator("[data-redact-keep]")).to_be_focused()
    page.locator("[data-redact-add]").click()
    page.keyboard.press("Delete")
    expect(page.locator(".cover")).to_have_count(2)


def draw_by_finger(page):
    """Draw with touches, as Chromium reports them: too small, then pulled larger."""
    wire = page.context.new_cdp_session(page)

    def touch(kind, *points):
        found = [{"x": x, "y": y} for x, y in points]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": found})

    def drag(start, *stops):
        touch("touchStart", start)
        for stop in stops:
            touch("touchMove", stop)
        touch("touchEnd")

    drag(at(page, 90, 390), at(page, 150, 450), at(page, 200, 500))
    expect(page.locator(".cover")).to_have_count(3)
    drag(at(page, 200, 500), at(page, 260, 540), at(page, 310, 560))


def check_handles(page):
    """A finger finds the handles."""
    for index in range(3):
        box = page.locator(".cover-handle").nth(index).bounding_box()
        assert min(box["width"], box["height"]) >= HANDLE_PX


def at(page, x, y):
    """Return where a point of the photo is on the screen."""
    box = page.locator("[data-redact] img").bounding_box()
    return box["x"] + box["width"] * x / 800, box["y"] + box["height"] * y / 600


def reds(content):
    """Return how many pixels of a picture are still of a red square."""
    pixels = Image.open(io.BytesIO(content)).convert("RGB").get_flattened_data()
    return sum(1 for red, green, _blue in pixels if red > 150 and green < 90)
