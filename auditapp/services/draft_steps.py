"""What is done with a draft: submitted, approved and published, sent back, given up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.checklist_rules import check_checklist
from auditapp.domain.draft_life import DraftStageError, DraftState, moved
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError, Problem
from auditapp.domain.month import is_month, month_of
from auditapp.domain.policy_rules import check_policy
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.services.checklists import MonthBegunError, publish_checklist
from auditapp.services.draft_bases import changes_of
from auditapp.services.drafts import Draft, get_draft
from auditapp.services.events import record_event
from auditapp.services.policies import publish_policy
from auditapp.services.standard_versions import POLICY, newest_version
from auditapp.services.visit_forms import request_reform
from auditapp.store.checklists import ChecklistVersionRow, ItemIdRow
from auditapp.store.months import PolicyVersionRow
from auditapp.store.standards import DraftRevisionRow, DraftRow

LONGEST_NOTE = 500


class SecondPersonError(ConflictError):
    """Who wrote or submitted a draft does not approve it."""

    code = "second-person"
    text = Text(
        "写过或送审过这份草稿的人不能自己批准，请另一位总部同事来批准。",
        "Whoever wrote or submitted a draft cannot approve it. Ask another person of"
        " headquarters.",
    )


class BehindError(ConflictError):
    """Another version was published since the draft began."""

    code = "draft-behind"
    text = Text(
        "草稿开始以后又发布了新版本。请先并入新版本，再送审。",
        "A newer version was published since this draft began. Take it in first, then"
        " submit.",
    )


def problems_of(session: Session, draft: Draft) -> list[Problem]:
    """Return everything that stands against publishing a draft's document."""
    if draft.kind == POLICY:
        return check_policy(draft.document)
    return problems_in(session, draft.document, draft.vocabulary)


def problems_in(
    session: Session, document: dict[str, Any], vocabulary: dict[str, Any]
) -> list[Problem]:
    """Return everything that stands against publishing a checklist's document."""
    in_use = {
        row.item_id: row.checklist_id
        for row in session.execute(select(ItemIdRow.item_id, ItemIdRow.checklist_id))
    }
    return check_checklist(document, Vocabulary.from_document(vocabulary), in_use)


def submit_draft(
    session: Session, actor: Actor, draft_id: UUID, *, now: datetime
) -> None:
    """Hand a draft to a second person; it is not changed from then on.

    Raises:
        NotFoundError: There is no such draft.
        DraftStageError: It is not open.
        BehindError: A newer version has to be taken in first.
        InvalidError: It is not sound, or changes nothing; every problem is named.
    """
    row = _held(session, draft_id)
    state = moved(DraftState(row.state), DraftState.SUBMITTED)
    draft = get_draft(session, draft_id)
    if newest_version(session, draft.kind, draft.subject) != draft.based_on:
        raise BehindError
    problems = problems_of(session, draft)
    if not problems and not changes_of(session, draft):
        problems = [Problem("", "nothing-changed", _NOTHING)]
    if problems:
        raise InvalidError(problems)
    row.state, row.submitted_by, row.submitted_at = state.value, actor.person_id, now
    row.decided_by = row.decided_at = row.decision_note = None
    _told(session, "draft.submitted", row, actor, now)


def approve_draft(
    session: Session, actor: Actor, draft_id: UUID, *, now: datetime
) -> str:
    """Publish a draft for its month and return the version's name.

    Raises:
        NotFoundError: There is no such draft.
        DraftStageError: It was not submitted.
        SecondPersonError: The same person wrote or submitted it.
        MonthBegunError: Its month has begun meanwhile.
        BehindError: Another version was published meanwhile.
    """
    row = _held(session, draft_id)
    state = moved(DraftState(row.state), DraftState.PUBLISHED)
    if actor.person_id in authors_of(session, draft_id):
        raise SecondPersonError
    if row.effective_month <= month_of(now):
        raise MonthBegunError
    draft = get_draft(session, draft_id)
    if newest_version(session, draft.kind, draft.subject) != draft.based_on:
        raise BehindError
    name = _free_name(session, draft)
    document = {**draft.document, "version": name}
    if draft.kind == POLICY:
        publish_policy(
            session, document, effective_month=draft.effective_month, now=now
        )
        published: Any = session.get_one(PolicyVersionRow, name)
    else:
        document["status"] = "published"
        publish_checklist(
            session,
            document,
            draft.vocabulary,
            effective_month=draft.effective_month,
            now=now,
        )
        published = session.get_one(ChecklistVersionRow, (draft.subject, name))
        request_reform(session, draft.effective_month, now=now)
    published.draft_id, published.approved_by = draft_id, actor.person_id
    row.state, row.published_version = state.value, name
    row.decided_by, row.decided_at = actor.person_id, now
    _told(session, "draft.approved", row, actor, now)
    return name


