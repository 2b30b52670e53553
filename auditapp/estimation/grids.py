"""Single audits and answers gathered into one cell per month and hall."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Answers, Audits, Evidence, Flags, Floats

PRIOR_ANSWERS = 5.0


@dataclass(frozen=True)
class Grid:
    """Mean points and effective number per cell, both months × halls.

    Month-major, so that a lag is a contiguous slice. Where ``number`` is 0 nothing was
    seen and ``points`` is 0.
    """

    points: Floats
    number: Floats

    @property
    def is_seen(self) -> Flags:
        """Return the cells with anything in them."""
        return np.asarray(self.number > 0)

    def shifted(self, by_points: Floats | float) -> "Grid":
        """Return the grid with something taken from every cell that is not empty."""
        return Grid((self.points - by_points) * self.is_seen, self.number)

    def only(self, cells: Flags) -> "Grid":
        """Return the grid with the other cells emptied."""
        return Grid(self.points * cells, self.number * cells)


@dataclass(frozen=True)
class Span:
    """The columns ``first`` to ``last`` of the evidence, both included."""

    first: int
    last: int

    @property
    def n_months(self) -> int:
        """Return the number of months."""
        return self.last - self.first + 1


class AuditCells:
    """The cells that single audits of a span fall into, and means over them.

    An incomplete audit counts by its coverage.
    """

    def __init__(self, audits: Audits, n_halls: int, span: Span) -> None:
        self._shape = (span.n_months, n_halls)
        self.chosen = (audits.month >= span.first) & (audits.month <= span.last)
        self.month = audits.month[self.chosen] - span.first
        self.hall = audits.hall[self.chosen]
        self._cell = self.month * n_halls + self.hall
        self._coverage = audits.coverage[self.chosen]
        self.number = self._sum(self._coverage)

    def mean(self, points: Floats) -> Grid:
        """Return the cell means of one value per chosen audit."""
        total = self._sum(points * self._coverage)
        return Grid(total / np.where(self.number > 0, self.number, 1), self.number)

    def _sum(self, values: Floats) -> Floats:
        """Return the sums over cells."""
        n_cells = self._shape[0] * self._shape[1]
        total = np.bincount(self._cell, values, n_cells).astype(np.float64)
        return total.reshape(self._shape)


def answer_grid(answers: Answers, span: Span) -> Grid:
    """Return mean and number of answers, months × halls."""
    columns = slice(span.first, span.last + 1)
    return Grid(
        np.ascontiguousarray(answers.mean_points[:, columns].T),
        np.ascontiguousarray(answers.count[:, columns].T, dtype=np.float64),
    )


def answer_variances(evidence: Evidence, span: Span, prior_variance: float) -> Floats:
    """Return the variance of single answers within halls, pooled per tier.

    A prior worth ``PRIOR_ANSWERS`` answers stands in for a tier without any.
    """
    columns = slice(span.first, span.last + 1)
    squares = np.full(evidence.n_tiers, prior_variance * PRIOR_ANSWERS)
    freedom = np.full(evidence.n_tiers, PRIOR_ANSWERS)
    for answers in (evidence.callbacks, evidence.feedback):
        spare = np.maximum(answers.count[:, columns] - 1, 0).sum(axis=1)
        inside = answers.squares[:, columns].sum(axis=1)
        squares += np.bincount(evidence.tier, inside, evidence.n_tiers)
        freedom += np.bincount(evidence.tier, spare, evidence.n_tiers)
    return np.asarray(squares / freedom)
