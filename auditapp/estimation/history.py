"""All months of a network, one after the other."""

from collections.abc import Iterator

from auditapp.estimation.estimate import MonthEstimate
from auditapp.estimation.evidence import Evidence
from auditapp.estimation.month import estimate_month
from auditapp.estimation.policy import MonthPolicy


def run_months(evidence: Evidence, policy: MonthPolicy) -> Iterator[MonthEstimate]:
    """Yield the estimate of each month, which knows nothing of those after it."""
    model, states = None, None
    for month in range(len(evidence.months)):
        model, states, estimate = estimate_month(evidence, month, policy, model, states)
        yield estimate
