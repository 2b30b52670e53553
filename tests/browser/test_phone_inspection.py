"""A whole open inspection with no signal: re-check, correction, drill, signature."""

import json
import urllib.request

import pytest
from playwright.sync_api import expect

from browser.company import FOUND_BEFORE, PASSWORD
from live_server import LiveServer, eventually

pytestmark = pytest.mark.browser

WORDS = {
    "zh": {
        "note": "备用热点欠费停机",
        "drill": "先安抚，再留电话",
        "done": "当场充值，已能上网",
        "block": "系统常在下午变慢",
        "seen": "伞架已补齐",
    },
    "en": {
        "note": "The backup hotspot has no credit left",
        "drill": "Calms first, then takes the number",
        "done": "Topped up on the spot, it works again",
        "block": "The system is slow every afternoon",
        "seen": "The rack is full again",
    },
}
FAILED = "fac_backup"
LIFT_MS = 400  # a tap that follows a stroke at once is taken for part of it


@pytest.fixture
def server(database):
    folder, environment = database
    running = LiveServer(folder, **environment).start()
    yield running
    running.kill()


@pytest.mark.parametrize(
    ("database", "language"),
    [("sqlite", "zh"), ("postgresql", "en")],
    indirect=["database"],
)
def test_an_inspection_made_without_signal_is_signed_and_the_hall_has_its_copy(
    server, wire, mortal_phone, chromium, pictures, language
):
    phone = mortal_phone
    phone.name = "inspection-"
    phone.sign_in("insp_east")
    if language != "zh":
        phone.speak(language)
        phone.go("#/today")
    phone.at("today")
    phone.look_closely("today")
    phone.tap("next")
    phone.at("brief")
    phone.look_closely("start")

    wire.is_cut = True
    phone.context.set_offline(True)
    before = len(wire.requests)
    phone.kill()
    phone.switch_on(offline=True)
    phone.open()
    phone.at("today")
    inspection = Inspection(phone, pictures, WORDS[language])
    inspection.begin()
    inspection.look_again()
    inspection.walk_through()
    inspection.sign()
    inspection.send()
    assert len(wire.requests) == before, "something was sent without signal"
    document = phone.document

    wire.is_cut = False
    phone.context.set_offline(False)
    receipt = phone.page.locator("[data-record=delivered] [data-action=receipt]")
    expect(receipt).to_be_visible()
    is_accepted_by_itself(server, document)
    the_hall_sees_its_copy(server, chromium, language)


