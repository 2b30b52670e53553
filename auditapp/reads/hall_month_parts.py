"""The parts of a hall's month as pages show them, read from its ledger document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from auditapp.domain.month_ledger import DIMENSIONS, group_lines
from auditapp.domain.month_life import MonthState
from auditapp.domain.policy import Policy
from auditapp.domain.text import Text

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Official:
    """The official score. ``grades`` are those its range covers, best first."""

    milli: int | None
    half_milli: int | None
    status: str
    weight_pct: int
    grade: str | None
    grades: tuple[str, ...]
    is_ranked: bool
    flags: tuple[str, ...]
    gap_milli: int | None


@dataclass(frozen=True, slots=True)
class TakenAudit:
    """One audit that the month took; ``audit_id`` is None for who may not open it."""

    audit_id: UUID | None
    month: str
    outcome: str
    milli: int
    is_overridden: bool


@dataclass(frozen=True, slots=True)
class SourceMonth:
    """One source: own mean, what it adds, why it is missing (``none``, ``too_few``).

    ``tagged`` counts customers' low answers by cause; empty for audits.
    """

    source: str
    weight: int
    n: int
    min_n: int
    milli: int | None
    adds_milli: int | None
    missing: str | None
    anchor_milli: int | None
    taken: tuple[TakenAudit, ...]
    tagged: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LossLine:
    """Points lost by one item, by its tags; ``name`` is None for lines of no item."""

    source: str
    item_id: str
    lost_milli: int
    name: Text | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The evidence-adjusted score with its 90 % range.

    ``bridge`` leads from the official score in fixed order; together with it exactly
    ``milli``. ``reliability`` is percent by piece of evidence; ``change`` is None until
    there is a month to compare with, one or six months before.
    """

    milli: int
    low_milli: int
    high_milli: int
    bridge: Mapping[str, int]
    reliability: Mapping[str, int]
    peer_milli: int | None
    alone_milli: int | None
    grades: tuple[str, ...]
    change: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Whom the hall is compared with: ``kind`` is region_and_tier, tier or all."""

    kind: str
    halls: int
    milli: int


@dataclass(frozen=True, slots=True)
class Revisit:
    """A second visit that is asked for."""

    asked_at: datetime
    visit_id: UUID | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HallMonth:
    """All that the page of a hall's month shows.

    ``ledger_number`` is None while the figures are live, ``document`` the whole ledger
    document, ``band`` 1 for the best of the country's ranked halls.
    """

    month: str
    state: MonthState
    ledger_number: int | None
    hall_id: str
    hall: Text
    city: Text
    region: Text
    region_id: str
    tier: str
    policy: Policy
    official: Official
    sources: tuple[SourceMonth, ...]
    lines: tuple[LossLine, ...]
    adjusted: Adjusted | None
    peers: PeerGroup | None
    band: int | None
    revisit: Revisit | None
    previous_month: str | None
    next_month: str | None
    document: Mapping[str, Any]

    def lost_by(self, dimension: str) -> dict[str, int]:
        """Return the milli-points lost by a dimension's words, adding up exactly."""
        return group_lines(self.document, dimension)


def official_of(document: Document) -> Official:
    """Return the official part."""
    official = document["official"]
    return Official(
        milli=official["milli"],
        half_milli=official["half_milli"],
        status=official["status"],
        weight_pct=official["weight"],
        grade=official["grade"],
        grades=tuple(official["grades"]),
        is_ranked=official["is_ranked"],
        flags=tuple(official["flags"]),
        gap_milli=official["gap_milli"],
    )


def sources_of(
    document: Document, policy: Policy, *, may_open: bool
) -> tuple[SourceMonth, ...]:
    """Return the four sources; audits are named only for who may open them."""
    return tuple(
        SourceMonth(
            source=source["source"],
            weight=source["weight"],
            n=source["n"],
            min_n=policy.sources[source["source"]].min_n,
            milli=source["milli"],
            adds_milli=source["adds_milli"],
            missing=source.get("missing"),
            anchor_milli=source.get("anchor_milli"),
            taken=tuple(_taken(each, may_open) for each in source.get("taken", ())),
            tagged=source.get("tagged", {}),
        )
        for source in document["sources"]
    )


def _taken(taken: Document, may_open: bool) -> TakenAudit:  # noqa: FBT001
    return TakenAudit(
        audit_id=UUID(taken["audit"]) if may_open else None,
        month=taken["month"],
        outcome=taken["outcome"],
        milli=taken["milli"],
        is_overridden=bool(taken["overrides"]),
    )


def lines_of(document: Document, names: Mapping[str, Text]) -> tuple[LossLine, ...]:
    """Return every loss, the largest first."""
    lines = [
        LossLine(
            source=line["source"],
            item_id=line["item"],
            lost_milli=line["lost_milli"],
            name=names.get(line["item"]),
            tags={name: line[name] for name in DIMENSIONS[2:] if name in line},
        )
        for line in document["lines"]
    ]
    return tuple(sorted(lines, key=lambda line: (-line.lost_milli, line.item_id)))


def adjusted_of(document: Document) -> Adjusted | None:
    """Return the adjusted part; None before the month was estimated."""
    adjusted = document["adjusted"]
    if not adjusted:
        return None
    return Adjusted(
        milli=adjusted["milli"],
        low_milli=adjusted["low_milli"],
        high_milli=adjusted["high_milli"],
        bridge=adjusted["bridge"],
        reliability=adjusted["reliability"],
        peer_milli=adjusted["peer_milli"],
        alone_milli=adjusted["alone_milli"],
        grades=tuple(adjusted["grades"]),
        change=adjusted.get("change"),
    )


def peers_of(document: Document) -> PeerGroup | None:
    """Return whom the hall is compared with; None without five halls anywhere."""
    peers = document["peers"]
    return PeerGroup(peers["kind"], peers["halls"], peers["milli"]) if peers else None
