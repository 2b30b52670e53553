"""One corrective action with everything said about it, and its photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from auditapp.domain.action import ActionStep
from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.text import Text
from auditapp.reads.actions import ActionLine, line_of, lines_for
from auditapp.reads.month_audits import MYSTERY
from auditapp.reads.photos import PhotoUnreadableError
from auditapp.reads.scope import actions_open_to
from auditapp.store.actions import ActionEntryRow, ActionPhotoRow, ActionRow
from auditapp.store.audits import PhotoRow
from auditapp.store.people import PersonRow


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a thread."""

    sha256: str
    condition: str
    is_before: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a thread; ``who`` is None where nobody did it.

    ``at`` is None where it would tell a hall when it was visited.
    """

    step: ActionStep
    at: datetime | None
    who: Text | None
    role: Role | None
    words: str | None
    details: Mapping[str, Any]
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One action and everything said about it.

    ``audit_id``, ``kind`` and ``month`` are None for those who do not open audits.
    """

    line: ActionLine
    item: Mapping[str, str]
    task: str | None
    entries: tuple[Entry, ...]
    audit_id: UUID | None
    kind: str | None
    month: str | None


def get_action(
    session: Session, actor: Actor, action_id: UUID, now: datetime
) -> Action:
    """Return one action with its thread.

    Raises:
        NotFoundError: There is none, or not for this person.
    """
    row = session.execute(
        lines_for(actor, now).where(ActionRow.action_id == action_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    action: ActionRow = row.ActionRow
    opens_audits = actor.role in (Role.ADMIN, Role.HEADQUARTERS, Role.REGION_MANAGER)
    return Action(
        line=line_of(row, actor),
        item=action.item,
        task=action.task,
        entries=_entries(session, actor, action),
        audit_id=action.audit_id if opens_audits else None,
        kind=action.kind if opens_audits else None,
        month=action.month if opens_audits else None,
    )


def check_action_photo(
    session: Session, actor: Actor, action_id: UUID, sha256: str
) -> None:
    """Pass when a photo belongs to the thread of an action that the person reads.

    Raises:
        NotFoundError: There is no such photo, or not for this person.
        PhotoUnreadableError: There is, and it cannot be shown.
    """
    condition = session.scalar(
        select(PhotoRow.condition)
        .join(ActionPhotoRow, ActionPhotoRow.sha256 == PhotoRow.sha256)
        .join(ActionEntryRow, ActionEntryRow.entry_id == ActionPhotoRow.entry_id)
        .join(ActionRow, ActionRow.action_id == ActionEntryRow.action_id)
        .where(
            ActionRow.action_id == action_id,
            PhotoRow.sha256 == sha256,
            actions_open_to(actor),
        )
        .limit(1)
    )
    if condition is None:
        raise NotFoundError
    if condition == "unreadable":
        raise PhotoUnreadableError


def _entries(session: Session, actor: Actor, action: ActionRow) -> tuple[Entry, ...]:
    rows = session.execute(
        select(
            ActionEntryRow,
            PersonRow.name_zh,
            PersonRow.name_en,
            PersonRow.role,
        )
        .outerjoin(PersonRow, PersonRow.person_id == ActionEntryRow.person_id)
        .where(ActionEntryRow.action_id == action.action_id)
        .order_by(ActionEntryRow.at, ActionEntryRow.entry_id)
    ).all()
    photos = _photos(session, action.action_id)
    is_hall = actor.role is Role.HALL_MANAGER
    return tuple(
        _entry(row, photos.get(row[0].entry_id, ()), is_hall=is_hall) for row in rows
    )


def _entry(
    row: Row[*tuple[Any, ...]], photos: Sequence[Photo], *, is_hall: bool
) -> Entry:
    line: ActionEntryRow = row.ActionEntryRow
    is_secret = is_hall and line.details.get("kind") == MYSTERY
    return Entry(
        ActionStep(line.step),
        None if is_secret else line.at,
        Text(row.name_zh, row.name_en) if row.role else None,
        Role(row.role) if row.role else None,
        line.words,
        line.details,
        tuple(photos),
    )


def _photos(session: Session, action_id: UUID) -> dict[UUID, list[Photo]]:
    rows = session.execute(
        select(ActionPhotoRow, PhotoRow.condition)
        .join(PhotoRow, PhotoRow.sha256 == ActionPhotoRow.sha256)
        .join(ActionEntryRow, ActionEntryRow.entry_id == ActionPhotoRow.entry_id)
        .where(ActionEntryRow.action_id == action_id)
        .order_by(ActionPhotoRow.is_before.desc(), ActionPhotoRow.position)
    )
    found: dict[UUID, list[Photo]] = {}
    for photo, condition in rows:
        found.setdefault(photo.entry_id, []).append(
            Photo(photo.sha256, condition, photo.is_before)
        )
    return found
