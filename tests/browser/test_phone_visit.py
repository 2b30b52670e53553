"""A whole audit with no signal at all: 60 items, six photos, all taps of the clock."""

import hashlib
import json
import urllib.request

import pytest
from playwright.sync_api import expect

from live_server import LiveServer, eventually

pytestmark = pytest.mark.browser

VALUES = {
    "yes_no": "yes",
    "scale": "4",
    "ovr_exposed": "no",
}
WORDS = {
    "zh": {
        "note": "饮水机没有水，旁边也没有杯子",
        "why": "说得清楚，但是等得久",
        "pain": "等的时候没有人说还要多久",
        "unseen": "离得远，看不清",
        "quick": "今天",
    },
    "en": {
        "note": "The water dispenser is empty and there are no cups",
        "why": "Clearly explained, but a long wait",
        "pain": "Nobody said how long the wait would be",
        "unseen": "Too far away to see",
        "quick": "Today",
    },
}


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
def test_an_audit_made_without_signal_arrives_whole(
    server, wire, mortal_phone, pictures, language
):
    phone = mortal_phone
    phone.name = ""
    phone.sign_in("a01")
    if language != "zh":
        phone.speak(language)
        phone.go("#/today")
    phone.at("today")
    phone.look_closely("today")
    read_the_brief(phone)

    wire.is_cut = True
    phone.context.set_offline(True)
    before = len(wire.requests)
    phone.kill()
    phone.switch_on(offline=True)
    phone.open()
    phone.at("today")
    phone.tap("next")
    phone.tap("begin")

    visit = Visit(phone, pictures, WORDS[language])
    visit.arrive()
    visit.look_around()
    visit.note_in_the_hall()
    visit.kill_the_browser()
    visit.answer_the_rest()
    visit.check_and_send()
    assert len(wire.requests) == before, "something was sent without signal"
    document, photos = phone.document, phone.photos

    wire.is_cut = False
    phone.context.set_offline(False)
    receipt = phone.page.locator("[data-record=delivered] [data-action=receipt]")
    expect(receipt).to_be_visible()
    phone.look_closely("queue-delivered")
    receipt.tap()
    phone.at("receipt")
    phone.look_closely("receipt")
    phone.go("#/me")
    phone.at("me")
    phone.look_closely("me")
    phone.go("#/today")
    phone.at("today")
    phone.look_closely("today-afterwards")
    is_all_there(server, document, photos)
    receipt = phone.record["remote"]["receipt"]
    assert document["id"] in server.flask("audit", "verify", receipt)


def read_the_brief(phone):
    phone.tap("next")
    brief = phone.at("brief")
    phone.look_closely("brief")
    brief.locator("summary").tap()
    phone.look_closely("brief-answer")
    phone.tap("why")
    phone.at("why")
    phone.look_closely("why")
    phone.tap("back")
    phone.at("brief")
    phone.tap("back")
    phone.at("today")


