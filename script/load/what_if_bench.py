"""Measures a draft tried on six months of many halls, beside reading what it reads.

Answers are random, scores real; every visit is scored again by its own form, and by the
draft. Prints seconds, peak memory and how often the progress moved.
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import later
from auditapp.domain.rounding import to_milli
from auditapp.domain.scoring import score_audit
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.services.drafts import NewDraft, Save, begin_draft, get_draft, save_draft
from auditapp.services.standard_versions import CHECKLIST
from auditapp.services.what_if_months import replay_month
from auditapp.services.what_ifs import (
    find_next_month,
    finish_what_if,
    keep_replay,
    request_what_if,
)
from auditapp.store.audits import AuditRow, ScoreRow
from auditapp.store.contention import table_of
from auditapp.store.engine import make_durable
from auditapp.store.months import MonthScoreRow
from auditapp.store.people import PersonRow
from auditapp.store.standards import WhatIfRow
from auditapp.store.visits import VisitRow
from load import servers
from load.month_samples import answered_forms
from load.month_world import MONTH, make_world

MONTHS = 6
NOW = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
RACK = "int_umbrella_rack"
CHUNK = 2000


def main() -> int:
    """Make the world, replay it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--halls", type=int, default=5000)
    parser.add_argument("--only", nargs="+", default=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    folder = Path(
        tempfile.mkdtemp(prefix="bench-what-if-", dir=os.environ.get("BENCH_DIR"))
    )
    try:
        for kind in wanted.only:
            with ExitStack() as stack:
                url = f"sqlite:///{folder}/{kind}.db"
                if kind == "postgresql":
                    url = stack.enter_context(servers.postgresql())
                engine = create_engine(url)
                if kind == "sqlite":
                    make_durable(engine)
                measure(kind, engine, wanted.halls)
                engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure(kind: str, engine: Engine, halls: int) -> None:
    """Replay six months of so many halls once."""
    make_world(engine, halls)
    months = [later(MONTH, -count) for count in range(1, MONTHS + 1)]
    with Session(engine) as session:
        audits = fill(session, months)
        session.commit()
        bare = timed(lambda: sum(1 for _row in read_bare(session)))
        what_if_id = ask(session, months)
        session.commit()
        steps: list[tuple[int, int]] = []
        began, cpu = time.monotonic(), time.process_time()
        while waiting := find_next_month(session, what_if_id):
            draft, month = waiting
            found = replay_month(
                session, draft, month, lambda *step: steps.append(step)
            )
            keep_replay(session, what_if_id, month, found)
            session.commit()
        finish_what_if(session, what_if_id, now=NOW)
        session.commit()
        seconds, spent = time.monotonic() - began, time.process_time() - cpu
        summary = session.get_one(WhatIfRow, what_if_id).summary
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{kind}: {halls:,} halls x {MONTHS} months, {audits:,} mystery visits:"
        f" {seconds:.1f} s ({spent:.1f} CPU s, {1000 * seconds / audits:.2f} ms a"
        f" visit), peak {peak:.0f} MB, {len(steps)} steps of progress;"
        f" {summary['reproduced']:,} of {summary['audits']:,} reproduced,"
        f" {summary['moved_halls']:,} halls move;"
        f" {seconds / bare:.1f} times reading and parsing every document ({bare:.1f} s)"
    )


