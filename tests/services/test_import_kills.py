"""A worker killed in the middle of a file: the next one goes on, no row twice."""

from sqlalchemy import func, select

from auditapp.domain.actor import Actor, Role
from auditapp.jobs.imports import CHUNK_ROWS
from auditapp.store.responses import ImportRow, ResponseRow, TallyRow
from auditapp.store.work import JobRow
from import_samples import HEADING, bring, make_import_world
from live_worker import wait_for, worker

ROWS, EVERY = 5 * CHUNK_ROWS, 1000  # of these rows one is bad


def long_file():
    """Return a file of several chunks; some rows rate a hall that does not exist."""
    halls = ("BD01", "BD02", "SX01")
    rows = (
        f"K{n},{halls[n % 3] if n % EVERY else 'ZZ99'},2026-10-{n % 31 + 1:02d},,"
        f"138{n:08d},{n % 10 + 1},,\n"
        for n in range(ROWS)
    )
    return (HEADING + "".join(rows)).encode()


def test_an_import_whose_worker_is_killed_takes_every_row_exactly_once(app, session):
    world = make_import_world(session)
    headquarters = Actor(world.people["hq"], "hq", Role.HEADQUARTERS)
    import_id = bring(app, session, headquarters, long_file())

    def import_now():
        session.rollback()
        session.expire_all()
        return session.get_one(ImportRow, import_id)

    with worker(app) as process:
        wait_for(lambda: import_now().total_rows)
        process.kill()
        process.wait()
    row = import_now()
    assert row.state == "running"
    assert row.total_rows in range(CHUNK_ROWS, ROWS, CHUNK_ROWS)
    with worker(app):
        wait_for(lambda: import_now().state == "done")

    bad = ROWS // EVERY
    row, good = import_now(), ROWS - bad
    assert (row.total_rows, row.taken, row.repeated, row.bad) == (ROWS, good, 0, bad)
    responses = select(func.count(), func.count(ResponseRow.origin_key.distinct()))
    assert session.execute(responses.select_from(ResponseRow)).one() == (good, good)
    assert session.scalar(select(func.sum(TallyRow.responses))) == good
    faults = b"".join(app.extensions["storage"].chunks(row.faults_key))
    assert faults.count(b",ZZ99,") == bad
    tries = select(JobRow.tries).where(JobRow.kind == "import.run")
    assert session.scalars(tries).all() == [2]
