"""What one month's run estimated for everybody, enough to score any hall alone."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from auditapp.estimation.evidence import Counts, Flags, Floats

SEPARABLE_VISITS = 20
SEPARABLE_REGIONS = 2


class _Listed:
    """A record of numbers and arrays that can be written as JSON and read again."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, lists and dictionaries; floats survive exactly."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]  # every subclass is a dataclass

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Return the record written by ``to_dict``."""
        return cls(
            **{
                field.name: _typed(field.type, document[field.name])
                for field in fields(cls)  # type: ignore[arg-type]
            }
        )


def _plain(value: Any) -> Any:  # noqa: ANN401  JSON is made of anything
    """Return a field's value as JSON knows it."""
    if isinstance(value, _Listed):
        return value.to_dict()
    return value.tolist() if isinstance(value, np.ndarray) else value


def _typed(kind: Any, value: Any) -> Any:  # noqa: ANN401
    """Return a JSON value as the field's type."""
    if kind is Floats:
        return np.asarray(value, dtype=np.float64)
    if kind is Counts:
        return np.asarray(value, dtype=np.int64)
    return kind.from_dict(value) if isinstance(value, Mapping) else kind(value)


@dataclass(frozen=True)
class Peers(_Listed):
    """What halls of a tier and region had on average, in points.

    ``tier_mean`` is months × tiers, ``region_deviation`` months × regions, for the
    months of the model's window; the variances (per tier, per region, points²) are the
    uncertainty of the last month's.
    """

    tier_mean: Floats
    region_deviation: Floats
    tier_variance: Floats
    region_variance: Floats


@dataclass(frozen=True)
class Severity(_Listed):
    """How many service points each auditor gives more than the average auditor."""

    effect_points: Floats
    visits: Counts
    regions: Counts
    sd_points: float

    @property
    def is_separable(self) -> Flags:
        """Return whose severity can be told from the halls they saw.

        Source: design/scoring.md, section 4, step 2.
        """
        enough = self.visits >= SEPARABLE_VISITS
        return np.asarray(enough & (self.regions >= SEPARABLE_REGIONS))


@dataclass(frozen=True)
class NetworkModel(_Listed):
    """All that a month's run estimated and no single hall owns.

    ``months`` numbers the window behind it, the last is the month itself. Per block
    (facilities, service): noise variance of one visit and of one inspection, points².
    ``answer_variance`` and ``cap_loss_points`` are per tier. ``persistence``,
    ``covariance`` (lasting differences between halls) and ``change_covariance`` (one
    month's change) follow ``states.STATE``. ``mean_loss_points`` is the network's
    predicted loss of facilities, service and customers; ``anchor_points`` is tiers × 4,
    the official sources' means.
    """

    months: Counts
    n_halls: int
    has_audits: bool
    has_customers: bool
    raw_service: Peers
    facilities: Peers
    service: Peers
    customers: Peers
    severity: Severity
    announced_bias_points: float
    feedback_bias_points: float
    answer_variance: Floats
    cap_loss_points: Floats
    visit_variance: Floats
    inspection_variance: Floats
    persistence: Floats
    covariance: Floats
    change_covariance: Floats
    mean_loss_points: Floats
    anchor_points: Floats
