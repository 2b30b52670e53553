"""What satisfaction goes along with: each predictor's fair share of the explained.

Used for the five RATER dimensions; shown with bands, never part of a score.
"""

from itertools import combinations
from math import factorial

import numpy as np

from auditapp.estimation.evidence import Floats

BOOTSTRAPS = 200


def shapley_shares(outcome: Floats, predictors: Floats) -> Floats:
    """Return each predictor's part of R², averaged over all orders; they add up to R².

    ``predictors`` is rows × k; time doubles with each one.

    Source: Grömping, J. Stat. Softw. 17(1), 2006 (metric lmg).
    """
    number = predictors.shape[1]
    among, with_outcome = _products(outcome, predictors)
    explained = {
        subset: _explained(among, with_outcome, subset) if subset else 0.0
        for size in range(number + 1)
        for subset in combinations(range(number), size)
    }
    shares = np.zeros(number)
    for subset, before in explained.items():
        size = len(subset)
        weight = factorial(size) * factorial(number - size - 1) if size < number else 0
        for added in set(range(number)) - set(subset):
            after = explained[tuple(sorted((*subset, added)))]
            shares[added] += weight * (after - before)
    return shares / factorial(number)


def shapley_bands(
    outcome: Floats,
    predictors: Floats,
    seed: int,
    level_pct: float = 90,
    draws: int = BOOTSTRAPS,
) -> tuple[Floats, Floats]:
    """Return the lower and upper ends of the shares under redrawn rows."""
    chance = np.random.default_rng(seed)
    drawn = [
        shapley_shares(outcome[rows], predictors[rows])
        for rows in chance.integers(0, len(outcome), (draws, len(outcome)))
    ]
    tail = (100 - level_pct) / 2
    low, high = np.percentile(np.stack(drawn), [tail, 100 - tail], axis=0)
    return low, high


def _products(outcome: Floats, predictors: Floats) -> tuple[Floats, Floats]:
    """Return the predictors' correlations among themselves and with the outcome."""
    table = np.column_stack([predictors, outcome])
    table = table - table.mean(axis=0)
    length = np.sqrt((table**2).sum(axis=0))
    table = table / np.where(length > 0, length, 1)
    products = table.T @ table
    return products[:-1, :-1], products[:-1, -1]


def _explained(among: Floats, outcome: Floats, subset: tuple[int, ...]) -> float:
    """Return R² of the least squares fit of a subset of predictors."""
    chosen = list(subset)
    slopes = np.linalg.lstsq(among[np.ix_(chosen, chosen)], outcome[chosen])[0]
    return float(slopes @ outcome[chosen])
