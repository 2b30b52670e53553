"""One hall's month as a document: what was taken, and every point lost.

The shape stands in docs/architecture.md, “The month”. Points are whole milli-points and
``official.milli`` + Σ ``lines[].lost_milli`` = 100,000, in every grouping of the lines.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from auditapp.domain.attribution import CAUSES, cause_shares
from auditapp.domain.breakdown import CAP
from auditapp.domain.composite import (
    Composite,
    HallEvidence,
    SourceTotal,
    added_milli,
    compose,
)
from auditapp.domain.policy import Policy
from auditapp.domain.ratio import Ratio
from auditapp.domain.rounding import FULL_MILLI, MILLI_PER_POINT, apportion, to_milli
from auditapp.domain.scoring import FULL, AuditScore
from auditapp.domain.visit import HALL_CLOSED

Document = Mapping[str, Any]
Tags = Mapping[str, Mapping[str, Any]]  # an item's tags by its id

TAG_NAMES = (
    "section", "quality", "group", "rater", "stage", "skill", "cause", "owner",
)  # fmt: skip
DIMENSIONS = ("source", "item", *TAG_NAMES)
# lines that no item stands behind
CLOSED_ITEM, ANCHOR_ITEM, REST_ITEM = "hall_closed", "tier_mean", "not_itemised"
FRONT_LINE, HALL = "front_line", "hall"


@dataclass(frozen=True, slots=True)
class AuditInput:
    """An accepted audit that a month takes; ``facts`` name it in the ledger."""

    facts: Mapping[str, Any]
    outcome: str
    score: AuditScore
    tags: Tags

    @property
    def points(self) -> Fraction:
        """Return the exact score that counts, as the ledger names it."""
        return Fraction(*self.facts["score"])


@dataclass(frozen=True, slots=True)
class CustomerInput:
    """The responses of one source: sums in milli-points, tagged low answers."""

    n: int
    total_milli: int
    lost: Mapping[str, int]
    tagged: Mapping[str, int]
    digest: str
    tags: Tags
    squares_milli: int = 0  # Σ score², which only the estimation needs


@dataclass(frozen=True, slots=True)
class HallMonthFacts:
    """Which hall and month a ledger is about."""

    month: str
    hall_id: str
    tier: str
    region_id: str


@dataclass(frozen=True, slots=True)
class LedgerParts:
    """All that a hall's ledger is made of; ``anchors`` for an anchored policy only."""

    audits: Mapping[str, Sequence[AuditInput]] = field(default_factory=dict)
    customers: Mapping[str, CustomerInput] = field(default_factory=dict)
    anchors: Mapping[str, Fraction] | None = None
    adjusted: Mapping[str, Any] | None = None
    peers: Mapping[str, Any] | None = None

    def evidence(self) -> HallEvidence:
        """Return what the composite is made of."""
        totals: dict[str, SourceTotal] = {}
        for source, audits in self.audits.items():
            points = sum((audit.points for audit in audits), Fraction(0))
            ratio = Ratio(points.numerator, points.denominator)
            totals[source] = SourceTotal(len(audits), ratio)
        for source, customers in self.customers.items():
            ratio = Ratio(customers.total_milli, MILLI_PER_POINT)
            totals[source] = SourceTotal(customers.n, ratio)
        every = [audit for audits in self.audits.values() for audit in audits]
        return HallEvidence(
            totals,
            has_open_critical=any(audit.score.critical_failures for audit in every),
            has_closed_visit=any(audit.outcome == HALL_CLOSED for audit in every),
            anchors=self.anchors,
        )


def build_ledger(
    facts: HallMonthFacts, policy: Policy, parts: LedgerParts
) -> dict[str, Any]:
    """Return the ledger document of one hall's month."""
    composite = compose(policy, parts.evidence())
    adds = added_milli(composite)
    return {
        "schema": 1,
        "month": facts.month,
        "hall": facts.hall_id,
        "tier": facts.tier,
        "region": facts.region_id,
        "policy": policy.version,
        "official": official_document(composite),
        "sources": [
            _source_document(source.source, composite, adds, parts)
            for source in composite.sources
        ],
        "lines": _lines(policy, composite, parts),
        "peers": parts.peers,
        "adjusted": parts.adjusted,
    }


def official_document(composite: Composite) -> dict[str, Any]:
    """Return the official part of a ledger."""
    return {
        "milli": composite.score_milli,
        "half_milli": composite.half_milli,
        "status": composite.status,
        "weight": composite.weight_pct,
        "grade": composite.grade,
        "grades": list(composite.grades),
        "is_ranked": composite.is_ranked,
        "flags": list(composite.flags),
        "gap_milli": composite.gap_milli,
    }


