"""The adjusted part of a month: the one place where services call the estimation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from auditapp.domain.policy import SOURCES, Policy
from auditapp.estimation.bands import assign_bands
from auditapp.estimation.estimate import PIECES, MonthEstimate
from auditapp.estimation.evidence import Evidence
from auditapp.estimation.month import apply_model, estimate_month
from auditapp.estimation.naming import NAMED_FROM, WorstTenth, find_worst_tenth
from auditapp.estimation.network import NetworkModel, Severity
from auditapp.estimation.policy import MonthPolicy
from auditapp.estimation.states import HallStates
from auditapp.reads.month_evidence import (
    Codes,
    Seen,
    evidence_of,
    read_evidence,
    window,
)
from auditapp.reads.month_inputs import MonthHall
from auditapp.reads.month_model import Model
from auditapp.services.month_adjusted import fill_adjusted
from auditapp.services.month_changes import (
    Earlier,
    fill_changes,
    read_earlier,
)
from auditapp.services.month_rows import HallScore


@dataclass(frozen=True, slots=True)
class Before:
    """What the month before left: its model, and each hall's state as stored."""

    model: Model
    states: Mapping[str, bytes]


def estimate_all(
    session: Session,
    month: str,
    policy: Policy,
    scores: Sequence[HallScore],
    first: str | None,
    before: Before | None,
) -> Model:
    """Give every hall its adjusted score and band; return what the model keeps.

    ``first`` is the first month with evidence, ``before`` None in that month.
    """
    halls = [score.hall for score in scores]
    numbers = month_policy(policy)
    codes = _codes(before.model) if before else Codes()
    months = window(month, numbers.window_months, first)
    evidence = read_evidence(session, halls, months, codes)
    model, states, estimate = estimate_month(
        evidence,
        len(months) - 1,
        numbers,
        NetworkModel.from_dict(before.model["estimation"]) if before else None,
        _states(halls, before.states if before else {}),
    )
    fill_adjusted(policy, scores, states, estimate)
    return {
        "listed_from": fill_changes(month, scores, read_earlier(session, month)),
        "codes": codes.as_document(),
        "estimation": model.to_dict(),
        "bands": _assign_bands(numbers, scores, estimate),
        "worst_tenth": _find_worst(scores, estimate),
        "self_check": _self_check(numbers, estimate),
    }


def estimate_some(
    session: Session,
    month: str,
    policy: Policy,
    scores: Sequence[HallScore],
    model: Model,
    states_before: Mapping[str, bytes],
) -> bool:
    """Give some halls what the month's own run would; False when only it can."""
    halls = [score.hall for score in scores]
    codes = _codes(model)
    known = len(codes.tiers), len(codes.regions)
    months = _months_of_audits(month, policy)
    hall_ids = [hall.hall_id for hall in halls]
    evidence = read_evidence(session, halls, months, codes, hall_ids)
    if (len(codes.tiers), len(codes.regions)) != known:
        return False  # a hall moved to where the model has never been
    _apply(policy, scores, evidence, model, states_before)
    earlier = read_earlier(session, month, hall_ids)
    fill_changes(month, scores, earlier, model.get("listed_from", {}))
    return True


class SeenAudit(NamedTuple):
    """What the estimation sees of one audit, in the order of ``AUDIT_COLUMNS``."""

    hall_id: str
    month: str
    auditor_id: str
    lost_hard_milli: int
    lost_soft_milli: int
    cap_loss_milli: int
    coverage_pct: int
    is_complete: bool


def estimate_again(
    month: str,
    policy: Policy,
    scores: Sequence[HallScore],
    seen: Seen,
    basis: Before,
    earlier: Earlier,
) -> None:
    """Give halls what the month's own run gave, from evidence brought by the caller.

    ``basis`` holds the month's own model and the states of the month before,
    ``earlier`` what the changes were measured from.
    """
    halls, codes = [score.hall for score in scores], _codes(basis.model)
    evidence = evidence_of(seen, halls, _months_of_audits(month, policy), codes)
    _apply(policy, scores, evidence, basis.model, basis.states)
    fill_changes(month, scores, earlier, basis.model.get("listed_from", {}))


def _codes(model: Model) -> Codes:
    return Codes(**{name: list(ids) for name, ids in model["codes"].items()})


def _months_of_audits(month: str, policy: Policy) -> list[str]:
    """Return the months whose audits the month may take."""
    return window(month, month_policy(policy).inspection_valid_months, None)


