"""An auditor's phone: what a thumb can do on it, and what it has stored."""

import os
import re
from pathlib import Path

from playwright.sync_api import expect

from browser.company import PASSWORD
from browser.soundness import AXE
from live_server import ROOT, eventually

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", ROOT / "var" / "screenshots"))
THUMB_PX = 56

# what the phone's own database holds of one store: [keys, values]
HELD = """(name) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('field');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    const transaction = database.transaction(name);
    const keys = transaction.objectStore(name).getAllKeys();
    const values = transaction.objectStore(name).getAll();
    transaction.onerror = () => reject(transaction.error);
    transaction.oncomplete = () => {
      database.close();
      resolve([keys.result, values.result]);
    };
  };
})"""
# the same with values of bytes as their SHA-256
HASHED = """async () => {
  const [keys, values] = await (HELD)('photos');
  const two = (byte) => byte.toString(16).padStart(2, '0');
  const hex = (bytes) => Array.from(bytes, two);
  const hash = (each) => crypto.subtle.digest('SHA-256', each);
  const hashes = await Promise.all(values.map(hash));
  const words = hashes.map((each) => hex(new Uint8Array(each)).join(''));
  return Object.fromEntries(keys.map((key, index) => [key, words[index]]));
}""".replace("HELD", HELD)

# a promise that hangs would hang the test: this is asked again and again instead
IS_INSTALLED = "() => Boolean(navigator.serviceWorker.controller)"

MEASURE = """(thumb) => {
  const root = document.documentElement;
  const wide = [...document.querySelectorAll('body *')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && !element.closest('.sr') && box.right > root.clientWidth + 1;
  });
  const big = [...document.querySelectorAll('.foot a, .foot button, .btn.primary')];
  const small = big.filter((element) => {
    const { height, width } = element.getBoundingClientRect();
    return height > 0 && (height < thumb || width < thumb);
  });
  const name = ({ tagName, className, textContent }) =>
    `${tagName} ${className} ${textContent}`;
  return {
    overflow: root.scrollWidth - root.clientWidth,
    wide: wide.map(name),
    small: small.map(name),
    title: document.title,
    text: document.body.innerText,
  };
}"""

UNKNOWN_WORD = re.compile(r"(?<![\w./@-])[a-z]{2,}\.[a-z]+_?[a-z]+(?![\w.])")
BRAND = re.compile(r"澜桥|Lanqiao|暗访|[Mm]ystery|[Aa]udit|神秘|考核|督导|检查表")


class Phone:
    """A page of the auditor's app, seen as its user sees it."""

    def __init__(self, page, url, name=""):
        self.page = page
        self.url = url
        self.name = name  # of its screenshots
        self.language = "zh"
        self.looks = 0

    # ways

    def sign_in(self, login):
        """Sign in, and wait until the visits are stored and the shell works offline."""
        self.page.goto(f"{self.url}/sign-in?next=/field/")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("form:has([name=password]:not([type=hidden])) button").click()
        self.at("today")
        expect(self.page.locator("header .chip[data-state=good]")).to_be_visible()
        self.page.wait_for_function(IS_INSTALLED)

    def open(self, where=""):
        """Open the app by its address, as from the home screen."""
        self.page.goto(f"{self.url}/field/{where}")

    def at(self, screen):
        """Wait for a screen and return it."""
        main = self.page.locator(f"main[data-screen={screen}]")
        expect(main).to_be_visible()
        return main

    def go(self, where):
        """Go to another screen by its address."""
        self.page.evaluate("(hash) => { location.hash = hash; }", where)

    def tap(self, action, inside=""):
        """Tap what does ``action``, within ``inside`` when it is named."""
        self.page.locator(f"{inside} [data-action={action}]").first.tap()

    def speak(self, language):
        """Change the language on the page "mine"."""
        self.go("#/me")
        self.choose("#language-" + language)
        heading = {"zh": "我的", "en": "Mine"}[language]
        expect(self.page.locator("header h1")).to_have_text(heading)
        self.language = language

    def choose(self, selector):
        """Tap a radio button or a box; it lies unseen over its face."""
        self.page.locator(selector).tap()

    # answers

    def card(self, item):
        """Return the card of an item."""
        return self.page.locator(f".items > [data-item={item}]")

    def open_item(self, item):
        """Open an item's card, if it is not open."""
        card = self.card(item)
        if card.get_attribute("data-state") != "open":
            card.locator("[data-action=open]").tap()
            expect(card).to_have_attribute("data-state", "open")
        return card

    def answer(self, item, value):
        """Tap an answer; return when the page says that it is stored."""
        self.open_item(item)
        self.choose(f"[id={item}-{value}]")
        expect(self.card(item)).not_to_have_attribute("data-answered", "todo")

    def write(self, field, text):
        """Write into a field; return when it is stored."""
        self.page.locator(f"[id={field}]").fill(text)
        self.page.locator(f"[id={field}]").blur()
        item, part = field.rsplit("-", 1)
        eventually(
            lambda: self.document["answers"].get(item, {}).get(part, "") == text,
            f"{field} is stored",
        )

    def photograph(self, inside, path, source="camera"):
        """Take a picture: tap, and choose ``path`` from the camera."""
        with self.page.expect_file_chooser() as chooser:
            self.page.locator(f"{inside} label:has([data-action={source}])").first.tap()
        chooser.value.set_files(path)

    def photographed(self, inside, path, source="camera"):
        """Take a picture and wait until it is stored."""
        before = len(self.document["evidence"])
        self.photograph(inside, path, source)
        eventually(
            lambda: len(self.document["evidence"]) == before + 1, "the photo is stored"
        )

    # what is stored

    def held(self, store):
        """Return the values of one store of the phone's database."""
        return self.page.evaluate(HELD, store)[1]

    @property
    def photos(self):
        """Return the hashes of the photos that are stored, by their keys."""
        return self.page.evaluate(HASHED)

    @property
    def record(self):
        """Return the newest audit's record."""
        return self.held("audits")[-1]

    @property
    def document(self):
        """Return the newest audit's document."""
        return self.record["document"]

    # looking

    def look(self, name):
        """Keep a screenshot, and hold the screen against the house rules."""
        found = self.page.evaluate(MEASURE, THUMB_PX)
        folder = SCREENSHOTS / self.language
        folder.mkdir(parents=True, exist_ok=True)
        self.looks += 1
        self.page.screenshot(path=folder / f"{self.name}{self.looks:02d}-{name}.png")
        assert found["overflow"] <= 0, f"{name} scrolls sideways: {found['wide']}"
        assert not found["small"], f"{name}: too small for a thumb: {found['small']}"
        assert found["title"] in {"记事", "Notes"}, found["title"]
        unknown = UNKNOWN_WORD.findall(found["text"])
        assert not unknown, f"{name}: words without a translation: {unknown}"

    def look_closely(self, name, **options):
        """Look, and let axe-core find what somebody could not see or reach."""
        self.look(name)
        assert self.barriers(**options) == [], name

    def barriers(self, **options):
        """Return what axe-core finds wrong with the screen, in a line each."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate("(options) => axe.run(document, options)", options)
        return [
            f"{rule['id']}: {node['target']} {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
