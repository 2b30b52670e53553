"""Which halls have changed, told from chance."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.discovery import benjamini_hochberg
from auditapp.estimation.evidence import Flags, Floats
from auditapp.estimation.normal import two_sided_p

CHANGE_MONTHS = 6
ALARM_Z = 1.645
FALSE_SHARE = 0.10


@dataclass(frozen=True)
class Standing:
    """One month of some halls: adjusted scores, standard errors and peers' means."""

    score_points: Floats
    se_points: Floats
    peer_points: Floats


@dataclass(frozen=True)
class Changes:
    """Per hall: change in points, the peers' part of it, z, the alarm and the list.

    ``is_alarm`` is for a hall's own page (|z| > 1.645), ``is_listed`` for lists of many
    halls (Benjamini and Hochberg, q = .10).
    """

    change_points: Floats
    peer_change_points: Floats
    z: Floats
    is_alarm: Flags
    is_listed: Flags

    def listed_from(self) -> float | None:
        """Return the least |z| that is listed; None when no hall is."""
        listed = np.abs(self.z)[self.is_listed]
        return float(listed.min()) if listed.size else None


def find_changes(now: Standing, before: Standing) -> Changes:
    """Return the changes of the same halls, by default ``CHANGE_MONTHS`` apart.

    Source: design/scoring.md, section 4.
    """
    change = now.score_points - before.score_points
    se = np.sqrt(now.se_points**2 + before.se_points**2)
    z = change / np.where(se > 0, se, 1)
    return Changes(
        change,
        now.peer_points - before.peer_points,
        z,
        np.asarray(np.abs(z) > ALARM_Z),
        benjamini_hochberg(two_sided_p(z), FALSE_SHARE),
    )
