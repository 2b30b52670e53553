"""Publishing checklists for ever, and resolving them for halls."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.applicability import Place
from auditapp.domain.canonical import canonical_json, digest
from auditapp.domain.checklist import Checklist
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.errors import ConflictError, NotFoundError
from auditapp.domain.form import build_form
from auditapp.domain.month import month_of
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.organisation import HallPlace
from auditapp.services.events import record_event
from auditapp.services.published import find_in_force
from auditapp.store.checklists import ChecklistVersionRow, FormRow, ItemIdRow

BATCH = 500  # below every database's limit of parameters


class AlreadyPublishedError(ConflictError):
    """A version with other content was published before; what is published stays."""

    code = "already-published"
    text = Text(
        "这个版本号已经发布过不同的内容。请换一个新的版本号再发布。",
        "This version was published with other content. Give it a new version number.",
    )


class ItemIdTakenError(ConflictError):
    """An item's id belongs to another checklist; the argument names it."""

    code = "item-id-taken"
    text = Text(
        "有项目编号已经属于另一张检查表。请换一个编号。",
        "An item's id belongs to another checklist. Choose another id.",
    )


class MonthBegunError(ConflictError):
    """A standard must not change within a month that has begun."""

    code = "month-begun"
    text = Text(
        "生效月份已经开始。请从下个月或更晚开始生效。",
        "That month has begun. Let the version take effect next month or later.",
    )


@dataclass(frozen=True, slots=True)
class Version:
    """One published version, as the rules read it."""

    checklist: Checklist
    vocabulary: Vocabulary


def publish_checklist(
    session: Session,
    document: dict[str, Any],
    vocabulary: dict[str, Any],
    *,
    effective_month: str,
    now: datetime,
    even_if_begun: bool = False,
) -> bool:
    """Store a checked checklist version for ever; visits use it from a month on.

    Returns False when the very same version was there already.

    Raises:
        AlreadyPublishedError: The version is there with other content.
        ItemIdTakenError: An item's id belongs to another checklist.
        MonthBegunError: The month has begun and a version is in force
            (``even_if_begun`` is for demonstrations, which tell a past).
    """
    document, vocabulary = _as_json(document), _as_json(vocabulary)
    content = canonical_json(document)
    key = (document["id"], document["version"])
    stored = session.get(ChecklistVersionRow, key)
    if stored is not None:
        if stored.document == content and stored.effective_month == effective_month:
            return False
        raise AlreadyPublishedError
    has_begun = effective_month <= month_of(now)
    if has_begun and not even_if_begun and _is_published(session, document["id"]):
        raise MonthBegunError
    checklist = read_checklist(document, Vocabulary.from_document(vocabulary))
    _register_items(session, checklist)
    session.add(
        ChecklistVersionRow(
            checklist_id=checklist.checklist_id,
            version=checklist.version,
            source=checklist.source,
            digest=digest(document),
            document=content,
            # canonical JSON sorts keys, but the order of words has a meaning
            vocabulary=json.dumps(vocabulary, ensure_ascii=False).encode(),
            effective_month=effective_month,
            published_at=now,
        )
    )
    session.flush()
    record_event(
        session,
        "checklist.published",
        f"{checklist.checklist_id} {checklist.version}",
        now=now,
        effective_month=effective_month,
    )
    return True


def get_version_in_force(session: Session, source: str, month: str) -> Version:
    """Return the version of a source (``mystery`` …) that a month's visits use.

    Raises:
        NotFoundError: None is in force in that month.
    """
    found = find_in_force(session, source, month)
    if found is None:
        raise NotFoundError
    return _version(*found)


def form_for(
    session: Session,
    version: Version,
    place: HallPlace,
    scenario: str | None,
    now: datetime,
) -> str:
    """Resolve a version for a hall, keep the form, and return its digest."""
    return forms_for(session, version, [(place, scenario)], now)[0]


def forms_for(
    session: Session,
    version: Version,
    wanted: Sequence[tuple[HallPlace, str | None]],
    now: datetime,
) -> list[str]:
    """Resolve a version for many halls at once; digests in the order wanted."""
    return keep_forms(session, version, resolve_forms(version, wanted), now)


def resolve_forms(
    version: Version, wanted: Sequence[tuple[HallPlace, str | None]]
) -> list[dict[str, Any]]:
    """Return the forms of a version for these halls and scenarios; none is kept."""
    resolved: dict[Place, dict[str, Any]] = {}
    forms = []
    for hall, scenario in wanted:
        place = Place(hall.tier, hall.traits, scenario)
        if place not in resolved:
            resolved[place] = build_form(
                version.checklist, version.vocabulary, hall.hall_id, place
            )
        forms.append({**resolved[place], "hall": hall.hall_id})
    return forms


def keep_forms(
    session: Session,
    version: Version,
    forms: Sequence[dict[str, Any]],
    now: datetime,
) -> list[str]:
    """Keep forms of a version for ever and return their digests in the same order."""
    rows: dict[str, dict[str, Any]] = {}
    digests = []
    for form in forms:
        document = canonical_json(form)
        name = sha256(document).hexdigest()
        digests.append(name)
        rows[name] = {
            "digest": name,
            "hall_id": form["hall"],
            "checklist_id": version.checklist.checklist_id,
            "version": version.checklist.version,
            "scenario": form.get("scenario"),
            "document": document,
            "created_at": now,
        }
    _keep(session, rows)
    return digests


def _keep(session: Session, forms: dict[str, dict[str, Any]]) -> None:
    names = list(forms)
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        known = set(
            session.scalars(select(FormRow.digest).where(FormRow.digest.in_(batch)))
        )
        new = [forms[name] for name in batch if name not in known]
        if new:
            session.execute(insert(FormRow), new)


def _as_json(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return the value with every key as text: YAML also has numbers there."""
    if isinstance(value, dict):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    return [_as_json(inner) for inner in value] if isinstance(value, list) else value


@lru_cache(maxsize=8)
def _version(document: bytes, vocabulary: bytes) -> Version:
    words = Vocabulary.from_document(json.loads(vocabulary))
    return Version(read_checklist(json.loads(document), words), words)


def _is_published(session: Session, checklist_id: str) -> bool:
    statement = select(ChecklistVersionRow.version).where(
        ChecklistVersionRow.checklist_id == checklist_id
    )
    return session.scalar(statement.limit(1)) is not None


def _register_items(session: Session, checklist: Checklist) -> None:
    """Give every new item's id to this checklist for ever.

    Raises:
        ItemIdTakenError: One belongs to another checklist.
    """
    ids = [item.item_id for item in checklist.items]
    rows = session.execute(
        select(ItemIdRow.item_id, ItemIdRow.checklist_id).where(
            ItemIdRow.item_id.in_(ids)
        )
    )
    owners = {row.item_id: row.checklist_id for row in rows}
    for item_id, owner in owners.items():
        if owner != checklist.checklist_id:
            raise ItemIdTakenError(item_id, owner)
    new = [
        {
            "item_id": item_id,
            "checklist_id": checklist.checklist_id,
            "first_version": checklist.version,
        }
        for item_id in ids
        if item_id not in owners
    ]
    if new:
        session.execute(insert(ItemIdRow), new)
