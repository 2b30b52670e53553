"""Scoring a month: all halls at once, or some of them by the model of the last run.

What is read is computed before anything is written, so that nobody waits for it.
Evidence that arrives meanwhile has asked for its own hall to be scored again.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.composite import compose
from auditapp.domain.month import later, month_of
from auditapp.domain.month_life import MonthState
from auditapp.domain.policy import Policy
from auditapp.reads.month_evidence import first_month, read_states
from auditapp.reads.month_inputs import Anchors, MonthInputs, read_inputs, tier_means
from auditapp.reads.month_model import Model, pack_document, read_model
from auditapp.reads.policies import get_policy_in_force
from auditapp.services.jobs import hold_waiting, request_job
from auditapp.services.month_estimates import Before, estimate_all, estimate_some
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
from auditapp.store.months import MonthRow

Progress = Callable[[int, int], None]
SCORE_MONTH = "month.score"
CHUNK = 5000


@dataclass(slots=True)
class MonthRun:
    """A month's scores that are not stored yet; ``model`` is empty for some halls."""

    month: str
    policy: Policy
    scores: list[HallScore]
    model: Model
    started_at: datetime

    def as_before(self) -> Before:
        """Return what the next month starts from."""
        states = {s.hall.hall_id: s.state for s in self.scores if s.state is not None}
        return Before(self.model, states)


def silent(_done: int, _total: int) -> None:
    """Tell nobody how far a run is."""


def compute_through(
    session: Session,
    month: str,
    *,
    now: datetime,
    policy: Policy | None = None,
    progress: Progress = silent,
) -> Iterator[MonthRun]:
    """Yield the month's run, after those of earlier months that were never made.

    The adjusted score of a month starts from what the month before left. ``policy``
    replaces the one in force.
    """
    first = first_month(session)
    missing = list(_missing(session, month, first))
    before = _stored_before(session, missing[0], first)
    for step, each in enumerate(missing):
        run = _compute(session, each, policy, before, now)
        before = run.as_before()
        progress(step + 1, len(missing) + 1)
        yield run


def compute_month(
    session: Session, month: str, *, now: datetime, policy: Policy | None = None
) -> MonthRun:
    """Return the scores of all halls; what earlier months lack is not stored."""
    *_earlier, run = compute_through(session, month, now=now, policy=policy)
    return run


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
    count = 0
    for run in compute_through(session, month, now=now):
        keep_month(session, run, now=now)
        count = len(run.scores)
    return count


def score_earlier(session: Session, month: str, *, now: datetime) -> None:
    """Score and keep the months before that were never scored."""
    *earlier, _own = _missing(session, month, first_month(session))
    if earlier:
        for run in compute_through(session, earlier[-1], now=now):
            keep_month(session, run, now=now)


def compute_halls(
    session: Session, month: str, hall_ids: Collection[str], *, now: datetime
) -> MonthRun | None:
    """Score some halls by the month's model; None when only a full run can."""
    model = read_model(session, month)
    if model is None or is_closed(session, month):
        return None
    policy = get_policy_in_force(session, month).policy
    if model["policy"] != policy.version:
        return None
    inputs = read_inputs(session, policy, month, hall_ids)
    scores = _official(policy, inputs, model["anchors"])
    for score in scores:
        score.peers = peers_of(score.hall, model["peers"], policy.peers)
    states = read_states(session, later(month, -1), hall_ids)
    if not estimate_some(session, month, policy, scores, model, states):
        return None
    return MonthRun(month, policy, scores, {}, now)


def keep_halls(session: Session, run: MonthRun, *, now: datetime) -> None:
    """Write the scores of some halls; the month after starts from them.

    Raises:
        MonthClosedError: The month was closed; nothing changes.
    """
    hold_open_month(session, run.month, now)
    replace_some(session, run.month, run.scores, run.started_at)
    keep_revisits(session, run.month, run.scores, now)
    after = later(run.month, 1)
    if _has_model(session, after) and not is_closed(session, after):
        halls = [score.hall.hall_id for score in run.scores]
        request_rescore(session, after, halls, now=now)


def rescore_halls(
    session: Session, month: str, hall_ids: Sequence[str], *, now: datetime
) -> bool:
    """Score some halls in one transaction; False when only a full run can."""
    run = compute_halls(session, month, hall_ids, now=now)
    if run is not None:
        keep_halls(session, run, now=now)
    elif not is_closed(session, month):
        request_full_run(session, month, now)
    return run is not None


def request_full_run(session: Session, month: str, now: datetime, **who: Any) -> None:  # noqa: ANN401
    """Ask for a month to be scored for all halls."""
    request_job(session, SCORE_MONTH, month, now=now, **who)


def request_open_runs(session: Session, now: datetime) -> list[str]:
    """Ask for every month that is not closed to be scored, the oldest first.

    Peers, bands and the network's model age between full runs.
    """
    months = set(
        session.scalars(
            select(MonthRow.month).where(MonthRow.state != MonthState.CLOSED.value)
        )
    )
    months.add(month_of(now))
    waiting = hold_waiting(session, SCORE_MONTH, months)
    wanted = sorted(
        month for month in months - waiting if not is_closed(session, month)
    )
    for month in wanted:
        request_full_run(session, month, now)
    return wanted


def _compute(
    session: Session,
    month: str,
    policy: Policy | None,
    before: Before | None,
    now: datetime,
) -> MonthRun:
    policy = policy or get_policy_in_force(session, month).policy
    inputs = read_inputs(session, policy, month)
    anchors = tier_means(policy, inputs)
    scores = _official(policy, inputs, anchors)
    del inputs  # the evidence of a window needs the room
    groups = peer_groups(scores)
    for score in scores:
        score.peers = peers_of(score.hall, groups, policy.peers)
    first = first_month(session)
    model: Model = {
        "schema": 1,
        "policy": policy.version,
        "anchors": anchors,
        "peers": groups,
        **estimate_all(session, month, policy, scores, first, before),
    }
    return MonthRun(month, policy, scores, model, now)


def _official(
    policy: Policy, inputs: MonthInputs, anchors: Anchors | None
) -> list[HallScore]:
    return [
        hall_score(hall, compose(policy, inputs.evidence(policy, hall, anchors)))
        for hall in inputs.halls
    ]


def _missing(session: Session, month: str, first: str | None) -> list[str]:
    """Return the months to run: the earlier ones without a model, then this one."""
    missing = [month]
    while first is not None and missing[-1] > first:
        earlier = later(missing[-1], -1)
        if _has_model(session, earlier):
            break
        missing.append(earlier)
    return missing[::-1]


def _has_model(session: Session, month: str) -> bool:
    statement = select(MonthRow.model.is_not(None)).where(MonthRow.month == month)
    return bool(session.scalar(statement))


def _stored_before(session: Session, month: str, first: str | None) -> Before | None:
    earlier = later(month, -1)
    if first is None or earlier < first:
        return None
    model = read_model(session, earlier)
    return Before(model, read_states(session, earlier)) if model else None
