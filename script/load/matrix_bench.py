"""Measures whether the tier matrix stays fluid: long tasks on taps, CPU slowed.

Opens the demo's (or any) server's matrix in Chromium with the processor slowed four
times, taps cells all over it, and prints the longest task of each tap in milliseconds.
"""

import argparse
import sys
from statistics import median

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
TAPS = 24
SLOWED = 4
LONG_MS = 50
WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
  }).observe({ entryTypes: ['longtask'] });
}"""


def main() -> int:
    """Tap and print; 1 when a tap had a task longer than 50 ms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="http://127.0.0.1:8000 of a running demo")
    parser.add_argument("--login", default="hq")
    parser.add_argument("--password", default="demo")
    wanted = parser.parse_args()
    longest: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for width in (1440, 360):
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.goto(f"{wanted.url}/sign-in")
            page.fill("[name=login]", wanted.login)
            page.fill("[name=password]", wanted.password)
            page.click("main form button")
            page.goto(f"{wanted.url}/standards/telecom_hall_mystery/matrix")
            found = taps(page)
            cells = page.locator("a.cell-link").count()
            print(
                f"{width} px, {cells} cells, {len(found)} taps, CPU slowed {SLOWED}"
                f" times: longest task {max(found):.0f} ms, median {median(found):.0f}"
                f" ms (0: none of {LONG_MS} ms or more)"
            )
            longest += found
            page.close()
        browser.close()
    return 1 if max(longest) > LONG_MS else 0


def taps(page: Page) -> list[float]:
    """Tap cells spread over the matrix; return the longest task after each."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    cells = page.locator("a.cell-link")
    count, found = cells.count(), []
    for number in range(TAPS):
        cell = cells.nth(number * count // TAPS)
        cell.scroll_into_view_if_needed()
        page.wait_for_timeout(400)
        page.evaluate("() => { window.longTasks.length = 0; }")
        cell.evaluate("(link) => link.click()")
        page.wait_for_timeout(900)
        found.append(max(page.evaluate("() => window.longTasks"), default=0.0))
    return found


if __name__ == "__main__":
    sys.exit(main())
