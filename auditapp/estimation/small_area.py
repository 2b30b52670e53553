"""Small areas by Fay and Herriot: direct estimates borrow strength from covariates.

Used by the self-check as a second opinion on a month's regions, with traits of the
halls as covariates.
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Floats

PASSES = 100
CLOSE_ENOUGH = 1e-4  # relative, as R's sae stops; the data know far less


@dataclass(frozen=True)
class SmallAreas:
    """Empirical best linear predictions per area, their mean squared errors, σ²."""

    estimate: Floats
    squared_error: Floats
    area_variance: float


def fay_herriot(direct: Floats, variance: Floats, covariates: Floats) -> SmallAreas:
    """Return areas' estimates by restricted maximum likelihood.

    ``direct`` and its sampling ``variance`` are per area, ``covariates`` areas × k with
    an intercept among them.

    Source: Rao & Molina, Small Area Estimation (2015), 6.1 and 6.2; Datta & Lahiri,
    Statistica Sinica 10:613 (2000) for the error.
    """
    area_variance = _restricted_likelihood(direct, variance, covariates)
    total = area_variance + variance
    inverse = np.linalg.inv(covariates.T @ (covariates / total[:, None]))
    slopes = inverse @ (covariates.T @ (direct / total))
    fitted = covariates @ slopes
    reliability = area_variance / total
    own = area_variance * (1 - reliability)
    leverage = (covariates @ inverse * covariates).sum(axis=1)
    of_slopes = (1 - reliability) ** 2 * leverage
    of_variance = variance**2 / total**3 * 2 / (1 / total**2).sum()
    return SmallAreas(
        fitted + reliability * (direct - fitted),
        own + of_slopes + 2 * of_variance,
        area_variance,
    )


def _restricted_likelihood(
    direct: Floats, variance: Floats, covariates: Floats
) -> float:
    """Return σ² at the top of the restricted likelihood, by Fisher scoring."""
    area_variance = float(np.median(variance))
    for _ in range(PASSES):
        weight = np.diag(1 / (area_variance + variance))
        spread = np.linalg.inv(covariates.T @ weight @ covariates)
        projection = weight - weight @ covariates @ spread @ covariates.T @ weight
        residual = projection @ direct
        score = (residual @ residual - np.trace(projection)) / 2
        step = score / ((projection * projection).sum() / 2)
        is_close = abs(step) < CLOSE_ENOUGH * area_variance
        area_variance = max(area_variance + step, 0.0)
        if is_close:
            break
    return area_variance
