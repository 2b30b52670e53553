"""One month for all halls, or again for some of them with the same model."""

from auditapp.estimation.estimate import MonthEstimate
from auditapp.estimation.evidence import Evidence
from auditapp.estimation.network import NetworkModel
from auditapp.estimation.policy import MonthPolicy
from auditapp.estimation.states import HallStates


def estimate_month(
    evidence: Evidence,
    month: int,
    policy: MonthPolicy,
    previous_model: NetworkModel | None = None,
    previous_states: HallStates | None = None,
) -> tuple[NetworkModel, HallStates, MonthEstimate]:
    """Return the model, the new states and the scores of one month for all halls.

    ``month`` is a column of the evidence; later columns are never looked at, earlier
    ones as far as the policy's window reaches. ``previous_states`` has one row per hall
    of the evidence; without a previous model the network starts new.
    """
    raise NotImplementedError


def apply_model(
    evidence: Evidence,
    month: int,
    policy: MonthPolicy,
    model: NetworkModel,
    previous_states: HallStates,
) -> tuple[HallStates, MonthEstimate]:
    """Return the states and scores of some halls as the model's own run gives them.

    The evidence holds only these halls, with the network's codes of tiers, regions and
    auditors; ``previous_states`` are theirs after the month before.
    """
    raise NotImplementedError
