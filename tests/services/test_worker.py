"""Real workers, killed in the middle of their work: each job has its one effect."""

import hashlib
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from socket import socket

import pytest
from PIL import Image
from sqlalchemy import func, select

from auditapp.extensions import unit_of_work
from auditapp.factory import create_app
from auditapp.gateways.storage import photo_key
from auditapp.services.jobs import request_job
from auditapp.store.audits import PhotoRow
from auditapp.store.work import JobRow
from live_worker import wait_for, worker

PHOTOS = 6
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def send_photos(app, tmp_path):
    """Store photos large enough to be caught while they are decoded."""
    for number in range(PHOTOS):
        path = tmp_path / f"{number}.png"
        Image.effect_noise((2400, 1800), 20 + number).save(path)
        photo = path.read_bytes()
        sha256 = hashlib.sha256(photo).hexdigest()
        app.extensions["storage"].put(photo_key(sha256), photo)
        with app.app_context(), unit_of_work() as session:
            session.add(
                PhotoRow(
                    sha256=sha256,
                    size_bytes=len(photo),
                    media_type="image/png",
                    stored_at=NOW,
                )
            )
            request_job(session, "photo.check", sha256, now=NOW)


def counts(session):
    """Return how many jobs there are of each kind and state."""
    session.rollback()
    rows = session.execute(
        select(JobRow.kind, JobRow.state, func.count()).group_by(
            JobRow.kind, JobRow.state
        )
    )
    return {(kind, state): count for kind, state, count in rows}


def everything_done(session):
    return counts(session) == {
        ("photo.check", "done"): PHOTOS,
        ("photo.thumbs", "done"): PHOTOS,
    }


def test_killed_again_and_again_the_work_is_done_once(app, session, tmp_path):
    send_photos(app, tmp_path)
    for _ in range(3):
        with worker(app) as process:
            wait_for(lambda: ("photo.check", "running") in counts(session))
            process.kill()
            process.wait()
    with worker(app):
        wait_for(lambda: everything_done(session))
    conditions = session.scalars(select(PhotoRow.condition)).all()
    tries = session.scalars(
        select(JobRow.tries).where(JobRow.kind == "photo.check")
    ).all()
    assert conditions == ["readable"] * PHOTOS
    assert max(tries) > 1


def test_told_to_stop_a_worker_finishes_what_it_has_begun(app, session, tmp_path):
    send_photos(app, tmp_path)
    with worker(app):
        wait_for(lambda: ("photo.check", "running") in counts(session))
    states = {state for _kind, state in counts(session)}
    assert states == {"queued", "done"}


@pytest.fixture
def redis(tmp_path):
    """Start a Redis of our own and return its address and its process."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is not installed")
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    yield f"redis://127.0.0.1:{port}/3", process
    process.kill()
    process.wait()


def on_redis(app, url):
    """Return the same installation with its queue on Redis."""
    return create_app(replace(app.config["SETTINGS"], queue_url=url))


@pytest.mark.redis
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_queue_may_live_on_redis(app, session, tmp_path, redis):
    url, _process = redis
    app = on_redis(app, url)
    with worker(app) as process:
        send_photos(app, tmp_path)
        wait_for(lambda: ("photo.check", "running") in counts(session))
        process.kill()
        process.wait()
    with worker(app):
        wait_for(lambda: everything_done(session))


@pytest.mark.redis
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_queue_that_is_away_fails_no_request_and_delays_no_job(
    app, session, tmp_path, redis
):
    url, process = redis
    app = on_redis(app, url)
    process.kill()
    process.wait()
    send_photos(app, tmp_path)
    with worker(app):
        wait_for(lambda: everything_done(session))
