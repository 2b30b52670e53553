"""How much halls differ, how long that lasts and how noisy each source is."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Floats
from auditapp.estimation.grids import Grid
from auditapp.estimation.moments import (
    Moment,
    lag_covariance,
    mean_of,
    product_mean,
)
from auditapp.estimation.states import (
    ANNOUNCED_BIAS,
    CUSTOMERS,
    FACILITIES,
    FEEDBACK_BIAS,
    N_STATE,
    SERVICE,
)

DEFAULT_PERSISTENCE = (0.98, 0.90, 0.95)
DEFAULT_RELIABILITY = (0.70, 0.35)
DEFAULT_CUSTOMERS = 25.0
DEFAULT_FEEDBACK_BIAS = 9.0
DEFAULT_ANNOUNCED_BIAS = 4.0
LEAST_VARIANCE = (0.4, 6.0)
LAGS_FROM_MONTH = 3
MANY_FEEDBACKS = 30
SOME_FEEDBACKS = 15
SOME_CALLBACKS = 5
LARGEST_CORRELATION = 0.7
SMALLEST_EIGENVALUE = 0.05


@dataclass(frozen=True)
class Deviations:
    """Each source minus its peers, months × halls, corrected for auditors and biases.

    ``visits`` and ``inspections`` are (facilities, service); the noises are sampling
    variances of the customers' cells.
    """

    visits: tuple[Grid, Grid]
    inspections: tuple[Grid, Grid]
    callbacks: Grid
    feedback: Grid
    callback_noise: Floats
    feedback_noise: Floats

    @property
    def n_earlier(self) -> int:
        """Return the number of months before the last."""
        return len(self.callbacks.points) - 1


@dataclass(frozen=True)
class Variances:
    """What ``network.NetworkModel`` keeps of a month's variances."""

    visit: Floats
    inspection: Floats
    persistence: Floats
    covariance: Floats
    change_covariance: Floats


def estimate_variances(deviations: Deviations) -> Variances:
    """Return persistence, lasting and changing covariance, and noise of audits."""
    persistence = np.ones(N_STATE)
    covariance = np.zeros((N_STATE, N_STATE))
    visit, inspection = np.zeros(2), np.zeros(2)
    for block in (FACILITIES, SERVICE):
        persistence[block] = _persistence(deviations, block)
        lasting, visit[block] = _lasting(deviations, block, persistence[block])
        covariance[block, block] = lasting
        inspection[block] = _inspection_noise(deviations, block, lasting, visit[block])
    announced = _announced_bias_variance(deviations)
    covariance[ANNOUNCED_BIAS, ANNOUNCED_BIAS] = announced
    inspection[SERVICE] = max(inspection[SERVICE] - announced, 0.3 * visit[SERVICE])
    persistence[CUSTOMERS] = _persistence(deviations, CUSTOMERS)
    _fill_customers(deviations, covariance)
    _fill_covariances(deviations, covariance)
    correlation, spread = _valid_correlation(covariance)
    change = spread * np.sqrt(1 - persistence**2)
    return Variances(
        visit,
        inspection,
        persistence,
        correlation * np.outer(spread, spread),
        correlation * np.outer(change, change),
    )


def _some_callbacks(deviations: Deviations) -> Grid:
    """Return the callbacks of cells with enough of them."""
    return deviations.callbacks.only(deviations.callbacks.number >= SOME_CALLBACKS)


def _persistence(deviations: Deviations, state: int) -> float:
    """Return the share of a deviation that is left a month later."""
    default = DEFAULT_PERSISTENCE[state]
    if deviations.n_earlier < LAGS_FROM_MONTH:
        return default
    grid = (*deviations.visits, _some_callbacks(deviations))[state]
    lags = [lag_covariance(grid, grid, lag).value for lag in (1, 2, 3)]
    number = float(np.count_nonzero(grid.is_seen[1:]))
    decay = Moment(_decay(lags), number).mixed(default)
    return float(np.clip(decay, 0.6, 0.995))


def _decay(lags: list[float | None]) -> float | None:
    """Return (γ₂+γ₃)/(γ₁+γ₂), the monthly decay; None if it cannot be told."""
    known = [lag for lag in lags if lag is not None]
    if len(known) < len(lags) or known[0] + known[1] <= 0:
        return None
    return (known[1] + known[2]) / (known[0] + known[1])


