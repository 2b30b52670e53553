"""One audit from its arrival to the corrected month, by everybody whose work it is."""

import sqlite3
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from auditapp.domain.month import later, month_of
from browser.test_desk_review import ACCEPT, QUESTION, Desk, reply_on_phone, send_audit
from live_server import eventually

pytestmark = pytest.mark.browser

HALL_OWNS = "ent_triage"
HALL_OWNS_SAYS = "Staff asked what I came for"
LAST_MONTH = later(month_of(datetime.now(UTC)), -1)
DONE = ".job .sign[data-state='good']"


@pytest.fixture
def last_months_audit(server, pictures):
    """Return an audit that a phone has just sent, of a visit of last month.

    Only a month that is over can be released and closed.
    """
    photo = pictures[0].read_bytes()
    audit_id = send_audit(server, "a02", photo, [HALL_OWNS])
    with sqlite3.connect(server.environment["DATA_DIR"] + "/auditapp.db") as database:
        database.execute(
            "UPDATE visits SET month = ? WHERE visit_id ="
            " (SELECT visit_id FROM audits WHERE audit_id = ?)",
            (LAST_MONTH, audit_id.replace("-", "")),
        )
    return audit_id


def test_one_audit_goes_through_every_hand(
    server, chromium, new_phone, last_months_audit, pictures
):
    region = Desk(chromium, server.url, "rm_east")
    look_first(Desk(chromium, server.url, "agency", "en-GB"), last_months_audit)
    review(region, new_phone, last_months_audit)
    headquarters = Desk(chromium, server.url, "hq")
    release(headquarters)
    close(headquarters)
    hall = Desk(chromium, server.url, "hall_sx03", "en-GB")
    put_right(hall, region, pictures[1])
    appeal(hall)
    decide(headquarters)
    correct(headquarters)
    read_corrected(hall)


def look_first(desk, audit_id):
    """Take the agency's look by keyboard: an item, the next one, pass it on."""
    desk.open_audit(audit_id)
    desk.look("life-0-first-look")
    here = desk.page.url
    desk.page.keyboard.press("j")
    expect(desk.page).not_to_have_url(here)
    desk.page.wait_for_load_state()  # keys mean nothing before the page's script ran
    desk.page.keyboard.press("f")
    expect(desk.page.locator(".flash").first).to_contain_text("The region decides")


def review(desk, new_phone, audit_id):
    """Return the audit, have it answered, accept it."""
    desk.open_audit(audit_id)
    desk.ask("int_water", QUESTION)
    reply_on_phone(new_phone("a02"))
    desk.confirm_causes(audit_id)
    desk.page.locator(ACCEPT).click()
    expect(desk.page.locator("form[action$='/reopen']")).to_be_visible()
    desk.page.goto(f"{desk.url}/actions")
    expect(desk.page.get_by_role("row").filter(has_text="主动问清来意")).to_be_visible()
    desk.look("life-1-actions-of-the-region")


def release(desk):
    """Show the month to its halls."""
    desk.page.goto(f"{desk.url}/months/{LAST_MONTH}/closing")
    desk.look("life-2-before-the-release")
    desk.page.locator("form[action$='/release'] button").click()
    expect(desk.page.locator(".flash").first).to_contain_text("1份结果")


def close(desk):
    """Close the month and wait for the job."""
    desk.page.goto(f"{desk.url}/months/{LAST_MONTH}/closing")
    desk.page.locator("form[action$='/close'] button").click()
    expect(desk.page.locator(DONE)).to_be_visible(timeout=60_000)
    desk.page.goto(f"{desk.url}/months/{LAST_MONTH}/closing")
    expect(desk.page.locator("form[action$='/reopen']")).to_be_visible()


def put_right(hall, region, photo):
    """Let the hall prove it, the region push it back once and then approve."""
    hall.page.goto(f"{hall.url}/")
    hall.look("life-3-first-page-of-the-hall")
    hall.page.goto(f"{hall.url}/actions")
    hall.page.get_by_role("link", name=HALL_OWNS_SAYS).click()
    address = hall.page.url
    for words, step in (
        ("On the rota now.", "push_back"),
        ("Signed daily.", "approve"),
    ):
        hall.page.goto(address)
        form = hall.page.locator("form[action$='/proof']")
        form.locator("textarea").fill(words)
        form.locator("[name=photos]").set_input_files(photo)
        form.locator("button").click()
        expect(hall.page.locator(".flash").first).to_contain_text("Your proof is sent")
        region.page.goto(address)
        region.look(f"life-4-{step}")
        form = region.page.locator(f"form[action$='/{step}']")
        form.locator("textarea").fill("看过了。")
        form.locator("button").click()
        expect(region.page.locator(f"form[action$='/{step}']")).to_have_count(0)
    hall.page.goto(address)
    hall.look("life-5-action-of-the-hall")


def appeal(hall):
    """Read what was lost and object to one item."""
    hall.page.goto(f"{hall.url}/visits")
    hall.page.locator("a[href^='/results/']").first.click()
    hall.look("life-6-result")
    hall.page.locator(f"a[href$='/appeals/{HALL_OWNS}']").click()
    hall.page.fill("[name=reason]", "The guide stood at the door; see the rota.")
    hall.page.locator("form[enctype] button[type=submit]").click()
    expect(hall.page.locator(".flash").first).to_be_visible()


def decide(desk):
    """Overturn the item."""
    desk.page.goto(f"{desk.url}/appeals")
    desk.page.locator("a[href^='/appeals/']").filter(has_not_text="%").last.click()
    desk.look("life-7-appeal")
    desk.page.select_option("[name=state]", "overturned")
    desk.page.select_option("[name=value]", "yes")
    desk.page.fill("#reason", "排班表证明引导员在岗。")
    desk.page.locator("form[action$='/decision'] button").click()
    expect(desk.page.locator("#decision-heading")).to_be_visible()


def correct(desk):
    """Reopen the month, close it again and read what the second ledger changed."""
    desk.page.goto(f"{desk.url}/months/{LAST_MONTH}/closing")
    desk.page.fill("[name=reason]", "申诉成立")
    desk.page.locator("form[action$='/reopen'] button").click()
    close(desk)
    desk.page.goto(f"{desk.url}/months/{LAST_MONTH}/ledgers/2")
    expect(desk.page.locator("main")).to_contain_text("越桥")
    desk.look("life-8-second-ledger")


def read_corrected(hall):
    """Find the appeal won and the action withdrawn."""
    hall.page.goto(f"{hall.url}/appeals")
    expect(hall.page.locator("main")).to_contain_text("Overturned")

    def is_withdrawn():
        hall.page.goto(f"{hall.url}/actions?which=over")
        return hall.page.locator("main").get_by_text("Withdrawn").count()

    eventually(is_withdrawn, "the action is withdrawn")
    hall.page.goto(f"{hall.url}/halls/SX03/months/{LAST_MONTH}")
    hall.look("life-9-month-of-the-hall")
    assert hall.print_report().startswith(b"%PDF-")
    hall.page.goto(f"{hall.url}/notifications")
    hall.look("life-10-what-the-hall-was-told")
