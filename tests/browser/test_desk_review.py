"""The desk reads what a phone has sent, asks, accepts and prints."""

import hashlib
import json
import urllib.request
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import pytest
from playwright.sync_api import expect

from browser.office import new_context, sign_in
from browser.phone import SCREENSHOTS
from browser.soundness import faults_of
from live_server import eventually

pytestmark = pytest.mark.browser

WIDTHS = {"wide": (1440, 900), "narrow": (360, 640)}
ACCEPT = "form[action$='/accept'] button.primary:not([aria-disabled])"
QUESTION = "饮水机是没有水，还是坏了？"
REPLY = "水桶是空的，机器是好的"


def test_the_desk_asks_the_phone_answers_and_the_report_is_printed(
    shared_server, chromium, new_phone, pictures
):
    audit_id = send_audit(shared_server, "a02", pictures[0].read_bytes())
    desk = Desk(chromium, shared_server.url, "rm_east")
    desk.open_audit(audit_id, "?show=all&item=ext_signage")
    photo = desk.page.locator("#item .shot img").first
    photo.scroll_into_view_if_needed()
    eventually(lambda: photo.evaluate("(img) => img.naturalWidth > 0"), "it is shown")
    desk.look("review")
    desk.ask("int_water", QUESTION)

    reply_on_phone(new_phone("a02"))

    desk.open_audit(audit_id, "?item=int_water")
    expect(desk.page.locator("#item")).to_contain_text(REPLY)
    desk.look("review-replied")
    desk.confirm_causes(audit_id)
    desk.page.locator(ACCEPT).click()
    expect(desk.page.locator("form[action$='/reopen']")).to_be_visible()
    desk.look("review-accepted")
    content = desk.print_report()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


def reply_on_phone(phone):
    """Answer the one question that came back, and send the audit again."""
    phone.look_closely("today-returned")
    phone.tap("fix")
    phone.at("fix")
    expect(phone.page.locator("[data-part=question]")).to_have_text(QUESTION)
    phone.look_closely("fix")
    phone.page.locator("#reply").fill(REPLY)
    phone.page.locator("#reply").blur()
    eventually(
        lambda: phone.document["answers"]["int_water"].get("reply") == REPLY,
        "the reply is stored",
    )
    phone.tap("send-fix")
    expect(phone.page.locator("[data-record=delivered]")).to_be_visible()


class Desk:
    """A reviewer's browser, wide and narrow."""

    def __init__(self, chromium, url, login, locale="zh-CN"):
        self.url = url
        self.page = new_context(chromium, url, locale=locale).new_page()
        sign_in(self.page, login)
        self.page.goto("/visits")

    def confirm_causes(self, audit_id):
        """Go from finding to finding by the keyboard alone, confirming each cause."""
        self.open_audit(audit_id, "?show=failed")
        left = self.page.locator("#answers .chip", has_text="待确认原因")
        for number in range(left.count(), 0, -1):
            expect(left).to_have_count(number)
            self.page.wait_for_load_state()  # its script listens from then on
            self.page.keyboard.press("c")
        expect(left).to_have_count(0)

    def open_audit(self, audit_id, query=""):
        """Open an audit that has its score; a job counts it a little later."""

        def is_scored():
            self.page.goto(f"{self.url}/audits/{audit_id}{query}")
            return self.page.locator(".score b").count()

        eventually(is_scored, "the audit has its score")

    def ask(self, item, question):
        """Return one item to the auditor with a question."""
        self.page.goto(self.page.url.partition("?")[0] + f"?show=all&item={item}")
        self.page.fill("[name=question]", question)
        self.page.locator("form[action*='/questions'] button").first.click()
        self.page.locator("form[action$='/return'] button").click()
        expect(self.page.locator("form[action$='/reopen']")).to_be_visible()

    def print_report(self):
        """Have the report made, wait on its page, save it."""
        self.page.locator("form[action$='/reports'] button").first.click()
        self.page.wait_for_url("**/jobs/**")
        # the page asks for itself again by a header: hold it still to look at it
        self.page.route("**/jobs/**", without_refresh)
        self.page.reload()
        self.look("report-under-way")
        self.page.unroute("**/jobs/**", without_refresh)
        self.page.reload()
        link = self.page.locator("a[download]")
        expect(link).to_be_visible(timeout=60_000)
        with self.page.expect_download() as saving:
            link.click()
        return saving.value.path().read_bytes()

    def look(self, name):
        """Keep screenshots of both widths and hold both against the house rules."""
        folder = SCREENSHOTS / "desk"
        folder.mkdir(parents=True, exist_ok=True)
        for width, (across, down) in WIDTHS.items():
            self.page.set_viewport_size({"width": across, "height": down})
            file = folder / f"{name}-{width}.png"
            self.page.screenshot(path=file, full_page=True)
            assert faults_of(self.page) == [], f"{name} when {width}"


