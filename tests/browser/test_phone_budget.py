"""What the phone may weigh, and what its screens owe to everybody: counts only."""

import pytest
from playwright.sync_api import expect

from browser.phone import BRAND, Phone
from live_server import eventually

pytestmark = [pytest.mark.browser, pytest.mark.perf]

FIRST_VISIT_BYTES = 150 * 1024
SCRIPT_BYTES = 60 * 1024
BUNDLE = "/api/v1/field/bundle"
WORKER = "/field/sw.js"

# every screen that a begun audit has, by its address
ADDRESSES = {
    "today": "#/today",
    "queue": "#/queue",
    "me": "#/me",
    "brief": "#/v/{visit}/brief",
    "arrive": "#/v/{visit}/arrive",
    "hall": "#/v/{visit}/hall",
    "times": "#/v/{visit}/times",
    "note": "#/v/{visit}/note",
    "answers": "#/v/{visit}/answers",
    "why": "#/v/{visit}/why",
    "summary": "#/v/{visit}/summary",
    "section": "#/v/{visit}/section/consult/off_disclose",
}
ONE_OF_EACH_KIND = {
    "scale": "entry/ent_greet_manner",
    "timing": "entry/ent_greet_time",
    "number": "waiting/wai_people",
    "text": "overall/ovr_pain",
    "yes-no": "interior/int_clean",
}
CONTRAST = {"runOnly": ["color-contrast"]}


def is_quiet(wire):
    """Tell whether nothing has been asked since it was last asked."""
    before = getattr(wire, "seen", -1)
    wire.seen = len(wire.requests)
    return before == wire.seen


def settled(phone, wire):
    """Wait until the phone has fetched all that it fetches by itself."""
    phone.page.wait_for_load_state("networkidle")
    phone.page.evaluate("() => new Promise((done) => requestIdleCallback(done))")
    phone.page.wait_for_load_state("networkidle")
    eventually(lambda: is_quiet(wire), "nothing more is fetched")


def test_the_app_is_light_and_comes_from_the_phone_the_second_time(new_phone, wire):
    phone = new_phone()
    phone.page.goto(f"{phone.url}/sign-in?next=/field/")
    phone.page.fill("[name=login]", "a08")
    phone.page.fill("[name=password]", "demo")
    wire.requests.clear()
    phone.page.locator("form:has([name=password]:not([type=hidden])) button").click()
    phone.at("today")
    expect(phone.page.locator("header .chip[data-state=good]")).to_be_visible()
    phone.page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
    settled(phone, wire)

    first = [request for request in wire.requests if request.path != "/sign-in"]
    scripts = [request for request in first if "javascript" in request.kind]
    weight = sum(request.bytes for request in first)
    script = sum(request.body_bytes for request in scripts)
    heads = sum(request.header_bytes for request in scripts)
    print(
        f"\nfirst visit: {weight / 1024:.1f} KiB in {len(first)} requests; of it "
        f"{len(scripts)} scripts: {script / 1024:.1f} KiB, "
        f"their headers {heads / 1024:.1f} KiB"
    )
    assert weight <= FIRST_VISIT_BYTES
    assert script <= SCRIPT_BYTES

    wire.requests.clear()
    second = Phone(phone.page.context.new_page(), phone.url)
    phone.page.close()
    second.open()
    second.at("today")
    settled(second, wire)
    asked = [(each.method, each.path, each.status) for each in wire.requests]
    print(f"second visit: {asked}, {sum(each.bytes for each in wire.requests)} bytes")
    assert ("GET", BUNDLE, 304) in asked
    # the browser itself looks for a newer worker, whatever a page wants
    assert {path for _, path, _ in asked} <= {BUNDLE, WORKER}
    assert all(status == 304 for _, _, status in asked)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_is_for_every_eye_and_thumb(new_phone, language):
    login = {"zh": "a09", "en": "a10"}[language]
    phone = new_phone(login)
    phone.speak(language)
    phone.go("#/today")
    phone.at("today")
    phone.tap("next")
    phone.tap("begin")
    phone.at("arrive")
    visit = phone.document["visit"]
    screens = {name: where.format(visit=visit) for name, where in ADDRESSES.items()}
    kinds = {
        f"section-{name}": f"#/v/{visit}/section/{where}"
        for name, where in ONE_OF_EACH_KIND.items()
    }
    for name, where in (screens | kinds).items():
        phone.go(where)
        phone.at(name.partition("-")[0])
        phone.look_closely(name)
        if language == "zh":
            in_other_lights(phone, name)


def in_other_lights(phone, name):
    """Hold the contrast of a screen against the themes that it may be seen in."""
    root = phone.page.locator("html")
    before = root.get_attribute("data-theme")
    for theme in ("sun", "dark"):
        root.evaluate("(html, theme) => { html.dataset.theme = theme; }", theme)
        assert phone.barriers(**CONTRAST) == [], f"{name} in theme {theme}"
        phone.look(f"{name}-{theme}")
    root.evaluate(
        "(html, theme) => html.toggleAttribute('data-theme', Boolean(theme))"
        " && html.setAttribute('data-theme', theme)",
        before,
    )


def test_inside_the_hall_nothing_tells_what_the_page_is(new_phone):
    phone = new_phone("a11")
    phone.tap("next")
    phone.tap("begin")
    phone.at("arrive")
    visit = phone.document["visit"]
    for name in ("hall", "times", "note"):
        phone.go(f"#/v/{visit}/{name}")
        phone.at(name)
        words = phone.page.locator("body").inner_text()
        assert not BRAND.search(words), words
        assert phone.page.title() == "记事"
    manifest = phone.page.evaluate(
        "async () => (await fetch('/field/manifest.webmanifest')).json()"
    )
    assert manifest["name"] == manifest["short_name"] == "记事"


def test_answering_keeps_the_page_awake(new_phone):
    phone = new_phone("a08")
    phone.tap("next")
    phone.tap("begin")
    phone.at("arrive")
    phone.go(f"#/v/{phone.document['visit']}/section/interior")
    phone.at("section")
    protocol = phone.page.context.new_cdp_session(phone.page)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    phone.page.evaluate(WATCH)
    open_card = phone.page.locator(".items > [data-state=open]")
    before = len(phone.document["answers"])
    while open_card.count():
        item = open_card.get_attribute("data-item")
        phone.choose(f"[id={item}-yes]")
        expect(phone.card(item)).not_to_have_attribute("data-answered", "todo")
    tasks = phone.page.evaluate("() => window.longTasks")
    count = len(phone.document["answers"]) - before
    print(f"\n{count} answers at a quarter of the speed: tasks over 50 ms: {tasks}")
    assert count >= 10


WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    const tasks = list.getEntries().map(({ duration }) => Math.round(duration));
    window.longTasks.push(...tasks);
  }).observe({ type: 'longtask' });
}"""