class Visit:
    """The way through a hall, screen by screen."""

    def __init__(self, phone, pictures, words):
        self.phone = phone
        self.page = phone.page
        self.pictures = iter(pictures)
        self.words = words

    def arrive(self):
        """At the door: where, what is true today, the front."""
        phone = self.phone
        phone.at("arrive")
        phone.look_closely("arrive")
        phone.tap("position")
        eventually(lambda: phone.document["positions"], "the position is stored")
        phone.choose("#today-raining")
        eventually(lambda: phone.document["today"] == ["raining"], "the rain is stored")
        phone.photographed("main", next(self.pictures))
        expect(self.page.locator(".photos img.thumbnail[src]")).to_have_count(1)
        phone.look_closely("arrive-done")
        self.form = self.page.evaluate(FORM, phone.document["form"])

    def look_around(self):
        """Outside: every item, with the page reloaded while a photo is stored."""
        phone = self.phone
        phone.tap("outside")
        phone.at("section")
        phone.look_closely("section")
        self.answer_section("exterior", stop_before="ext_clean")
        before = phone.document
        phone.open_item("ext_clean")
        phone.tap("offer-photo", "[data-item=ext_clean]")
        picture = next(self.pictures)
        phone.photograph("[data-item=ext_clean]", picture)
        self.page.reload()
        phone.at("section")
        is_unbroken(phone, before)
        phone.open_item("ext_clean")
        if not photos_of(phone, "ext_clean"):
            phone.tap("offer-photo", "[data-item=ext_clean]")
            phone.photographed("[data-item=ext_clean]", picture)
        phone.look_closely("section-photo")
        self.answer_section("exterior")
        phone.tap("go-in")

    def note_in_the_hall(self):
        """Inside: ticks, numbers, the clock, one quick picture, one forgotten tap."""
        phone = self.phone
        phone.at("hall")
        phone.look_closely("hall")
        phone.tap("blank")
        phone.at("note")
        phone.look_closely("note")
        phone.page.locator("textarea").fill(self.words["quick"])
        phone.tap("notes-back")
        phone.at("hall")
        self.mark("enter")
        phone.look_closely("hall-entered")
        phone.tap("undo")
        eventually(lambda: not phone.document["marks"], "the tap is taken back")
        self.mark("enter")
        self.mark("greeted")
        self.remember_queue_start()
        self.tick_all()
        self.mark("service_start")
        phone.photographed(".clock", next(self.pictures))
        self.mark("service_end")
        phone.look_closely("hall-served")

    def mark(self, event):
        """Tap the one large button, which is for this event."""
        self.page.locator(f"[data-action=mark][data-event={event}]").tap()
        eventually(
            lambda: (
                self.phone.document["marks"][-1:]
                and self.phone.document["marks"][-1]["event"] == event
            ),
            f"{event} is stored",
        )

    def remember_queue_start(self):
        """Type the time of a tap that was forgotten."""
        phone = self.phone
        greeted = phone.document["marks"][-1]["at"]
        typed = self.page.evaluate(NEXT_SECOND, greeted)
        phone.tap("times")
        phone.at("times")
        phone.look_closely("times")
        self.page.wait_for_function(
            "(time) => Date.now() > time + 1000", arg=typed["time"]
        )
        self.page.locator("#at-queue_start").fill(typed["clock"])
        self.page.locator("#at-queue_start").blur()
        expect(self.page.locator("[data-event=queue_start] .unsure")).to_be_visible()
        phone.tap("done")
        phone.at("hall")

    def tick_all(self):
        """Tick what can be seen from where one stands; one thing is not there."""
        for row in self.page.locator(".quickrow").all():
            item = row.get_attribute("data-item")
            if "numbers" in row.get_attribute("class"):
                row.locator("[data-action=more]").tap()
                expected = 1
            else:
                expected = {
                    "int_water": "no",
                    "int_first_aid": "could_not_observe",
                }.get(item, "yes")
                row.locator(f"[value={expected}]").tap()
            eventually(
                lambda item=item, expected=expected: self.value(item) == expected,
                f"{item} is stored",
            )

    def value(self, item):
        """Return the stored value of an answer."""
        return self.phone.document["answers"].get(item, {}).get("value")

    def kill_the_browser(self):
        """The phone runs out of battery before the last tap."""
        phone = self.phone
        before = phone.document
        phone.kill()
        phone.switch_on(offline=True)
        self.page = phone.page
        phone.open()
        phone.at("today")
        assert phone.document == before
        phone.tap("next")
        phone.at("hall")
        self.mark("leave")
        phone.tap("out")

    def answer_the_rest(self):
        """Afterwards: what is still open, in walking order."""
        phone = self.phone
        phone.at("answers")
        phone.look_closely("answers")
        self.page.locator("#photo-0").select_option("int_clean")
        eventually(lambda: photos_of(phone, "int_clean"), "the photo has its item")
        for section in self.form["sections"]:
            if section["id"] == "resolve":
                continue  # no complaint, nothing is asked
            phone.go(f"#/v/{phone.document['visit']}/section/{section['id']}")
            heading = self.page.locator("header h1")
            expect(heading).to_have_text(section[phone.language])
            self.answer_section(section["id"])
            phone.look_closely(f"section-{section['id']}")

    def answer_section(self, section, stop_before=None):
        """Answer every item of a section that is asked, each after its kind."""
        for item in self.form["items"]:
            if item["section"] != section:
                continue
            if item["id"] == stop_before:
                return
            if self.phone.card(item["id"]).count():
                self.answer(item)

    def answer(self, item):
        """Give one answer, with the words and photos that it calls for."""
        phone, name = self.phone, item["id"]
        if self.value(name) is None:
            self.answer_by_kind(item)
        if name == "int_water":
            phone.open_item(name)
            phone.write(f"{name}-note", self.words["note"])
            phone.photographed(f"[data-item={name}]", next(self.pictures))
            phone.look_closely("item-fail")
        elif name == "int_first_aid":
            phone.open_item(name)
            phone.look_closely("item-unseen")
            phone.write(f"{name}-reason", self.words["unseen"])
        elif name in {"con_receipt", "act_result"}:
            phone.open_item(name)
            phone.tap("offer-photo", f"[data-item={name}]")
            phone.photographed(
                f"[data-item={name}]", next(self.pictures), source="album"
            )

    def answer_by_kind(self, item):
        """Tap or write what the item's kind wants."""
        phone, name, kind = self.phone, item["id"], item["kind"]
        if kind == "text":
            phone.open_item(name)
            phone.write(f"{name}-value", self.words["pain"])
        elif kind == "choice":
            best = "no" if name == "ovr_exposed" else item["options"][0]["id"]
            phone.answer(name, best)
        else:
            phone.answer(name, VALUES[kind])
        if item["note"] == "always":
            phone.open_item(name)
            phone.write(f"{name}-note", self.words["why"])

    def check_and_send(self):
        """Take one answer's words away, be led back to it, and send."""
        phone = self.phone
        phone.open_item("ovr_return")
        phone.write("ovr_return-note", "")
        phone.go(f"#/v/{phone.document['visit']}/summary")
        phone.at("summary")
        phone.look_closely("summary-gaps")
        expect(self.page.locator("[data-action=send]")).to_have_attribute(
            "aria-disabled", "true"
        )
        gap = self.page.locator("[data-action=gap]")
        expect(gap).to_have_count(1)
        gap.tap()
        phone.at("section")
        expect(phone.card("ovr_return")).to_have_attribute("data-state", "open")
        phone.write("ovr_return-note", self.words["why"])
        phone.tap("summary")
        phone.at("summary")
        phone.look_closely("summary")
        phone.tap("send")
        phone.at("queue")
        eventually(lambda: phone.document["state"] == "final", "it waits to be sent")
        expect(
            self.page.locator("[data-state=sending] [data-part=reason]")
        ).to_be_visible()
        phone.look_closely("queue-waiting")


