"""What the page behind a personal link shows; nothing of the customer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.invitation import InvitationState
from auditapp.domain.text import Text
from auditapp.reads.words import find_words
from auditapp.store.customers import TransactionRow
from auditapp.store.messages import InvitationRow
from auditapp.store.organisation import CompanyRow, HallRow

OPEN = (InvitationState.SENT.value, InvitationState.ANSWERED.value)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One invitation with a question that is open."""

    hall: Text
    happened_on: date
    business: Text
    language: str
    version: str
    asked_item: str
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Company:
    """Who asks, and where else to say something."""

    name: Text
    hotline: str


def find_open_question(
    session: Session, token_hash: str, *, now: datetime
) -> OpenQuestion | None:
    """Return what a link asks; None when it is unknown, used or too old."""
    row = session.execute(
        select(
            HallRow.name_zh,
            HallRow.name_en,
            TransactionRow.happened_on,
            TransactionRow.language,
            InvitationRow.business,
            InvitationRow.checklist_version,
            InvitationRow.asked_item,
            InvitationRow.answers,
        )
        .join(
            TransactionRow,
            TransactionRow.transaction_id == InvitationRow.transaction_id,
        )
        .join(HallRow, HallRow.hall_id == InvitationRow.hall_id)
        .where(
            InvitationRow.token_hash == token_hash,
            InvitationRow.state.in_(OPEN),
            InvitationRow.asked_item.is_not(None),
            InvitationRow.expires_at >= now,
        )
    ).one_or_none()
    if row is None:
        return None
    return OpenQuestion(
        hall=Text(row.name_zh, row.name_en),
        happened_on=row.happened_on,
        business=_business(session, row.business),
        language=row.language,
        version=row.checklist_version,
        asked_item=row.asked_item,
        answers=row.answers,
    )


def find_company(session: Session) -> Company | None:
    """Return the one company of this installation."""
    row = session.execute(
        select(CompanyRow.name_zh, CompanyRow.name_en, CompanyRow.hotline)
    ).first()
    return Company(Text(row.name_zh, row.name_en), row.hotline) if row else None


def _business(session: Session, word: str) -> Text:
    """Return the name of a business; the company's own word where we have none."""
    words = find_words(session)
    known = words.scenarios.get(word) if words else None
    return known.name if known else Text(word, word)
