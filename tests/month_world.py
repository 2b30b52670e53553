"""Halls with all four sources in a month, for tests of the month."""

from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import select

from auditapp.services.responses import NewResponse, take_responses
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.audits import AuditRow
from auditapp.store.visits import VisitRow
from desk_world import make_audit

MONTH = "2026-11"
LATER = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
numbers = count(1)


def make_response(source, score_milli, hall_id="BD01", **changes):
    """Return one response that lost all its points on one item."""
    item = {"callback": "cb_overall", "sms": "sms_rating"}[source]
    n = next(numbers)
    values = {
        "source": source,
        "origin": "import",
        "origin_key": f"key-{n}",
        "hall_id": hall_id,
        "month": MONTH,
        "happened_on": date(2026, 11, 12),
        "received_at": datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
        "business": "plan_change",
        "checklist_version": "2026.11",
        "score_milli": score_milli,
        "lost": {item: 100_000 - score_milli} if score_milli < 100_000 else {},
        "cause": None,
        "answers": {item: 1},
    }
    return NewResponse(**(values | changes))


def take(session, source, scores, hall_id="BD01", **changes):
    """Take responses with these scores (points)."""
    responses = [
        make_response(source, score * 1000, hall_id, **changes) for score in scores
    ]
    taken = take_responses(session, responses, now=changes.get("received_at", LATER))
    session.commit()
    return taken


def accept(session, audit_id, at=datetime(2026, 11, 21, 2, 0, tzinfo=UTC)):
    """Make an audit official, whatever its answers are."""
    audit = session.get(AuditRow, audit_id)
    visit = session.get(VisitRow, audit.visit_id)
    audit.state, visit.state, visit.accepted_at = "closed", "accepted", at
    session.commit()


def make_accepted(session, world, hall_id="BD01", kind="mystery", **changes):
    """Write an accepted audit and return its id."""
    audit_id = make_audit(session, world, hall_id=hall_id, photos=0, **changes)
    visit = session.scalars(
        select(VisitRow)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .where(AuditRow.audit_id == audit_id)
    ).one()
    visit.kind = kind
    accept(session, audit_id)
    return audit_id


def judge_again(session, audit_id, now=LATER):
    """Score an audit again."""
    keep_judgement(session, judge_audit(session, audit_id), now=now)
    session.commit()
