"""Scoring an audit: the same result however often, never of an older revision."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from auditapp.domain.score_document import from_document
from auditapp.jobs.runner import Runner
from auditapp.services.jobs import request_job
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.audits import AuditRow, PhotoRow, ScoreRow, SignalRow
from desk_world import NOW, make_audit, make_world
from pictures import make_audit_with, picture
from statements import statements_on


@pytest.fixture
def world(session):
    return make_world(session)


def judged(session, audit_id):
    """Score an audit again and return what is stored."""
    judgement = judge_audit(session, audit_id)
    is_kept = keep_judgement(session, judgement, now=NOW)
    session.commit()
    return is_kept


def signals(session, audit_id):
    rows = session.scalars(select(SignalRow).where(SignalRow.audit_id == audit_id))
    return sorted((row.kind, row.level, json.dumps(row.facts)) for row in rows)


def test_the_lines_of_a_score_add_up_to_a_hundred(session, world):
    audit_id = make_audit(session, world, answers={"ext_open": {"value": "no"}})
    row = session.scalars(select(ScoreRow)).one()
    score = from_document(row.lines)
    lost = sum(line.lost for line in score.lines)
    assert lost + score.cap_loss + score.score == 100
    assert row.score_milli == round(score.score * 1000)
    assert (row.audit_id, row.has_critical_failure) == (audit_id, True)


def test_scoring_again_changes_nothing(session, world):
    audit_id = make_audit(session, world)
    before = signals(session, audit_id)
    assert judged(session, audit_id)
    assert signals(session, audit_id) == before
    assert len(session.scalars(select(ScoreRow)).all()) == 1


def test_a_score_of_an_older_revision_is_thrown_away(session, world):
    audit_id = make_audit(session, world)
    judgement = judge_audit(session, audit_id)
    session.get(AuditRow, audit_id).revision += 1
    session.commit()
    session.execute(delete(ScoreRow))
    assert not keep_judgement(session, judgement, now=NOW)
    assert session.scalars(select(ScoreRow)).all() == []


def test_signals_from_before_a_photo_was_checked_are_thrown_away(app, session, world):
    audit_id, (name,) = make_audit_with(app, session, world, [picture(1)])
    judgement = judge_audit(session, audit_id)
    session.get(PhotoRow, name).condition = "readable"
    session.flush()
    assert not keep_judgement(session, judgement, now=NOW)


def test_a_draft_is_not_scored(session, world):
    audit_id = make_audit(session, world)
    session.get(AuditRow, audit_id).state = "draft"
    session.commit()
    assert judge_audit(session, audit_id) is None


def test_words_of_an_earlier_visit_are_recognised_and_later_ones_are_not(
    session, world
):
    note = {"value": "no", "note": "墙上资费表是旧的，最后更新日期是2025年。"}
    first = make_audit(session, world, days_ago=5, answers={"ext_open": note})
    second = make_audit(session, world, answers={"ext_open": note})
    judged(session, first)
    found = [kind for kind, _level, _facts in signals(session, second)]
    assert "copied_text" in found
    assert "copied_text" not in [kind for kind, *_ in signals(session, first)]


def test_a_stay_far_below_that_of_its_peers_is_noticed(session, world):
    """Twenty visits of the same scenario and tier took twice as long."""
    audit_id = make_audit(session, world)
    for number in range(20):
        peer = make_audit(session, world, days_ago=number % 9, auditor="a11")
        session.execute(delete(SignalRow).where(SignalRow.audit_id == peer))
        session.add(
            SignalRow(
                audit_id=peer,
                kind="stay",
                level="fine",
                facts={"seconds": 3000},
                found_at=NOW,
            )
        )
    session.commit()
    judged(session, audit_id)
    (facts,) = (
        json.loads(f) for kind, _l, f in signals(session, audit_id) if kind == "stay"
    )
    assert facts["shortest_seconds"] == 3000


@pytest.mark.perf
def test_the_number_of_queries_does_not_grow_with_photos_and_visits(
    app, session, world
):
    few, _names = make_audit_with(app, session, world, [picture(1)])
    with statements_on(session.bind) as before:
        judge_audit(session, few)
    for day in range(1, 5):
        make_audit(session, world, days_ago=day)
    many, _names = make_audit_with(app, session, world, [picture(n) for n in range(9)])
    with statements_on(session.bind) as after:
        judge_audit(session, many)
    assert len(after) <= len(before)


def test_a_score_is_there_seconds_after_the_job_was_asked_for(app, session, world):
    audit_id = make_audit(session, world)
    session.execute(delete(ScoreRow))
    request_job(session, "audit.score", str(audit_id), now=NOW - timedelta(days=1))
    session.commit()
    assert Runner(app).run_due() == 1
    session.rollback()
    assert session.scalars(select(ScoreRow.audit_id)).all() == [audit_id]
