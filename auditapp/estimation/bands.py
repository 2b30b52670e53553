"""Groups of halls that cannot be told apart, instead of ranks."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Floats

HALF_WIDTH = 1.645


@dataclass(frozen=True)
class Bands:
    """Per hall: its band (1 is best) and the shared ranks the band spans.

    Source: design/scoring.md, section 4; design/look/l-overview.html.
    """

    band: Counts
    first_rank: Counts
    last_rank: Counts


def assign_bands(
    score_points: Floats, se_points: Floats, half_width: float = HALF_WIDTH
) -> Bands:
    """Return bands: everyone who cannot be told from a band's first is in it.

    Two halls differ only if their scores differ by more than ``half_width`` times the
    root of the sum of their squared standard errors. Of equal scores the surer hall
    comes first.
    """
    n_halls = len(score_points)
    band = np.zeros(n_halls, dtype=np.int64)
    last_rank = np.zeros(n_halls, dtype=np.int64)
    waiting = np.lexsort((se_points, -score_points))
    number = 0
    while waiting.size:
        number += 1
        gap = score_points[waiting[0]] - score_points[waiting]
        both = np.hypot(se_points[waiting[0]], se_points[waiting])
        is_alike = gap <= half_width * both
        members, waiting = waiting[is_alike], waiting[~is_alike]
        band[members] = number
        last_rank[members] = n_halls - waiting.size
    sizes = np.bincount(band, minlength=1)[band]
    return Bands(band, last_rank - sizes + 1, last_rank)