def _apply(
    policy: Policy,
    scores: Sequence[HallScore],
    evidence: Evidence,
    model: Model,
    states_before: Mapping[str, bytes],
) -> None:
    numbers = month_policy(policy)
    network = NetworkModel.from_dict(model["estimation"])
    network = replace(
        network, severity=_with_new(network.severity, evidence.n_auditors)
    )
    previous = _states([score.hall for score in scores], states_before)
    last = len(evidence.months) - 1
    states, estimate = apply_model(evidence, last, numbers, network, previous)
    fill_adjusted(policy, scores, states, estimate)
    for index, score in enumerate(scores):
        if score.is_ranked:
            points = float(estimate.score_points[index])
            se = float(estimate.se_points[index])
            score.band = _band(numbers, model["bands"], points, se)
    tenth = model.get("worst_tenth")
    _name_worst(scores, estimate, WorstTenth(*tenth) if tenth else None)


def month_policy(policy: Policy) -> MonthPolicy:
    """Return the numbers of a policy as the estimation takes them."""
    sources = [policy.sources[name] for name in SOURCES]
    return MonthPolicy(
        weights=tuple(source.weight for source in sources),
        minimum_counts=tuple(source.min_n for source in sources),
        usual_spreads_points=tuple(source.usual_spread_points for source in sources),
        inspection_valid_months=policy.sources["open_inspection"].valid_months,
        is_anchored=policy.is_anchored,
        need_sources=policy.need_sources,
        need_weight_pct=policy.need_weight_pct,
        level_pct=policy.level_pct,
        grades=tuple((cut.grade_id, cut.at_least) for cut in policy.grades),
    )


def _states(halls: Sequence[MonthHall], stored: Mapping[str, bytes]) -> HallStates:
    return HallStates.unpack([stored.get(hall.hall_id) for hall in halls])


def _with_new(severity: Severity, n_auditors: int) -> Severity:
    """Return the severity with auditors whom the model has not met, as average."""
    more = n_auditors - len(severity.effect_points)
    return Severity(
        np.append(severity.effect_points, np.zeros(more)),
        np.append(severity.visits, np.zeros(more, dtype=np.int64)),
        np.append(severity.regions, np.zeros(more, dtype=np.int64)),
        severity.sd_points,
    )


def _assign_bands(
    numbers: MonthPolicy, scores: Sequence[HallScore], estimate: MonthEstimate
) -> list[list[float]]:
    """Give ranked halls their band; return each band's first: score and error."""
    ranked = np.array([score.is_ranked for score in scores], dtype=bool)
    points, se = estimate.score_points[ranked], estimate.se_points[ranked]
    bands = assign_bands(points, se, numbers.half_width).band
    for score, band in zip(
        (score for score in scores if score.is_ranked), bands.tolist(), strict=True
    ):
        score.band = band
    order = np.lexsort((se, -points))
    _numbers, first = np.unique(bands[order], return_index=True)
    leaders = order[first]
    return [[float(points[i]), float(se[i])] for i in leaders]


def _band(
    numbers: MonthPolicy, leaders: Sequence[Sequence[float]], points: float, se: float
) -> int:
    """Return the first band whose first hall cannot be told from this one."""
    for band, (lead, lead_se) in enumerate(leaders, start=1):
        if lead - points <= numbers.half_width * float(np.hypot(lead_se, se)):
            return band
    return len(leaders) + 1


def _find_worst(
    scores: Sequence[HallScore], estimate: MonthEstimate
) -> list[float] | None:
    """Name the worst tenth of the ranked halls; return where it ends, how uncertain."""
    ranked = np.array([score.is_ranked for score in scores], dtype=bool)
    points, se = estimate.score_points[ranked], estimate.se_points[ranked]
    tenth = find_worst_tenth(points, se)
    _name_worst(scores, estimate, tenth)
    return [tenth.end_points, tenth.end_variance] if tenth else None


def _name_worst(
    scores: Sequence[HallScore], estimate: MonthEstimate, tenth: WorstTenth | None
) -> None:
    if tenth is None:
        return
    chances = tenth.chances(estimate.score_points, estimate.se_points).tolist()
    for score, chance in zip(scores, chances, strict=True):
        score.is_worst_tenth = score.is_ranked and chance >= NAMED_FROM


def _self_check(numbers: MonthPolicy, estimate: MonthEstimate) -> dict[str, Any]:
    """Return how many new results fell inside their predicted range, of how many."""
    pieces = estimate.pieces
    reach = numbers.half_width * pieces.expected_se_points
    inside = np.abs(pieces.value_points - pieces.expected_points) <= reach
    hits = (inside & pieces.is_seen).sum(axis=0).tolist()
    total = pieces.is_seen.sum(axis=0).tolist()
    return {
        piece: [hit, count]
        for piece, hit, count in zip(PIECES, hits, total, strict=True)
    }
