"""Closed months, written as the ledgers hold them, for tests of the pages.

The worked example of design/scoring.md 3 is hall BD01 in 2026-09.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from uuid import uuid4

from auditapp.domain.canonical import canonical_json, digest
from auditapp.domain.composite import compose
from auditapp.domain.month import later
from auditapp.domain.month_ledger import (
    AuditInput,
    CustomerInput,
    HallMonthFacts,
    LedgerParts,
    build_ledger,
)
from auditapp.domain.policy import read_policy
from auditapp.domain.scoring import AuditScore, Line
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.month_model import pack_document
from auditapp.services.checklists import publish_checklist
from auditapp.store.months import (
    LedgerLineRow,
    LedgerRow,
    MonthRow,
    MonthScoreRow,
    RevisitRow,
)
from auditapp.store.organisation import HallRow
from desk_world import NOW, checklist_document

MONTH = "2026-09"
POLICY_DOCUMENT = checklist_document("_monthly_score")
POLICY = read_policy(POLICY_DOCUMENT)
CLOSED_AT = datetime(2026, 10, 6, 3, 0, tzinfo=UTC)
BRIDGE = {"severity": 400, "bias": -900, "cap": 0, "missing": 0, "history": 5900}
OTHERS = ("telecom_hall_open_inspection", "customer_callback", "sms_feedback")


def publish_all(session):
    """Publish the three other checklists, so that every item has a name."""
    for name in OTHERS:
        publish_checklist(
            session,
            checklist_document(name),
            checklist_document("_vocabulary"),
            effective_month="2026-01",
            now=NOW,
        )
    session.commit()


def worked_example(session, *, hall="BD01", month=MONTH, audit_ids=(), visits=(52,)):
    """Return the ledger document of the worked example, or with other visits."""
    catalogue = get_catalogue(session)
    tags = {
        source: {item: facts.tags for item, facts in items.items()}
        for source, items in catalogue.by_source.items()
    }
    ids = [*audit_ids, *(uuid4() for _ in visits)]
    inspection = audit_input(84, tags["open_inspection"], uuid4(), later(month, -1))
    audits = {
        "mystery": [
            audit_input(score, tags["mystery"], audit_id, month)
            for score, audit_id in zip(visits, ids, strict=False)
        ],
        "open_inspection": [inspection],
    }
    customers = {
        "callback": customer_input(12, 83, tags["callback"], {"front_line": 1}),
        "sms": customer_input(60, 82, tags["sms"], {"support": 4, "process": 1}),
    }
    parts = LedgerParts(
        audits=audits,
        customers=customers,
        peers={"kind": "region_and_tier", "halls": 12, "milli": 79000},
    )
    official = compose(POLICY, parts.evidence()).score_milli
    parts = replace(parts, adjusted=adjusted(official + sum(BRIDGE.values())))
    facts = HallMonthFacts(month, hall, "standard", "north")
    return build_ledger(facts, POLICY, parts)


def adjusted(milli, half=5000):
    """Return the adjusted part of a ledger document."""
    return {
        "milli": milli,
        "low_milli": milli - half,
        "high_milli": milli + half,
        "se_milli": round(half / 1.645),
        "bridge": BRIDGE,
        "reliability": {"visit_service": 31},
        "peer_milli": 79000,
        "alone_milli": milli - 2000,
        "grades": ["B", "C"],
        "change": {
            "last": {
                "month": "2026-08",
                "before": {
                    "milli": milli - 1200,
                    "se_milli": 3000,
                    "peer_milli": 79200,
                },
                "milli": 1200,
                "peer_milli": -200,
                "z_milli": 280,
                "is_alarm": False,
                "is_listed": False,
            },
            "six": {
                "month": "2026-03",
                "before": {
                    "milli": milli + 9040,
                    "se_milli": 3000,
                    "peer_milli": 78600,
                },
                "milli": -9040,
                "peer_milli": 400,
                "z_milli": -2108,
                "is_alarm": True,
                "is_listed": True,
            },
        },
    }


def audit_input(score, tags, audit_id, month):
    """Return an audit of twenty equally heavy items that comes to a score."""
    items = [item for item in tags if tags[item].get("cause")][3:23]
    lost, lines = Fraction(100 - score) * len(items), []
    for item in items:
        own = min(lost, Fraction(100))
        lost -= own
        lines.append(
            Line(
                item_id=item,
                requirement="required",
                rule=0,
                weight=1,
                score=100 - own,
                lost=own / len(items),
                is_failed=own > 0,
                not_counted=None,
                cause=tags[item]["cause"],
            )
        )
    whole = AuditScore(
        lines=tuple(lines),
        raw=Fraction(score),
        score=Fraction(score),
        cap_loss=Fraction(0),
        coverage=Fraction(1),
        is_complete=True,
        critical_failures=(),
        critical_unanswered=(),
    )
    facts = {
        "audit": str(audit_id),
        "visit": str(uuid4()),
        "revision": 7,
        "month": month,
        "sha256": "0" * 64,
        "form": "0" * 64,
        "checklist": ["telecom_hall_mystery", "2026.11"],
        "outcome": "completed",
        "score": [score, 1],
        "milli": score * 1000,
        "overrides": [],
    }
    return AuditInput(facts, "completed", whole, tags)


def customer_input(n, mean, tags, tagged):
    """Return customers' answers with a mean, what they lost spread over two items."""
    lost = (100 - mean) * 1000 * n
    first, second = list(tags)[:2]
    return CustomerInput(
        n=n,
        total_milli=mean * 1000 * n,
        lost={first: lost // 3, second: lost - lost // 3},
        tagged=tagged,
        digest="1" * 64,
        tags=tags,
    )


def keep_document(session, document, band=None):
    """Write a document as the hall's row of ``month_scores``."""
    official, found = document["official"], document["adjusted"] or {}
    sources = {each["source"]: each for each in document["sources"]}
    session.add(
        MonthScoreRow(
            month=document["month"],
            hall_id=document["hall"],
            region_id=document["region"],
            tier=document["tier"],
            status=official["status"],
            weight_pct=official["weight"],
            official_milli=official["milli"],
            half_milli=official["half_milli"],
            grade=official["grade"],
            is_ranked=official["is_ranked"],
            flags=official["flags"],
            adjusted_milli=found.get("milli"),
            low_milli=found.get("low_milli"),
            high_milli=found.get("high_milli"),
            band=band,
            visits=sources["mystery"]["n"],
            visit_milli=sources["mystery"]["milli"],
            inspections=sources["open_inspection"]["n"],
            inspection_milli=sources["open_inspection"]["milli"],
            callbacks=sources["callback"]["n"],
            callback_milli=sources["callback"]["milli"],
            feedbacks=sources["sms"]["n"],
            feedback_milli=sources["sms"]["milli"],
            gap_milli=official["gap_milli"],
            details={"adjusted": document["adjusted"], "peers": document["peers"]},
            computed_at=CLOSED_AT,
        )
    )
    session.flush()


def close(session, documents, *, month=MONTH, number=1, by=None, reason=None):
    """Write a ledger of documents and make the month closed."""
    row = session.get(MonthRow, month)
    if row is None:
        row = MonthRow(month=month, state="closed", changed_at=CLOSED_AT)
        session.add(row)
    row.state, row.ledger_number = "closed", number
    session.flush()
    header = {
        "month": month,
        "number": number,
        "policy": {"version": POLICY.version, "document": POLICY_DOCUMENT},
        "totals": {"halls": len(documents), "audits": 2, "responses": 72},
    }
    session.add(
        LedgerRow(
            month=month,
            number=number,
            digest=digest({"month": month, "number": number}),
            previous_digest="",
            header=canonical_json(header),
            model=pack_document({}),
            reason=reason,
            closed_at=CLOSED_AT,
            closed_by=by,
        )
    )
    session.flush()
    for document in documents:
        session.add(
            LedgerLineRow(
                month=month,
                number=number,
                hall_id=document["hall"],
                digest=digest(json.loads(json.dumps(document))),
                official_digest=digest(document | {"adjusted": None, "peers": None}),
                document=pack_document(document),
            )
        )
    session.commit()


def keep_history(session, hall="BD01", month=MONTH, count=11):
    """Write the scores of the months before, one of them without any evidence."""
    for index in range(1, count + 1):
        past = later(month, -index)
        session.add(MonthRow(month=past, state="closed", changed_at=CLOSED_AT))
        official = None if index == 7 else 79000 + 1000 * (index % 4)
        session.add(
            MonthScoreRow(
                month=past,
                hall_id=hall,
                region_id="north",
                tier="standard",
                status="full" if official else "insufficient",
                weight_pct=100 if official else 0,
                official_milli=official,
                half_milli=6700 if official else None,
                grade=None,
                is_ranked=bool(official),
                flags=[],
                adjusted_milli=79000 + 300 * (index % 3),
                low_milli=74000,
                high_milli=84000 + 100 * index,
                visits=1,
                inspections=0,
                callbacks=0,
                feedbacks=0,
                details={
                    "peers": {"kind": "region_and_tier", "halls": 9, "milli": 79500}
                },
                computed_at=CLOSED_AT,
            )
        )
    session.flush()


def ask_for_revisit(session, document):
    """Write the task to visit a hall again."""
    session.add(
        RevisitRow(
            month=document["month"],
            hall_id=document["hall"],
            gap_milli=document["official"]["gap_milli"],
            asked_at=CLOSED_AT,
        )
    )
    session.flush()


def make_halls(session, count):
    """Write more halls in the north."""
    if session.get(HallRow, "N000"):
        return
    for number in range(count):
        session.add(
            HallRow(
                hall_id=f"N{number:03}",
                city_id="baoding",
                name_zh=f"北{number}厅",
                name_en=f"North {number}",
                tier="standard",
                traits_add=[],
                traits_remove=[],
                latitude=38.8,
                longitude=115.4,
                radius_metres=200,
                hours="08:30-18:00",
                counters=4,
                area_m2=120,
                staff=8,
                customers_per_day=90,
            )
        )
    session.flush()
