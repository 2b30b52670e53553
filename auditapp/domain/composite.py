"""One hall's official month, exact and addable by hand.

Source: design/scoring.md section 3. Everything is a ratio of integers; only what is
published is rounded, to whole milli-points. The same arithmetic serves a single page
and a run over fifty thousand halls.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from auditapp.domain.policy import CUSTOMER_SOURCES, SOURCES, Policy
from auditapp.domain.ratio import NOTHING, Ratio
from auditapp.domain.rounding import MILLI_PER_POINT, apportion

FULL_PCT, PARTIAL_PCT = 80, 40
BEGGING_REPLIES = 20
FULL, PARTIAL, INSUFFICIENT = "full", "partial", "insufficient"
NO_EVIDENCE, TOO_FEW = "none", "too_few"

# why a hall is not ranked …
ONE_VISIT = "one_visit"
TOO_FEW_SOURCES = "too_few_sources"
TOO_LITTLE_WEIGHT = "too_little_weight"
REVISIT = "revisit"
UNRANKED = (ONE_VISIT, TOO_FEW_SOURCES, TOO_LITTLE_WEIGHT, REVISIT)
UNRANKED_FLAGS = frozenset(UNRANKED)
# … and what else a reader should know
BEGGING = "begging"
CRITICAL_OPEN = "critical_open"
VISIT_CLOSED = "visit_closed"
NO_VISIT = "no_visit"
FLAGS = (*UNRANKED, NO_VISIT, VISIT_CLOSED, CRITICAL_OPEN, BEGGING)


class SourceTotal(NamedTuple):
    """What one source holds of a hall's month: n pieces and the sum of their points."""

    n: int
    points: Ratio


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
    """One source in the month.

    ``mean`` is its own score, ``available`` the weight of all that are present.
    ``missing`` says why it does not count: ``none`` or ``too_few``. ``added`` is what
    it brings to the month.
    """

    source: str
    weight: int
    n: int
    mean: Ratio | None
    missing: str | None
    available: int
    added: Ratio

    @property
    def score(self) -> Fraction | None:
        """Return its own mean, unrounded."""
        return None if self.mean is None else self.mean.exact

    @property
    def share(self) -> Fraction:
        """Return its part of the whole, 0 when it is missing."""
        is_in = self.missing is None and self.available
        return Fraction(self.weight, self.available) if is_in else Fraction(0)

    @property
    def adds(self) -> Fraction:
        """Return what it brings to the month, unrounded."""
        return self.added.exact


@dataclass(frozen=True, slots=True)
class Composite:
    """A hall's official month.

    Σ ``adds`` of the sources = ``score``. ``half_milli`` is the sampling range, ±;
    ``difference`` is visit minus customers, in points.
    """

    ratio: Ratio | None
    half_milli: int | None
    status: str
    weight_pct: int
    grade: str | None
    grades: tuple[str, ...]
    is_ranked: bool
    flags: tuple[str, ...]
    difference: Ratio | None
    sources: tuple[SourceResult, ...]

    @property
    def score(self) -> Fraction | None:
        """Return the score, unrounded."""
        return None if self.ratio is None else self.ratio.exact

    @property
    def score_milli(self) -> int | None:
        """Return the published score."""
        return None if self.ratio is None else self.ratio.milli

    @property
    def gap_milli(self) -> int | None:
        """Return visit minus customers as it is published."""
        return None if self.difference is None else self.difference.milli


