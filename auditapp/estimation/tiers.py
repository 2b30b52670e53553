"""Tier means; in small networks they lean on their own past and on one another."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Evidence, Floats
from auditapp.estimation.network import Peers

LASTING_VARIANCE = 25.0
SMALL_NETWORK_HALLS = 100
LARGE_NETWORK_HALLS = 200
_TINY = 1e-12


@dataclass(frozen=True)
class Usual:
    """What is usual of a block: points, variances between tiers and of a change."""

    points: float
    tier_variance: float
    change_variance: float


def tier_means(
    previous: Peers | None,
    points: Floats,
    weights: Floats,
    evidence: Evidence,
    usual: Usual,
) -> tuple[Floats, Floats]:
    """Return the tiers' means of a month and their variances.

    Each tier's mean over its halls corrects what its own past foretells, or, in the
    first month, the mean over all. From ``LARGE_NETWORK_HALLS`` on the month's mean
    stands alone, as in the reference; only an unseen tier keeps what was foretold.

    Source: docs/decisions/0011-where-our-ranges-leave-the-reference.md.
    """
    expected, variance = _foretold(previous, points, weights, evidence, usual)
    total = np.bincount(evidence.tier, weights, evidence.n_tiers)
    squares = np.bincount(evidence.tier, weights**2, evidence.n_tiers)
    is_seen = total > 0
    safe = np.where(is_seen, total, 1)
    seen = np.bincount(evidence.tier, weights * points, evidence.n_tiers) / safe
    noise = np.maximum(safe - LASTING_VARIANCE * squares, _TINY) / safe**2
    gain = np.where(is_seen, variance / (variance + noise), 0)
    trust = gain + (is_seen - gain) * _largeness(evidence.n_halls)
    left = (1 - trust) ** 2 * variance + trust**2 * noise * is_seen
    return expected + trust * (seen - expected), left


def _largeness(n_halls: int) -> float:
    """Return 0 for a small network, 1 for a large one, rising in between."""
    span = LARGE_NETWORK_HALLS - SMALL_NETWORK_HALLS
    return min(max((n_halls - SMALL_NETWORK_HALLS) / span, 0.0), 1.0)


def _foretold(
    previous: Peers | None,
    points: Floats,
    weights: Floats,
    evidence: Evidence,
    usual: Usual,
) -> tuple[Floats, Floats]:
    """Return what was known of the tiers before the month, and how well."""
    everything = weights.sum()
    overall = (weights @ points) / everything if everything > 0 else usual.points
    expected = np.full(evidence.n_tiers, overall)
    variance = np.full(evidence.n_tiers, usual.tier_variance)
    if previous is not None:
        known = len(previous.tier_variance)
        expected[:known] = previous.tier_mean[-1]
        variance[:known] = previous.tier_variance + usual.change_variance
    return expected, variance
