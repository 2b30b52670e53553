"""Actions follow audits: raised, failed again, passed and withdrawn by what was found.

Called wherever an audit becomes official, is taken back, or an answer of it is decided
otherwise. Looking at the same audit twice changes nothing. What a mystery visit means
for an action that its hall reads waits for the release: a hall that sees an action
close or come back would know that it was visited (docs/decisions/0015).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from auditapp.domain.action import (
    CAUSES,
    HALL,
    NOBODY,
    ActionState,
    ActionStep,
    Severity,
    deadlines,
    severity_of,
    usual_owner,
)
from auditapp.domain.action_life import ActionTurn, ItemCheck, KnownAction, turn_of
from auditapp.domain.answer_values import as_mapping
from auditapp.domain.inspection import KIND
from auditapp.domain.policy import ActionDays
from auditapp.domain.visit import COMPLETED, VisitState
from auditapp.reads.month_audits import OFFICIAL_STATES
from auditapp.reads.policies import get_policy_in_force
from auditapp.services.action_entries import entry, keep_entries
from auditapp.services.form_shelf import find_form
from auditapp.store.actions import ActionRow
from auditapp.store.audits import IS_SCORE_OF_AUDIT, AuditRow, ScoreRow
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow

_RECHECKED = {"fixed": False, "not_fixed": True}


@dataclass(frozen=True, slots=True)
class _Found:
    """One audit as far as actions are concerned."""

    audit_id: UUID
    visit: VisitRow
    checked_at: datetime
    items: Mapping[str, Mapping[str, Any]]
    failed: Mapping[str, bool]
    causes: Mapping[str, str]
    owners: Mapping[str, str | None]

    @property
    def is_told(self) -> bool:
        """Whether the hall knows of the visit: it was open, or is released."""
        is_released = self.visit.state == VisitState.RELEASED.value
        return self.visit.kind == KIND or is_released


def follow_audit(session: Session, audit_id: UUID, *, now: datetime) -> None:
    """Raise, reopen, pass or withdraw the actions that an audit is about."""
    session.flush()
    found = _find(session, audit_id)
    if found is None:
        return
    hall = select(HallRow.hall_id).where(HallRow.hall_id == found.visit.hall_id)
    session.execute(hall.with_for_update())  # two audits of a hall: one action an item
    known = session.scalars(
        select(ActionRow)
        .where(
            ActionRow.hall_id == found.visit.hall_id,
            or_(
                ActionRow.item_id.in_(found.failed),
                ActionRow.audit_id == audit_id,
            ),
        )
        .with_for_update()
    )
    actions = {action.item_id: action for action in known}
    days = get_policy_in_force(session, found.visit.month).policy.action_days
    entries = []
    for item_id in {*found.failed, *actions}:
        action = actions.get(item_id)
        check = ItemCheck(audit_id, found.checked_at, found.failed.get(item_id))
        turn = turn_of(_known(action), check)
        if turn is ActionTurn.NOTHING or _has_to_wait(action, turn, found):
            continue
        if action is None:
            action = ActionRow(action_id=uuid4(), item_id=item_id, recurrences=0)
            session.add(action)
        entries.append(_turn(action, turn, found, days, now))
    keep_entries(session, entries)


def list_released(session: Session, month: str) -> list[UUID]:
    """Return the audits of a month whose halls read them, to be followed."""
    return list(
        session.scalars(
            select(AuditRow.audit_id)
            .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
            .where(VisitRow.month == month, VisitRow.state == VisitState.RELEASED.value)
            .order_by(AuditRow.finished_at, AuditRow.audit_id)
        )
    )


def give(action: ActionRow, days: ActionDays, now: datetime) -> None:
    """Put an action into its owner's hands: the days run from now."""
    until = deadlines(Severity(action.severity), now, days)
    action.given_at, action.level, action.level_at = now, 0, None
    action.contain_at, action.due_at = until.contain_at, until.due_at


def _has_to_wait(action: ActionRow | None, turn: ActionTurn, found: _Found) -> bool:
    """Tell whether a hall would learn of a visit that is not released."""
    if found.is_told or action is None or action.shown_at is None:
        return False
    if turn is ActionTurn.FAIL_AGAIN:
        return not found.items[action.item_id].get("critical")
    return turn is ActionTurn.PASS


