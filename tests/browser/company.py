"""The fictional company with the few visits that the browser tests make."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from flask_migrate import upgrade

from auditapp.domain.month import last_day, later, month_of
from auditapp.extensions import db, unit_of_work
from auditapp.factory import ROOT, create_app
from auditapp.gateways.brief_files import load_briefs
from auditapp.services.accounts import hash_password
from auditapp.services.demo.company import found_company
from auditapp.services.form_shelf import find_form
from auditapp.services.inspections import InspectionOrder, assign_inspection
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.services.visits import Assignment, assign_visit
from auditapp.store.audits import AuditRow
from auditapp.store.visits import VisitRow
from desk_world import audit_document

PASSWORD = "demo"  # noqa: S105
# hall, auditor, business: every test has an auditor of its own
VISITS = (
    ("SX01", "a01", "plan_change"),
    ("SX02", "a01", "new_sim"),
    ("SX03", "a02", "plan_change"),
    ("HS01", "a03", "bill_query"),
    ("ZJ01", "a04", "complaint"),
    ("ZJ02", "a05", "plan_change"),
    ("QY01", "a06", "bill_query"),
    ("XN01", "a07", "bill_query"),
    ("JQ01", "a08", "plan_change"),
    ("TP01", "a09", "bill_query"),
    ("YJ01", "a10", "plan_change"),
    ("BD01", "a11", "plan_change"),
    ("XL01", "a12", "plan_change"),
)
LATER = ("SX02", "a01")
INSPECTION = ("SX01", "insp_east")
FOUND_BEFORE = "int_umbrella_rack"  # by a mystery visit to the same hall


def found(settings):
    """Make the tables, the company and its visits; every password is "demo"."""
    app = create_app(settings)
    now = datetime.now(UTC)
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        with unit_of_work() as session:
            password = hash_password(PASSWORD)
            found_company(session, month_of(now), 1, password_hash=password, now=now)
    runner = app.test_cli_runner()
    for hall, auditor, scenario in VISITS:
        words = ["visit", "assign", hall, auditor, "--scenario", scenario]
        # of two visits the first is the next one
        due = [] if (hall, auditor) == LATER else ["--due", f"{now:%Y-%m-%d}"]
        done = runner.invoke(args=words + due)
        assert done.exit_code == 0, done.output
    with app.app_context():
        with unit_of_work() as session:
            order_inspection(session, now)
        db.engine.dispose()


def order_inspection(session, now):
    """Send an inspector where a mystery visit found something three months ago."""
    hall, inspector = INSPECTION
    month = later(month_of(now), -3)
    wanted = Assignment(hall, "a02", month, "plan_change", last_day(month))
    visit_id = assign_visit(session, wanted, load_briefs(), now=now)
    visit, audit_id = session.get_one(VisitRow, visit_id), uuid4()
    at = now - timedelta(days=80)
    form = find_form(session, visit.form_digest)
    document = audit_document(form, audit_id, visit_id, at, photos=0)
    document["answers"][FOUND_BEFORE] = {"value": "no", "note": "两把伞"}
    content = json.dumps(document).encode()
    session.add(
        AuditRow(
            audit_id=audit_id,
            visit_id=visit_id,
            auditor_id=visit.auditor_id,
            form_digest=visit.form_digest,
            device="phone",
            revision=1,
            state="closed",
            document=content,
            document_sha256=sha256(content).hexdigest(),
            received_at=at,
            completed_at=at,
        )
    )
    session.flush()
    keep_judgement(session, judge_audit(session, audit_id), now=at)
    visit.state, visit.accepted_at = "released", at
    session.flush()
    this = month_of(now)
    order = InspectionOrder(hall, inspector, this, last_day(this), seed="a test")
    assign_inspection(session, order, now=now)
