"""Crossed random effects by restricted maximum likelihood, for small tables.

The month uses the fast passes of ``severity``; the self-check compares them with this
one on a sample of visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Floats

PASSES = 200
CLOSE_ENOUGH = 1e-12


@dataclass(frozen=True)
class CrossedEffects:
    """The overall mean and standard deviations, factor by factor, then the rest's."""

    intercept: float
    sd: Floats
    sd_residual: float


def crossed_effects(values: Floats, factors: Sequence[Counts]) -> CrossedEffects:
    """Return the model value = mean + Σ factors + rest; each factor is codes from 0.

    Time grows with the cube of the number of values: up to a few thousand.

    Source: Gilmour, Thompson & Cullis, Biometrics 51:1440 (1995), average information.
    """
    parts = [_same(codes) for codes in factors] + [np.eye(len(values))]
    variances = np.full(len(parts), values.var() / len(parts))
    for _ in range(PASSES):
        projection, _ = _projection(parts, variances)
        step = _average_information_step(values, parts, projection)
        moved = variances + step
        moved = np.where(moved > 0, moved, variances / 10)
        is_done = np.abs(moved - variances).max() < CLOSE_ENOUGH * variances.max()
        variances = moved
        if is_done:
            break
    _, weights = _projection(parts, variances)
    sd = np.sqrt(variances)
    return CrossedEffects(float(weights @ values), sd[:-1], float(sd[-1]))


def _same(codes: Counts) -> Floats:
    """Return 1 where two values share a code."""
    return np.asarray(codes[:, None] == codes[None, :], dtype=np.float64)


def _projection(parts: list[Floats], variances: Floats) -> tuple[Floats, Floats]:
    """Return the matrix that takes the mean out, and the mean's weights."""
    total = sum(v * part for v, part in zip(variances, parts, strict=True))
    inverse = np.linalg.inv(np.asarray(total))
    row = inverse.sum(axis=0)
    return inverse - np.outer(row, row) / row.sum(), row / row.sum()


def _average_information_step(
    values: Floats, parts: list[Floats], projection: Floats
) -> Floats:
    """Return the change of the variances towards the top of the likelihood."""
    residual = projection @ values
    pulled = np.stack([part @ residual for part in parts])
    traces = np.array([(projection * part).sum() for part in parts])
    score = (pulled @ residual - traces) / 2
    information = pulled @ projection @ pulled.T / 2
    return np.asarray(np.linalg.solve(information, score))
