"""What a check of an item means for the action about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from auditapp.domain.action import ActionState


class ActionTurn(Enum):
    """What happens to an action when a check is looked at."""

    NOTHING = auto()
    RAISE = auto()  # a new finding, or one that had fallen stands again
    FAIL_AGAIN = auto()  # back to its owner
    PASS = auto()  # and closed, where the proof was approved
    WITHDRAW = auto()  # the finding fell
    FALL_BACK = auto()  # the latest of several findings fell


@dataclass(frozen=True, slots=True)
class KnownAction:
    """An action before a check: ``audit_id`` and ``failed_at`` of its last failure."""

    state: ActionState
    audit_id: UUID
    failed_at: datetime
    recurrences: int


@dataclass(frozen=True, slots=True)
class ItemCheck:
    """One item in one audit; ``is_failed`` None: not asked, or the audit is void."""

    audit_id: UUID
    checked_at: datetime
    is_failed: bool | None


def turn_of(known: KnownAction | None, check: ItemCheck) -> ActionTurn:
    """Return what a check does; looking at it twice does nothing the second time."""
    if known is None:
        return ActionTurn.RAISE if check.is_failed else ActionTurn.NOTHING
    if check.audit_id == known.audit_id:
        return _own(known, check)
    if check.is_failed is None or check.checked_at <= known.failed_at:
        return ActionTurn.NOTHING
    is_withdrawn = known.state is ActionState.WITHDRAWN
    if check.is_failed:
        return ActionTurn.RAISE if is_withdrawn else ActionTurn.FAIL_AGAIN
    is_over = is_withdrawn or known.state is ActionState.CLOSED
    return ActionTurn.NOTHING if is_over else ActionTurn.PASS


def _own(known: KnownAction, check: ItemCheck) -> ActionTurn:
    is_withdrawn = known.state is ActionState.WITHDRAWN
    if check.is_failed:
        return ActionTurn.RAISE if is_withdrawn else ActionTurn.NOTHING
    if is_withdrawn or known.state is ActionState.CLOSED:
        return ActionTurn.NOTHING
    return ActionTurn.FALL_BACK if known.recurrences else ActionTurn.WITHDRAW
