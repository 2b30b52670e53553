"""The standard as headquarters sees it: versions, drafts, who did what."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.errors import NotFoundError
from auditapp.domain.policy_rules import POLICY_ID
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.policies import shipped_policy
from auditapp.reads.words import read_words
from auditapp.store.checklists import ChecklistVersionRow
from auditapp.store.months import PolicyVersionRow
from auditapp.store.people import PersonRow
from auditapp.store.standards import DraftRow

IN_FORCE, COMING, SUPERSEDED = "in_force", "coming", "superseded"
POLICY_NAME = Text("月度计分规则", "Policy of the month")
OPEN_STATES = ("open", "submitted")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version; ``state`` follows from the months."""

    version: str
    effective_month: str
    published_at: datetime | None
    state: str
    approved_by: Text | None
    draft_id: UUID | None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list."""

    draft_id: UUID
    subject: str
    title: str
    state: str
    effective_month: str
    changed_at: datetime
    created_by: Text


@dataclass(frozen=True, slots=True)
class Standard:
    """A checklist or the policy: its versions, newest first, and drafts under way."""

    subject: str
    kind: str
    name: Text
    source: str
    versions: tuple[VersionLine, ...]
    drafts: tuple[DraftLine, ...]

    @property
    def in_force(self) -> VersionLine | None:
        """The version that the running month uses."""
        return next((v for v in self.versions if v.state == IN_FORCE), None)


@dataclass(frozen=True, slots=True)
class VersionContent:
    """A published version's document and the words it was written in."""

    version: str
    effective_month: str
    document: dict[str, Any]
    words: Vocabulary
    vocabulary: dict[str, Any]


def list_standards(session: Session, month: str) -> list[Standard]:
    """Return every checklist and the policy; ``month`` is the running one."""
    drafts = _drafts(session)
    rows = session.execute(
        select(
            ChecklistVersionRow.checklist_id,
            ChecklistVersionRow.version,
            ChecklistVersionRow.source,
            ChecklistVersionRow.effective_month,
            ChecklistVersionRow.published_at,
            ChecklistVersionRow.draft_id,
            PersonRow.name_zh,
            PersonRow.name_en,
        )
        .outerjoin(PersonRow, PersonRow.person_id == ChecklistVersionRow.approved_by)
        .order_by(*_newest_first(ChecklistVersionRow))
    ).all()
    subjects: dict[str, list[Any]] = {}
    for row in rows:
        subjects.setdefault(row.checklist_id, []).append(row)
    names = _names(session, {key: found[0].version for key, found in subjects.items()})
    checklists = [
        Standard(
            subject,
            "checklist",
            names[subject],
            found[0].source,
            _lines(found, month),
            tuple(each for each in drafts if each.subject == subject),
        )
        for subject, found in sorted(subjects.items())
    ]
    return [*checklists, _policy(session, month, drafts)]


def get_standard(session: Session, subject: str, month: str) -> Standard:
    """Return one checklist, or the policy.

    Raises:
        NotFoundError: There is no such checklist.
    """
    for standard in list_standards(session, month):
        if standard.subject == subject:
            return standard
    raise NotFoundError


def get_version_asked(
    session: Session, checklist_id: str, month: str, version: str | None = None
) -> tuple[Standard, VersionContent]:
    """Return a checklist with one of its versions, the one in force unless asked.

    Raises:
        NotFoundError: There is no such checklist or version.
    """
    standard = get_standard(session, checklist_id, month)
    if standard.kind != "checklist" or not standard.versions:
        raise NotFoundError
    held = standard.in_force or standard.versions[0]
    return standard, get_version_content(
        session, standard.subject, version or held.version
    )


def get_version_content(
    session: Session, checklist_id: str, version: str
) -> VersionContent:
    """Return a published version of a checklist.

    Raises:
        NotFoundError: There is no such version.
    """
    row = session.get(ChecklistVersionRow, (checklist_id, version))
    if row is None:
        raise NotFoundError
    return VersionContent(
        row.version,
        row.effective_month,
        json.loads(row.document),
        read_words(row.vocabulary),
        json.loads(row.vocabulary),
    )


def person_names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, Text]:
    """Return what these people are called."""
    rows = session.execute(
        select(PersonRow.person_id, PersonRow.name_zh, PersonRow.name_en).where(
            PersonRow.person_id.in_({each for each in ids if each})
        )
    )
    return {row.person_id: Text(row.name_zh, row.name_en) for row in rows}


def _newest_first(table: Any) -> tuple[Any, Any]:  # noqa: ANN401
    return table.effective_month.desc(), table.published_at.desc()


def _drafts(session: Session) -> list[DraftLine]:
    rows = session.execute(
        select(
            DraftRow.draft_id,
            DraftRow.subject,
            DraftRow.title,
            DraftRow.state,
            DraftRow.effective_month,
            DraftRow.changed_at,
            PersonRow.name_zh,
            PersonRow.name_en,
        )
        .join(PersonRow, PersonRow.person_id == DraftRow.created_by)
        .where(DraftRow.state.in_(OPEN_STATES))
        .order_by(DraftRow.changed_at.desc())
    )
    return [DraftLine(*row[:6], Text(row.name_zh, row.name_en)) for row in rows]


def _names(session: Session, newest: dict[str, str]) -> dict[str, Text]:
    rows = session.execute(
        select(
            ChecklistVersionRow.checklist_id,
            ChecklistVersionRow.version,
            ChecklistVersionRow.document,
        ).where(ChecklistVersionRow.version.in_(set(newest.values())))
    )
    documents = {
        row.checklist_id: json.loads(row.document)
        for row in rows
        if newest.get(row.checklist_id) == row.version
    }
    return {key: Text(each["zh"], each["en"]) for key, each in documents.items()}


def _policy(session: Session, month: str, drafts: Sequence[DraftLine]) -> Standard:
    rows = session.execute(
        select(
            PolicyVersionRow.version,
            PolicyVersionRow.effective_month,
            PolicyVersionRow.published_at,
            PolicyVersionRow.draft_id,
            PersonRow.name_zh,
            PersonRow.name_en,
        )
        .outerjoin(PersonRow, PersonRow.person_id == PolicyVersionRow.approved_by)
        .order_by(*_newest_first(PolicyVersionRow))
    ).all()
    lines = _lines(rows, month)
    if not any(line.state == IN_FORCE for line in lines):
        name = shipped_policy().policy.version
        lines = (*lines, VersionLine(name, "", None, IN_FORCE, None, None))
    own = tuple(each for each in drafts if each.subject == POLICY_ID)
    return Standard(POLICY_ID, "policy", POLICY_NAME, "", lines, own)


def _lines(rows: Sequence[Any], month: str) -> tuple[VersionLine, ...]:
    lines, is_found = [], False
    for row in rows:
        state = COMING if row.effective_month > month else SUPERSEDED
        if state == SUPERSEDED and not is_found:
            state, is_found = IN_FORCE, True
        approver = Text(row.name_zh, row.name_en) if row.name_zh else None
        lines.append(
            VersionLine(
                row.version,
                row.effective_month,
                row.published_at,
                state,
                approver,
                row.draft_id,
            )
        )
    return tuple(lines)
