"""The policy of a month: how sources merge, and from when a hall is graded and ranked.

Source: checklists/_monthly_score.yaml, design/scoring.md section 3. What a sound
document must be stands in ``policy_rules``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from statistics import NormalDist
from typing import Any

from auditapp.domain.rounding import MILLI_PER_POINT

SOURCES = ("mystery", "open_inspection", "callback", "sms")
CUSTOMER_SOURCES = ("callback", "sms")
SHARE_OUT, ANCHORED = "share_out", "anchored"
PEER_KINDS = ("region_and_tier", "tier", "all")


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """What one source weighs and from how many pieces of evidence it counts.

    ``usual_spread_points`` is the standard deviation of one visit or answer;
    ``valid_months`` how long an inspection counts, its own month included.
    """

    source: str
    weight: int
    usual_spread_points: int
    min_n: int
    valid_months: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """A grade and the score from which it is given."""

    grade_id: str
    at_least: int


@dataclass(frozen=True, slots=True)
class MonthRules:
    """The rules about single halls. Gaps are in points."""

    open_critical_blocks: str
    revisit_gap: int
    begging_gap: int
    closed_visit_score: int


@dataclass(frozen=True, slots=True)
class ActionDays:
    """Calendar days to contain a critical finding, to remove its cause, and the rest.

    Source of the usual ones: shared/domain/reference.md 2.6.
    """

    contain: int = 1
    cause: int = 7
    major: int = 14
    minor: int = 30


@dataclass(frozen=True, slots=True)
class ReviewDays:
    """Calendar days for the first look at an audit and for the decision after it."""

    first: int = 2
    second: int = 3


@dataclass(frozen=True)
class Policy:
    """One version of the policy, as it was checked."""

    version: str
    sources: Mapping[str, SourcePolicy]
    peers: tuple[str, ...]
    missing: str
    need_sources: int
    need_weight_pct: int
    level_pct: int
    grades: tuple[Cut, ...]
    rules: MonthRules
    action_days: ActionDays = ActionDays()
    review_days: ReviewDays = ReviewDays()

    @cached_property
    def total_weight(self) -> int:
        """Return what all sources weigh together."""
        return sum(source.weight for source in self.sources.values())

    @property
    def is_anchored(self) -> bool:
        """Tell whether a missing source is taken at its tier's mean."""
        return self.missing == ANCHORED

    @cached_property
    def half_width(self) -> Fraction:
        """Return how many standard errors a range reaches, to three decimals: 1.645."""
        exact = NormalDist().inv_cdf(0.5 + self.level_pct / 200)
        return Fraction(round(exact * 1000), 1000)

    def grade_of(self, numerator: int, denominator: int) -> str:
        """Return the grade of an unrounded score, given as a ratio.

        An anchored score can fall below 0; that is the last grade too.
        """
        return next(
            (
                cut.grade_id
                for cut in self.grades
                if numerator >= cut.at_least * denominator
            ),
            self.grades[-1].grade_id,
        )

    def grades_between(self, low_milli: int, high_milli: int) -> list[str]:
        """Return every grade that a range covers, best first."""
        return [
            cut.grade_id
            for cut, above in zip(self.grades, (None, *self.grades), strict=False)
            if high_milli >= cut.at_least * MILLI_PER_POINT
            and (above is None or low_milli < above.at_least * MILLI_PER_POINT)
        ]


def read_policy(document: Mapping[str, Any]) -> Policy:
    """Return the policy of a document that ``check_policy`` found sound."""
    rules = document["rules"]
    return Policy(
        version=document["version"],
        sources={name: _source(name, document["sources"][name]) for name in SOURCES},
        peers=tuple(document["peers"]),
        missing=document["missing"],
        need_sources=document["need_sources"],
        need_weight_pct=document["need_weight"],
        level_pct=document["level"],
        grades=tuple(
            Cut(str(grade["id"]), grade["at_least"]) for grade in document["grades"]
        ),
        rules=MonthRules(
            open_critical_blocks=str(rules["open_critical_blocks"]),
            revisit_gap=rules["revisit_if_gap"],
            begging_gap=rules["begging_gap"],
            closed_visit_score=rules["closed_visit_score"],
        ),
        action_days=ActionDays(**document.get("actions", {})),
        review_days=ReviewDays(**document.get("review", {})),
    )


def _source(name: str, entry: Mapping[str, Any]) -> SourcePolicy:
    return SourcePolicy(
        source=name,
        weight=entry["weight"],
        usual_spread_points=entry["usual_spread"],
        min_n=entry["min_n"],
        valid_months=entry.get("valid_months", 1),
    )
