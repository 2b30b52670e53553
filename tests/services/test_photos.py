"""What becomes of a photo after it arrived: looked at once, copied small, compared."""

import io
from hashlib import sha256

import pytest
from PIL import Image
from sqlalchemy import select

from auditapp.gateways.storage import photo_key
from auditapp.jobs.runner import Runner
from auditapp.services.jobs import MOST_TRIES
from auditapp.services.photos import as_signed, quarters_of, thumb_key
from auditapp.store.audits import PhotoRow, SignalRow
from auditapp.store.work import JobRow
from desk_world import make_world
from pictures import BROKEN, make_audit_with, picture


@pytest.fixture
def world(session):
    return make_world(session)


def work(app, session):
    """Do everything that is due and forget what the session knew."""
    Runner(app).run_due()
    session.rollback()
    session.expire_all()


def notices(session, audit_id):
    rows = session.scalars(select(SignalRow).where(SignalRow.audit_id == audit_id))
    return {row.kind: row.facts for row in rows if row.level == "notice"}


def test_a_checked_photo_has_its_size_its_hash_and_small_copies(app, session, world):
    _audit, (name,) = make_audit_with(app, session, world, [picture(1, (1600, 1200))])
    work(app, session)
    photo = session.get(PhotoRow, name)
    assert (photo.condition, photo.width, photo.height) == ("readable", 1600, 1200)
    quarters = (photo.dhash_1, photo.dhash_2, photo.dhash_3, photo.dhash_4)
    assert quarters == quarters_of(photo.dhash & 2**64 - 1)
    for side in (320, 1280):
        thumb = b"".join(app.extensions["storage"].chunks(thumb_key(name, side)))
        assert max(Image.open(io.BytesIO(thumb)).size) == side


def test_a_photo_that_cannot_be_read_is_kept_and_says_why(app, session, world):
    _audit, (name,) = make_audit_with(app, session, world, [BROKEN])
    work(app, session)
    photo = session.get(PhotoRow, name)
    assert (photo.condition, photo.fault) == ("unreadable", "broken")
    assert app.extensions["storage"].find_size(photo_key(name)) == len(BROKEN)
    assert session.scalars(select(JobRow.state)).unique().all() == ["done"]


def test_a_photo_is_opened_once_however_often_its_job_runs(app, session, world):
    _audit, (name,) = make_audit_with(app, session, world, [picture(1)])
    work(app, session)
    session.get(PhotoRow, name).width = 1
    job = session.scalars(select(JobRow).where(JobRow.kind == "photo.check")).one()
    job.state, job.finished_at = "queued", None
    session.commit()
    work(app, session)
    assert session.get(PhotoRow, name).width == 1


def test_a_job_that_many_workers_died_of_is_given_up(app, session, world):
    make_audit_with(app, session, world, [picture(1)])
    job = session.scalars(select(JobRow)).one()
    job.tries = MOST_TRIES
    session.commit()
    work(app, session)
    assert session.get(JobRow, job.job_id).state == "failed"
    assert session.scalars(select(PhotoRow.condition)).all() == ["unchecked"]


def test_a_copy_of_a_photo_of_another_hall_is_found(app, session, world):
    original = picture(3, (1600, 1200))
    make_audit_with(app, session, world, [original, picture(4)], auditor="a11")
    copy = picture(3, (1600, 1200), quality=55)
    audit_id, (name,) = make_audit_with(app, session, world, [copy], hall_id="SX01")
    work(app, session)
    facts = notices(session, audit_id)["twin_photo_elsewhere"]
    assert facts["sha256"] == name
    assert facts["other_sha256"] == sha256(original).hexdigest()
    assert facts["bits"] <= 4


def test_the_very_same_photo_of_another_visit_is_found(app, session, world):
    first, _names = make_audit_with(app, session, world, [picture(5)], days_ago=9)
    second, _names = make_audit_with(app, session, world, [picture(5)])
    work(app, session)
    assert notices(session, second)["same_photo_elsewhere"]["audit"] == str(first)


def test_different_photos_are_no_twins(app, session, world):
    make_audit_with(app, session, world, [picture(n) for n in range(4)])
    other, _names = make_audit_with(app, session, world, [picture(n) for n in (6, 7)])
    work(app, session)
    kinds = notices(session, other)
    assert not {kind for kind in kinds if "photo" in kind}


@pytest.mark.parametrize("dhash", [0, 1, 2**63, 2**64 - 1, 0x0123456789ABCDEF])
def test_hashes_fit_the_signed_column_and_come_back(dhash):
    stored = as_signed(dhash)
    assert -(2**63) <= stored < 2**63
    assert stored & 2**64 - 1 == dhash
    first, second, third, last = quarters_of(dhash)
    assert first << 48 | second << 32 | third << 16 | last == dhash


def test_signals_wait_for_the_last_photo_of_the_audit(app, session, world):
    """Two photos checked one after the other ask for new signals once."""
    audit_id, _names = make_audit_with(app, session, world, [picture(1), picture(2)])
    work(app, session)
    jobs = session.scalars(select(JobRow).where(JobRow.kind == "audit.score")).all()
    assert [job.subject for job in jobs] == [str(audit_id)]
    assert jobs[0].state == "done"
