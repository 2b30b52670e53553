"""What happens on the way: dead servers, lost sign-ins, second phones, full phones."""

import io
import json
import shutil
import urllib.request
import zipfile
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from auditapp.domain.month import month_of
from browser.phone import Phone
from browser.wire import Wire
from live_server import ROOT, LiveServer, eventually

pytestmark = pytest.mark.browser

SMALL_BYTES = 3_000_000
DELIVERED = "[data-record=delivered]"


SOMETHING_ARRIVES = """() => {
  window.held = document.querySelector('[data-action=next]');
  navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: 'news' }));
}"""


def arrived_at(phone):
    """Begin the visit and stand at the door."""
    phone.at("today")
    phone.tap("next")
    phone.tap("begin")
    phone.at("arrive")


def found_closed(phone, pictures):
    """Take photos of a closed hall and hand the visit in."""
    for picture in pictures:
        phone.photographed("main", picture)
    phone.choose("#closed")
    eventually(lambda: phone.document.get("outcome") == "closed", "closed is stored")
    phone.tap("summary")
    phone.at("summary")
    phone.tap("send")
    phone.at("queue")


def hurry(phone):
    """Tap "send now", if the phone has not sent by itself in the meantime."""
    button = "document.querySelector('[data-action=send-now]')"
    phone.page.evaluate(f"() => {button}?.click()")


def read_back(server, path, login="hq"):
    """Fetch JSON from the server with a fresh token of ``login``."""
    token = server.flask("token", "create", login)
    request = urllib.request.Request(  # noqa: S310
        f"{server.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def test_a_server_killed_among_the_photos_gets_each_of_them_once(
    server, wire, new_phone, pictures
):
    phone = new_phone("a02")
    arrived_at(phone)
    wire.is_cut = True
    found_closed(phone, pictures[:4])

    reason = phone.page.locator("[data-state=sending] [data-part=reason]")
    expect(reason).to_contain_text("没有信号")
    kills = []

    def kill_at_the_third(method, path):
        if method == "PUT" and "/evidence/" in path:
            kills.append(path)
            if len(kills) == 3:
                server.kill()
                return False
        return True

    wire.before = kill_at_the_third
    wire.is_cut = False
    phone.tap("send-now")
    eventually(lambda: len(kills) == 3, "the server is killed")
    expect(reason).to_contain_text("没有信号")
    phone.look_closely("queue-broken-off")
    wire.before = None
    server.start()

    def lose_the_answer(method, path):
        if method == "PUT" and "/audits/" in path and not lost:
            lost.append(path)
            return False
        return True

    lost = []
    wire.after = lose_the_answer
    hurry(phone)
    eventually(lambda: lost, "the answer to the document is lost")
    delivered = phone.page.locator(DELIVERED)
    eventually(lambda: hurry(phone) or delivered.count(), "the receipt has come")

    document = phone.document
    stored = wire.made("PUT", "/api/v1/field/evidence/")
    assert [each.status for each in stored].count(201) == 4
    assert len({each.path for each in stored if each.status == 201}) == 4
    # of this month: the company has an earlier audit that an inspection looks back at
    month = month_of(datetime.now(UTC))
    audits = read_back(server, f"audits?month={month}")["audits"]
    assert [audit["id"] for audit in audits] == [document["id"]]
    audit = read_back(server, f"audits/{document['id']}")
    assert audit["document"] == document
    assert sorted(photo["sha256"] for photo in audit["evidence"]) == sorted(
        photo["sha256"] for photo in document["evidence"]
    )


@pytest.mark.usefixtures("shared_server")
def test_a_page_is_not_drawn_anew_under_a_finger(new_phone):
    phone = new_phone("a03")
    phone.at("today")
    box = phone.page.locator("[data-action=next]").bounding_box()
    phone.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.page.mouse.down()
    phone.page.evaluate(SOMETHING_ARRIVES)
    phone.page.wait_for_timeout(500)
    assert phone.page.evaluate("() => window.held.isConnected")
    phone.page.mouse.up()
    expect(phone.page.locator("[data-action=begin]")).to_be_visible()


