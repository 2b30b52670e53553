"""A real browser on a real installation with demo data."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from live_server import LiveServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory):
    """Return a data folder with the small demo, made once and copied per server."""
    folder = tmp_path_factory.mktemp("demo")
    installation = LiveServer(folder)
    installation.flask("db", "upgrade")
    installation.flask("demo", "--quick")
    return folder


@pytest.fixture
def server(demo_data, tmp_path):
    """Return a running installation of this test alone."""
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    running = LiveServer(folder).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()