def _lasting(
    deviations: Deviations, block: int, persistence: float
) -> tuple[float, float]:
    """Return the variance of lasting differences and the noise of one visit."""
    visits, inspections = deviations.visits[block], deviations.inspections[block]
    whole = product_mean(visits, visits)
    total = max(whole.value or 0.0, LEAST_VARIANCE[block])
    thinness = _mean_thinness(visits)
    reliability = DEFAULT_RELIABILITY[block]
    default = total * reliability / (reliability + (1 - reliability) * thinness)
    lagged = lag_covariance(visits, visits, 1).over(persistence)
    if deviations.n_earlier < LAGS_FROM_MONTH:
        across = lag_covariance(visits, inspections)
        lagged = mean_of([across, Moment(default, 0), lagged])
    lasting = Moment(lagged.value, whole.number).mixed(default)
    lasting = float(np.clip(lasting, 0.1 * total, 0.9 * total))
    return lasting, (total - lasting) / thinness


def _mean_thinness(visits: Grid) -> float:
    """Return the mean of 1 / number of visits over the cells that have any."""
    number = visits.number[visits.is_seen]
    return float((1 / number).mean()) if number.size else 1.0


def _inspection_noise(
    deviations: Deviations, block: int, lasting: float, visit_noise: float
) -> float:
    """Return the noise of one inspection, near that of a visit."""
    inspections = deviations.inspections[block]
    noise = product_mean(inspections, inspections).minus(lasting).mixed(visit_noise)
    return float(np.clip(noise, 0.5 * visit_noise, 4 * visit_noise))


def _announced_bias_variance(deviations: Deviations) -> float:
    """Return how much halls differ in what an announcement does for them."""
    visits, inspections = deviations.visits[SERVICE], deviations.inspections[SERVICE]
    both = visits.is_seen & inspections.is_seen
    gap = inspections.only(both).shifted(visits.points)
    lags = range(1, min(deviations.n_earlier, LAGS_FROM_MONTH) + 1)
    moment = mean_of([lag_covariance(gap, gap, lag) for lag in lags])
    return float(np.clip(moment.mixed(DEFAULT_ANNOUNCED_BIAS), 0.5, 25))


def _fill_customers(deviations: Deviations, covariance: Floats) -> None:
    """Set the variances of customers' opinion and of the feedback's own bias."""
    feedback = deviations.feedback
    often = feedback.only(feedback.number >= SOME_FEEDBACKS)
    agreed = product_mean(_some_callbacks(deviations), often)
    customers = float(np.clip(agreed.mixed(DEFAULT_CUSTOMERS), 4, 200))
    covariance[CUSTOMERS, CUSTOMERS] = customers
    many = feedback.number >= MANY_FEEDBACKS
    often = feedback.only(many)
    own = product_mean(often, often)
    if own.value is not None:
        own = own.minus(float(deviations.feedback_noise[many].mean()) + customers)
    bias = float(np.clip(own.mixed(DEFAULT_FEEDBACK_BIAS), 1, 60))
    covariance[FEEDBACK_BIAS, FEEDBACK_BIAS] = bias


def _fill_covariances(deviations: Deviations, covariance: Floats) -> None:
    """Set what facilities, service and customers have in common."""
    facilities, service = deviations.visits
    customers = _some_callbacks(deviations)
    pairs = (
        (FACILITIES, CUSTOMERS, facilities, customers),
        (SERVICE, CUSTOMERS, service, customers),
        (FACILITIES, SERVICE, facilities, service),
    )
    for row, column, one, other in pairs:
        common = lag_covariance(one, other).mixed(0)
        bound = LARGEST_CORRELATION * np.sqrt(
            covariance[row, row] * covariance[column, column]
        )
        covariance[row, column] = np.clip(common, -bound, bound)
        covariance[column, row] = covariance[row, column]


def _valid_correlation(covariance: Floats) -> tuple[Floats, Floats]:
    """Return the nearest safe correlation matrix and the standard deviations."""
    spread = np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance / np.outer(spread, spread))
    lifted = (vectors * np.maximum(values, SMALLEST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(lifted))
    return lifted / np.outer(scale, scale), spread