def test_a_lost_sign_in_keeps_nobody_from_noting(
    shared_server, new_phone, chromium, pictures
):
    phone = new_phone("a03")
    arrived_at(phone)
    sign_out_everywhere(chromium, shared_server, "a03")
    phone.photographed("main", pictures[0])
    phone.page.evaluate("() => dispatchEvent(new Event('online'))")
    phone.choose("#closed")
    eventually(lambda: phone.document.get("outcome") == "closed", "closed is stored")
    phone.tap("summary")
    phone.tap("send")
    phone.at("queue")
    way = phone.page.locator("[data-screen=queue] [data-action=sign-in]")
    expect(way).to_be_visible()
    phone.look_closely("queue-signed-out")
    phone.go("#/today")
    expect(
        phone.page.locator("[data-screen=today] [data-action=sign-in]")
    ).to_be_visible()
    phone.look_closely("today-signed-out")
    assert phone.record["remote"] is None or not phone.record["remote"].get("receipt")

    phone.sign_in("a03")
    phone.go("#/queue")
    expect(phone.page.locator(DELIVERED)).to_be_visible()


def sign_out_everywhere(chromium, server, login):
    """End every sign-in of a person, from another browser."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.url}/sign-in?next=/profile")
    page.fill("[name=login]", login)
    page.fill("[name=password]", "demo")
    page.locator("form:has([name=password]:not([type=hidden])) button").click()
    page.locator("form[action$=everywhere] button").click()
    page.wait_for_url("**/sign-in**")
    context.close()


def test_two_phones_with_one_visit_are_shown_to_each_other(new_phone, pictures):
    one, other = new_phone("a04"), new_phone("a04")
    other.page.context.set_offline(True)
    arrived_at(one)
    arrived_at(other)
    one.photographed("main", pictures[0])
    eventually(lambda: is_mirrored(one), "the draft of one phone is on the server")
    found_closed(other, pictures[1:3])

    other.page.context.set_offline(False)
    expect(other.page.locator("[data-record=conflict]")).to_be_visible()
    other.look_closely("queue-conflict")
    other.tap("conflict")
    screen = other.at("conflict")
    expect(screen.locator("dt:text-is('照片') + dd")).to_have_text(["2", "1"])
    other.look_closely("conflict")
    other.tap("keep-own")
    expect(other.page.locator(DELIVERED)).to_be_visible()
    assert len(other.record["remote"]["evidence"]["received"]) == 2

    one.choose("#today-peak")
    one.go("#/queue")
    expect(one.page.locator("[data-record=conflict]")).to_be_visible()
    one.tap("conflict")
    one.at("conflict")
    expect(one.page.locator("[data-action=keep-own]")).to_have_count(0)
    one.look_closely("conflict-with-delivered")
    one.tap("take-other")
    expect(one.page.locator(DELIVERED)).to_be_visible()
    assert one.document == other.document


def is_mirrored(phone):
    remote = phone.record["remote"]
    return remote and remote["revision"] == phone.document["revision"]


def test_two_pages_of_one_phone_do_not_write_the_same_audit(new_phone):
    phone = new_phone("a05")
    arrived_at(phone)
    visit = phone.document["visit"]
    second = Phone(phone.page.context.new_page(), phone.url, "")
    second.open(f"#/v/{visit}/arrive")
    second.at("elsewhere")
    second.look("elsewhere")
    second.tap("write-here")
    second.at("arrive")
    phone.at("elsewhere")


def test_a_full_phone_says_so_and_the_rescue_file_brings_everything_home(
    shared_server, new_phone, pictures, tmp_path
):
    phone = new_phone()
    resize_storage(phone, SMALL_BYTES)
    phone.sign_in("a06")
    arrived_at(phone)
    phone.photographed("main", pictures[0])
    phone.choose("#today-hot_day")
    eventually(lambda: phone.document["today"] == ["hot_day"], "the heat is stored")
    alarm = phone.page.locator("#broken")
    before = fill_up(phone, pictures, alarm)
    expect(alarm).to_contain_text("手机空间满了")
    phone.look_closely("full")
    assert phone.document == before
    phone.tap("rescue-way", "#broken")
    phone.at("queue")
    with phone.page.expect_download() as saving:
        phone.tap("rescue")
    file = tmp_path / "rescue.zip"
    saving.value.save_as(file)
    with zipfile.ZipFile(file) as rescue:
        assert rescue.testzip() is None
        assert json.loads(rescue.read("audit.json")) == before
        assert len(rescue.namelist()) == 1 + len(before["evidence"])

    another = new_phone("a06")
    another.go("#/queue")
    another.at("queue")
    another.page.locator("[data-action=rescue-in]").set_input_files(file)
    eventually(lambda: another.held("audits"), "the rescue file is taken in")
    assert another.document == before
    assert set(before_hashes(before)) <= set(another.photos.values())

    taken = post_rescue(shared_server, file.read_bytes(), "a06")
    assert taken["id"] == before["id"]
    assert taken["evidence"]["received"] == before_hashes(before)

    resize_storage(phone, None)
    phone.go(f"#/v/{before['visit']}/arrive")
    phone.at("arrive")
    phone.choose("#today-peak")
    eventually(lambda: "peak" in phone.document["today"], "there is room again")
    expect(alarm).to_be_hidden()


def fill_up(phone, pictures, alarm):
    """Take photos until one does not fit; return the document as it was before."""
    for picture in pictures * 3:
        before = phone.document
        phone.photograph("main", picture)
        eventually(
            lambda before=before: alarm.is_visible() or phone.document != before,
            "the photo is stored or refused",
        )
        if alarm.is_visible():
            return before
    pytest.fail("everything fitted")


def resize_storage(phone, quota):
    """Let the browser's storage be ``quota`` bytes large; None: as it is.

    Chromium asks for the room that is left once and counts down from there: a small
    storage has to be small from the beginning.
    """
    phone.protocol = phone.page.context.new_cdp_session(phone.page)
    wish = {"origin": phone.url} | ({} if quota is None else {"quotaSize": quota})
    phone.protocol.send("Storage.overrideQuotaForOrigin", wish)


def before_hashes(document):
    return [photo["sha256"] for photo in document["evidence"]]


def post_rescue(server, content, login):
    token = server.flask("token", "create", login)
    request = urllib.request.Request(  # noqa: S310
        f"{server.url}/api/v1/field/rescue",
        data=io.BytesIO(content).read(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/zip"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def test_a_new_release_waits_until_the_open_audit_is_sent(
    company, tmp_path, new_phone_of, pictures
):
    checkout = tmp_path / "checkout"
    unpacked = shutil.ignore_patterns("*.br", "*.gz")
    for folder in ("auditapp", "static", "templates", "migrations", "checklists"):
        shutil.copytree(ROOT / folder, checkout / folder, ignore=unpacked)
    shutil.copy(ROOT / "wsgi.py", checkout)
    data = tmp_path / "data"
    shutil.copytree(company, data)
    server = LiveServer(data, root=checkout).start()
    wire = Wire(server)
    try:
        phone = new_phone_of(wire, "a07")
        old = release_of(phone)
        arrived_at(phone)
        phone.photographed("main", pictures[0])
        server.stop()
        changed = checkout / "static/js/ui/arrive.js"
        changed.write_text("/* a newer release */\n" + changed.read_text())
        server.start()

        phone.page.evaluate(
            "() => navigator.serviceWorker.getRegistration('/field/')"
            ".then((registration) => registration.update())"
        )
        eventually(lambda: phone.page.evaluate(IS_WAITING), "the new release waits")
        phone.page.reload()
        phone.at("arrive")
        assert release_of(phone) == old
        found_closed(phone, [pictures[1]])
        expect(phone.page.locator(DELIVERED)).to_be_visible()
        assert phone.document["app"] == old
        phone.go("#/today")
        eventually(lambda: now_released(phone) != old, "the new release takes over")
        phone.at("today")
    finally:
        wire.close()
        server.kill()


def release_of(phone):
    return phone.page.locator("html").get_attribute("data-release")


def now_released(phone):
    phone.page.wait_for_load_state()
    return release_of(phone)


IS_WAITING = """() => navigator.serviceWorker.getRegistration('/field/')
  .then((registration) => Boolean(registration?.waiting))"""
