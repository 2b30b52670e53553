"""A job is a row with a lease: taken once, kept while worked on, or given up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.services.jobs import (
    INTAKE,
    LOW,
    MOST_FAILURES,
    NORMAL,
    fail_job,
    finish_job,
    keep_jobs,
    request_job,
    take_job,
)
from auditapp.store.work import JobRow

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=15)


def take(session, now=NOW):
    job = take_job(session, now=now, lease=LEASE)
    session.commit()
    return job


def only_row(session):
    return session.scalars(
        select(JobRow).execution_options(populate_existing=True)
    ).one()


@pytest.fixture
def job(session):
    request_job(session, "photo.check", "ab12", now=NOW)
    session.commit()
    return take(session)


def test_urgent_jobs_go_first_and_equals_in_the_order_they_came(session):
    for priority in (LOW, NORMAL, INTAKE):
        for minute in (2, 1):
            at = NOW - timedelta(minutes=minute)
            subject = f"{priority}, {minute} minutes old"
            request_job(session, "photo.check", subject, now=at, priority=priority)
    session.commit()
    taken = [take(session).subject for _ in range(6)]
    assert taken == [
        f"{p}, {m} minutes old" for p in (INTAKE, NORMAL, LOW) for m in (2, 1)
    ]


def test_a_job_in_hand_is_nobody_elses_until_its_lease_lapses(session, job):
    assert take(session) is None
    assert take(session, NOW + LEASE - timedelta(seconds=1)) is None
    again = take(session, NOW + LEASE)
    assert (again.job_id, again.turn) == (job.job_id, 2)


def test_a_heartbeat_keeps_a_long_job(session, job):
    later = NOW + timedelta(seconds=10)
    keep_jobs(session, [job], now=later, lease=LEASE)
    assert take(session, NOW + LEASE) is None
    assert take(session, later + LEASE).turn == 2


def test_two_workers_never_take_the_same_job(session):
    """The second worker looks while the first one's UPDATE is not yet committed."""
    for subject in ("one", "two"):
        request_job(session, "photo.check", subject, now=NOW)
    session.commit()
    if session.bind.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    with Session(session.bind) as other:
        first = take_job(session, now=NOW, lease=LEASE)
        second = take_job(other, now=NOW, lease=LEASE)
        assert {first.subject, second.subject} == {"one", "two"}


def test_who_overslept_the_lease_can_no_longer_finish_or_fail_the_job(session, job):
    again = take(session, NOW + LEASE)
    finish_job(session, job, now=NOW)
    fail_job(session, job, "late", now=NOW)
    session.commit()
    assert only_row(session).state == "running"
    finish_job(session, again, now=NOW)
    session.commit()
    assert only_row(session).state == "done"


def test_a_failed_job_waits_longer_each_time_and_then_stays_failed(session, job):
    waits = []
    for _ in range(MOST_FAILURES):
        fail_job(session, job, "KeyError: 'x'", now=NOW)
        session.commit()
        row = only_row(session)
        waits.append((row.lease_until - NOW).total_seconds())
        job = take(session, row.lease_until) or job
    assert waits[:4] == [2, 4, 8, 16]
    assert (row.state, row.error, row.finished_at) == ("failed", "KeyError: 'x'", NOW)
    assert take(session, NOW + timedelta(days=1)) is None
