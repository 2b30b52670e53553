"""In a real browser: a work card from its writing to all halls; being told by push."""

import json

from playwright.sync_api import expect

from browser.soundness import faults_of
from browser.test_desk import desk, open_desk  # noqa: F401

CARD = "/work-cards/plan_change"
STEPS = ("先看三个月用量", "把生效日期写在纸上", "请客户自己复述一遍")


def test_a_card_is_tried_in_some_halls_read_there_and_taken_over(open_desk):  # noqa: F811
    page = open_desk("hq")
    page.goto(f"{CARD}/write")
    page.fill("#title", "换套餐：先看用量")
    for place, step in enumerate(STEPS):
        page.locator("[name=words]").nth(place).fill(step)
    page.locator("summary", has_text="先在部分厅试点").click()
    page.fill("#pilot-halls", "BD01 BD02")
    page.click("button:has-text('开始试点')")
    expect(page.locator("#halls-error")).to_contain_text("试点要有3到200个厅")
    expect(page.locator("#pilot-expected-error, #expected-error")).to_be_visible()
    assert page.locator("[name=words]").first.input_value() == STEPS[0]
    assert faults_of(page) == []

    page.fill("#pilot-halls", "BD01 BD02 SX01")
    page.fill("#pilot-expected", "客户更清楚什么时候生效")
    page.click("button:has-text('开始试点')")
    expect(page.locator("h1")).to_contain_text("试点：换套餐")
    trial = page.url
    assert faults_of(page) == []

    hall = open_desk("hall_bd01", 360)
    hall.goto("/work-cards")
    hall.click("main a:has-text('换套餐：先看用量')")
    expect(hall.locator("main")).to_contain_text("先试用这一版")
    hall.click("button:has-text('全厅一起读过')")
    expect(hall.locator("main")).to_contain_text("你们厅已读")
    assert faults_of(hall) == []

    page.goto(trial)
    page.fill("#reason", "三个厅都更清楚了")
    page.click("button:has-text('推广到所有厅')")
    expect(page.locator("main")).to_contain_text("已推广到所有厅")
    page.goto(CARD)
    expect(page.locator("main")).not_to_contain_text("试点厅恢复")
    assert faults_of(page) == []


def test_a_browser_shows_what_it_is_told_while_no_page_is_open(open_desk, desk):  # noqa: F811
    page = open_desk("rm_north", 360)
    page.context.grant_permissions(["notifications"], origin=desk[0])
    page.goto("/notifications")
    session = page.context.new_cdp_session(page)
    seen = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: seen.extend(event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.evaluate(
        """async () => {
          const made = await navigator.serviceWorker.register(
            '/notifications/worker.js', { scope: '/notifications/' });
          while (!made.active) await new Promise((done) => setTimeout(done, 50));
        }"""
    )
    registration = next(each for each in seen if "/notifications/" in each["scopeURL"])
    told = {"title": "Auditapp", "body": "BD01标准厅要整改：门口", "url": "/actions"}
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": desk[0],
            "registrationId": registration["registrationId"],
            "data": json.dumps(told),
        },
    )

    shown = page.evaluate(
        """async () => {
          const held = await navigator.serviceWorker.getRegistration('/notifications/');
          for (let count = 0; count < 100; count += 1) {
            const [one] = await held.getNotifications();
            if (one) return [one.title, one.body, one.data.url];
            await new Promise((done) => setTimeout(done, 50));
          }
          return [];
        }"""
    )
    assert shown == [told["title"], told["body"], told["url"]]


def test_without_a_message_service_the_page_says_so_and_nothing_is_kept(
    open_desk,  # noqa: F811
    desk,  # noqa: F811
):
    page = open_desk("rm_north", 360)
    page.goto("/notifications")
    page.locator("summary", has_text="在这个浏览器里").click()
    button = page.locator("form[data-push] button")
    button.click()
    expect(page.locator("[data-when=none]")).to_be_visible()
    assert faults_of(page) == []
    page.check("form[data-push] input[value=actions]")
    page.context.grant_permissions(["notifications"], origin=desk[0])
    button.click()
    expect(page.locator("[data-when=failed]")).to_be_visible()
    page.reload()
    expect(page.locator("form[action*='/forget']")).to_have_count(0)
