"""What was seen of the halls in a window of months: the input of a month's run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Audits:
    """Single visits or inspections, one entry each, in any order.

    ``hall`` indexes the halls, ``month`` the columns of the window, ``auditor`` the
    network's auditors. ``facility_points`` is 100 − points lost on hard items,
    ``service_points`` 100 − points lost on soft items, ``cap_loss_points`` what a
    failed critical item took, so the score is facility + service − 100 − cap loss.
    ``coverage`` is the answered share of the weight, in (0, 1]; an audit that is not
    ``is_complete`` is evidence for the adjusted score and never official.
    """

    hall: Counts
    month: Counts
    auditor: Counts
    facility_points: Floats
    service_points: Floats
    cap_loss_points: Floats
    coverage: Floats
    is_complete: Flags


@dataclass(frozen=True)
class Answers:
    """Customers' answers per hall and month, each array halls × months.

    ``squares`` is the sum of squared deviations from the cell's own mean, in points².
    Where ``count`` is 0 the other two are 0.
    """

    count: Counts
    mean_points: Floats
    squares: Floats


@dataclass(frozen=True)
class Evidence:
    """Everything seen of some halls in consecutive months, oldest first.

    ``months`` numbers them (any consecutive whole numbers, e.g. 12 × year + month);
    ``tier`` and ``region`` hold one code per hall from 0; a code keeps its meaning from
    month to month, new tiers, regions and auditors take the next free code.
    """

    months: Counts
    tier: Counts
    region: Counts
    n_tiers: int
    n_regions: int
    n_auditors: int
    visits: Audits
    inspections: Audits
    callbacks: Answers
    feedback: Answers

    @property
    def n_halls(self) -> int:
        """Return the number of halls."""
        return len(self.tier)