def photos_of(phone, item):
    return [photo for photo in phone.document["evidence"] if photo.get("item") == item]


def is_unbroken(phone, before):
    """Hold what is stored against what was: a photo is there whole or not at all."""
    document, photos = phone.document, phone.photos
    assert document["answers"] == before["answers"]
    for photo in document["evidence"]:
        assert photos[f"{document['id']}/{photo['sha256']}"] == photo["sha256"]


def is_all_there(server, document, photos):
    """Read the audit back from the server and compare it byte for byte."""
    token = server.flask("token", "create", "hq")

    def fetch(path):
        request = urllib.request.Request(  # noqa: S310
            f"{server.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.read()

    def scored():
        audit = json.loads(fetch(f"audits/{document['id']}"))
        return audit if audit.get("score") else None

    audit = eventually(scored, "the audit has its score")
    assert audit["document"] == document
    assert audit["state"] == "complete"
    assert len(document["evidence"]) == 6
    assert {photo["source"] for photo in document["evidence"]} == {"camera", "album"}
    for photo in document["evidence"]:
        content = fetch(f"evidence/{photo['sha256']}")
        assert len(content) == photo["bytes"]
        assert hashlib.sha256(content).hexdigest() == photo["sha256"]
        assert photos[f"{document['id']}/{photo['sha256']}"] == photo["sha256"]


FORM = """(digest) => new Promise((resolve) => {
  const request = indexedDB.open('field');
  request.onsuccess = () => {
    const database = request.result;
    const found = database.transaction('forms').objectStore('forms').get(digest);
    found.onsuccess = () => { database.close(); resolve(found.result); };
  };
})"""

# the first whole second after a tap, as a watch shows it
NEXT_SECOND = """(at) => {
  const time = Math.ceil((Date.parse(at) + 1) / 1000) * 1000;
  return { time, clock: new Date(time).toTimeString().slice(0, 8) };
}"""
