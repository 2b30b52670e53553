"""Work that nobody asks for is asked for once each time, however many workers look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from auditapp.domain.schedule import Daily, Every
from auditapp.extensions import unit_of_work
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.jobs import daily
from auditapp.jobs.handlers import HANDLERS
from auditapp.jobs.runner import Runner
from auditapp.services.customers import find_or_add_customers
from auditapp.services.jobs import request_job
from auditapp.services.schedule import (
    forget_old_runs,
    is_anything_due,
    request_due,
)
from auditapp.store.customers import CustomerRow
from auditapp.store.work import JobRow

NOW = datetime(2026, 11, 18, 9, 7, tzinfo=UTC)
SCHEDULE = {"nightly": Daily(2, 30), "often": Every(5)}


def ask(session, now):
    kinds = request_due(session, SCHEDULE, now=now)
    session.commit()
    return kinds


def finish_all(session):
    for row in session.scalars(select(JobRow).where(JobRow.finished_at.is_(None))):
        row.state, row.finished_at = "done", NOW
    session.commit()


def test_each_slot_asks_once_and_unfinished_work_is_not_piled_up(session):
    assert is_anything_due(session, SCHEDULE, now=NOW)
    assert ask(session, NOW) == ["nightly", "often"]
    assert not is_anything_due(session, SCHEDULE, now=NOW + timedelta(minutes=2))
    assert ask(session, NOW + timedelta(minutes=2)) == []
    assert ask(session, NOW + timedelta(minutes=4)) == [], "the one before waits still"
    finish_all(session)
    assert ask(session, NOW + timedelta(days=3)) == ["nightly", "often"], "not thrice"
    subjects = set(session.scalars(select(JobRow.subject)))
    assert "2026-11-18 02:30" in subjects


def test_eight_workers_at_the_same_moment_ask_once(app, session):
    def look(_number):
        with app.app_context(), unit_of_work() as own:
            return request_due(own, SCHEDULE, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        asked = [kind for kinds in pool.map(look, range(8)) for kind in kinds]
    assert sorted(asked) == ["nightly", "often"]
    assert len(session.scalars(select(JobRow.kind)).all()) == 2


def test_done_runs_are_forgotten_after_a_week_and_failed_ones_kept(session):
    for subject, state, days in (
        ("old", "done", 8),
        ("bad", "failed", 8),
        ("new", "done", 1),
    ):
        job_id = request_job(session, "often", subject, now=NOW)
        row = session.get(JobRow, job_id)
        row.state, row.finished_at = state, NOW - timedelta(days=days)
    other = session.get(JobRow, request_job(session, "report.make", "old", now=NOW))
    other.state, other.finished_at = "done", NOW - timedelta(days=8)
    session.commit()
    assert forget_old_runs(session, SCHEDULE, now=NOW) == 1
    assert set(
        session.scalars(select(JobRow.subject).where(JobRow.kind == "often"))
    ) == {
        "bad",
        "new",
    }


def test_every_entry_of_the_table_has_a_handler():
    assert set(daily.SCHEDULE) <= set(HANDLERS)


def test_the_nightly_job_erases_numbers_and_keeps_the_stop_list(app, session):
    vault = PhoneVault("k" * 32)
    numbers = [
        ("+8613800001234", "王"),
        ("+8613900005678", "李"),
        ("+8613700009999", "赵"),
    ]
    ids = find_or_add_customers(session, vault, numbers, now=NOW)
    for number in ("+8613800001234", "+8613900005678"):
        session.get(CustomerRow, ids[number]).erase_on = date(2026, 1, 1)
    session.get(CustomerRow, ids["+8613900005678"]).stopped_at = NOW
    request_job(session, "customers.erase", "2026-11-18 02:30", now=NOW)
    session.commit()

    assert Runner(app).run_due() == 1

    session.expire_all()
    gone, stopped, kept = (
        session.get(CustomerRow, ids[number]) for number, _ in numbers
    )
    assert (gone.phone_hash, gone.phone_sealed, gone.surname) == (None, None, "")
    assert (stopped.phone_sealed, stopped.surname) == (None, "")
    assert stopped.phone_hash == vault.hash_of("+8613900005678")
    assert kept.phone_sealed
    assert kept.surname == "赵"
