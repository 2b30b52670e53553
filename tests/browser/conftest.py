"""A real browser on a real installation of a small company."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from secrets import token_hex
from threading import Timer

import pytest
from playwright.sync_api import Error, expect, sync_playwright
from sqlalchemy import create_engine, text

from auditapp.settings import Settings
from browser.company import found
from browser.machine import CHROMIUM, PHONE, QUIET, draw, process_with
from browser.office import new_context, sign_in
from browser.phone import Phone
from browser.wire import Wire
from conftest import POSTGRESQL_URL
from live_server import ROOT, SECRET, LiveServer

PATIENCE_MS = 30_000  # two cores, several browsers
TEST_SECONDS = 240  # less than pyproject's faulthandler_timeout
MARK = f"--auditapp-tests-of={os.getpid()}"

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    """Return a data folder with the company, made once and copied per server."""
    subprocess.run([sys.executable, ROOT / "script/compile.py"], check=True)
    folder = tmp_path_factory.mktemp("company")
    environment = {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"}
    found(Settings.from_environment(environment))
    return folder


@pytest.fixture(scope="session")
def shared_server(company, tmp_path_factory):
    """Return a running installation for tests that only use it."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(company, folder)
    running = LiveServer(folder).start()
    yield running
    running.kill()


@pytest.fixture
def server(company, tmp_path):
    """Return a running installation of this test alone, which it may kill."""
    folder = tmp_path / "data"
    shutil.copytree(company, folder)
    running = LiveServer(folder).start()
    yield running
    running.kill()


@pytest.fixture
def database(request, company, tmp_path):
    """Return the data folder and the settings of one kind of database."""
    folder = tmp_path / "data"
    if request.param == "sqlite":
        shutil.copytree(company, folder)
        yield folder, {}
        return
    if not POSTGRESQL_URL:
        pytest.skip("TEST_POSTGRESQL_URL is not set (script/test sets it)")
    folder.mkdir()
    name = f"browser_{token_hex(6)}"
    server = create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.url.set(database=name).render_as_string(hide_password=False)
    environment = {"DATABASE_URL": url}
    found(
        Settings.from_environment(
            {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"} | environment
        )
    )
    yield folder, environment
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def wire(request):
    """Return the wire to the server that the test names, else to the shared one."""
    is_own = "server" in request.fixturenames
    wire = Wire(request.getfixturevalue("server" if is_own else "shared_server"))
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def new_browser(playwright):
    """Return a function that starts a browser, which ends with this process's tests."""
    running = []

    def start():
        launch = playwright.chromium.launch
        running.append(launch(executable_path=CHROMIUM, args=[*QUIET, MARK]))
        return running[-1]

    yield start
    for browser in running:
        browser.close()


@pytest.fixture(scope="session")
def browsers(new_browser):
    """Return the browser of this process, in a list: one that hung is replaced."""
    return [new_browser()]


@pytest.fixture
def chromium(new_browser, browsers):
    """Return the browser; it is killed when it hangs: the test fails and says where.

    Neither a script that is evaluated nor a page that is closed has a time limit.
    """
    if not browsers[0].is_connected():
        browsers[:] = [new_browser()]
    watch = Timer(TEST_SECONDS, lambda: os.kill(process_with(MARK), signal.SIGKILL))
    watch.start()
    yield browsers[0]
    watch.cancel()


@pytest.fixture
def new_desk(chromium):
    """Return a function that signs somebody in somewhere and hands out the page."""
    contexts = []

    def make(url, login, width=1440, **options):
        contexts.append(new_context(chromium, url, width, **options))
        page = contexts[-1].new_page()
        sign_in(page, login)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def new_phone_of(chromium, request):
    """Return a function that hands out phones on a wire, with nothing on them."""
    contexts = []

    def make(wire, login=None):
        contexts.append(chromium.new_context(**PHONE))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        name = request.node.name.removeprefix("test_").split("_")[:4]
        phone = Phone(contexts[-1].new_page(), wire.url, "-".join(name) + "-")
        if login:
            phone.sign_in(login)
        return phone

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def new_phone(new_phone_of, wire):
    """Return a function that hands out phones on this test's wire."""
    return lambda login=None: new_phone_of(wire, login)


class MortalPhone(Phone):
    """A phone whose browser can be killed; what it has stored stays."""

    def __init__(self, playwright, folder, url, name):
        self.chromium = playwright.chromium
        self.folder = folder
        self.cookies = []
        super().__init__(None, url, name)
        self.switch_on()

    def switch_on(self, *, offline=False):
        """Start the browser on the same storage."""
        self.context = self.chromium.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            args=QUIET,
            offline=offline,
            **PHONE,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_cookies(self.cookies)
        self.page = self.context.pages[0]

    def kill(self):
        """End every process of this browser with SIGKILL.

        Chromium writes cookies to the disk every 30 seconds only; here they were. A
        close instead of a wait would have no end while one of its children lives.
        """
        self.cookies = self.context.cookies()
        first = process_with(f"--user-data-dir={self.folder}")
        os.killpg(os.getpgid(first), signal.SIGKILL)
        with suppress(Error):  # it may be noticed before
            self.context.wait_for_event("close", timeout=PATIENCE_MS)


@pytest.fixture
def mortal_phone(playwright, tmp_path, wire, request):
    """Return a phone of its own browser process."""
    phone = MortalPhone(
        playwright, tmp_path / "phone", wire.url, f"{request.node.name}-"
    )
    yield phone
    with suppress(Error):
        phone.context.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Return six photos, as different as those of a hall, larger than is kept."""
    folder = tmp_path_factory.mktemp("pictures")
    return [draw(folder / f"{index}.jpg", index) for index in range(8)]
