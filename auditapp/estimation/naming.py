"""Who may be named: only halls whose place is as good as certain."""

from auditapp.estimation.evidence import Floats

NAMED_FROM = 0.8
WORST_SHARE = 0.1


def chance_in_worst_tenth(score_points: Floats, se_points: Floats) -> Floats:
    """Return each hall's posterior probability of being among the worst tenth.

    A hall may be named from ``NAMED_FROM`` on.
    """
    raise NotImplementedError


def grades_covered(
    low_points: Floats, high_points: Floats, cuts: tuple[tuple[str, float], ...]
) -> list[str]:
    """Return the grades each range covers, best last: "B", "C–B" never, "B–C" so."""
    raise NotImplementedError