def without_refresh(route):
    """Answer a request without the header that makes the page load again."""
    answer = route.fetch()
    headers = {k: v for k, v in answer.headers.items() if k != "refresh"}
    route.fulfill(response=answer, headers=headers)


def send_audit(server, login, photo, failed=()):
    """Send a whole audit over the wire, as a phone does; return its id.

    The water fails, and whatever items are named besides.
    """
    token = server.flask("token", "create", login)

    def call(method, path, body=None, kind="application/json"):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        request = urllib.request.Request(  # noqa: S310
            f"{server.url}/api/v1/field/{path}", body, headers, method=method
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.load(answer) if answer.length else None

    visit = call("GET", "bundle")["visits"][0]
    form = call("GET", f"forms/{visit['form'].removeprefix('sha256:')}")
    sha256 = hashlib.sha256(photo).hexdigest()
    call("PUT", f"evidence/{sha256}", photo, "image/jpeg")
    facts = {"sha256": sha256, "bytes": len(photo)}
    document = whole_audit(visit, form, facts, ("int_water", *failed))
    answer = call("PUT", f"audits/{document['id']}", json.dumps(document).encode())
    assert answer["state"] == "complete", answer
    return document["id"]


def whole_audit(visit, form, photo, failed):
    """Answer everything as well as can be, but for what failed."""
    end = datetime.now(UTC)
    begin = end - timedelta(minutes=30)

    def at(minutes):
        moment = begin + timedelta(minutes=minutes)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    events = [event["id"] for event in form["events"]]
    marks = [
        {"event": event, "at": at(4 * n), "elapsed_ms": 240_000 * n, "source": "tapped"}
        for n, event in enumerate(events)
    ]
    answers = {
        item["id"]: {"value": best(item), "at": at(25), "note": "看得清楚"}
        for item in form["items"]
        if item["requirement"] != "not_applicable" and "timer" not in item
    }
    for item in form["items"]:
        if "timer" in item:
            steps = [events.index(item["timer"][end]) for end in ("from", "to")]
            seconds = 240 * (steps[1] - steps[0])
            answers[item["id"]] = {"value": seconds, "source": "clock", "at": at(25)}
            answers[item["id"]]["note"] = "按了两下"
    for item_id in failed:
        answers[item_id] = {"value": "no", "at": at(25), "note": "没有做到"}
        answers[item_id]["photo_waived"] = "不便拍照"
    evidence = photo | {"type": "image/jpeg", "item": "ext_signage", "taken_at": at(1)}
    return {
        "id": f"01920000-0000-7000-8000-{token_hex(6)}",
        "visit": visit["id"],
        "form": visit["form"],
        "device": "another phone",
        "revision": 1,
        "state": "final",
        "today": [],
        "started_at": at(0),
        "finished_at": at(29),
        "answers": answers,
        "marks": marks,
        "evidence": [evidence | {"source": "camera"}],
        "clock_offset_ms": 0,
        "positions": [],
        "app": "test",
    }


def best(item):
    """Return the best answer of an item."""
    kind = item["kind"]
    if kind == "choice":
        return max(item["options"], key=lambda option: option.get("score") or 0)["id"]
    return {"yes_no": "yes", "scale": 5, "number": 3, "text": "没有"}[kind]
