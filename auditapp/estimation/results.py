"""From a hall's state to its score, its range and the steps that lead there."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.bridge import (
    Corrections,
    bridge_steps,
    corrections,
    estimand_weights,
    filled_score,
    peer_sources,
)
from auditapp.estimation.estimate import MonthEstimate, PiecesOfEvidence
from auditapp.estimation.evidence import Evidence, Floats
from auditapp.estimation.filtering import (
    PIECE_LOSS,
    Counted,
    Observed,
    loss_ratio,
    predicted_loss,
)
from auditapp.estimation.network import NetworkModel
from auditapp.estimation.official import OfficialScores, official_scores
from auditapp.estimation.policy import AUDIT_SOURCES, MonthPolicy
from auditapp.estimation.sources import MonthSources, month_sources
from auditapp.estimation.states import (
    CUSTOMERS,
    FACILITIES,
    FEEDBACK_BIAS,
    N_STATE,
    SERVICE,
    HallStates,
)

SMALL_NETWORK_HALLS = 6
PEER_VARIANCE_SHARE = 0.5
WEAK_WIDENING = 0.75
STRONG_NARROWING = 0.3
LEAST_LOSS_POINTS = 1.0


@dataclass(frozen=True)
class Filtered:
    """What the month's evidence made of the halls: peers (3 × halls) and states."""

    peer_points: Floats
    loss_ratio: Floats
    pieces: list[Observed]
    counted: list[Counted]
    states: HallStates


def month_estimate(
    evidence: Evidence,
    month: int,
    policy: MonthPolicy,
    model: NetworkModel,
    filtered: Filtered,
) -> MonthEstimate:
    """Return everything there is to say about each hall's month."""
    sources = month_sources(evidence, month, policy)
    official = official_scores(
        policy,
        sources.totals_points,
        sources.counts,
        model.anchor_points[evidence.tier],
    )
    corrected = corrections(evidence, month, sources, model)
    weights = estimand_weights(policy, model)
    audit = _audit_points(evidence, model, filtered.peer_points)
    by_source = peer_sources(audit, filtered.peer_points[CUSTOMERS])
    peer_points = (by_source * weights).sum(axis=1)
    direction = _direction(weights)
    lead = (filtered.states.mean * direction).sum(axis=1)
    score = np.clip(peer_points + lead, 0, 100)
    se = _standard_error(evidence, model, filtered, direction)
    reach = policy.half_width * se
    own = sources.totals_points / np.maximum(sources.counts, 1) + corrected.total
    filled = filled_score(official, own, by_source, weights)
    start, steps = bridge_steps(official, corrected, filled, score)
    alone_se = _alone_se(official, sources, model, filtered)
    return MonthEstimate(
        official_points=official.score_points,
        has_official=official.has_score,
        available_weight_pct=official.available_weight_pct,
        score_points=score,
        se_points=se,
        low_points=np.clip(peer_points + lead - reach, 0, 100),
        high_points=np.clip(peer_points + lead + reach, 0, 100),
        peer_points=peer_points,
        alone_points=_alone(official, corrected),
        alone_se_points=np.where(official.has_score, alone_se, 0),
        has_alone=official.has_score,
        bridge_start_points=start,
        bridge_points=steps,
        loss_ratio=filtered.loss_ratio,
        pieces=_pieces(filtered),
    )


def _audit_points(
    evidence: Evidence, model: NetworkModel, peer_points: Floats
) -> Floats:
    """Return the peers' audit score: hard and soft points less the tier's cap loss."""
    pooled_cap = model.cap_loss_points[evidence.tier]
    points = peer_points[FACILITIES] + peer_points[SERVICE]
    return np.asarray(points - 100 - pooled_cap)


def _direction(weights: Floats) -> Floats:
    """Return how much one point of each state moves the score."""
    audit = weights[list(AUDIT_SOURCES)].sum()
    direction = np.zeros(N_STATE)
    direction[[FACILITIES, SERVICE, CUSTOMERS]] = audit, audit, 1 - audit
    return direction


