"""What a month's run says about each hall."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Flags, Floats

PIECES = (
    "visit_facilities",
    "visit_service",
    "inspection_facilities",
    "inspection_service",
    "callback",
    "feedback",
)
BRIDGE = (
    "severity",
    "announced_and_feedback_bias",
    "pooled_cap",
    "missing_sources_filled",
    "reliability_and_history",
)


@dataclass(frozen=True)
class PiecesOfEvidence:
    """Each piece of the month's evidence, halls × 6 in the order of ``PIECES``.

    ``value_points`` is corrected for auditors and biases; ``expected_points`` what the
    hall's state foretold, give or take ``expected_se_points``; ``reliability`` is the
    share in [0, 1] with which the piece counted.
    """

    is_seen: Flags
    value_points: Floats
    expected_points: Floats
    expected_se_points: Floats
    reliability: Floats

    def is_inside(self, half_width: float) -> Flags:
        """Return which of the results seen fell inside their predicted range."""
        surprise = np.abs(self.value_points - self.expected_points)
        return np.asarray(
            self.is_seen & (surprise <= half_width * self.expected_se_points)
        )


@dataclass(frozen=True)
class MonthEstimate:
    """One entry per hall; points in [0, 100] unless it is a difference.

    ``official_points`` is 0 where ``has_official`` is False (too little weight).
    ``bridge_points`` is halls × 5 in the order of ``BRIDGE``:
    ``bridge_start_points`` + its sum = ``score_points``, where the start is the
    official score, or the peers' mean of a hall without one.
    ``alone_points`` is this month's evidence without history and peers, corrected for
    auditors, biases and caps, where ``has_alone``. ``loss_ratio`` is halls × 3
    (facilities, service, customers), predicted loss over the network's.
    """

    official_points: Floats
    has_official: Flags
    available_weight_pct: Floats
    score_points: Floats
    se_points: Floats
    low_points: Floats
    high_points: Floats
    peer_points: Floats
    alone_points: Floats
    alone_se_points: Floats
    has_alone: Flags
    bridge_start_points: Floats
    bridge_points: Floats
    loss_ratio: Floats
    pieces: PiecesOfEvidence
