"""Scores audits."""

from datetime import UTC, datetime
from uuid import UUID

from auditapp.domain.inspection import KIND
from auditapp.extensions import reading, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.inspections import settle_inspection
from auditapp.services.jobs import Job
from auditapp.services.review_turns import begin_turn
from auditapp.services.scores import judge_audit, keep_judgement


def score(job: Job, _progress: Progress) -> None:
    """Score an audit and find its signals; again when it changed meanwhile.

    A signed open inspection is accepted in the same breath.
    """
    audit_id, is_kept, source = UUID(job.subject), False, ""
    while not is_kept:
        with reading() as session:
            judgement = judge_audit(session, audit_id)
        if judgement is None:
            return
        source = judgement.source
        with unit_of_work() as session:
            is_kept = keep_judgement(session, judgement, now=datetime.now(UTC))
            if is_kept:
                begin_turn(session, audit_id)
    if source == KIND:
        with unit_of_work() as session:
            settle_inspection(session, audit_id, now=datetime.now(UTC))