def send_back(
    session: Session, actor: Actor, draft_id: UUID, note: str, *, now: datetime
) -> None:
    """Give a submitted draft back to its authors with what is asked of them.

    Raises:
        NotFoundError: There is no such draft.
        DraftStageError: It was not submitted.
    """
    row = _held(session, draft_id)
    if row.state != DraftState.SUBMITTED.value:
        raise DraftStageError
    row.state = DraftState.OPEN.value
    row.decided_by, row.decided_at = actor.person_id, now
    row.decision_note = note[:LONGEST_NOTE]
    _told(session, "draft.sent_back", row, actor, now)


def discard_draft(
    session: Session, actor: Actor, draft_id: UUID, *, now: datetime
) -> None:
    """Give a draft up; it stays readable.

    Raises:
        NotFoundError: There is no such draft.
        DraftStageError: It was published or given up before.
    """
    row = _held(session, draft_id)
    row.state = moved(DraftState(row.state), DraftState.DISCARDED).value
    row.decided_by, row.decided_at = actor.person_id, now
    _told(session, "draft.discarded", row, actor, now)


def set_effective_month(
    session: Session, actor: Actor, draft_id: UUID, month: str, *, now: datetime
) -> None:
    """Let a draft take effect in another month, also one that waits for approval.

    Raises:
        NotFoundError: There is no such draft.
        DraftStageError: It was published or given up.
        MonthBegunError: That month has begun, or is none.
    """
    row = _held(session, draft_id)
    if DraftState(row.state) not in (DraftState.OPEN, DraftState.SUBMITTED):
        raise DraftStageError
    if not is_month(month) or month <= month_of(now):
        raise MonthBegunError
    row.effective_month = month
    _told(session, "draft.month_set", row, actor, now)


def authors_of(session: Session, draft_id: UUID) -> set[UUID]:
    """Return everybody who began, changed or submitted a draft."""
    row = session.get_one(DraftRow, draft_id)
    changed_by = session.scalars(
        select(DraftRevisionRow.changed_by)
        .where(DraftRevisionRow.draft_id == draft_id)
        .distinct()
    )
    authors = {row.created_by, *changed_by}
    return authors | ({row.submitted_by} if row.submitted_by else set())


_NOTHING = Text(
    "这份草稿和现行版一样，没有要发布的内容。",
    "The draft is the same as the version in force; there is nothing to publish.",
)


def _held(session: Session, draft_id: UUID) -> DraftRow:
    row = session.scalar(
        select(DraftRow)
        .where(DraftRow.draft_id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError
    return row


def _told(
    session: Session, name: str, row: DraftRow, actor: Actor, now: datetime
) -> None:
    session.flush()
    record_event(
        session,
        name,
        row.draft_id,
        now=now,
        actor_id=actor.person_id,
        standard=row.subject,
        revision=row.revision,
        effective_month=row.effective_month,
        version=row.published_version,
    )


def _free_name(session: Session, draft: Draft) -> str:
    """Return a version name that was never used: 2026.12, then 2026.12-2."""
    plain = draft.effective_month.replace("-", ".")
    table: Any = PolicyVersionRow if draft.kind == POLICY else ChecklistVersionRow
    statement = select(table.version).where(table.version.startswith(plain))
    if draft.kind != POLICY:
        statement = statement.where(table.checklist_id == draft.subject)
    used = set(session.scalars(statement))
    number = 1
    while (name := plain if number == 1 else f"{plain}-{number}") in used:
        number += 1
    return name
