"""A customer answers by link and by text; both are in the month within a minute."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Thread

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.jobs.runner import Runner
from auditapp.store.customers import TransactionRow
from auditapp.store.messages import InvitationRow
from auditapp.store.months import MonthScoreRow
from auditapp.store.tables import metadata
from browser.machine import PHONE
from browser.soundness import faults_of
from conftest import make_settings
from desk_world import make_world
from feedback_world import NUMBER, Feedback, publish_messages
from live_server import SECRET

pytestmark = pytest.mark.browser

OTHER = "13900001234"
LARGEST_BYTES = 15_000


@pytest.fixture
def hall(tmp_path):
    """Return an application that is served, its address and one customer's token."""
    app = create_app(make_settings(tmp_path, secret_key=SECRET))
    metadata.create_all(create_engine(app.config["SQLALCHEMY_DATABASE_URI"]))
    now = datetime.now(UTC)
    noon = now.replace(hour=4, minute=0) - timedelta(days=1)
    with app.app_context(), Session(db.engine) as session:
        make_world(session)
        publish_messages(session)
        feedback = Feedback(app)
        for key, phone in (("a", NUMBER), ("b", OTHER)):
            feedback.finish(key, phone=phone, at=noon)
        feedback.send(noon + timedelta(minutes=6))
        session.rollback()
        session.execute(
            update(InvitationRow).values(expires_at=now + timedelta(hours=1))
        )
        session.commit()
        first = session.scalars(
            select(InvitationRow.invitation_id)
            .join(TransactionRow)
            .where(TransactionRow.source_key == "a")
        ).one()
    token = app.extensions["personal_links"].token_of(first)
    server = make_server("127.0.0.1", 0, with_whole_bodies(app), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield app, f"http://127.0.0.1:{server.server_port}", token
    server.shutdown()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def with_whole_bodies(app):
    """Hand bodies over as gunicorn does: they end where they say."""

    def serve(environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        return app(environ, start_response)

    return serve


def feedbacks_in_the_month(app):
    """Do what waits, as a worker does, and count what the halls' months hold."""
    Runner(app).run_due()
    with app.app_context(), Session(db.engine) as session:
        return session.scalar(select(func.sum(MonthScoreRow.feedbacks)))


def test_a_customer_answers_by_link_and_another_by_text(chromium, hall):
    app, url, token = hall
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright marks its handlers)
    page.goto(f"{url}/f/{token}", wait_until="networkidle")
    assert 5_000 < sum(len(each.body()) for each in answers) < LARGEST_BYTES
    looked = [look(page, "1-question")]
    page.get_by_role("link", name="English").click()
    looked.append(look(page, "2-question-en"))
    page.get_by_role("button", name="3", exact=True).click()
    expect(page.get_by_text("You gave 3 of 10")).to_be_visible()
    looked.append(look(page, "3-reason-en"))
    page.get_by_label("Long wait").check()
    page.get_by_label("In your own words").fill("One counter for everybody.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    looked.append(look(page, "4-thanks-en"))
    page.goto(f"{url}/f/{token}?lang=zh")
    looked.append(look(page, "5-gone"))
    context.close()
    assert looked == [[]] * len(looked)
    assert feedbacks_in_the_month(app) == 1

    reply = app.test_cli_runner().invoke(args=["feedback", "reply", "9"], input=OTHER)
    assert reply.output == "answer\n"
    assert feedbacks_in_the_month(app) == 2


def look(page, name):
    """Keep a picture; return what scrolls sideways and what axe-core finds wrong."""
    folder = ROOT / "var/looks"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"feedback-{name}.png", full_page=True)
    return faults_of(page)
