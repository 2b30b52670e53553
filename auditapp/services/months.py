"""Scoring a month: all halls at once, or some of them by the model of the last run.

What is read is computed before anything is written, so that nobody waits for it.
Evidence that arrives meanwhile has asked for its own hall to be scored again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from auditapp.domain.composite import compose
from auditapp.domain.policy import Policy
from auditapp.reads.month_inputs import Anchors, MonthInputs, read_inputs, tier_means
from auditapp.reads.month_model import Model, pack_document, read_model
from auditapp.reads.policies import get_policy_in_force
from auditapp.services.jobs import request_job
from auditapp.services.month_life import hold_open_month, is_closed
from auditapp.services.month_revisits import keep_revisits
from auditapp.services.month_rows import (
    HallScore,
    hall_score,
    peer_groups,
    peers_of,
    replace_all,
    replace_some,
)
from auditapp.services.responses import request_rescore

Progress = Callable[[int, int], None]
SCORE_MONTH = "month.score"
STALE_AFTER = timedelta(days=1)
CHUNK = 5000


@dataclass(slots=True)
class MonthRun:
    """A month's scores that are not stored yet; ``model`` is None for some halls."""

    month: str
    policy: Policy
    scores: list[HallScore]
    model: Model | None
    started_at: datetime


def _silent(_done: int, _total: int) -> None:
    return


def compute_month(
    session: Session,
    month: str,
    *,
    now: datetime,
    policy: Policy | None = None,
    progress: Progress = _silent,
) -> MonthRun:
    """Return the scores of all halls; ``policy`` replaces the one in force."""
    in_force = get_policy_in_force(session, month).policy
    policy = policy or in_force
    inputs = read_inputs(session, policy, month)
    anchors = tier_means(policy, inputs)
    scores: list[HallScore] = []
    total = len(inputs.halls)
    for start in range(0, total, CHUNK):
        scores += official_scores(policy, inputs, anchors, start, start + CHUNK)
        progress(min(start + CHUNK, total), 2 * total)
    groups = peer_groups(scores)
    for score in scores:
        score.peers = peers_of(score.hall, groups, policy.peers)
    model: Model = {
        "schema": 1,
        "policy": policy.version,
        "anchors": anchors,
        "peers": groups,
    }
    return MonthRun(month, policy, scores, model, now)


def official_scores(
    policy: Policy, inputs: MonthInputs, anchors: Anchors | None, start: int, stop: int
) -> list[HallScore]:
    """Return the official part of some halls of the inputs."""
    return [
        hall_score(hall, compose(policy, inputs.evidence(policy, hall, anchors)))
        for hall in inputs.halls[start:stop]
    ]


def keep_month(session: Session, run: MonthRun, *, now: datetime) -> None:
    """Replace a month's scores and its model.

    Raises:
        MonthClosedError: It was closed; nothing changes.
    """
    row = hold_open_month(session, run.month, now)
    newer = replace_all(session, run.month, run.scores, run.started_at)
    row.model, row.scored_at = pack_document(run.model), run.started_at
    session.flush()
    keep_revisits(session, run.month, run.scores, now)
    # those rows were made with the model before: make them again with this one
    request_rescore(session, run.month, newer, now=now)


def score_month(session: Session, month: str, *, now: datetime) -> int:
    """Score all halls of a month in one transaction; return how many there are.

    Raises:
        MonthClosedError: It is closed; nothing changes.
    """
    hold_open_month(session, month, now)
    run = compute_month(session, month, now=now)
    keep_month(session, run, now=now)
    return len(run.scores)


def compute_halls(
    session: Session, month: str, hall_ids: Collection[str], *, now: datetime
) -> MonthRun | None:
    """Score some halls by the month's model; None when it has none yet or is closed."""
    model = read_model(session, month)
    if model is None or is_closed(session, month):
        return None
    policy = get_policy_in_force(session, month).policy
    inputs = read_inputs(session, policy, month, hall_ids)
    scores = official_scores(policy, inputs, model["anchors"], 0, len(inputs.halls))
    for score in scores:
        score.peers = peers_of(score.hall, model["peers"], policy.peers)
    return MonthRun(month, policy, scores, None, now)


def keep_halls(session: Session, run: MonthRun, *, now: datetime) -> None:
    """Write the scores of some halls; asks for a full run when the last one is old.

    Raises:
        MonthClosedError: The month was closed; nothing changes.
    """
    row = hold_open_month(session, run.month, now)
    replace_some(session, run.month, run.scores, run.started_at)
    keep_revisits(session, run.month, run.scores, now)
    if row.scored_at is None or row.scored_at < now - STALE_AFTER:
        request_full_run(session, run.month, now)


def rescore_halls(
    session: Session, month: str, hall_ids: Sequence[str], *, now: datetime
) -> bool:
    """Score some halls in one transaction; False when only a full run can."""
    run = compute_halls(session, month, hall_ids, now=now)
    if run is None:
        if not is_closed(session, month):
            request_full_run(session, month, now)
        return False
    keep_halls(session, run, now=now)
    return True


def request_full_run(session: Session, month: str, now: datetime, **who: Any) -> None:  # noqa: ANN401
    """Ask for a month to be scored for all halls."""
    request_job(session, SCORE_MONTH, month, now=now, **who)