def compose(policy: Policy, evidence: HallEvidence) -> Composite:
    """Merge a hall's sources into its official month."""
    present = {name for name in SOURCES if _is_present(policy, evidence, name)}
    available = sum(policy.sources[name].weight for name in present)
    status = _status(available, policy.total_weight)
    sources = _sources(policy, evidence, present, available)
    ratio, half_milli = None, None
    if status != INSUFFICIENT:
        ratio = NOTHING
        for source in sources:
            ratio = ratio.plus(source.added)
        half_milli = _half_milli(policy, sources, available)
    gap = _gap(sources)
    flags = _flags(policy, evidence, sources, gap)
    is_ranked = ratio is not None and not UNRANKED_FLAGS.intersection(flags)
    is_blocked = CRITICAL_OPEN in flags
    return Composite(
        ratio=ratio,
        half_milli=half_milli,
        status=status,
        weight_pct=available * 100 // policy.total_weight,
        grade=_grade(policy, ratio, is_blocked=is_blocked) if is_ranked else None,
        grades=_grades(policy, ratio, half_milli, is_blocked=is_blocked),
        is_ranked=is_ranked,
        flags=flags,
        difference=gap,
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
        weight, total = policy.sources[name].weight, evidence.totals.get(name)
        n = total.n if total else 0
        mean = total.points.times(1, n) if total and n else None
        missing, added = None, NOTHING
        if name not in present:
            missing = TOO_FEW if n else NO_EVIDENCE
        elif mean is not None and weight:
            added = mean.times(weight, available)
        if evidence.anchors is not None:
            # a missing source is taken at its tier's mean, and moves nobody
            anchor = evidence.anchors[name]
            share = 0 if missing or not weight else Fraction(weight, available)
            held = (Fraction(weight, policy.total_weight) - share) * anchor
            added = added.plus(Ratio(held.numerator, held.denominator))
        results.append(SourceResult(name, weight, n, mean, missing, available, added))
    return tuple(results)


def _half_milli(
    policy: Policy, sources: tuple[SourceResult, ...], available: int
) -> int:
    """Return the sampling range by the policy's usual spreads."""
    variance = NOTHING
    for source in sources:
        if source.missing is None:
            spread = policy.sources[source.source].usual_spread_points
            variance = variance.plus(Ratio((source.weight * spread) ** 2, source.n))
    reach = policy.half_width
    numerator = variance.numerator * (MILLI_PER_POINT * reach.numerator) ** 2
    denominator = variance.denominator * (available * reach.denominator) ** 2
    # round half up of a square root, in integers: ⌊√(4q)⌋ counts halves
    return (isqrt(4 * numerator // denominator) + 1) // 2


def _gap(sources: tuple[SourceResult, ...]) -> Ratio | None:
    visit, heard, weight = sources[0], NOTHING, 0
    for each in sources:
        is_heard = each.source in CUSTOMER_SOURCES and each.missing is None
        if is_heard and each.mean is not None:
            heard = heard.plus(each.mean.times(each.weight))
            weight += each.weight
    if visit.missing or visit.mean is None or not weight:
        return None
    return visit.mean.plus(heard.times(-1, weight))


def _flags(
    policy: Policy,
    evidence: HallEvidence,
    sources: tuple[SourceResult, ...],
    gap: Ratio | None,
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
        and abs(gap.numerator) > policy.rules.revisit_gap * gap.denominator,
        NO_VISIT: by_name["mystery"].missing is not None,
        VISIT_CLOSED: evidence.has_closed_visit,
        CRITICAL_OPEN: evidence.has_open_critical,
        BEGGING: _is_begging(policy, by_name["callback"], by_name["sms"]),
    }
    return tuple(flag for flag in FLAGS if found[flag])


def _is_begging(policy: Policy, callback: SourceResult, sms: SourceResult) -> bool:
    if callback.missing or callback.mean is None or sms.mean is None:
        return False
    above = sms.mean.plus(callback.mean.times(-1))
    is_far = above.numerator >= policy.rules.begging_gap * above.denominator
    return is_far and sms.n >= BEGGING_REPLIES


def _grade(policy: Policy, ratio: Ratio | None, *, is_blocked: bool) -> str | None:
    if ratio is None:
        return None
    own = policy.grade_of(ratio.numerator, ratio.denominator)
    return _allowed(policy, [own], is_blocked=is_blocked)[0]


def _grades(
    policy: Policy, ratio: Ratio | None, half_milli: int | None, *, is_blocked: bool
) -> tuple[str, ...]:
    """Return the grades that the sampling range covers, best first."""
    if ratio is None or half_milli is None:
        return ()
    milli = ratio.milli
    low, high = max(milli - half_milli, 0), max(milli + half_milli, 0)
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
