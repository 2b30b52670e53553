"""What a month's evidence says about the network as a whole."""

import numpy as np

from auditapp.estimation import peers
from auditapp.estimation.bias import announced_bias, feedback_bias
from auditapp.estimation.evidence import Evidence, Floats
from auditapp.estimation.filtering import carried_mean, predicted_loss
from auditapp.estimation.grids import AuditCells, Span, answer_variances
from auditapp.estimation.network import NetworkModel, Peers, Severity
from auditapp.estimation.observations import Seen, gather
from auditapp.estimation.official import source_anchors
from auditapp.estimation.policy import FEEDBACK, MonthPolicy
from auditapp.estimation.severity import Residuals, auditor_severity
from auditapp.estimation.sources import month_sources
from auditapp.estimation.states import HallStates
from auditapp.estimation.tiers import Usual
from auditapp.estimation.variances import estimate_variances

USUAL = (Usual(95, 1, 0.02), Usual(80, 4, 0.15), Usual(80, 4, 1))
PEER_NOISE = (5.0, 45.0)
FEEDBACK_NOISE = 9.0


def fit_network(
    evidence: Evidence,
    month: int,
    policy: MonthPolicy,
    previous: NetworkModel | None,
    previous_states: HallStates,
) -> NetworkModel:
    """Return the month's model; ``previous_states`` are those of the month before."""
    span = _span(evidence, month, policy, previous)
    raw_service, severity = _fit_severity(evidence, span, previous)
    answer_variance = answer_variances(
        evidence, span, policy.usual_spreads_points[FEEDBACK] ** 2
    )
    seen = gather(evidence, span, severity, answer_variance)
    announced = announced_bias(seen.visits[1], seen.inspections[1])
    feedback = feedback_bias(
        seen.callbacks, seen.feedback, seen.callback_noise + seen.feedback_noise
    )
    blocks = _fit_peers(evidence, seen, feedback, previous, span)
    points = tuple(peers.hall_means(block, evidence) for block in blocks)
    variances = estimate_variances(seen.deviations(points, announced, feedback))
    mean = carried_mean(previous_states, variances.persistence)
    now = np.stack([block[-1] for block in points])
    sources = month_sources(evidence, month, policy)
    return NetworkModel(
        months=evidence.months[span.first : month + 1],
        n_halls=evidence.n_halls,
        has_audits=seen.has_audits,
        has_customers=seen.has_customers,
        raw_service=raw_service,
        facilities=blocks[0],
        service=blocks[1],
        customers=blocks[2],
        severity=severity,
        announced_bias_points=announced,
        feedback_bias_points=feedback,
        answer_variance=answer_variance,
        cap_loss_points=_cap_loss(evidence, span),
        visit_variance=variances.visit,
        inspection_variance=variances.inspection,
        persistence=variances.persistence,
        covariance=variances.covariance,
        change_covariance=variances.change_covariance,
        mean_loss_points=predicted_loss(now, mean).mean(axis=0),
        anchor_points=source_anchors(
            policy, sources.totals_points, sources.counts, evidence.tier
        ),
    )


def _span(
    evidence: Evidence, month: int, policy: MonthPolicy, previous: NetworkModel | None
) -> Span:
    """Return the months to look at: as far back as peers are known, at most a window.

    Raises ValueError when the previous model is not of the month before.
    """
    if previous is None:
        return Span(month, month)
    if previous.months[-1] + 1 != evidence.months[month]:
        message = f"month {previous.months[-1]} cannot precede {evidence.months[month]}"
        raise ValueError(message)
    earlier = min(policy.window_months - 1, len(previous.months), month)
    return Span(month - earlier, month)


def _fit_severity(
    evidence: Evidence, span: Span, previous: NetworkModel | None
) -> tuple[Peers, Severity]:
    """Return the peers' uncorrected service points and the auditors' severity."""
    visits = evidence.visits
    cells = AuditCells(visits, evidence.n_halls, span)
    service = visits.service_points[cells.chosen]
    grid = cells.mean(service)
    weights = peers.hall_weights(grid.is_seen[-1], PEER_NOISE[1])
    history = None if previous is None else previous.raw_service
    raw = peers.add_month(history, grid.points[-1], weights, evidence, USUAL[1])
    raw = peers.trimmed(raw, span.n_months)
    residuals = Residuals(
        service - peers.hall_means(raw, evidence)[cells.month, cells.hall],
        cells.hall,
        visits.auditor[cells.chosen],
        evidence.region[cells.hall],
    )
    sizes = (evidence.n_halls, evidence.n_auditors, evidence.n_regions)
    return raw, auditor_severity(residuals, sizes)


def _fit_peers(
    evidence: Evidence,
    seen: Seen,
    feedback: float,
    previous: NetworkModel | None,
    span: Span,
) -> tuple[Peers, Peers, Peers]:
    """Return the peers of facilities, service and customers with the month added."""
    months = (
        *(
            (grid.points[-1], peers.hall_weights(grid.is_seen[-1], noise))
            for grid, noise in zip(seen.visits, PEER_NOISE, strict=True)
        ),
        _customer_means(seen, feedback),
    )
    histories = (
        (None, None, None)
        if previous is None
        else (previous.facilities, previous.service, previous.customers)
    )
    added = (
        peers.add_month(history, points, weights, evidence, usual)
        for history, (points, weights), usual in zip(
            histories, months, USUAL, strict=True
        )
    )
    facilities, service, customers = (
        peers.trimmed(block, span.n_months) for block in added
    )
    return facilities, service, customers


def _customer_means(seen: Seen, feedback: float) -> tuple[Floats, Floats]:
    """Return the month's customer points per hall and their weights in the peers."""
    of_callbacks = seen.callbacks.is_seen[-1] / seen.callback_noise[-1]
    of_feedback = seen.feedback.is_seen[-1] / (seen.feedback_noise[-1] + FEEDBACK_NOISE)
    precision = of_callbacks + of_feedback
    total = of_callbacks * seen.callbacks.points[-1] + of_feedback * (
        seen.feedback.points[-1] - feedback
    )
    is_seen = precision > 0
    safe = np.where(is_seen, precision, 1)
    return total / safe, peers.hall_weights(is_seen, 1 / safe)


def _cap_loss(evidence: Evidence, span: Span) -> Floats:
    """Return the mean cap loss of a visit per tier."""
    visits = evidence.visits
    chosen = (visits.month >= span.first) & (visits.month <= span.last)
    tier = evidence.tier[visits.hall[chosen]]
    number = np.bincount(tier, minlength=evidence.n_tiers)
    total = np.bincount(tier, visits.cap_loss_points[chosen], evidence.n_tiers)
    return np.asarray(total / np.maximum(number, 1))
