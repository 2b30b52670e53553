"""Measures a region's month report of some two hundred halls: time and memory.

Prints seconds of reading and of printing, the size, and the most memory that the worker
and its child held; each report is made three times, each time by a fresh worker.
"""

import argparse
import re
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from auditapp.domain.month_report import ReportFormat, ReportScope
from auditapp.extensions import reading
from auditapp.factory import create_app
from auditapp.jobs.month_reports import printed
from auditapp.reads.month_reports import ReportWish, get_month_report
from auditapp.reads.people import actor_of
from auditapp.settings import Settings
from auditapp.store.engine import make_durable
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.people import PersonRow
from load.desk_world import make_desk
from load.month_world import MONTH

REGION = "R0"
REGIONS = 31  # of the made country
AGAIN = 3


@dataclass(frozen=True, slots=True)
class Made:
    """One report: seconds, bytes, and the most memory in MB."""

    reading: float
    printing: float
    size: int
    worker_mb: float
    child_mb: float


def make(folder: str, format_name: str, locale: str) -> Made:
    """Make one report as the job does, in a process of its own."""
    environment = {"DATA_DIR": folder, "DEMO": "1"}
    app = create_app(Settings.from_environment(environment))
    kind = ReportFormat(format_name)
    wish = ReportWish(MONTH, ReportScope.REGION, REGION, kind, locale)
    now = datetime.now(UTC)
    with app.app_context():
        began = time.monotonic()
        with reading() as session:
            asker = session.scalars(
                select(PersonRow).where(PersonRow.login == "region0")
            ).one()
            report = get_month_report(session, actor_of(asker), wish, now)
        read = time.monotonic()
        content = printed(report, wish, now)
        done = time.monotonic()
    return Made(
        read - began,
        done - read,
        len(content),
        most_memory_mb(),
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )


def most_memory_mb() -> float:
    """Return the most that this process held; getrusage still knows its parent's."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def main() -> int:
    """Fill a database, make the reports, print."""
    parser = argparse.ArgumentParser(prog="script/bench report", description=__doc__)
    parser.add_argument("--halls", type=int, default=200, help="of the region")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'auditapp.db'}")
        make_durable(engine)
        make_desk(engine, wanted.halls * REGIONS)
        with Session(engine) as session:
            halls = session.scalar(
                select(func.count(HallRow.hall_id))
                .join(CityRow, CityRow.city_id == HallRow.city_id)
                .where(CityRow.region_id == REGION)
            )
        engine.dispose()
        print(f"a region of {halls} halls, in a country of {wanted.halls * REGIONS:,}")
        print(f"{'':14} reading  printing      KB   worker MB   child MB")
        for kind, locale in product(ReportFormat, ("zh_CN", "en")):
            for _time in range(AGAIN):
                with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                    made = pool.submit(make, folder, kind.value, locale).result()
                print(
                    f"{kind.value:5} {locale:8} {made.reading:7.2f} s"
                    f" {made.printing:7.2f} s {made.size / 1024:7.0f}"
                    f" {made.worker_mb:11.0f} {made.child_mb:10.0f}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
