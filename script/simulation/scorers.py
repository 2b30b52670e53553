"""Three ways to score a month, and how far each is from the truth."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Evidence, Flags, Floats
from auditapp.estimation.history import run_months
from auditapp.estimation.policy import MonthPolicy

USUAL_SE_POINTS = (10.0, 6.7)
TENTH = 0.1


@dataclass(frozen=True)
class Scored:
    """Halls × months: score and the range to hold the truth nine times in ten."""

    score: Floats
    low: Floats
    high: Floats


def one_visit(evidence: Evidence) -> Scored:
    """Return the month's mystery visits as the month; without one the month before."""
    shape = (evidence.n_halls, len(evidence.months))
    visits = evidence.visits
    points = (
        visits.facility_points + visits.service_points - 100 - visits.cap_loss_points
    )
    cell = visits.hall * shape[1] + visits.month
    number = np.bincount(cell, minlength=shape[0] * shape[1])
    total = np.bincount(cell, points, shape[0] * shape[1])
    mean = (total / np.maximum(number, 1)).reshape(shape)
    is_seen = number.reshape(shape) > 0
    se = 1.645 * USUAL_SE_POINTS[1]
    score = carried(mean, is_seen)
    return Scored(score, score - se, score + se)


def carried(score: Floats, is_seen: Flags) -> Floats:
    """Return gaps filled by the month before, or by everybody's mean."""
    filled = score.copy()
    for month in range(score.shape[1]):
        usual = (
            score[is_seen[:, month], month].mean() if is_seen[:, month].any() else 80
        )
        before = filled[:, month - 1] if month else np.full(len(score), usual)
        filled[:, month] = np.where(is_seen[:, month], score[:, month], before)
    return filled


def plain_and_ours(evidence: Evidence, policy: MonthPolicy) -> tuple[Scored, Scored]:
    """Return the plain weighted mean with its policy's range, and our score."""
    estimates = list(run_months(evidence, policy))

    def table(name: str) -> Floats:
        return np.stack([getattr(each, name) for each in estimates], axis=1)

    plain = carried(table("official_points"), table("has_official"))
    reach = policy.half_width * USUAL_SE_POINTS[1] / 2
    ours = Scored(table("score_points"), table("low_points"), table("high_points"))
    return Scored(plain, plain - reach, plain + reach), ours


def metrics(scored: Scored, truth: Floats) -> dict[str, float]:
    """Return error, rank agreement, worst tenth missed and how often ranges held."""
    held = (scored.low <= truth) & (truth <= scored.high)
    number = max(1, round(TENTH * len(truth)))
    order = np.argsort(truth, axis=0)
    ours = np.argsort(scored.score, axis=0)
    months = range(truth.shape[1])
    missed = [1 - _common(order[:number, m], ours[:number, m]) / number for m in months]
    rank = [_rank_agreement(truth[:, m], scored.score[:, m]) for m in months]
    worst = np.take_along_axis(held, order[:number], axis=0)
    return {
        "RMSE": float(np.sqrt(np.mean((scored.score - truth) ** 2))),
        "Spearman": float(np.mean(rank)),
        "worst tenth missed": float(np.mean(missed)),
        "range holds": float(held.mean()),
        "range holds, worst tenth": float(worst.mean()),
        "width": float((scored.high - scored.low).mean()),
    }


def _common(one: Counts, other: Counts) -> int:
    """Return how many halls are in both lists."""
    return len(np.intersect1d(one, other))


def _rank_agreement(one: Floats, other: Floats) -> float:
    """Return Spearman's correlation."""
    ranks = [np.argsort(np.argsort(values)) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])
