"""One hall's official month, exact and addable by hand.

Source: design/scoring.md section 3. Everything is a ratio of integers; only what is
published is rounded, to whole milli-points. The same arithmetic serves a single page
and a run over fifty thousand halls.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from auditapp.domain.policy import CUSTOMER_SOURCES, SOURCES, Policy
from auditapp.domain.rounding import MILLI_PER_POINT, apportion, to_milli

FULL_PCT, PARTIAL_PCT = 80, 40
BEGGING_REPLIES = 20
FULL, PARTIAL, INSUFFICIENT = "full", "partial", "insufficient"
ZERO = Fraction(0)
NO_EVIDENCE, TOO_FEW = "none", "too_few"

# why a hall is not ranked …
ONE_VISIT = "one_visit"
TOO_FEW_SOURCES = "too_few_sources"
TOO_LITTLE_WEIGHT = "too_little_weight"
REVISIT = "revisit"
UNRANKED = (ONE_VISIT, TOO_FEW_SOURCES, TOO_LITTLE_WEIGHT, REVISIT)
# … and what else a reader should know
BEGGING = "begging"
CRITICAL_OPEN = "critical_open"
VISIT_CLOSED = "visit_closed"
NO_VISIT = "no_visit"
FLAGS = (*UNRANKED, NO_VISIT, VISIT_CLOSED, CRITICAL_OPEN, BEGGING)


@dataclass(frozen=True, slots=True)
class SourceTotal:
    """What one source holds of a hall's month: n pieces and the sum of their points."""

    n: int
    total: Fraction


