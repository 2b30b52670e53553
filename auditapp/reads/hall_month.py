"""A hall's month as its page shows it: live, or as its ledger was closed."""

import json
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import is_month, later
from auditapp.domain.month_life import MonthState
from auditapp.domain.policy import Policy, read_policy
from auditapp.domain.text import Text
from auditapp.reads.checklist_items import Catalogue, get_catalogue
from auditapp.reads.hall_month_parts import (
    HallMonth,
    Revisit,
    adjusted_of,
    lines_of,
    official_of,
    peers_of,
    sources_of,
)
from auditapp.reads.month_customers import tallied_customers
from auditapp.reads.month_documents import DocumentSources, hall_documents
from auditapp.reads.month_inputs import read_inputs
from auditapp.reads.month_model import read_model, unpack_document
from auditapp.reads.policies import get_policy_in_force
from auditapp.reads.scope import months_open_to
from auditapp.store.months import (
    LedgerLineRow,
    LedgerRow,
    MonthRow,
    MonthScoreRow,
    RevisitRow,
)
from auditapp.store.organisation import CityRow, HallRow, RegionRow


def get_hall_month(
    session: Session, actor: Actor, hall_id: str, month: str
) -> HallMonth:
    """Return a hall's month: from its current ledger once closed, else live.

    Raises:
        NotFoundError: There is no such hall or month for this person.
    """
    row = _find_hall(session, actor, hall_id)
    if not is_month(month):
        raise NotFoundError
    life = session.get(MonthRow, month)
    state = MonthState(life.state) if life else MonthState.OPEN
    if actor.role is Role.HALL_MANAGER and state is not MonthState.CLOSED:
        raise NotFoundError
    catalogue = get_catalogue(session)
    score = session.get(MonthScoreRow, (month, hall_id))
    number = life.ledger_number if life and state is MonthState.CLOSED else None
    if number is None:
        policy = get_policy_in_force(session, month).policy
        document = live_document(session, month, hall_id, score, policy, catalogue)
    else:
        document = get_ledger_document(session, month, number, hall_id)
        policy = _policy_of(session, month, number)
    return HallMonth(
        month=month,
        state=state,
        ledger_number=number,
        hall_id=hall_id,
        hall=Text(row.name_zh, row.name_en),
        city=Text(row.city_zh, row.city_en),
        region=Text(row.region_zh, row.region_en),
        region_id=row.region_id,
        tier=document["tier"],
        policy=policy,
        official=official_of(document),
        sources=sources_of(document, policy, may_open=_may_open_audits(actor)),
        lines=lines_of(document, catalogue.names),
        adjusted=adjusted_of(document),
        peers=peers_of(document),
        band=score.band if score else None,
        revisit=_revisit(session, month, hall_id),
        **_neighbours(session, actor, hall_id, month),
        document=document,
    )


def live_document(
    session: Session,
    month: str,
    hall_id: str,
    score: MonthScoreRow | None,
    policy: Policy,
    catalogue: Catalogue,
) -> dict[str, Any]:
    """Return the ledger document that a hall would get if the month closed now."""
    halls = [hall_id]
    inputs = read_inputs(session, policy, month, halls)
    model = read_model(session, month) if policy.is_anchored else None
    details = score.details if score else {}
    sources = DocumentSources(
        policy,
        catalogue,
        tallied_customers(session, month, halls, catalogue),
        {hall_id: details},
        (model or {}).get("anchors"),
    )
    return next(hall_documents(session, month, inputs, sources))


def get_ledger_document(
    session: Session, month: str, number: int, hall_id: str
) -> dict[str, Any]:
    """Return a hall's document of one ledger.

    Raises:
        NotFoundError: The ledger has no such hall.
    """
    row = session.get(LedgerLineRow, (month, number, hall_id))
    if row is None:
        raise NotFoundError
    return unpack_document(row.document)


def _find_hall(session: Session, actor: Actor, hall_id: str) -> Row[*tuple[Any, ...]]:
    row = session.execute(
        select(
            HallRow.name_zh,
            HallRow.name_en,
            CityRow.region_id,
            CityRow.name_zh.label("city_zh"),
            CityRow.name_en.label("city_en"),
            RegionRow.name_zh.label("region_zh"),
            RegionRow.name_en.label("region_en"),
        )
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .join(RegionRow, RegionRow.region_id == CityRow.region_id)
        .where(HallRow.hall_id == hall_id, months_open_to(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def _policy_of(session: Session, month: str, number: int) -> Policy:
    header = json.loads(session.get_one(LedgerRow, (month, number)).header)
    return read_policy(header["policy"]["document"])


def _may_open_audits(actor: Actor) -> bool:
    return actor.role is not Role.HALL_MANAGER


def _revisit(session: Session, month: str, hall_id: str) -> Revisit | None:
    row = session.get(RevisitRow, (month, hall_id))
    return Revisit(row.asked_at, row.visit_id, row.closed_at) if row else None


def _neighbours(
    session: Session, actor: Actor, hall_id: str, month: str
) -> dict[str, str | None]:
    """Return the months before and after that have a score this person may read."""
    months = select(
        func.max(MonthScoreRow.month).filter(MonthScoreRow.month < month),
        func.min(MonthScoreRow.month).filter(MonthScoreRow.month > month),
    ).where(
        MonthScoreRow.hall_id == hall_id,
        MonthScoreRow.month.between(later(month, -24), later(month, 24)),
    )
    if actor.role is Role.HALL_MANAGER:
        months = months.join(
            MonthRow,
            and_(
                MonthRow.month == MonthScoreRow.month,
                MonthRow.state == MonthState.CLOSED.value,
            ),
        )
    before, after = session.execute(months).one()
    return {"previous_month": before, "next_month": after}
