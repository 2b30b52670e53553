"""Whether audits foretell what other customers say later: out-of-sample validity.

Audits of the first half of a window against callbacks of the second, each less the mean
of its tier and region; halls are drawn again to see how far chance reaches.
Source: design/scoring.md, section 5 (what-if); Efron & Tibshirani (1993), chapter 13.
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Floats

LEAST_HALLS = 30
DRAWS, AT_ONCE = 1_000, 50
SEED = 20_260_000
LOW_PCT, HIGH_PCT = 5, 95


@dataclass(frozen=True)
class Validity:
    """Correlations by the version in force and by another, and their difference.

    Ranges hold nine times in ten; ``low`` and ``high`` are that of the difference.
    """

    halls: int
    before: float
    before_range: tuple[float, float]
    after: float
    after_range: tuple[float, float]
    low: float
    high: float


def validity(
    before: Floats, after: Floats, callbacks: Floats, group: Counts
) -> Validity | None:
    """Return both correlations; None with few halls or where nothing varies.

    A hall that is alone in its group says nothing and is left out.
    """
    has_peers = np.bincount(group, minlength=1)[group] > 1
    values = np.stack([before, after, callbacks])[:, has_peers]
    group = group[has_peers]
    halls = len(group)
    if halls < LEAST_HALLS:
        return None
    everybody = np.arange(halls)[None, :]
    if not np.all(_less_means(values, group, everybody).std(axis=2) > 0):
        return None
    one, other = _correlations(values, group, everybody)
    drawing = np.random.default_rng(SEED)
    drawn = [
        _correlations(values, group, drawing.integers(0, halls, (AT_ONCE, halls)))
        for _turn in range(DRAWS // AT_ONCE)
    ]
    ones, others = np.concatenate(drawn, axis=1)
    low, high = _range(others - ones)
    return Validity(
        halls, float(one[0]), _range(ones), float(other[0]), _range(others), low, high
    )


def _range(drawn: Floats) -> tuple[float, float]:
    low, high = np.nanpercentile(drawn, [LOW_PCT, HIGH_PCT])
    return float(low), float(high)


def _correlations(values: Floats, group: Counts, chosen: Counts) -> Floats:
    """Return those of the first two rows with the third: 2 × draws."""
    own = _less_means(values, group, chosen)
    spread = np.sqrt((own**2).sum(axis=2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((own[:2] * own[2]).sum(axis=2) / (spread[:2] * spread[2]))


def _less_means(values: Floats, group: Counts, chosen: Counts) -> Floats:
    """Return rows × draws × halls: what was drawn less the mean of its group's draw."""
    draws = len(chosen)
    n_groups = int(group.max()) + 1
    cell = (group[chosen] + n_groups * np.arange(draws)[:, None]).ravel()
    counted = np.maximum(np.bincount(cell, minlength=draws * n_groups), 1)
    own = np.empty((len(values), draws, chosen.shape[1]))
    for row, each in enumerate(values):
        total = np.bincount(cell, each[chosen].ravel(), draws * n_groups)
        own[row] = each[chosen] - (total / counted)[cell].reshape(chosen.shape)
    return own
