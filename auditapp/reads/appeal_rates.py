"""How often appeals were overturned, by item, by reviewer and by auditor."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.appeal import AppealState
from auditapp.reads.appeals import appeals_open_to
from auditapp.store.appeals import AppealRow
from auditapp.store.audits import AuditRow
from auditapp.store.organisation import HallRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

RATE_READERS = frozenset(
    {Role.ADMIN, Role.HEADQUARTERS, Role.REGION_MANAGER, Role.AGENCY_SUPERVISOR}
)
# an auditor's code leads to a person: it stays with the agency and headquarters
AUDITOR_READERS = RATE_READERS - {Role.REGION_MANAGER}
REVIEWER_READERS = RATE_READERS - {Role.AGENCY_SUPERVISOR}
SHOWN = 100


@dataclass(frozen=True, slots=True)
class OverturnRate:
    """What became of the appeals about one item, reviewer or auditor."""

    name: str  # an item's id, a person's Chinese name or an auditor's code
    name_en: str
    decided: int
    overturned: int

    @property
    def percent(self) -> int:
        """How many of a hundred decided appeals were overturned, rounded."""
        return round(100 * self.overturned / self.decided)


@dataclass(frozen=True, slots=True)
class OverturnRates:
    """The three tables; one that the reader may not see is None."""

    by_item: list[OverturnRate]
    by_reviewer: list[OverturnRate] | None
    by_auditor: list[OverturnRate] | None


def get_rates(session: Session, actor: Actor) -> OverturnRates:
    """Return the rates over the appeals that a person may read."""
    accepted = VisitRow.accepted_by == PersonRow.person_id
    made = VisitRow.auditor_id == PersonRow.person_id
    return OverturnRates(
        _rates(session, actor, (AppealRow.item_id, AppealRow.item_id)),
        _rates(session, actor, (PersonRow.name_zh, PersonRow.name_en), accepted)
        if actor.role in REVIEWER_READERS
        else None,
        _rates(session, actor, (PersonRow.code, PersonRow.code), made)
        if actor.role in AUDITOR_READERS
        else None,
    )


def count_appealed(
    session: Session, item_id: str | None = None
) -> Counter[tuple[str, str, str]]:
    """Count all appeals, decided or not, by item, month and the hall's tier."""
    keys = AppealRow.item_id, VisitRow.month, HallRow.tier
    statement = (
        select(*keys, func.count())
        .join(AuditRow, AuditRow.audit_id == AppealRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(HallRow, HallRow.hall_id == AppealRow.hall_id)
        .group_by(*keys)
    )
    if item_id is not None:
        statement = statement.where(AppealRow.item_id == item_id)
    found: Counter[tuple[str, str, str]] = Counter()
    for item, month, tier, count in session.execute(statement):
        found[item, month, tier] = count
    return found


def _rates(
    session: Session,
    actor: Actor,
    names: tuple[Any, Any],
    person: ColumnElement[bool] | None = None,
) -> list[OverturnRate]:
    overturned = func.count().filter(AppealRow.state == AppealState.OVERTURNED.value)
    keys = [*names] if person is None else [*names, PersonRow.person_id]
    statement = (
        select(*names, func.count(), overturned)
        .select_from(AppealRow)
        .join(AuditRow, AuditRow.audit_id == AppealRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(AppealRow.state != AppealState.OPEN.value, appeals_open_to(actor))
        .group_by(*keys)
        .order_by(overturned.desc(), func.count().desc(), names[0])
        .limit(SHOWN)
    )
    if person is not None:
        statement = statement.join(PersonRow, person)
    return [OverturnRate(*row) for row in session.execute(statement)]
