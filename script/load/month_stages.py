"""One stage of the month's measurement, in a process of its own for its own memory.

``python -m load.month_stages URL STAGE`` prints what it took as JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, create_engine, delete, func, select
from sqlalchemy.orm import Session

from auditapp.services.month_closing import close_month
from auditapp.services.months import rescore_halls, score_month
from auditapp.services.responses import NewResponse, take_responses
from auditapp.services.tallies import repair_tallies
from auditapp.store.audits import AuditRow, ScoreRow
from auditapp.store.bulk import insert_rows
from auditapp.store.contention import table_of
from auditapp.store.engine import make_durable
from auditapp.store.months import LedgerLineRow, MonthScoreRow
from auditapp.store.responses import ResponseRow, TallyRow
from auditapp.store.visits import VisitRow
from load.month_world import MONTH, NOW, make_world

SINGLES = 20  # feedbacks that come in one by one
Stage = Callable[[Engine], tuple[float, int]]


def timed(work: Callable[[], Any]) -> float:
    """Return how long something takes, in seconds."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def world(engine: Engine, halls: int) -> tuple[float, int]:
    """Fill the database."""
    return timed(lambda: make_world(engine, halls)), halls


def tallies(engine: Engine) -> tuple[float, int]:
    """Roll every response of the month up again, from nothing."""
    with Session(engine) as session:
        session.execute(delete(TallyRow))
        session.commit()
        faults: list[Any] = []

        def work() -> None:
            faults.extend(repair_tallies(session, MONTH))
            session.commit()

        return timed(work), len(faults)


def score(engine: Engine) -> tuple[float, int]:
    """Score the month of all halls and write it."""
    with Session(engine) as session:
        counts = []

        def work() -> None:
            counts.append(score_month(session, MONTH, now=NOW))
            session.commit()

        return timed(work), counts[0]


def one(engine: Engine) -> tuple[float, int]:
    """Take one hall's new feedback in and score that hall; the median of some."""
    seconds = []
    for number in range(SINGLES):
        hall = f"H{number:06d}"
        with Session(engine) as session:
            seconds.append(timed(partial(_one, session, hall, number)))
    return median(seconds), SINGLES


def _one(session: Session, hall: str, number: int) -> None:
    sample = session.scalars(select(ResponseRow).limit(1)).one()
    response = NewResponse(
        "sms",
        "text",
        f"single {number} {time.time_ns()}",
        hall,
        MONTH,
        sample.happened_on,
        sample.received_at,
        sample.business,
        sample.checklist_version,
        sample.score_milli,
        sample.lost,
        sample.cause,
        sample.answers,
    )
    take_responses(session, [response], now=NOW)
    if not rescore_halls(session, MONTH, [hall], now=NOW):
        message = "the hall was not scored"
        raise RuntimeError(message)
    session.commit()


def close(engine: Engine) -> tuple[float, int]:
    """Close the month with its ledger."""
    with Session(engine) as session:

        def work() -> None:
            close_month(session, MONTH, now=NOW, actor=None)
            session.commit()

        seconds = timed(work)
        lines = session.scalar(select(func.count()).select_from(LedgerLineRow))
    return seconds, int(lines or 0)


def bare_sums(engine: Engine) -> tuple[float, int]:
    """Let the database add up the very same rows."""
    with Session(engine) as session:
        rows: list[Any] = []

        def work() -> None:
            rows.extend(
                session.execute(
                    select(
                        ResponseRow.hall_id,
                        ResponseRow.source,
                        func.count(),
                        func.sum(ResponseRow.score_milli),
                    )
                    .where(ResponseRow.month == MONTH)
                    .group_by(ResponseRow.hall_id, ResponseRow.source)
                )
            )
            rows.extend(
                session.execute(
                    select(
                        VisitRow.hall_id, VisitRow.kind, func.avg(ScoreRow.score_milli)
                    )
                    .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
                    .join(ScoreRow, ScoreRow.audit_id == AuditRow.audit_id)
                    .where(VisitRow.month == MONTH)
                    .group_by(VisitRow.hall_id, VisitRow.kind)
                )
            )

        return timed(work), len(rows)


def bare_scores(engine: Engine) -> tuple[float, int]:
    """Write the result rows again, as they are."""
    return _rewrite(engine, MonthScoreRow)


def bare_ledger(engine: Engine) -> tuple[float, int]:
    """Write the ledger's lines again, as they are."""
    return _rewrite(engine, LedgerLineRow)


def _rewrite(engine: Engine, row: type[Any]) -> tuple[float, int]:
    table = table_of(row)
    names = [column.name for column in table.columns]
    with Session(engine) as session:
        rows = [tuple(each) for each in session.execute(select(table))]
        session.execute(delete(table))

        def work() -> None:
            insert_rows(session.connection(), table, names, rows)
            session.commit()

        return timed(work), len(rows)


def bare_lines(engine: Engine) -> tuple[float, int]:
    """Read and parse what a ledger is made of: every line of every audit."""
    with Session(engine) as session:
        counts = []

        def work() -> None:
            lines = session.scalars(
                select(ScoreRow.lines).execution_options(yield_per=1000)
            )
            counts.append(sum(1 for _ in lines))

        return timed(work), counts[0]


def _peak_bytes() -> int:
    """Return this process's own peak; getrusage's has the parent's in it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(peak) * 1024


STAGES: dict[str, Stage] = {
    each.__name__: each
    for each in (
        tallies,
        score,
        one,
        close,
        bare_sums,
        bare_scores,
        bare_ledger,
        bare_lines,
    )
}


def main() -> None:
    """Run one stage and print what it took."""
    url, name, *more = sys.argv[1:]
    engine = create_engine(url)
    make_durable(engine)
    if name == "world":
        seconds, count = world(engine, int(more[0]))
    else:
        seconds, count = STAGES[name](engine)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu_seconds": used.ru_utime + used.ru_stime,
                "peak_bytes": _peak_bytes(),
                "count": count,
            }
        )
    )


if __name__ == "__main__":
    main()
