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

    ``low`` and ``high`` bound the difference, nine times in ten.
    """

    halls: int
    before: float
    after: float
    low: float
    high: float


def validity(
    before: Floats, after: Floats, callbacks: Floats, group: Counts
) -> Validity | None:
    """Return both correlations; None with few halls or where nothing varies."""
    halls = len(callbacks)
    if halls < LEAST_HALLS:
        return None
    values = np.stack([_less_means(each, group) for each in (before, after, callbacks)])
    if not np.all(values.std(axis=1) > 0):
        return None
    one, other = _correlations(values[:, None, :])
    drawing = np.random.default_rng(SEED)
    found = [
        np.subtract(
            *_correlations(values[:, drawing.integers(0, halls, (AT_ONCE, halls))])[
                ::-1
            ]
        )
        for _turn in range(DRAWS // AT_ONCE)
    ]
    low, high = np.nanpercentile(np.concatenate(found), [LOW_PCT, HIGH_PCT])
    return Validity(halls, float(one[0]), float(other[0]), float(low), float(high))


def _less_means(values: Floats, group: Counts) -> Floats:
    total = np.bincount(group, values)
    return np.asarray(values - (total / np.maximum(np.bincount(group), 1))[group])


def _correlations(drawn: Floats) -> tuple[Floats, Floats]:
    """Return those of the first two rows with the third: draws × halls each."""
    centred = drawn - drawn.mean(axis=2, keepdims=True)
    spread = np.sqrt((centred**2).sum(axis=2))
    with np.errstate(invalid="ignore", divide="ignore"):
        one, other = (
            (centred[row] * centred[2]).sum(axis=1) / (spread[row] * spread[2])
            for row in (0, 1)
        )
    return one, other
