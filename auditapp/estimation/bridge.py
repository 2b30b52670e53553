"""The steps from the official score to the adjusted one; they add up exactly."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Evidence, Floats
from auditapp.estimation.network import NetworkModel
from auditapp.estimation.official import OfficialScores
from auditapp.estimation.policy import (
    AUDIT_SOURCES,
    CUSTOMER_SOURCES,
    FEEDBACK,
    INSPECTION,
    MYSTERY,
    MonthPolicy,
)
from auditapp.estimation.sources import MonthSources


def estimand_weights(policy: MonthPolicy, model: NetworkModel) -> Floats:
    """Return the four sources' parts of the score; nobody's source leaves it."""
    weights = np.array(policy.weights, dtype=np.float64)
    if model.has_audits or model.has_customers:
        weights[list(AUDIT_SOURCES)] *= model.has_audits
        weights[list(CUSTOMER_SOURCES)] *= model.has_customers
    total = weights.sum()
    return weights / total if total > 0 else np.full(len(weights), 1 / len(weights))


@dataclass(frozen=True)
class Corrections:
    """What is taken out of each official source, halls × 4, in the bridge's order."""

    severity: Floats
    bias: Floats
    cap: Floats

    @property
    def total(self) -> Floats:
        """Return all three together."""
        return self.severity + self.bias + self.cap


def corrections(
    evidence: Evidence, month: int, sources: MonthSources, model: NetworkModel
) -> Corrections:
    """Return the corrections of the official sources' means, in points to add."""
    shape = sources.totals_points.shape
    severity, bias, cap = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    severity[:, MYSTERY] = -_mean_severity(evidence, month, model)
    bias[:, INSPECTION] = -model.announced_bias_points
    bias[:, FEEDBACK] = -model.feedback_bias_points
    pooled = model.cap_loss_points[evidence.tier]
    own = sources.cap_totals_points / np.maximum(sources.counts, 1)
    for source in AUDIT_SOURCES:
        cap[:, source] = own[:, source] - pooled
    return Corrections(severity, bias, cap)


def bridge_steps(
    official: OfficialScores,
    corrected: Corrections,
    filled_points: Floats,
    score_points: Floats,
) -> tuple[Floats, Floats]:
    """Return the first four running totals' steps and the rest, halls × 5.

    ``filled_points`` is the corrected score with every missing source at its peers'.
    Returns the start and the steps; start + Σ steps = score.
    """
    start = np.where(official.has_score, official.score_points, filled_points)
    parts = [
        np.where(official.has_score, (official.share * part).sum(axis=1), 0)
        for part in (corrected.severity, corrected.bias, corrected.cap)
    ]
    filling = filled_points - start - sum(parts)
    rest = score_points - filled_points
    return start, np.stack([*parts, filling, rest], axis=1)


def filled_score(
    official: OfficialScores,
    source_points: Floats,
    peer_points: Floats,
    weights: Floats,
) -> Floats:
    """Return the policy's mean over all sources, the missing ones at their peers'.

    ``source_points`` (corrected) and ``peer_points`` are halls × 4.
    """
    is_present = (official.share > 0) & official.has_score[:, None]
    points = np.where(is_present, source_points, peer_points)
    return np.asarray((points * weights).sum(axis=1))


def peer_sources(audit_points: Floats, customer_points: Floats) -> Floats:
    """Return the peers' mean of each source, halls × 4."""
    return np.stack(
        [audit_points, audit_points, customer_points, customer_points], axis=1
    )


def _mean_severity(evidence: Evidence, month: int, model: NetworkModel) -> Floats:
    """Return the mean effect of the auditors of each hall's complete visits."""
    visits = evidence.visits
    chosen = (visits.month == month) & visits.is_complete
    hall = visits.hall[chosen]
    effect = model.severity.effect_points[visits.auditor[chosen]]
    number = np.bincount(hall, minlength=evidence.n_halls)
    total = np.bincount(hall, effect, evidence.n_halls)
    return np.asarray(total / np.maximum(number, 1))
