"""All evidence of a span, corrected for what is known about the network."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Audits, Evidence, Floats
from auditapp.estimation.grids import AuditCells, Grid, Span, answer_grid
from auditapp.estimation.network import Severity
from auditapp.estimation.variances import Deviations

BlockGrids = tuple[Grid, Grid]


@dataclass(frozen=True)
class Seen:
    """The sources' means, months × halls; visits without their auditors' severity.

    ``answer_variance`` is per hall, of single answers in its tier.
    """

    visits: BlockGrids
    inspections: BlockGrids
    callbacks: Grid
    feedback: Grid
    answer_variance: Floats

    @property
    def callback_noise(self) -> Floats:
        """Return the sampling variance of the callbacks' cells."""
        return self.answer_variance / np.maximum(self.callbacks.number, 1)

    @property
    def feedback_noise(self) -> Floats:
        """Return the sampling variance of the feedback's cells."""
        return self.answer_variance / np.maximum(self.feedback.number, 1)

    @property
    def has_audits(self) -> bool:
        """Return whether anybody was visited or inspected."""
        return bool(self.visits[0].number.any() or self.inspections[0].number.any())

    @property
    def has_customers(self) -> bool:
        """Return whether any customer said anything."""
        return bool(self.callbacks.number.any() or self.feedback.number.any())

    def deviations(
        self, peer_points: tuple[Floats, ...], announced: float, feedback: float
    ) -> Deviations:
        """Return everything minus the peers' means (months × halls) and the biases."""
        facilities, service, customers = peer_points
        return Deviations(
            (self.visits[0].shifted(facilities), self.visits[1].shifted(service)),
            (
                self.inspections[0].shifted(facilities),
                self.inspections[1].shifted(service + announced),
            ),
            self.callbacks.shifted(customers),
            self.feedback.shifted(customers + feedback),
            self.callback_noise,
            self.feedback_noise,
        )


def gather(
    evidence: Evidence, span: Span, severity: Severity, answer_variance: Floats
) -> Seen:
    """Return what was seen in a span; ``answer_variance`` is per tier."""
    return Seen(
        _audit_grids(evidence, evidence.visits, span, severity.effect_points),
        _audit_grids(evidence, evidence.inspections, span, None),
        answer_grid(evidence.callbacks, span),
        answer_grid(evidence.feedback, span),
        answer_variance[evidence.tier],
    )


def _audit_grids(
    evidence: Evidence, audits: Audits, span: Span, effect: Floats | None
) -> BlockGrids:
    """Return facilities and service, the latter without the auditor's effect."""
    cells = AuditCells(audits, evidence.n_halls, span)
    service = audits.service_points[cells.chosen]
    if effect is not None:
        service = service - effect[audits.auditor[cells.chosen]]
    return cells.mean(audits.facility_points[cells.chosen]), cells.mean(service)