def timed(work: Any) -> float:  # noqa: ANN401
    """Return how long something takes, in seconds."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def read_bare(session: Session) -> Iterator[Any]:
    """Yield every document, parsed: what no replay can do without."""
    statement = select(AuditRow.document).join(
        VisitRow, VisitRow.visit_id == AuditRow.visit_id
    )
    rows = session.execute(
        statement.where(VisitRow.kind == "mystery").execution_options(yield_per=500)
    )
    return (json.loads(row.document) for row in rows)


def fill(session: Session, months: list[str]) -> int:
    """Give every hall one answered visit a month and a score; return how many."""
    samples = answered_forms("mystery")
    visits = session.execute(
        select(VisitRow).where(VisitRow.kind == "mystery").order_by(VisitRow.hall_id)
    ).scalars()
    firsts = {visit.hall_id: visit for visit in visits}
    count = 0
    for month in months:
        rows: list[dict[str, list[Any]]] = []
        for number, visit in enumerate(firsts.values()):
            tier = visit.form_digest.removeprefix("mystery-")
            form, document = samples[tier][(number + len(month)) % len(samples[tier])]
            rows.append(one(visit, month, form, document))
            if len(rows) == CHUNK:
                keep(session, rows)
        keep(session, rows)
        count += len(firsts)
        session.execute(
            insert(MonthScoreRow), [empty_score(hall, month) for hall in firsts]
        )
    return count


def one(
    visit: VisitRow, month: str, form: dict[str, Any], document: dict[str, Any]
) -> dict[str, Any]:
    """Return the rows of one visit of a month."""
    visit_id, audit_id = uuid4(), uuid4()
    score = score_audit(form, document)
    points = score.score or 0
    names = VisitRow.__table__.columns.keys()
    return {
        "visits": {name: getattr(visit, name) for name in names}
        | {"visit_id": visit_id, "month": month},
        "audits": {
            "audit_id": audit_id,
            "visit_id": visit_id,
            "auditor_id": visit.auditor_id,
            "form_digest": visit.form_digest,
            "device": "bench",
            "revision": 1,
            "state": "closed",
            "document": json.dumps(document).encode(),
            "document_sha256": "0" * 64,
            "received_at": NOW,
            "finished_at": NOW,
        },
        "scores": {
            "audit_id": audit_id,
            "revision": 1,
            "score_milli": to_milli(points),
            "score_numerator": points.numerator,
            "score_denominator": points.denominator,
            "outcome": "completed",
            "coverage_pct": 100,
            "is_complete": True,
            "has_critical_failure": False,
            "lost_hard_milli": 0,
            "lost_soft_milli": 0,
            "cap_loss_milli": 0,
            "lines": {},
            "scored_at": NOW,
        },
    }


def keep(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write some visits with their audits and scores, and forget them."""
    for name, table in (
        ("visits", VisitRow),
        ("audits", AuditRow),
        ("scores", ScoreRow),
    ):
        if rows:
            session.execute(insert(table_of(table)), [row[name] for row in rows])
    rows.clear()


def empty_score(hall: str, month: str) -> dict[str, Any]:
    """Return a scored month's row; a replay only asks whether there is one."""
    counts = ("visits", "inspections", "callbacks", "feedbacks", "weight_pct")
    return {
        "month": month,
        "hall_id": hall,
        "region_id": "R0",
        "tier": "standard",
        "status": "insufficient",
        "is_ranked": False,
        "flags": [],
        "details": {},
        "computed_at": NOW,
        **dict.fromkeys(counts, 0),
    }


def ask(session: Session, months: list[str]) -> UUID:
    """Begin a draft that lets the rack be optional, and ask for its replay."""
    person = PersonRow(
        login="bench-hq",
        role="headquarters",
        name_zh="压测",
        name_en="Load",
        code="HQ",
        region_ids=[],
    )
    session.add(person)
    session.flush()
    actor = Actor(person.person_id, person.login, Role.HEADQUARTERS)
    wanted = NewDraft(CHECKLIST, "telecom_hall_mystery")
    draft_id = begin_draft(session, actor, wanted, now=NOW)
    document = get_draft(session, draft_id).document
    item, _section = item_of(document, RACK) or ({}, {})
    tiers = ("flagship", "standard", "small", "township")
    changed = {**item, "applies": dict.fromkeys(tiers, "optional")}
    del changed["overrides"]
    save = Save(with_item(document, changed), 1, "bench")
    save_draft(session, actor, draft_id, save, now=NOW)
    return request_what_if(session, actor, draft_id, months, now=NOW)


if __name__ == "__main__":
    sys.exit(main())
