"""Choosing the best of the visits of one scenario."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.text import Text
from auditapp.reads.cases import COUNTED, MYSTERY
from auditapp.services.events import record_event
from auditapp.store.cases import BestCaseRow
from auditapp.store.visits import VisitRow

LONGEST_WORDS = 1000


def choose_best(
    session: Session, actor: Actor, visit_id: UUID, reason: str, *, now: datetime
) -> str:
    """Hold one accepted visit for the best of its scenario, which is returned.

    Raises:
        NotFoundError: There is no such accepted visit.
        InvalidError: There is no reason.
    """
    scenario = session.scalar(
        select(VisitRow.scenario).where(
            VisitRow.visit_id == visit_id,
            VisitRow.kind == MYSTERY,
            VisitRow.state.in_(COUNTED),
        )
    )
    if scenario is None:
        raise NotFoundError
    words = without_numbers(reason.strip())[:LONGEST_WORDS]
    if not words:
        raise InvalidError([Problem("/reason", "no-words", _NO_REASON)])
    session.add(
        BestCaseRow(
            scenario=scenario,
            visit_id=visit_id,
            reason=words,
            chosen_by=actor.person_id,
            chosen_at=now,
        )
    )
    session.flush()
    record_event(
        session,
        "case.chosen",
        visit_id,
        now=now,
        actor_id=actor.person_id,
        scenario=scenario,
    )
    return scenario


_NO_REASON = Text("请写为什么它最好。", "Say why it is the best.")
