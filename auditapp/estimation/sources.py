"""The official sources of one month per hall: totals, counts and what is in them."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Audits, Counts, Evidence, Floats
from auditapp.estimation.policy import (
    CALLBACK,
    FEEDBACK,
    INSPECTION,
    MYSTERY,
    SOURCES,
    MonthPolicy,
)


@dataclass(frozen=True)
class MonthSources:
    """Totals (points) and counts, halls × 4, of complete audits and all answers.

    ``cap_totals_points`` is the cap loss inside the totals. The open inspection is the
    latest within its valid months.
    """

    totals_points: Floats
    counts: Counts
    cap_totals_points: Floats


def month_sources(evidence: Evidence, month: int, policy: MonthPolicy) -> MonthSources:
    """Return the official sources of the month that is a column of the evidence."""
    shape = (evidence.n_halls, len(SOURCES))
    totals, caps = np.zeros(shape), np.zeros(shape)
    counts = np.zeros(shape, dtype=np.int64)
    _fill_audits(evidence.visits, month, (totals, counts, caps), MYSTERY)
    first = max(month - policy.inspection_valid_months + 1, 0)
    for column in range(first, month + 1):
        _fill_audits(evidence.inspections, column, (totals, counts, caps), INSPECTION)
    for source, answers in (
        (CALLBACK, evidence.callbacks),
        (FEEDBACK, evidence.feedback),
    ):
        counts[:, source] = answers.count[:, month]
        totals[:, source] = answers.count[:, month] * answers.mean_points[:, month]
    return MonthSources(totals, counts, caps)


def _fill_audits(
    audits: Audits, month: int, into: tuple[Floats, Counts, Floats], source: int
) -> None:
    """Set one source of the halls that have complete audits in a month."""
    totals, counts, caps = into
    chosen = (audits.month == month) & audits.is_complete
    hall, cap = audits.hall[chosen], audits.cap_loss_points[chosen]
    score = audits.facility_points[chosen] + audits.service_points[chosen] - 100 - cap
    number = np.bincount(hall, minlength=len(counts))
    seen = number > 0
    counts[seen, source] = number[seen]
    totals[seen, source] = np.bincount(hall, score, len(counts))[seen]
    caps[seen, source] = np.bincount(hall, cap, len(counts))[seen]
