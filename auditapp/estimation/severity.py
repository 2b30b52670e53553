"""How strict each auditor is, told from the halls they happened to see."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Floats
from auditapp.estimation.network import Severity

PASSES = 25
START_VARIANCES = (20.0, 4.0, 2.0, 45.0)
LEAST_FREEDOM = 10
LEAST_NOISE = 1.0
LEAST_VARIANCE = 1e-3


@dataclass(frozen=True)
class Residuals:
    """Service points of single visits minus the peers' mean, and whose they are."""

    points: Floats
    hall: Counts
    auditor: Counts
    region: Counts


class _Effect:
    """One crossed random effect: its members' estimates and variances."""

    def __init__(self, member: Counts, n_members: int, variance: float) -> None:
        self.member = member
        self.number = np.bincount(member, minlength=n_members)
        self.estimate = np.zeros(n_members)
        self.error = np.full(n_members, variance)
        self.variance = variance

    def refit(self, left_over: Floats, noise: float) -> None:
        """Fit to what all effects leave over, which changes in place."""
        self.error = 1 / (self.number / noise + 1 / self.variance)
        total = np.bincount(self.member, left_over, len(self.number))
        refitted = self.error * (total + self.number * self.estimate) / noise
        left_over -= (refitted - self.estimate)[self.member]
        self.estimate = refitted


def auditor_severity(visits: Residuals, sizes: tuple[int, int, int]) -> Severity:
    """Return shrunken auditor effects, their average over the visits being 0.

    ``sizes`` is the number of halls, auditors and regions. Crossed random effects by
    alternating passes (block Gauss–Seidel for the BLUP, EM for the variances).

    Source: design/scoring.md, section 4, step 2.
    """
    n_halls, n_auditors, n_regions = sizes
    hall_start, auditor_start, region_start, noise = START_VARIANCES
    halls = _Effect(visits.hall, n_halls, hall_start)
    auditors = _Effect(visits.auditor, n_auditors, auditor_start)
    regions = _Effect(visits.region, n_regions, region_start)
    if not len(visits.points):
        return Severity(auditors.estimate, auditors.number, auditors.number, 0.0)
    left_over = visits.points.copy()
    for _ in range(PASSES):
        noise = _one_pass(left_over, (halls, auditors, regions), noise)
    centre = (auditors.estimate @ auditors.number) / auditors.number.sum()
    return Severity(
        np.where(auditors.number > 0, auditors.estimate - centre, 0.0),
        auditors.number,
        _regions_seen(visits, sizes),
        float(np.sqrt(auditors.variance)),
    )


def _one_pass(
    left_over: Floats, effects: tuple[_Effect, _Effect, _Effect], noise: float
) -> float:
    """Refit hall, auditor and region once and return the new noise variance."""
    halls, auditors, regions = effects
    for effect in effects:
        effect.refit(left_over, noise)
    used = sum(
        (effect.number * effect.error).sum() / noise for effect in (halls, auditors)
    )
    for effect in (halls, auditors):
        seen = effect.number > 0
        effect.variance = _spread(effect.estimate[seen], effect.error[seen])
    regions.variance = _spread(regions.estimate, regions.error)
    noise = float(left_over @ left_over / max(len(left_over) - used, LEAST_FREEDOM))
    return max(noise, LEAST_NOISE)


def _spread(estimate: Floats, error: Floats) -> float:
    """Return the variance of an effect's members, never quite 0."""
    return max(float((estimate**2 + error).mean()), LEAST_VARIANCE)


def _regions_seen(visits: Residuals, sizes: tuple[int, int, int]) -> Counts:
    """Return in how many regions each auditor was."""
    _, n_auditors, n_regions = sizes
    pair = visits.auditor * n_regions + visits.region
    number = np.bincount(pair, minlength=n_auditors * n_regions)
    by_auditor = number.reshape(n_auditors, n_regions)
    return np.asarray(np.count_nonzero(by_auditor, axis=1))
