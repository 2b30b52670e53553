"""What the official month of many halls is made of, in three selects."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.composite import HallEvidence, SourceTotal
from auditapp.domain.policy import SOURCES, Policy
from auditapp.domain.ratio import NOTHING, Ratio
from auditapp.domain.rounding import MILLI_PER_POINT, round_half_up
from auditapp.domain.visit import HALL_CLOSED
from auditapp.reads.month_audits import (
    AuditFigures,
    list_audit_figures,
    taken_audits,
)
from auditapp.reads.organisation import changed_places
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.responses import TallyRow

Anchors = Mapping[str, Mapping[str, int]]  # tier → source → milli-points


class MonthHall(NamedTuple):
    """A hall as the month knows it."""

    hall_id: str
    tier: str
    region_id: str
    is_active: bool


class Tally(NamedTuple):
    """The responses of one source, counted and summed in milli-points."""

    n: int
    total_milli: int


@dataclass(slots=True)
class MonthInputs:
    """A month's evidence of some halls, ``halls`` by id."""

    halls: list[MonthHall] = field(default_factory=list)
    audits: dict[str, list[AuditFigures]] = field(default_factory=dict)
    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)

    def evidence(
        self, policy: Policy, hall: MonthHall, anchors: Anchors | None
    ) -> HallEvidence:
        """Return what one hall's composite is made of."""
        taken = taken_audits(self.audits.get(hall.hall_id, ()))
        tallies = self.tallies.get(hall.hall_id, {})
        totals: dict[str, SourceTotal] = {}
        for source, audits in taken.items():
            points = NOTHING
            for audit in audits:
                points = points.plus(audit.points(policy))
            totals[source] = SourceTotal(len(audits), points)
        for source, tally in tallies.items():
            ratio = Ratio(tally.total_milli, MILLI_PER_POINT)
            totals[source] = SourceTotal(tally.n, ratio)
        every = [audit for audits in taken.values() for audit in audits]
        return HallEvidence(
            totals,
            has_open_critical=any(audit.has_critical_failure for audit in every),
            has_closed_visit=any(audit.outcome == HALL_CLOSED for audit in every),
            anchors=hall_anchors(anchors, hall.tier),
        )


def read_inputs(
    session: Session,
    policy: Policy,
    month: str,
    hall_ids: Collection[str] | None = None,
) -> MonthInputs:
    """Return the evidence of some halls, or of all that are active or have any."""
    inputs = MonthInputs()
    for audit in list_audit_figures(session, policy, month, hall_ids):
        inputs.audits.setdefault(audit.hall_id, []).append(audit)
    inputs.tallies = read_tallies(session, month, hall_ids)
    known = inputs.audits.keys() | inputs.tallies.keys()
    inputs.halls = [
        hall
        for hall in list_month_halls(session, month, hall_ids)
        if hall.is_active or hall.hall_id in known or hall_ids is not None
    ]
    return inputs


def list_month_halls(
    session: Session, month: str, hall_ids: Collection[str] | None = None
) -> list[MonthHall]:
    """Return halls with their tier in a month and their region, by id."""
    statement = (
        select(HallRow.hall_id, HallRow.tier, CityRow.region_id, HallRow.is_active)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .order_by(HallRow.hall_id)
    )
    if hall_ids is not None:
        statement = statement.where(HallRow.hall_id.in_(sorted(hall_ids)))
    changed = changed_places(session, month, hall_ids)
    halls = [MonthHall(*row) for row in session.execute(statement)]
    return [
        hall._replace(tier=changed[hall.hall_id][0])
        if hall.hall_id in changed
        else hall
        for hall in halls
    ]


def read_tallies(
    session: Session, month: str, hall_ids: Collection[str] | None
) -> dict[str, dict[str, Tally]]:
    """Return the tallies of a month by hall and source."""
    statement = select(
        TallyRow.hall_id, TallyRow.source, TallyRow.responses, TallyRow.total_milli
    ).where(TallyRow.month == month, TallyRow.responses > 0)
    if hall_ids is not None:
        statement = statement.where(TallyRow.hall_id.in_(sorted(hall_ids)))
    found: dict[str, dict[str, Tally]] = defaultdict(dict)
    for hall_id, source, n, total in session.connection().execute(statement):
        found[hall_id][source] = Tally(n, total)
    return found


def tier_means(policy: Policy, inputs: MonthInputs) -> Anchors | None:
    """Return each tier's mean of every source in whole milli-points, for anchoring.

    A source that no hall of a tier has is taken from all halls. Whole milli-points, so
    that anybody can add a hall's score up from the printed means.
    """
    if not policy.is_anchored:
        return None
    means: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for hall in inputs.halls:
        for source, total in inputs.evidence(policy, hall, None).totals.items():
            if total.n >= max(policy.sources[source].min_n, 1):
                for group in (hall.tier, _EVERYBODY):
                    means[group][source].append(total.points.times(1, total.n).milli)
    tiers = {hall.tier for hall in inputs.halls}
    return {
        tier: {
            source: _mean_milli(means[tier][source] or means[_EVERYBODY][source])
            for source in SOURCES
        }
        for tier in sorted(tiers)
    }


_EVERYBODY = ""


def _mean_milli(scores: list[int]) -> int:
    return round_half_up(Fraction(sum(scores), len(scores))) if scores else 0


def hall_anchors(anchors: Anchors | None, tier: str) -> dict[str, Fraction] | None:
    """Return the means that a hall of a tier is anchored to."""
    if anchors is None:
        return None
    own = anchors.get(tier) or dict.fromkeys(SOURCES, 0)
    return {source: Fraction(own[source], MILLI_PER_POINT) for source in SOURCES}
