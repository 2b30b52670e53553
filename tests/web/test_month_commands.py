"""``flask month``, ``flask policy`` and ``flask audit override`` on one database."""

from pathlib import Path

import pytest
import time_machine

from auditapp.store.audits import AuditRow
from auditapp.store.months import MonthScoreRow
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, take

POLICY = Path(__file__).parents[2] / "checklists/_monthly_score.yaml"


@pytest.fixture
def run(app, session):
    """Return how to run a command; BD01 has a visit and customers."""
    world = make_world(session)
    bad = {item: {"value": "no"} for item in ("off_fit", "off_plain", "exp_listen")}
    make_accepted(session, world, answers=bad)
    take(session, "callback", [80, 90, 70, 60, 100, 95])
    take(session, "sms", [90] * 10 + [70] * 10)
    runner = app.test_cli_runner()

    def run(*words):
        with time_machine.travel(LATER, tick=False):
            return runner.invoke(args=[*words, "--lang", "en"])

    return run


def test_a_month_is_scored_closed_verified_and_corrected(  # noqa: PLR0915 (a story)
    run, session, tmp_path
):
    out = tmp_path / "scores.csv"
    scored = run("month", "score", MONTH, "--out", str(out))
    assert scored.output == "2026-11: 3 halls, 1 with a score, 1 ranked.\n"
    header, first, *_rest = out.read_text().splitlines()
    assert header.startswith("hall,tier,region,status,official,half,grade,adjusted")
    row = dict(zip(header.split(","), first.split(","), strict=True))
    stored = session.get(MonthScoreRow, (MONTH, "BD01"))
    assert row["hall"] == "BD01"
    assert row["official"] == f"{stored.official_milli / 1000:.3f}"

    closed = run("month", "close", MONTH)
    assert "2026-11 is closed, ledger 1: 3 halls, 1 audits, 26 responses." in (
        closed.output
    )
    verified = run("month", "verify", MONTH)
    assert verified.exit_code == 0
    assert "3 halls, identical to the last digit." in verified.output
    again = run("month", "score", MONTH)
    assert again.exit_code == 1
    assert "The month is closed" in again.output

    audit = str(session.query(AuditRow.audit_id).scalar())
    words = ("audit", "override", audit, "off_fit", "yes", "--reason", "said")
    assert run(*words, "--by", "nobody").exit_code == 1
    assert run(*words, "--by", "hq").exit_code == 0
    assert run("month", "reopen", MONTH, "--reason", "appeal").exit_code == 0
    assert "ledger 2:" in run("month", "close", MONTH).output
    session.rollback()
    session.query(AuditRow).update({"document": b"{}"})
    session.commit()
    broken = run("month", "verify", MONTH)
    assert broken.exit_code == 1
    assert "its document is altered" in broken.output


def test_a_trial_policy_stores_nothing_and_a_bad_one_is_told_by_line(
    run, session, tmp_path
):
    trial = tmp_path / "trial.yaml"
    trial.write_text(POLICY.read_text().replace("weight: 40", "weight: 20"))
    tried = run("month", "score", MONTH, "--policy", str(trial))
    assert tried.output.endswith("ranked. A trial: nothing was stored.\n")
    assert session.get(MonthScoreRow, (MONTH, "BD01")) is None

    bad = tmp_path / "bad.yaml"
    bad.write_text(
        POLICY.read_text().replace("weight: 20", "weight: 0").replace("D}", "A}")
    )
    checked = run("policy", "check", str(bad))
    assert checked.exit_code == 1
    assert "bad.yaml:6: The policy: mystery visits would weigh 100%" in checked.output
    assert "“A” is written twice" in checked.output


def test_a_policy_is_published_for_months_that_have_not_begun(run):
    words = ("policy", "publish", str(POLICY), "--from")
    assert "Published; it holds from 2027-01 on." in run(*words, "2027-01").output
    assert "nothing changes" in run(*words, "2027-01").output
    assert run(*words, "2027-02").exit_code == 1
    assert "No mistakes" in run("policy", "check", str(POLICY)).output
