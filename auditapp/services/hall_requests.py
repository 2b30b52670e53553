"""A hall says that an item does not suit it; headquarters answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.applicability import Place
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError, Problem
from auditapp.domain.form import build_form
from auditapp.domain.month import month_of
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.text import Text
from auditapp.reads.organisation import get_hall_place
from auditapp.services.checklists import get_version_in_force
from auditapp.services.events import record_event
from auditapp.store.standards import HallRequestRow

OPEN, ANSWERED = "open", "answered"
LONGEST_WORDS = 500
SOURCE = "mystery"


class AskedError(ConflictError):
    """The hall has asked about this item, and waits for the answer."""

    code = "hall-request-open"
    text = Text(
        "你们厅已经提过这一条，正在等总部答复。",
        "Your hall has asked about this item already; headquarters has yet to answer.",
    )


class AnsweredError(ConflictError):
    """Somebody answered it meanwhile."""

    code = "hall-request-answered"
    text = Text(
        "这条意见已经有人答复过。", "Somebody has answered this request already."
    )


def request_change(
    session: Session, actor: Actor, item_id: str, reason: str, *, now: datetime
) -> UUID:
    """Keep what a hall says against an item; a vote, never a change.

    Raises:
        NotFoundError: The person has no hall, or nobody asks this item there.
        AskedError: The hall waits for an answer about the item.
        InvalidError: There is no reason.
    """
    words = _words(reason, "/reason", _NO_REASON)
    hall_id = actor.hall_id or ""
    checklist_id = _checklist_asking(session, hall_id, item_id, month_of(now))
    waiting = select(HallRequestRow.request_id).where(
        HallRequestRow.hall_id == hall_id,
        HallRequestRow.checklist_id == checklist_id,
        HallRequestRow.item_id == item_id,
        HallRequestRow.state == OPEN,
    )
    if session.scalar(waiting) is not None:
        raise AskedError
    row = HallRequestRow(
        hall_id=hall_id,
        checklist_id=checklist_id,
        item_id=item_id,
        reason=words,
        state=OPEN,
        requested_by=actor.person_id,
        requested_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, "asked", row, actor, now)
    return row.request_id


def answer_request(
    session: Session, actor: Actor, request_id: UUID, answer: str, *, now: datetime
) -> None:
    """Answer a hall; its people read it on their first page.

    Raises:
        NotFoundError: There is no such request.
        AnsweredError: It was answered meanwhile.
        InvalidError: There is no answer.
    """
    words = _words(answer, "/answer", _NO_ANSWER)
    row = session.get(HallRequestRow, request_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    if row.state != OPEN:
        raise AnsweredError
    row.state, row.answer = ANSWERED, words
    row.answered_by, row.answered_at = actor.person_id, now
    session.flush()
    _log(session, "answered", row, actor, now)


def _words(text: str, pointer: str, missing: Text) -> str:
    words = without_numbers(text.strip())[:LONGEST_WORDS]
    if not words:
        raise InvalidError([Problem(pointer, "no-words", missing)])
    return words


def _checklist_asking(session: Session, hall_id: str, item_id: str, month: str) -> str:
    place = get_hall_place(session, hall_id, month)
    version = get_version_in_force(session, SOURCE, month)
    form = build_form(
        version.checklist,
        version.vocabulary,
        hall_id,
        Place(place.tier, place.traits, None),
    )
    if all(item["id"] != item_id for item in form["items"]):
        raise NotFoundError
    return str(form["checklist"])


def _log(
    session: Session, what: str, row: HallRequestRow, actor: Actor, now: datetime
) -> None:
    record_event(
        session,
        f"hall_request.{what}",
        row.request_id,
        now=now,
        actor_id=actor.person_id,
        hall=row.hall_id,
        item=row.item_id,
    )


_NO_REASON = Text(
    "请写一两句为什么不适合，例如地点、客流、设施。",
    "Say in a sentence or two why it does not suit: the place, the customers, the"
    " facilities.",
)
_NO_ANSWER = Text(
    "请写一句答复，营业厅会看到。", "Write an answer in a sentence; the hall reads it."
)
