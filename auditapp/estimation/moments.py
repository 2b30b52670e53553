"""Variances and covariances by lag moments, mixed with commissioning defaults.

Covariances between different months hold no visit noise, which is what tells lasting
differences between halls from the luck of a single visit.

Source: design/scoring.md, section 4, step 4.
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.grids import Grid

DEFAULT_HALL_MONTHS = 300.0
ENOUGH_PAIRS = 20


@dataclass(frozen=True)
class Moment:
    """A mean and the number of hall-months behind it; None where there are too few."""

    value: float | None
    number: float

    def mixed(self, default: float) -> float:
        """Return the value pulled towards a default by its scarcity."""
        if self.value is None:
            return default
        weight = self.number + DEFAULT_HALL_MONTHS
        return (self.number * self.value + DEFAULT_HALL_MONTHS * default) / weight

    def minus(self, value: float) -> "Moment":
        """Return the moment with something taken from its value."""
        return Moment(None if self.value is None else self.value - value, self.number)

    def over(self, divisor: float) -> "Moment":
        """Return the moment with its value divided."""
        return Moment(None if self.value is None else self.value / divisor, self.number)


def product_sum(one: Grid, other: Grid, lag: int = 0) -> tuple[float, int]:
    """Return the sum of products ``lag`` months apart, and how many there are."""
    n_months = len(one.points)
    later, earlier = slice(lag, n_months), slice(0, n_months - lag)
    total = np.vdot(one.points[later], other.points[earlier])
    pairs = np.count_nonzero(one.is_seen[later] & other.is_seen[earlier])
    return float(total), int(pairs)


def product_mean(one: Grid, other: Grid, lag: int = 0) -> Moment:
    """Return the mean product of deviations, the other's ``lag`` months earlier."""
    total, pairs = product_sum(one, other, lag)
    return Moment(total / pairs if pairs else None, pairs)


def lag_covariance(one: Grid, other: Grid, lag: int = 0) -> Moment:
    """Return the mean product if enough pairs stand behind it."""
    moment = product_mean(one, other, lag)
    return moment if moment.number > ENOUGH_PAIRS else Moment(None, moment.number)


def mean_of(moments: list[Moment]) -> Moment:
    """Return the plain mean of those that have a value; the numbers add up."""
    values = [moment.value for moment in moments if moment.value is not None]
    number = sum(moment.number for moment in moments)
    return Moment(float(np.mean(values)) if values else None, number)
