"""Last month's knowledge of each hall becomes this month's, evidence by evidence.

Every step is a column formula over halls, so a hall's result does not depend on who
else is in the arrays.

Source: design/scoring.md, section 4, steps 5 to 7.
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Flags, Floats
from auditapp.estimation.network import NetworkModel
from auditapp.estimation.states import (
    ANNOUNCED_BIAS,
    CUSTOMERS,
    FACILITIES,
    FEEDBACK_BIAS,
    N_STATE,
    SERVICE,
    HallStates,
)

LOSS_BOUNDS = (0.5, 2.5)
PIECE_STATES = (
    (FACILITIES,),
    (SERVICE,),
    (FACILITIES,),
    (SERVICE, ANNOUNCED_BIAS),
    (CUSTOMERS,),
    (CUSTOMERS, FEEDBACK_BIAS),
)
PIECE_LOSS = (FACILITIES, SERVICE, FACILITIES, SERVICE, CUSTOMERS, CUSTOMERS)


@dataclass(frozen=True)
class Observed:
    """One piece of evidence of every hall: deviation from the peers and its noise."""

    deviation: Floats
    noise: Floats
    is_seen: Flags


@dataclass(frozen=True)
class Counted:
    """What one piece did: foretold deviation, its variance, and the gain on itself."""

    expected: Floats
    variance: Floats
    reliability: Floats


def carried_mean(states: HallStates, persistence: Floats) -> Floats:
    """Return what is left of last month's deviations; a new hall is at its peers'."""
    return np.where(states.is_known[:, None], states.mean * persistence, 0.0)


def predicted_loss(peer_points: Floats, mean: Floats) -> Floats:
    """Return each hall's loss, halls × 3; ``peer_points`` is 3 × halls."""
    return np.asarray(100 - (peer_points.T + mean[:, : len(peer_points)]))


def loss_ratio(loss_points: Floats, network_loss_points: Floats | float) -> Floats:
    """Return predicted over network loss within bounds: weak halls are noisier."""
    return np.clip(loss_points / np.maximum(network_loss_points, 1e-9), *LOSS_BOUNDS)


def predict(states: HallStates, model: NetworkModel, ratio: Floats) -> HallStates:
    """Return the states before this month's evidence."""
    scale = np.ones((len(ratio), N_STATE))
    scale[:, : ratio.shape[1]] = np.sqrt(ratio)
    outer = scale[:, :, None] * scale[:, None, :]
    kept = states.covariance * np.outer(model.persistence, model.persistence)
    known = kept + model.change_covariance * outer
    covariance = np.where(
        states.is_known[:, None, None], known, model.covariance * outer
    )
    mean = carried_mean(states, model.persistence)
    return HallStates(mean, covariance, np.ones(len(mean), dtype=bool))


def update(
    states: HallStates, pieces: list[Observed]
) -> tuple[HallStates, list[Counted]]:
    """Return the states after the evidence, and what each piece did."""
    mean, covariance = states.mean.copy(), states.covariance.copy()
    expected = [_foretold(states, members) for members in PIECE_STATES]
    counted = []
    for piece, members, (foretold, spread) in zip(
        pieces, PIECE_STATES, expected, strict=True
    ):
        with_state = covariance[:, :, members].sum(axis=2)
        own = with_state[:, members].sum(axis=1)
        noise = np.where(piece.is_seen, piece.noise, 1.0)
        gain = with_state * (piece.is_seen / (own + noise))[:, None]
        surprise = piece.deviation - mean[:, members].sum(axis=1)
        mean += gain * surprise[:, None]
        covariance -= gain[:, :, None] * with_state[:, None, :]
        reliability = gain[:, members].sum(axis=1)
        counted.append(Counted(foretold, spread + noise, reliability))
    return HallStates(mean, covariance, states.is_known), counted


def _foretold(states: HallStates, members: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return mean and variance of a piece before any of the month's evidence."""
    with_state = states.covariance[:, :, members].sum(axis=2)
    return states.mean[:, members].sum(axis=1), with_state[:, members].sum(axis=1)
