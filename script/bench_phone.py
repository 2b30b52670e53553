"""Measure the auditor's page in headless Chromium, CPU slowed four times."""

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from playwright.sync_api import (  # noqa: E402
    Browser,
    BrowserContext,
    Page,
    sync_playwright,
)

from auditapp.settings import Settings  # noqa: E402
from browser.company import found  # noqa: E402
from browser.machine import CHROMIUM, PHONE, QUIET, draw  # noqa: E402
from browser.phone import Phone  # noqa: E402
from browser.wire import Wire  # noqa: E402
from live_server import SECRET, LiveServer  # noqa: E402

SLOWER = 4
RUNS = 5
PHOTOS = 30
MEGABIT_BYTES = 1_000_000 / 8
# Source: Lighthouse's "slow 4G": 150 ms, 1.6 Mbit/s down, 0.75 Mbit/s up
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * MEGABIT_BYTES,
    "uploadThroughput": 0.75 * MEGABIT_BYTES,
}
# when the place is on the screen, and what blocked the page until then
WATCH = """(() => {
  window.blocked = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.blocked += duration - 50;
  }).observe({ type: 'longtask', buffered: true });
  const watcher = new MutationObserver(() => {
    const place = '.hero a.btn, .items > [data-state=open] input';
    if (!document.querySelector(place)) return;
    watcher.disconnect();
    const now = () => { window.readyAt = performance.now(); };
    requestAnimationFrame(() => setTimeout(now));
  });
  watcher.observe(document, { childList: true, subtree: true });
})()"""
TAP = """async () => {
  const card = document.querySelector('.items > [data-state=open]');
  const { item } = card.dataset;
  const input = card.querySelector('input');
  const place = `.items > [data-item=${item}]`;
  const isStored = () => document.querySelector(place).dataset.answered !== 'todo';
  const from = performance.now();
  input.click();
  const painted = new Promise((done) =>
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - from))));
  const durable = new Promise((done) => {
    const ask = () => isStored() ? done(performance.now() - from) : setTimeout(ask);
    ask();
  });
  return [await painted, await durable];
}"""


def main() -> None:
    """Measure everything on an installation of its own and print it."""
    subprocess.run([sys.executable, ROOT / "script/compile.py"], check=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        environment = {"DATA_DIR": name, "SECRET_KEY": SECRET, "HTTPS": "0"}
        found(Settings.from_environment(environment))
        server = LiveServer(folder).start()
        wire = Wire(server)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            for label, network in (("loopback", None), ("slow 4G", SLOW_4G)):
                measure_first(browser, wire, label, network)
            measure_use(browser, wire, draw(folder / "photo.jpg", 1))
        finally:
            browser.close()
            wire.close()
            server.stop()


def measure_first(
    browser: Browser, wire: Wire, label: str, network: dict[str, Any] | None
) -> None:
    """Print how long a first visit takes that finds nothing on the phone."""
    ready, blocked, weight = [], [], []
    for _ in range(RUNS):
        context = browser.new_context(**PHONE)
        sign_in(context, wire)
        page = context.new_page()
        slow_down(page, network)
        wire.requests.clear()
        page.goto(f"{wire.url}/field/")
        ready.append(ready_at(page))
        page.wait_for_load_state("networkidle")
        blocked.append(page.evaluate("window.blocked"))
        weight.append(sum(request.bytes for request in wire.requests))
        context.close()
    print(
        f"first visit, {label}: ready {middle(ready)} ms, "
        f"blocked {middle(blocked)} ms, "
        f"{statistics.median(weight) / 1024:.0f} KiB with headers"
    )


def measure_use(browser: Browser, wire: Wire, photo: Path) -> None:
    """Print the second visit without network, the taps, and the heap with photos."""
    context = browser.new_context(**PHONE)
    phone = Phone(context.new_page(), wire.url)
    phone.sign_in("a08")
    phone.tap("next")
    phone.tap("begin")
    phone.at("arrive")
    section = f"#/v/{phone.document['visit']}/section/interior"
    context.set_offline(True)
    phone.page.goto("about:blank")  # one page at a time writes an audit
    ready = []
    for _ in range(RUNS):
        page = context.new_page()
        slow_down(page, None)
        page.goto(f"{wire.url}/field/{section}")
        ready.append(ready_at(page))
        page.close()
    print(f"second visit, no network: section ready {middle(ready)} ms")
    measure_taps(phone, section)
    measure_heap(phone, photo)
    context.close()


def measure_taps(phone: Phone, section: str) -> None:
    """Print how long a tap takes to be seen, and to be on the disk."""
    phone.open(section)
    phone.at("section")
    slow_down(phone.page, None)
    taps = [phone.page.evaluate(TAP) for _ in range(12)]
    painted, durable = zip(*taps, strict=True)
    print(f"tap: painted {middle(painted)} ms (at most {max(painted):.0f}), ", end="")
    print(f"durable {middle(durable)} ms (at most {max(durable):.0f})")


def measure_heap(phone: Phone, photo: Path) -> None:
    """Print the heap of the page with many photos stored."""
    protocol = phone.page.context.new_cdp_session(phone.page)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    phone.go(f"#/v/{phone.document['visit']}/arrive")
    phone.at("arrive")
    for index in range(PHOTOS):
        phone.photographed("main", draw(photo, index))
    protocol.send("HeapProfiler.collectGarbage")
    used = protocol.send("Runtime.getHeapUsage")["usedSize"]
    print(f"heap with {PHOTOS} photos stored: {used / 1_048_576:.1f} MiB")


def sign_in(context: BrowserContext, wire: Wire) -> None:
    """Sign in without opening the app."""
    page = context.new_page()
    page.goto(f"{wire.url}/sign-in?next=/sign-out")
    page.fill("[name=login]", "a08")
    page.fill("[name=password]", "demo")
    page.locator("form:has([name=password]:not([type=hidden])) button").click()
    page.wait_for_url("**/sign-out")
    page.close()


def slow_down(page: Page, network: dict[str, Any] | None) -> None:
    """Slow the processor down, and the network when one is named."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    if network:
        protocol.send("Network.enable")
        protocol.send("Network.emulateNetworkConditions", network)
    page.add_init_script(WATCH)


def ready_at(page: Page) -> float:
    """Return the milliseconds until the page could be used."""
    page.wait_for_function("() => window.readyAt > 0")
    return float(page.evaluate("window.readyAt"))


def middle(values: Sequence[float]) -> int:
    """Return the median as a whole number."""
    return round(statistics.median(values))


if __name__ == "__main__":
    if not shutil.which("chromium"):
        sys.exit("Chromium is not installed: script/setup --dev")
    main()