def _standard_error(
    evidence: Evidence, model: NetworkModel, filtered: Filtered, direction: Floats
) -> Floats:
    """Return the score's standard error: the hall's own and that of its peers.

    Weak halls differ more from one another than strong ones do.

    Source: design/scoring.md, section 4, step 8; docs/decisions/0011.
    """
    outer = direction[:, None] * direction[None, :]
    own = np.maximum((filtered.states.covariance * outer).sum(axis=(1, 2)), 0)
    variance = own + _peer_variance(evidence, model, direction)
    small = 1 + SMALL_NETWORK_HALLS / model.n_halls
    ratio = _loss_ratio(model, filtered, direction)
    width = ratio ** np.where(ratio > 1, WEAK_WIDENING, STRONG_NARROWING)
    return np.asarray(np.sqrt(variance * small) * width)


def _peer_variance(
    evidence: Evidence, model: NetworkModel, direction: Floats
) -> Floats:
    """Return how unsure the peers' mean is, points²."""
    variance = np.zeros(evidence.n_halls)
    blocks = (model.facilities, model.service, model.customers)
    for state, block in zip((FACILITIES, SERVICE, CUSTOMERS), blocks, strict=True):
        of_region = block.region_variance[evidence.region]
        of_tier = block.tier_variance[evidence.tier]
        variance += direction[state] ** 2 * (of_region + of_tier)
    return PEER_VARIANCE_SHARE * variance


def _loss_ratio(model: NetworkModel, filtered: Filtered, direction: Floats) -> Floats:
    """Return the points each hall loses over those the network does, within bounds."""
    mean = filtered.states.mean[:, : len(model.mean_loss_points)]
    loss = predicted_loss(filtered.peer_points, mean)
    parts = direction[: len(model.mean_loss_points)]
    usual = max(float((model.mean_loss_points * parts).sum()), LEAST_LOSS_POINTS)
    return loss_ratio((loss * parts).sum(axis=1), usual)


def _alone(official: OfficialScores, corrected: Corrections) -> Floats:
    """Return the official score with only the corrections made."""
    moved = (official.share * corrected.total).sum(axis=1)
    return np.where(official.has_score, official.score_points + moved, 0)


def _alone_se(
    official: OfficialScores,
    sources: MonthSources,
    model: NetworkModel,
    filtered: Filtered,
) -> Floats:
    """Return the standard error of the month alone, from the estimated noises."""
    visits, inspections = model.visit_variance, model.inspection_variance
    ratio = filtered.loss_ratio
    counts = np.maximum(sources.counts, 1)
    callback, feedback = filtered.pieces[4].noise, filtered.pieces[5].noise
    bias = model.covariance[FEEDBACK_BIAS, FEEDBACK_BIAS]
    variance = np.stack(
        [
            (ratio[:, :2] * visits).sum(axis=1) / counts[:, 0],
            (ratio[:, :2] * inspections).sum(axis=1) / counts[:, 1],
            callback,
            feedback + bias,
        ],
        axis=1,
    )
    return np.asarray(np.sqrt((official.share**2 * variance).sum(axis=1)))


def _pieces(filtered: Filtered) -> PiecesOfEvidence:
    """Return each piece as points: what was foretold, what came, how it counted."""
    peers = filtered.peer_points[list(PIECE_LOSS)].T
    seen = np.stack([piece.is_seen for piece in filtered.pieces], axis=1)
    value = np.stack([piece.deviation for piece in filtered.pieces], axis=1)
    expected = np.stack([each.expected for each in filtered.counted], axis=1)
    variance = np.stack([each.variance for each in filtered.counted], axis=1)
    return PiecesOfEvidence(
        is_seen=seen,
        value_points=np.where(seen, value + peers, 0),
        expected_points=np.where(seen, expected + peers, 0),
        expected_se_points=np.where(seen, np.sqrt(variance), 0),
        reliability=np.stack([each.reliability for each in filtered.counted], axis=1),
    )
