"""The browser killed at any moment: what it showed as stored is there afterwards."""

import os
import random

import pytest

pytestmark = pytest.mark.browser

KILLS = int(os.environ.get("KILLS", "8"))  # 30 kills take a minute and a half
SIGNS = {"yes": "good", "no": "bad", "could_not_observe": "unsure"}

# answer one item after another as fast as the page stores them; return what the page
# shows as stored at the moment when one more answer has been tapped
TICK = """async ([items, value, count]) => {
  const card = (item) => document.querySelector(`.items > [data-item=${item}]`);
  const tap = (item) => {
    card(item).querySelector('[data-action=open]')?.click();
    card(item).querySelector(`input[value=${value}]`).click();
  };
  const sign = { yes: 'good', no: 'bad', could_not_observe: 'unsure' }[value];
  const stored = (item) => new Promise((resolve, reject) => {
    const end = performance.now() + 30000;  // a promise that hangs hangs the test
    const isStored = () => card(item).dataset.answered === sign;
    const isLate = () => performance.now() > end;
    const next = () => isLate() ? reject(new Error(`${item} is not stored`)) : look();
    const look = () => isStored() ? resolve() : setTimeout(next);
    look();
  });
  for (const item of items.slice(0, count)) {
    tap(item);
    await stored(item);
  }
  tap(items[count]);
  return Object.fromEntries([...document.querySelectorAll('.items > [data-item]')]
    .map(({ dataset }) => [dataset.item, dataset.answered]));
}"""


def test_nothing_that_was_shown_as_stored_is_missing_after_a_kill(mortal_phone):
    chance = random.Random(2026)
    phone = mortal_phone
    phone.sign_in("a12")
    phone.tap("next")
    phone.tap("begin")
    phone.at("arrive")
    address = f"#/v/{phone.document['visit']}/section/interior"
    phone.go(address)
    phone.at("section")
    items = [
        card.get_attribute("data-item")
        for card in phone.page.locator(".items > *").all()
    ]
    for _ in range(KILLS):
        chance.shuffle(items)
        value, count = chance.choice(list(SIGNS)), chance.randint(0, 3)
        shown = phone.page.evaluate(TICK, [items, value, count])
        phone.page.wait_for_timeout(chance.random() * 12)  # of the last tap's way
        phone.kill()
        phone.switch_on(offline=True)
        phone.open(address)
        phone.at("section")
        answers = phone.document["answers"]
        stored = {item: SIGNS[each["value"]] for item, each in answers.items()}
        missing = {
            item: sign
            for item, sign in shown.items()
            if sign in SIGNS.values()
            and stored.get(item) != sign
            and item != items[count]
        }
        assert not missing
    assert phone.document["revision"] > KILLS
