"""The fictional company with the few visits that the browser tests make."""

from datetime import UTC, datetime

from flask_migrate import upgrade

from auditapp.domain.month import month_of
from auditapp.extensions import db, unit_of_work
from auditapp.factory import ROOT, create_app
from auditapp.services.accounts import hash_password
from auditapp.services.demo.company import found_company

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
        db.engine.dispose()
