"""What may be said of a hall by name: only what is as good as certain."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Floats
from auditapp.estimation.normal import normal_cdf

NAMED_FROM = 0.8
WORST_SHARE = 0.1
LEAST_HALLS = 10
HALVINGS = 50


@dataclass(frozen=True)
class WorstTenth:
    """Where the worst tenth of halls ends, in points, and how uncertain that is."""

    end_points: float
    end_variance: float

    def chances(self, score_points: Floats, se_points: Floats) -> Floats:
        """Return each hall's posterior probability of being in the tenth."""
        spread = np.sqrt(_spread(se_points) ** 2 + self.end_variance)
        return normal_cdf((self.end_points - score_points) / spread)


def find_worst_tenth(score_points: Floats, se_points: Floats) -> WorstTenth | None:
    """Return the worst tenth of all halls; None of fewer than ten.

    The tenth's upper end is where the expected number of halls below is a tenth, itself
    uncertain by that number's own spread.
    """
    if len(score_points) < LEAST_HALLS:
        return None
    spread = _spread(se_points)
    end = _end_of_tenth(score_points, spread)
    z = (end - score_points) / spread
    below = normal_cdf(z)
    density = np.exp(-(z**2) / 2) / (spread * np.sqrt(2 * np.pi))
    variance = (below * (1 - below)).sum() / max(density.sum(), 1e-12) ** 2
    return WorstTenth(end, float(variance))


def chance_in_worst_tenth(score_points: Floats, se_points: Floats) -> Floats:
    """Return each hall's posterior probability of being among the worst tenth.

    A hall may be named from ``NAMED_FROM`` on; fewer than ten halls have no tenth.

    Source: design/scoring.md, section 4.
    """
    tenth = find_worst_tenth(score_points, se_points)
    if tenth is None:
        return np.zeros(len(score_points))
    return tenth.chances(score_points, se_points)


def _spread(se_points: Floats) -> Floats:
    return np.maximum(se_points, 1e-6)


def _end_of_tenth(score_points: Floats, spread: Floats) -> float:
    """Return the score below which a tenth of the halls is expected."""
    target = round(WORST_SHARE * len(score_points))
    low = float((score_points - 8 * spread).min())
    high = float((score_points + 8 * spread).max())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if normal_cdf((middle - score_points) / spread).sum() < target:
            low = middle
        else:
            high = middle
    return high


def grades_covered(
    low_points: Floats, high_points: Floats, grades: Sequence[tuple[str, float]]
) -> list[str]:
    """Return the grades each range reaches into, best first: "B" or "B–C".

    ``grades`` are (name, lowest points), best first.
    """
    cuts = np.array([at_least for _, at_least in grades][::-1])
    names = [name for name, _ in grades][::-1]
    worst = np.maximum(np.searchsorted(cuts, low_points, "right") - 1, 0)
    best = np.maximum(np.searchsorted(cuts, high_points, "right") - 1, 0)
    return [
        names[top] if top == bottom else f"{names[top]}–{names[bottom]}"
        for top, bottom in zip(best.tolist(), worst.tolist(), strict=True)
    ]
