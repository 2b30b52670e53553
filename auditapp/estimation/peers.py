"""What halls of a tier and region have on average, carried from month to month."""

from dataclasses import replace

import numpy as np

from auditapp.estimation.evidence import Evidence, Floats
from auditapp.estimation.network import Peers
from auditapp.estimation.tiers import LASTING_VARIANCE, Usual, tier_means

CARRIED = 0.9
_TINY = 1e-12


def hall_weights(is_seen: Floats, noise_variance: Floats | float) -> Floats:
    """Return how much each hall counts in its peers' mean: 0 where nothing was seen."""
    return np.asarray(is_seen / (LASTING_VARIANCE + noise_variance))


def add_month(
    previous: Peers | None,
    points: Floats,
    weights: Floats,
    evidence: Evidence,
    usual: Usual,
) -> Peers:
    """Return the peers with one more month of hall means and their weights.

    The region's deviation is shrunk by its own reliability and carried by a factor.

    Source: design/scoring.md, section 4, step 3.
    """
    tier_mean, tier_variance = tier_means(previous, points, weights, evidence, usual)
    total = np.bincount(evidence.region, weights, evidence.n_regions)
    residual = (points - tier_mean[evidence.tier]) * weights
    seen_deviation = np.bincount(
        evidence.region, residual, evidence.n_regions
    ) / np.maximum(total, _TINY)
    seen_variance = 1 / np.maximum(total, _TINY)
    spread = _region_spread(seen_deviation, seen_variance, total > 0)
    expected, variance = _carried_regions(previous, evidence.n_regions, spread)
    gain = variance / (variance + seen_variance)
    deviation = expected + gain * (seen_deviation - expected)
    newest = Peers(
        tier_mean[None], deviation[None], tier_variance, variance * (1 - gain)
    )
    return newest if previous is None else _appended(previous, newest)


def hall_means(peers: Peers, evidence: Evidence) -> Floats:
    """Return the peers' mean per month of the window and hall."""
    by_tier = peers.tier_mean[:, evidence.tier]
    return np.asarray(by_tier + peers.region_deviation[:, evidence.region])


def trimmed(peers: Peers, n_months: int) -> Peers:
    """Return the peers with only their last months."""
    start = max(len(peers.tier_mean) - n_months, 0)
    return replace(
        peers,
        tier_mean=peers.tier_mean[start:],
        region_deviation=peers.region_deviation[start:],
    )


def _region_spread(
    deviation: Floats, variance: Floats, is_seen: np.ndarray[tuple[int], np.dtype]
) -> float:
    """Return the variance of true region deviations, by moments with a floor."""
    if not is_seen.any():
        return 0.05
    noise = variance[is_seen].mean()
    signal = (deviation[is_seen] ** 2 - variance[is_seen]).mean()
    return float(max(signal, 0.05 * noise, 0.05))


def _carried_regions(
    previous: Peers | None, n_regions: int, spread: float
) -> tuple[Floats, Floats]:
    """Return what last month foretells of the regions; a new region starts at 0."""
    expected = np.zeros(n_regions)
    variance = np.full(n_regions, spread)
    if previous is not None:
        known = len(previous.region_variance)
        expected[:known] = CARRIED * previous.region_deviation[-1]
        kept = CARRIED**2
        variance[:known] = kept * previous.region_variance + (1 - kept) * spread
    return expected, variance


def _appended(previous: Peers, newest: Peers) -> Peers:
    """Return the history with one more row; new tiers and regions had the same then."""
    n_tiers = previous.tier_mean.shape[1]
    n_regions = previous.region_deviation.shape[1]
    n_months = len(previous.tier_mean)
    tiers = np.tile(newest.tier_mean, (n_months + 1, 1))
    tiers[:n_months, :n_tiers] = previous.tier_mean
    regions = np.tile(newest.region_deviation, (n_months + 1, 1))
    regions[:n_months, :n_regions] = previous.region_deviation
    return replace(newest, tier_mean=tiers, region_deviation=regions)
