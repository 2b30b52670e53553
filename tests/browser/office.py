"""An installation that a test filled itself, and people who sign in to it."""

from contextlib import contextmanager

from flask_migrate import upgrade
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.settings import Settings
from desk_world import PASSWORD
from live_server import SECRET, LiveServer


@contextmanager
def serving(folder, fill, **environment):
    """Hand out the server of an installation that ``fill(app, session)`` filled."""
    settings = {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"}
    app = create_app(Settings.from_environment(settings))
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        with Session(db.engine, expire_on_commit=False) as session:
            fill(app, session)
            session.commit()
        db.engine.dispose()
    server = LiveServer(folder, **environment).start()
    yield server
    server.kill()


def new_context(chromium, url, width=1440, locale="zh-CN", **options):
    """Return a browser of one person, as narrow as a phone or as wide as a desk."""
    view = {"width": width, "height": 640 if width < 600 else 900}
    return chromium.new_context(viewport=view, locale=locale, base_url=url, **options)


def sign_in(page, login):
    """Sign in on the page; return when the first page is there."""
    page.goto("/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator(".bell")).to_be_visible()  # nobody else has one
    page.wait_for_load_state()  # its scripts listen from then on