def _turn(
    action: ActionRow, turn: ActionTurn, found: _Found, days: ActionDays, now: datetime
) -> dict[str, Any]:
    match turn:
        case ActionTurn.RAISE | ActionTurn.FAIL_AGAIN:
            return _raise(action, turn, found, days, now)
        case ActionTurn.PASS:
            action.passed_at = now
            if action.state == ActionState.APPROVED.value:
                action.state, action.closed_at = ActionState.CLOSED.value, now
            step = ActionStep.CLOSED if action.closed_at else ActionStep.PASSED
        case ActionTurn.FALL_BACK:
            action.recurrences -= 1
            action.state, action.closed_at = ActionState.APPROVED.value, None
            step = ActionStep.WITHDRAWN
        case _:
            action.state, step = ActionState.WITHDRAWN.value, ActionStep.WITHDRAWN
    return entry(action.action_id, step, now, kind=found.visit.kind)


def _raise(
    action: ActionRow, turn: ActionTurn, found: _Found, days: ActionDays, now: datetime
) -> dict[str, Any]:
    item = found.items[action.item_id]
    is_again = turn is ActionTurn.FAIL_AGAIN
    action.hall_id, action.month = found.visit.hall_id, found.visit.month
    action.audit_id, action.kind = found.audit_id, found.visit.kind
    action.failed_at = found.checked_at
    action.item = {key: item[key] for key in ("zh", "en", "guide") if key in item}
    severity = severity_of(
        is_critical=bool(item.get("critical")), weight=item.get("weight", 1)
    )
    action.severity = severity.value
    if not is_again:  # what a person decided about the owner stays
        cause = found.causes.get(action.item_id) or item.get("cause", "")
        action.cause = cause if cause in CAUSES else CAUSES[0]
        owner = found.owners.get(action.item_id) or item.get("owner")
        action.owner = usual_owner(action.cause, owner)
    action.recurrences += is_again
    action.state = ActionState.OPEN.value
    action.contained_at = action.proof_at = action.approved_at = None
    action.passed_at = action.closed_at = None
    _hand_out(action, found, days, now)
    step = ActionStep.FAILED_AGAIN if is_again else ActionStep.RAISED
    return entry(action.action_id, step, now, kind=found.visit.kind)


def _hand_out(
    action: ActionRow, found: _Found, days: ActionDays, now: datetime
) -> None:
    """Give it to its owner, unless that would tell a hall of a visit.

    A hall learns of a mystery visit by its release. Only what is critical cannot wait:
    then it learns what to put right, and neither how nor when it was found.
    """
    is_halls = action.owner == HALL
    is_urgent = is_halls and action.severity == Severity.CRITICAL.value
    action.shown_at = now if found.is_told or is_urgent else None
    action.given_at = action.due_at = action.contain_at = None
    action.level, action.level_at = 0, None
    if action.owner != NOBODY and (action.shown_at or not is_halls):
        give(action, days, now)


def _known(action: ActionRow | None) -> KnownAction | None:
    if action is None:
        return None
    return KnownAction(
        ActionState(action.state),
        action.audit_id,
        action.failed_at,
        action.recurrences,
    )


def _find(session: Session, audit_id: UUID) -> _Found | None:
    row = session.execute(
        select(
            VisitRow,
            AuditRow.finished_at,
            AuditRow.document,
            AuditRow.form_digest,
            ScoreRow.lines,
            ScoreRow.outcome,
        )
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .outerjoin(ScoreRow, IS_SCORE_OF_AUDIT)
        .where(AuditRow.audit_id == audit_id)
    ).one_or_none()
    if row is None or row.finished_at is None:
        return None
    form = find_form(session, row.form_digest) or {"items": []}
    items = {item["id"]: item for item in form["items"]}
    items |= {each["id"]: each for each in form.get("findings", ())}
    counts = row.VisitRow.state in OFFICIAL_STATES and row.outcome == COMPLETED
    lines = row.lines["lines"] if counts and row.lines else []
    failed = {
        line["id"]: line["is_failed"] for line in lines if line["not_counted"] is None
    }
    causes = {line["id"]: line["cause"] for line in lines}
    owners = {line["id"]: line.get("owner") for line in lines}
    if counts and row.VisitRow.kind == KIND:
        failed = _rechecks(row.document) | failed
    return _Found(
        audit_id, row.VisitRow, row.finished_at, items, failed, causes, owners
    )


def _rechecks(document: bytes) -> dict[str, bool]:
    """Return what an inspector saw again of what had failed before."""
    entries = as_mapping(json.loads(document).get("rechecks"))
    results = {item: as_mapping(each).get("result") for item, each in entries.items()}
    return {
        item: _RECHECKED[result]
        for item, result in results.items()
        if isinstance(result, str) and result in _RECHECKED
    }