def group_lines(document: Document, dimension: str) -> dict[str, int]:
    """Return the milli-points lost by a dimension's words; "" for lines without one.

    Together they are 100,000 − the official score, whatever the dimension.
    """
    groups: dict[str, int] = defaultdict(int)
    for line in document["lines"]:
        groups[line.get(dimension) or ""] += line["lost_milli"]
    return dict(groups)


def _source_document(
    name: str,
    composite: Composite,
    adds: Mapping[str, int],
    parts: LedgerParts,
) -> dict[str, Any]:
    source = next(each for each in composite.sources if each.source == name)
    entry: dict[str, Any] = {
        "source": name,
        "weight": source.weight,
        "milli": None if source.mean is None else source.mean.milli,
        "adds_milli": adds.get(name),
        "n": source.n,
    }
    if source.missing:
        entry["missing"] = source.missing
    if parts.anchors is not None:
        entry["anchor_milli"] = to_milli(parts.anchors[name])
    if name in parts.audits:
        entry["taken"] = [dict(audit.facts) for audit in parts.audits[name]]
    if name in parts.customers:
        customers = parts.customers[name]
        entry["total_milli"] = customers.total_milli
        entry["digest"] = customers.digest
        entry["tagged"] = {cause: customers.tagged.get(cause, 0) for cause in CAUSES}
    return entry


@dataclass(slots=True)
class _Sums:
    """Exact losses in milli-points by line; lines with the same tags are one."""

    lost: dict[str, Fraction] = field(default_factory=dict)
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(
        self, source: str, item: str, lost: Fraction, tags: Mapping[str, Any]
    ) -> None:
        """Add a loss to its line."""
        if not lost:
            return
        known = {name: tags[name] for name in TAG_NAMES if tags.get(name)}
        key = " ".join([source, item, *(known.get(name, "-") for name in TAG_NAMES)])
        self.lost[key] = self.lost.get(key, Fraction(0)) + lost
        self.lines[key] = {"source": source, "item": item, **known}


def _lines(
    policy: Policy, composite: Composite, parts: LedgerParts
) -> list[dict[str, Any]]:
    if composite.score_milli is None:
        return []
    sums = _Sums()
    for source in composite.sources:
        share_milli = source.share * MILLI_PER_POINT
        if source.share and source.source in parts.customers:
            _add_customers(
                sums, source.source, source.share, parts.customers[source.source]
            )
        elif source.share:
            for audit in parts.audits[source.source]:
                _add_audit(sums, source.source, share_milli / source.n, audit, policy)
        if parts.anchors is not None:
            weight = Fraction(source.weight, policy.total_weight) - source.share
            loss = (FULL - parts.anchors[source.source]) * MILLI_PER_POINT
            sums.add(source.source, ANCHOR_ITEM, weight * loss, {})
    whole = apportion(sums.lost, FULL_MILLI - composite.score_milli)
    return [{**sums.lines[key], "lost_milli": whole[key]} for key in sorted(whole)]


def _add_audit(
    sums: _Sums, source: str, share_milli: Fraction, audit: AuditInput, policy: Policy
) -> None:
    if audit.outcome == HALL_CLOSED:
        lost = FULL - policy.rules.closed_visit_score
        sums.add(source, CLOSED_ITEM, share_milli * lost, {})
        return
    for line in audit.score.lines:
        if line.is_counted:
            tags = line.attributed(audit.tags[line.item_id])
            sums.add(source, line.item_id, share_milli * line.lost, tags)
    sums.add(source, CAP, share_milli * audit.score.cap_loss, {})


def _add_customers(
    sums: _Sums, source: str, share: Fraction, customers: CustomerInput
) -> None:
    causes = cause_shares(customers.tagged)
    for item, lost, tags in _items_of(customers):
        for cause, part in causes.items():
            tags_of_part = {**tags, "cause": cause, "owner": _owner(tags, cause)}
            sums.add(
                source, item, share * part * Fraction(lost, customers.n), tags_of_part
            )


def _items_of(
    customers: CustomerInput,
) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for item, lost in customers.lost.items():
        yield item, lost, customers.tags.get(item, {})
    lost_in_all = FULL_MILLI * customers.n - customers.total_milli
    yield REST_ITEM, lost_in_all - sum(customers.lost.values()), {}


def _owner(tags: Mapping[str, Any], cause: str) -> str | None:
    """Return whose a customer's loss is: nobody's yet, unless the item says it."""
    if tags.get("cause") == cause:
        return tags.get("owner")
    return HALL if cause == FRONT_LINE else None