@dataclass(frozen=True, slots=True)
class HallEvidence:
    """All that a hall's official month is made of.

    ``totals`` lacks sources without evidence. ``anchors`` are the tier's means by
    source, needed by an anchored policy only.
    """

    totals: Mapping[str, SourceTotal]
    has_open_critical: bool = False
    has_closed_visit: bool = False
    anchors: Mapping[str, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class SourceResult:
    """One source in the month: ``share`` of the whole, 0 when it is missing.

    ``score`` is its own mean. ``missing`` says why it does not count: ``none`` or
    ``too_few``; ``adds`` is what it brings to the month, unrounded like all the others.
    """

    source: str
    weight: int
    n: int
    score: Fraction | None
    missing: str | None
    share: Fraction
    adds: Fraction


@dataclass(frozen=True, slots=True)
class Composite:
    """A hall's official month.

    Σ ``adds`` of the sources = ``score``. ``half_milli`` is the sampling range, ±;
    ``gap`` is visit minus customers, in points.
    """

    score: Fraction | None
    half_milli: int | None
    status: str
    weight_pct: int
    grade: str | None
    grades: tuple[str, ...]
    is_ranked: bool
    flags: tuple[str, ...]
    gap: Fraction | None
    sources: tuple[SourceResult, ...]

    @property
    def score_milli(self) -> int | None:
        """Return the published score."""
        return None if self.score is None else to_milli(self.score)


def compose(policy: Policy, evidence: HallEvidence) -> Composite:
    """Merge a hall's sources into its official month."""
    present = {name for name in SOURCES if _is_present(policy, evidence, name)}
    available = sum(policy.sources[name].weight for name in present)
    status = _status(available, policy.total_weight)
    sources = _sources(policy, evidence, present, available)
    if status == INSUFFICIENT:
        score, half_milli = None, None
    else:
        score = sum((source.adds for source in sources), Fraction(0))
        half_milli = _half_milli(policy, sources)
    gap = _gap(policy, sources)
    flags = _flags(policy, evidence, sources, gap)
    is_ranked = score is not None and not set(flags) & set(UNRANKED)
    is_blocked = CRITICAL_OPEN in flags
    return Composite(
        score=score,
        half_milli=half_milli,
        status=status,
        weight_pct=available * 100 // policy.total_weight,
        grade=_grade(policy, score, is_blocked=is_blocked) if is_ranked else None,
        grades=_grades(policy, score, half_milli, is_blocked=is_blocked),
        is_ranked=is_ranked,
        flags=flags,
        gap=gap,
        sources=sources,
    )


def added_milli(composite: Composite) -> dict[str, int]:
    """Return what each source adds in milli-points; together exactly the score."""
    if composite.score_milli is None:
        return {}
    exact = {s.source: s.adds * MILLI_PER_POINT for s in composite.sources}
    return apportion(exact, composite.score_milli)


def _is_present(policy: Policy, evidence: HallEvidence, name: str) -> bool:
    total = evidence.totals.get(name)
    return total is not None and total.n >= max(policy.sources[name].min_n, 1)


def _status(available: int, total: int) -> str:
    if available * 100 >= FULL_PCT * total:
        return FULL
    return PARTIAL if available * 100 >= PARTIAL_PCT * total else INSUFFICIENT


def _sources(
    policy: Policy, evidence: HallEvidence, present: Collection[str], available: int
) -> tuple[SourceResult, ...]:
    results = []
    for name in SOURCES:
        own, total = policy.sources[name], evidence.totals.get(name)
        n = total.n if total else 0
        score = total.total / n if total and n else None
        is_present = name in present
        share = Fraction(own.weight, available) if is_present and available else ZERO
        adds = share * score if score is not None else ZERO
        if policy.is_anchored:
            # a missing source is taken at its tier's mean, and moves nobody
            anchor = (evidence.anchors or {}).get(name, ZERO)
            adds += (Fraction(own.weight, policy.total_weight) - share) * anchor
        missing = None if is_present else (TOO_FEW if n else NO_EVIDENCE)
        results.append(SourceResult(name, own.weight, n, score, missing, share, adds))
    return tuple(results)


def _half_milli(policy: Policy, sources: tuple[SourceResult, ...]) -> int:
    """Return the sampling range by the policy's usual spreads."""
    variance = sum(
        (
            source.share**2
            * policy.sources[source.source].usual_spread_points ** 2
            / source.n
            for source in sources
            if source.share
        ),
        ZERO,
    )
    squared = variance * (policy.half_width * MILLI_PER_POINT) ** 2
    # round half up of a square root, in integers: ⌊√(4q)⌋ counts halves
    return (isqrt(4 * squared.numerator // squared.denominator) + 1) // 2


def _gap(policy: Policy, sources: tuple[SourceResult, ...]) -> Fraction | None:
    visit = next(source for source in sources if source.source == "mystery")
    customers = [
        (policy.sources[each.source].weight, each.score)
        for each in sources
        if each.source in CUSTOMER_SOURCES
        and each.missing is None
        and each.score is not None
    ]
    weight = sum(weight for weight, _score in customers)
    if visit.score is None or visit.missing or not weight:
        return None
    heard = sum((weight * score for weight, score in customers), ZERO) / weight
    return visit.score - heard


def _flags(
    policy: Policy,
    evidence: HallEvidence,
    sources: tuple[SourceResult, ...],
    gap: Fraction | None,
) -> tuple[str, ...]:
    by_name = {source.source: source for source in sources}
    present = [source for source in sources if source.missing is None]
    available = sum(source.weight for source in present)
    is_alone = [source.source for source in present] == ["mystery"]
    found = {
        ONE_VISIT: is_alone and by_name["mystery"].n == 1,
        TOO_FEW_SOURCES: len(present) < policy.need_sources,
        TOO_LITTLE_WEIGHT: available * 100
        < policy.need_weight_pct * policy.total_weight,
        # two visits that agree with each other are no accident any more
        REVISIT: by_name["mystery"].n == 1
        and gap is not None
        and abs(gap) > policy.rules.revisit_gap,
        NO_VISIT: by_name["mystery"].missing is not None,
        VISIT_CLOSED: evidence.has_closed_visit,
        CRITICAL_OPEN: evidence.has_open_critical,
        BEGGING: _is_begging(policy, by_name["callback"], by_name["sms"]),
    }
    return tuple(flag for flag in FLAGS if found[flag])


def _is_begging(policy: Policy, callback: SourceResult, sms: SourceResult) -> bool:
    if callback.missing or callback.score is None or sms.score is None:
        return False
    is_enough = sms.n >= BEGGING_REPLIES
    return is_enough and sms.score - callback.score >= policy.rules.begging_gap


def _grade(policy: Policy, score: Fraction | None, *, is_blocked: bool) -> str | None:
    if score is None:
        return None
    return _allowed(policy, [policy.grade_of(score)], is_blocked=is_blocked)[0]


def _grades(
    policy: Policy, score: Fraction | None, half_milli: int | None, *, is_blocked: bool
) -> tuple[str, ...]:
    """Return the grades that the sampling range covers, best first."""
    if score is None or half_milli is None:
        return ()
    half = Fraction(half_milli, MILLI_PER_POINT)
    low, high = max(score - half, ZERO), min(score + half, Fraction(100))
    covered = policy.grades_between(low, high)
    return tuple(_allowed(policy, covered, is_blocked=is_blocked))


def _allowed(policy: Policy, grades: list[str], *, is_blocked: bool) -> list[str]:
    """Return the grades without the one that an open critical finding takes away."""
    if not is_blocked:
        return grades
    names = [grade.grade_id for grade in policy.grades]
    first = names.index(policy.rules.open_critical_blocks) + 1
    lowered = [names[max(names.index(grade), first)] for grade in grades]
    return list(dict.fromkeys(lowered))
