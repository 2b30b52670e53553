"""What may be said of a hall by name: only what is as good as certain."""

from collections.abc import Sequence

import numpy as np

from auditapp.estimation.evidence import Floats
from auditapp.estimation.normal import normal_cdf

NAMED_FROM = 0.8
WORST_SHARE = 0.1
LEAST_HALLS = 10
HALVINGS = 50


def chance_in_worst_tenth(score_points: Floats, se_points: Floats) -> Floats:
    """Return each hall's posterior probability of being among the worst tenth.

    A hall may be named from ``NAMED_FROM`` on; fewer than ten halls have no tenth. The
    tenth's upper end is where the expected number of halls below is a tenth, itself
    uncertain by that number's own spread.

    Source: design/scoring.md, section 4.
    """
    number = len(score_points)
    if number < LEAST_HALLS:
        return np.zeros(number)
    spread = np.maximum(se_points, 1e-6)
    end = _end_of_tenth(score_points, spread)
    below = normal_cdf((end - score_points) / spread)
    z = (end - score_points) / spread
    density = np.exp(-(z**2) / 2) / (spread * np.sqrt(2 * np.pi))
    end_variance = (below * (1 - below)).sum() / max(density.sum(), 1e-12) ** 2
    return normal_cdf((end - score_points) / np.sqrt(spread**2 + end_variance))


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
