"""Measures how fast files of customers' answers are imported, and in how much memory.

Makes a GB18030 CSV (and a workbook) of feedback with every habit: dates in three ways,
hall numbers and names, telephone numbers, a few bad rows; imports each twice by the
operator's command, in a process of its own, on each database.
"""

import argparse
import csv
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.services.checklists import publish_checklist
from auditapp.store.engine import make_durable
from auditapp.store.organisation import CityRow, HallRow, RegionRow
from auditapp.store.people import PersonRow
from auditapp.store.tables import metadata
from load import servers

HALLS = 500
BAD_EVERY = 500
HEADING = [
    "流水号",
    "营业厅",
    "办理时间",
    "业务类型",
    "客户手机号",
    "评分",
    "原因",
    "客户意见",
]
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
REASONS = ["", "", "", "服务态度", "等候太久", "3", "费用规则没讲清", "5", "环境设施"]
WORDS = ["", "", "挺好", "排队时间有点长，希望多开一个窗口", "问题没解决，还要再跑一趟"]


def main() -> int:
    """Make the files, import them, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--kinds", nargs="+", default=["csv", "xlsx"])
    wanted = parser.parse_args()
    folder = Path(
        tempfile.mkdtemp(prefix="bench-import-", dir=os.environ.get("BENCH_DIR"))
    )
    try:
        rows = make_rows(wanted.rows)
        files = [write_file(folder, kind, rows) for kind in wanted.kinds]
        print(
            "   database kind   MB   turn  seconds   CPU s  rows/s  peak MB  grown MB"
        )
        for kind in wanted.only:
            for file in files:
                with ExitStack() as stack:
                    data = folder / f"{kind}-{file.suffix[1:]}"
                    data.mkdir()
                    url = f"sqlite:///{data}/auditapp.db"
                    if kind == "postgresql":
                        url = stack.enter_context(servers.postgresql())
                    prepare(url)
                    idle = measure(data, url, ["import", "--help"])[2]
                    for turn in ("first", "again"):
                        show(kind, file, turn, measure(data, url, command(file)), idle)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def command(file: Path) -> list[str]:
    """Return the operator's command."""
    return ["import", "feedback", str(file), "--lang", "en"]


def make_rows(count: int) -> list[list[str]]:
    """Return rows as companies have them, one in some hundreds bad."""
    chance = random.Random(1)
    rows = []
    for number in range(count):
        day = date(2026, 10, 1) + timedelta(days=chance.randrange(31))
        hall = chance.randrange(HALLS)
        rating = str(chance.choice([10, 10, 10, 9, 9, 8, 7, 5, 2]))
        rows.append(
            [
                f"YW{number:09}",
                chance.choice([f"H{hall:04}", f"测试{hall}营业厅"]),
                chance.choice(
                    [
                        f"{day:%Y/%m/%d} {chance.randrange(8, 20)}:15",
                        f"{day.year}年{day.month}月{day.day}日",
                        f"{day:%Y-%m-%d}",
                    ]
                ),
                chance.choice(["套餐变更", "补卡", "话费查询", "宽带"]),
                f"1{chance.randrange(30, 100)}{chance.randrange(10**8):08}",
                "11" if number % BAD_EVERY == 1 else rating,
                chance.choice(REASONS),
                chance.choice(WORDS),
            ]
        )
    return rows


def write_file(folder: Path, kind: str, rows: list[list[str]]) -> Path:
    """Write the rows as GB18030 CSV, or as a workbook."""
    path = folder / f"feedback.{kind}"
    if kind == "csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([HEADING, *rows])
        return path
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([HEADING, *rows]):
            sheet.write_row(number, 0, row)
    return path


def prepare(url: str) -> None:
    """Make the tables, halls, an administrator and the questions."""
    engine = create_engine(url)
    make_durable(engine)
    metadata.create_all(engine)
    with Session(engine) as session:
        session.add(RegionRow(region_id="R", name_zh="区", name_en="R", traits=[]))
        session.flush()
        traits = {"traits_add": [], "traits_remove": []}
        session.add(
            CityRow(city_id="C", region_id="R", name_zh="市", name_en="C", **traits)
        )
        session.flush()
        session.add_all(hall(number) for number in range(HALLS))
        session.add(
            PersonRow(
                login="admin",
                role="admin",
                name_zh="管理员",
                name_en="Admin",
                code="A",
                region_ids=[],
            )
        )
        publish_checklist(
            session,
            load_yaml(CHECKLIST_DIR / "sms_feedback.yaml").document,
            load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document,
            effective_month="2026-01",
            now=NOW,
        )
        session.commit()
    engine.dispose()


def hall(number: int) -> HallRow:
    """Return one of the halls."""
    return HallRow(
        hall_id=f"H{number:04}",
        city_id="C",
        name_zh=f"测试{number}营业厅",
        name_en=f"Test hall {number}",
        tier="standard",
        traits_add=[],
        traits_remove=[],
        latitude=23.1,
        longitude=113.3,
        radius_metres=120,
        hours="08:30-18:00",
        counters=4,
        area_m2=200,
        staff=8,
        customers_per_day=300,
    )


def measure(data: Path, url: str, words: list[str]) -> tuple[str, float, float, float]:
    """Run a command; return what it said, seconds, peak memory in MB, CPU seconds."""
    environment = {
        **os.environ,
        "DATA_DIR": str(data),
        "DATABASE_URL": url,
        "DEMO": "1",
    }
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "flask", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = child.stdout.read() if child.stdout else ""
    _pid, _status, usage = os.wait4(child.pid, 0)
    cpu = usage.ru_utime + usage.ru_stime
    return said.strip(), time.monotonic() - began, usage.ru_maxrss / 1024, cpu


def show(
    kind: str, file: Path, turn: str, seen: tuple[str, float, float, float], idle: float
) -> None:
    """Print one line, and what the command said."""
    said, seconds, peak, cpu = seen
    rows = sum(map(int, re.findall(r"\d+", said)[:3])) or 1
    print(
        f"{kind:>11} {file.suffix[1:]:>4} {file.stat().st_size / 1e6:4.1f} {turn:>6}"
        f" {seconds:8.1f} {cpu:7.1f} {rows / seconds:7.0f} {peak:8.0f}"
        f" {peak - idle:9.0f}  {said}",
        flush=True,
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