class Inspection:
    """The way through a hall, openly."""

    def __init__(self, phone, pictures, words):
        self.phone = phone
        self.pictures = iter(pictures)
        self.words = words

    @property
    def visit(self):
        """Return the address of the visit's screens."""
        return f"#/v/{self.phone.document['visit']}"

    def begin(self):
        """At the counter: who comes, where, and what lies ahead."""
        phone = self.phone
        phone.tap("next")
        phone.at("brief")
        phone.tap("begin")
        phone.at("arrive")
        phone.tap("position")
        eventually(lambda: phone.document["positions"], "the position is stored")
        phone.look_closely("arrive")
        phone.tap("answers")
        phone.at("answers")
        phone.look_closely("overview")
        self.form = phone.page.evaluate(FORM, phone.document["form"])

    def look_again(self):
        """Look at what the last visit found wrong."""
        phone = self.phone
        phone.tap("rechecks")
        phone.at("rechecks")
        phone.choose(f"[id=recheck-{FOUND_BEFORE}-fixed]")
        eventually(
            lambda: phone.document["rechecks"][FOUND_BEFORE]["result"] == "fixed",
            "the re-check is stored",
        )
        phone.photographed(f"[data-finding={FOUND_BEFORE}]", next(self.pictures))
        phone.page.locator(f"[id={FOUND_BEFORE}-recheck]").fill(self.words["seen"])
        phone.page.locator(f"[id={FOUND_BEFORE}-recheck]").blur()
        eventually(
            lambda: phone.document["rechecks"][FOUND_BEFORE].get("note"),
            "the note is stored",
        )
        phone.look_closely("rechecks")

    def walk_through(self):
        """Answer every section in order, with a kill of the browser in between."""
        phone = self.phone
        for section in self.form["sections"]:
            phone.go(f"{self.visit}/section/{section['id']}")
            heading = phone.page.locator("header h1")
            expect(heading).to_contain_text(section[phone.language])
            for item in self.form["items"]:
                if item["section"] == section["id"]:
                    self.answer(item)
            phone.look_closely(f"section-{section['id']}")

    def answer(self, item):
        """Give one answer, after its kind."""
        phone, name = self.phone, item["id"]
        if name == FAILED:
            self.correct(name)
        elif item.get("sample"):
            self.ask_two(name)
        elif item["kind"] == "text":
            phone.open_item(name)
            phone.write(f"{name}-value", self.words["block"])
        elif item["kind"] == "choice":
            phone.answer(name, item["options"][0]["id"])
        elif item["kind"] == "scale":
            self.drill(name, item["note"] == "always")
        else:
            phone.answer(name, "yes")
        if item["note"] == "always" and item["kind"] != "scale":
            phone.open_item(name)
            phone.write(f"{name}-note", self.words["drill"])

    def correct(self, name):
        """Fail an item, put it right on the spot, and lose the browser."""
        phone = self.phone
        phone.answer(name, "no")
        phone.open_item(name)
        phone.write(f"{name}-note", self.words["note"])
        phone.choose(f"[id={name}-corrected]")
        eventually(lambda: phone.document.get("corrections"), "it is corrected")
        phone.photographed(
            f"[data-item={name}] [data-part=correction]", next(self.pictures)
        )
        phone.page.locator(f"[id={name}-correction]").fill(self.words["done"])
        phone.page.locator(f"[id={name}-correction]").blur()
        eventually(
            lambda: phone.document["corrections"][name].get("note"), "how is stored"
        )
        phone.look_closely("correction")
        before = phone.document
        phone.kill()
        phone.switch_on(offline=True)
        phone.open(f"{self.visit_of(before)}/section/facility")
        phone.at("section")
        assert phone.document == before

    def visit_of(self, document):
        """Return the address of a document's visit."""
        return f"#/v/{document['visit']}"

    def ask_two(self, name):
        """Put a question to two members of staff; one of them knows less."""
        phone = self.phone
        phone.open_item(name)
        card = phone.card(name)
        first = name == self.form["items"][self.first_question()]["id"]
        if first:
            card.locator("#staff-0").select_option("counter")
            card.locator("#staff-1").select_option("duty_manager")
            eventually(
                lambda: phone.document.get("staff") == ["counter", "duty_manager"],
                "the positions are stored",
            )
        for index, value in enumerate(("right", "most")):
            phone.choose(f"[id={name}-{index}-{value}]")
            eventually(
                lambda index=index: self.asked(name) == index + 1, "it is stored"
            )
        if first:
            expect(card.locator("[aria-live]").first).to_contain_text("88")
            phone.look_closely("question")

    def first_question(self):
        """Return where the first question stands."""
        return next(i for i, item in enumerate(self.form["items"]) if "sample" in item)

    def asked(self, name):
        """Return how many people have answered a question."""
        return len(self.phone.document["answers"].get(name, {}).get("value", []))

    def drill(self, name, is_drill):
        """Rate a drill and time it."""
        phone = self.phone
        phone.answer(name, "4")
        if not is_drill:
            return
        phone.open_item(name)
        phone.write(f"{name}-note", self.words["drill"])
        if name == "dri_angry":
            phone.tap("watch-start", f"[data-item={name}]")
            stop = phone.page.locator(f"[data-item={name}] [data-action=watch-stop]")
            expect(stop).to_be_visible()
            stop.tap()
            eventually(
                lambda: "seconds" in phone.document["answers"][name],
                "the time of the drill is stored",
            )
            phone.look_closely("drill")

    def sign(self):
        """The manager draws a signature with a finger, once in vain."""
        phone = self.phone
        phone.go(f"{self.visit}/answers")
        phone.at("answers")
        phone.look_closely("overview-done")
        phone.page.locator("footer [data-action=sign]").tap()
        phone.at("sign")
        phone.tap("keep-signature")
        assert "signature" not in phone.document
        draw(phone.page)
        phone.look_closely("sign")
        phone.tap("clear")
        draw(phone.page)
        phone.tap("keep-signature")
        eventually(lambda: phone.document.get("signature"), "it is signed")
        expect(phone.page.locator("main img.pad[src]")).to_be_visible()
        phone.look_closely("signed")

    def send(self):
        """Look it over and send it."""
        phone = self.phone
        phone.tap("summary")
        phone.at("summary")
        phone.look_closely("summary")
        phone.tap("send")
        phone.at("queue")
        eventually(lambda: phone.document["state"] == "final", "it waits to be sent")


def draw(page):
    """Draw two strokes with a finger in the middle of the box."""
    box = page.locator("canvas.pad")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    protocol = page.context.new_cdp_session(page)

    def touch(kind, *points):
        spots = [{"x": x, "y": y} for x, y in points]
        protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    for row in (0.4, 0.6):
        y = place["y"] + place["height"] * row
        touch("touchStart", (place["x"] + 60, y))
        for step in range(1, 12):
            touch("touchMove", (place["x"] + 60 + step * 15, y + (step % 3) * 12))
        touch("touchEnd")
        page.wait_for_timeout(LIFT_MS)


def is_accepted_by_itself(server, document):
    """Read the inspection back until it is accepted without anybody's doing."""
    token = server.flask("token", "create", "hq")

    def accepted():
        request = urllib.request.Request(  # noqa: S310
            f"{server.url}/api/v1/audits/{document['id']}",
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            audit = json.load(answer)
        return audit if audit["state"] == "closed" else None

    audit = eventually(accepted, "it is accepted", 90)
    assert audit["document"] == document
    places = [photo["item"] for photo in document["evidence"]]
    assert places == [
        f"recheck.{FOUND_BEFORE}",
        f"correction.{FAILED}",
        "signature.hall",
    ]
    assert document["answers"][FAILED]["value"] == "no"


def the_hall_sees_its_copy(server, chromium, language):
    """The hall's manager finds the copy on the first page."""
    locale = {"zh": "zh-CN", "en": "en-GB"}[language]
    context = chromium.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{server.url}/sign-in")
    page.fill("[name=login]", "hall_sx01")
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]:not([type=hidden])) button").click()
    page.locator("table a[href*='/inspections/']").first.click()
    expect(page.locator("#signature img")).to_be_visible()
    context.close()


FORM = """(digest) => new Promise((resolve) => {
  const request = indexedDB.open('field');
  request.onsuccess = () => {
    const database = request.result;
    const found = database.transaction('forms').objectStore('forms').get(digest);
    found.onsuccess = () => { database.close(); resolve(found.result); };
  };
})"""
