"""The numbers of a month's policy, as the estimation needs them."""

from dataclasses import dataclass
from statistics import NormalDist

SOURCES = ("mystery", "open_inspection", "callback", "sms")
MYSTERY, INSPECTION, CALLBACK, FEEDBACK = range(4)
AUDIT_SOURCES = (MYSTERY, INSPECTION)
CUSTOMER_SOURCES = (CALLBACK, FEEDBACK)


@dataclass(frozen=True)
class MonthPolicy:
    """What headquarters decides about a month; the default is the checklists' file.

    Weights may have any common scale. Tuples follow ``SOURCES``; spreads are standard
    deviations in points of one visit, one inspection or one answer.
    Source: checklists/_monthly_score.yaml.
    """

    weights: tuple[float, ...] = (40, 20, 20, 20)
    minimum_counts: tuple[int, ...] = (1, 1, 5, 15)
    usual_spreads_points: tuple[float, ...] = (9, 5, 25, 25)
    inspection_valid_months: int = 3
    is_anchored: bool = False
    need_sources: int = 2
    need_weight_pct: float = 50
    level_pct: float = 90
    grades: tuple[tuple[str, float], ...] = (("A", 90), ("B", 80), ("C", 70), ("D", 0))
    window_months: int = 12

    @property
    def half_width(self) -> float:
        """Return how many standard errors a printed range reaches to either side."""
        return NormalDist().inv_cdf(0.5 + self.level_pct / 200)
