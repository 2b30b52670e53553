"""What the estimation says of each hall, as the whole numbers that are published."""

from collections.abc import Sequence

import numpy as np

from auditapp.domain.policy import Policy
from auditapp.domain.rounding import MILLI_PER_POINT
from auditapp.estimation.estimate import PIECES, MonthEstimate
from auditapp.estimation.evidence import Counts, Floats
from auditapp.estimation.states import HallStates
from auditapp.services.month_rows import HallScore

BRIDGE = ("severity", "bias", "cap", "missing", "history")


def fill_adjusted(
    policy: Policy,
    scores: Sequence[HallScore],
    states: HallStates,
    estimate: MonthEstimate,
) -> None:
    """Write the adjusted documents and the states into the scores."""
    numbers = {
        "milli": _milli(estimate.score_points),
        "low_milli": _milli(estimate.low_points),
        "high_milli": _milli(estimate.high_points),
        "se_milli": _milli(estimate.se_points),
        "peer_milli": _milli(estimate.peer_points),
    }
    start = _milli(estimate.bridge_start_points)
    official = np.array(
        [-1 if score.score_milli is None else score.score_milli for score in scores],
        dtype=np.int64,
    )
    start = np.where(official >= 0, official, start)
    steps = _bridge(estimate.bridge_points, numbers["milli"] - start)
    columns = {name: values.tolist() for name, values in numbers.items()}
    alone = _milli(estimate.alone_points).tolist()
    has_alone = estimate.has_alone.tolist()
    reliability = np.rint(estimate.pieces.reliability * 100).astype(int).tolist()
    seen = estimate.pieces.is_seen.tolist()
    stored = states.pack()
    cuts = [(cut.grade_id, cut.at_least * MILLI_PER_POINT) for cut in policy.grades]
    for index, score in enumerate(scores):
        own = {name: values[index] for name, values in columns.items()}
        score.state = stored[index]
        score.adjusted = own | {
            "start_milli": int(start[index]),
            "bridge": dict(zip(BRIDGE, steps[index], strict=True)),
            "reliability": {
                piece: share
                for piece, share, is_seen in zip(
                    PIECES, reliability[index], seen[index], strict=True
                )
                if is_seen
            },
            "alone_milli": alone[index] if has_alone[index] else None,
            "grades": _grades(cuts, own["low_milli"], own["high_milli"]),
        }


def _milli(points: Floats) -> Counts:
    return np.floor(points * MILLI_PER_POINT + 0.5).astype(np.int64)


def _bridge(points: Floats, totals: Counts) -> list[list[int]]:
    """Return each hall's steps in whole milli-points that add up to its total.

    What rounding leaves goes by largest remainder; what only the exact official score
    knows (an anchor in whole milli-points, a closed visit) is part of the last step.
    """
    exact = points * MILLI_PER_POINT
    exact[:, -1] = totals - exact[:, :-1].sum(axis=1)
    whole = np.floor(exact)
    remainder = exact - whole
    left = totals - whole.sum(axis=1).astype(np.int64)
    order = np.argsort(-remainder, axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable")
    rounded = whole.astype(np.int64) + (place < left[:, None])
    steps: list[list[int]] = rounded.tolist()
    return steps


def _grades(
    cuts: Sequence[tuple[str, int]], low_milli: int, high_milli: int
) -> list[str]:
    """Return the grades that a range reaches into, best first."""
    best = next(i for i, (_grade, cut) in enumerate(cuts) if high_milli >= cut)
    worst = next(i for i, (_grade, cut) in enumerate(cuts) if low_milli >= cut)
    return [grade for grade, _cut in cuts[best : worst + 1]]
