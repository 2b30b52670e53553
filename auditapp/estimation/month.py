"""One month for all halls, or again for some of them with the same model."""

import numpy as np

from auditapp.estimation import filtering, peers
from auditapp.estimation.estimate import MonthEstimate
from auditapp.estimation.evidence import Evidence, Floats
from auditapp.estimation.filtering import Observed
from auditapp.estimation.fitting import fit_network
from auditapp.estimation.grids import Span
from auditapp.estimation.network import NetworkModel
from auditapp.estimation.observations import gather
from auditapp.estimation.policy import MonthPolicy
from auditapp.estimation.results import Filtered, month_estimate
from auditapp.estimation.states import HallStates
from auditapp.estimation.variances import Deviations

LEAST_COVERAGE = 0.01


def estimate_month(
    evidence: Evidence,
    month: int,
    policy: MonthPolicy,
    previous_model: NetworkModel | None = None,
    previous_states: HallStates | None = None,
) -> tuple[NetworkModel, HallStates, MonthEstimate]:
    """Return the model, the new states and the scores of one month for all halls.

    ``month`` is a column of the evidence; later columns are never looked at, earlier
    ones as far as the policy's window reaches. ``previous_states`` has one row per hall
    of the evidence; without a previous model the network starts new.
    """
    states = previous_states or HallStates.unknown(evidence.n_halls)
    model = fit_network(evidence, month, policy, previous_model, states)
    return model, *apply_model(evidence, month, policy, model, states)


def apply_model(
    evidence: Evidence,
    month: int,
    policy: MonthPolicy,
    model: NetworkModel,
    previous_states: HallStates,
) -> tuple[HallStates, MonthEstimate]:
    """Return the states and scores of some halls as the model's own run gives them.

    The evidence holds only these halls, with the network's codes of tiers, regions and
    auditors; ``previous_states`` are theirs after the month before.
    """
    blocks = (model.facilities, model.service, model.customers)
    points = np.stack([peers.hall_means(block, evidence)[-1] for block in blocks])
    carried = filtering.carried_mean(previous_states, model.persistence)
    loss = filtering.predicted_loss(points, carried)
    ratio = filtering.loss_ratio(loss, model.mean_loss_points)
    seen = gather(evidence, Span(month, month), model.severity, model.answer_variance)
    deviations = seen.deviations(
        tuple(block[None] for block in points),
        model.announced_bias_points,
        model.feedback_bias_points,
    )
    pieces = _pieces(deviations, model, ratio)
    predicted = filtering.predict(previous_states, model, ratio)
    states, counted = filtering.update(predicted, pieces)
    filtered = Filtered(points, ratio, pieces, counted, states)
    return states, month_estimate(evidence, month, policy, model, filtered)


def _pieces(
    deviations: Deviations, model: NetworkModel, ratio: Floats
) -> list[Observed]:
    """Return the month's evidence in the order of ``estimate.PIECES``."""
    cells = (
        *zip(deviations.visits, model.visit_variance, strict=True),
        *zip(deviations.inspections, model.inspection_variance, strict=True),
    )
    audits = [
        (grid, noise / np.maximum(grid.number[-1], LEAST_COVERAGE))
        for grid, noise in cells
    ]
    customers = [
        (deviations.callbacks, deviations.callback_noise[-1]),
        (deviations.feedback, deviations.feedback_noise[-1]),
    ]
    return [
        Observed(grid.points[-1], ratio[:, block] * noise, grid.is_seen[-1])
        for (grid, noise), block in zip(
            [*audits, *customers], filtering.PIECE_LOSS, strict=True
        )
    ]
