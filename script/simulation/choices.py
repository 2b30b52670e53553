"""What can be chosen about a made-up network."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choices:
    """Size and character of a network; the numbers without a unit are multiples.

    ``noise`` is how much a hall's days differ, ``severity`` how much auditors do,
    ``answers`` how many there are; ``drifting`` is the share of halls with a trend,
    ``inspected`` that of hall-months; ``feedback_bias_points`` is what text feedback
    adds to the truth, ``announced_points`` what an announcement adds to an inspection.
    ``regions`` 0 stands for as many as suit the size.
    """

    halls: int = 2000
    months: int = 12
    seed: int = 1
    noise: float = 1.0
    severity: float = 1.0
    drifting: float = 0.1
    feedback_bias_points: float = 2.5
    announced_points: float = 5.0
    inspected: float = 0.15
    answers: float = 1.0
    regions: int = 0
    weights: tuple[float, float, float, float] = (40, 10, 30, 20)

    @property
    def n_regions(self) -> int:
        """Return the number of regions: one for about 35 halls, 31 at most."""
        return self.regions or max(2, min(31, round(self.halls / 35)))

    @property
    def n_auditors(self) -> int:
        """Return the number of auditors: one for about 16 halls."""
        return max(3, round(self.halls / 16))
