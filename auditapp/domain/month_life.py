"""The life of a month: from its first day to its ledger, and back with a reason."""

from datetime import datetime
from enum import Enum

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ConflictError, ForbiddenError, InvalidError, Problem
from auditapp.domain.month import month_of
from auditapp.domain.text import Text


class MonthState(Enum):
    """How far a month has come.

    OPEN while its days last, COLLECTING while late evidence still arrives, CLOSED with
    a ledger; a month that is reopened is COLLECTING again.
    """

    OPEN = "open"
    COLLECTING = "collecting"
    CLOSED = "closed"


class MonthClosedError(ConflictError):
    """The month's ledger is closed; it must be reopened first."""

    code = "month-closed"
    text = Text(
        "这个月已经关账，数字不再变动。要更正，请总部先写明原因重新打开。",
        "The month is closed and its figures stay. To correct it, headquarters reopens"
        " it with a reason.",
    )


class MonthNotOverError(ConflictError):
    """A month is released and closed only after its last day."""

    code = "month-not-over"
    text = Text(
        "这个月还没有过完，过完才能发布结果、关账。",
        "The month is not over yet; release and close it after its last day.",
    )


class MonthNotClosedError(ConflictError):
    """Only a closed month can be reopened or verified."""

    code = "month-not-closed"
    text = Text("这个月还没有关账。", "The month is not closed.")


def require_headquarters(actor: Actor) -> None:
    """Let only headquarters pass.

    Raises:
        ForbiddenError: The role does not close and reopen months.
    """
    if actor.role is not Role.HEADQUARTERS or actor.is_read_only:
        raise ForbiddenError


def check_closing(state: MonthState, *, is_over: bool) -> None:
    """Raise the reason why a month cannot be closed now."""
    if state is MonthState.CLOSED:
        raise MonthClosedError
    if not is_over:
        raise MonthNotOverError


def check_release(month: str, now: datetime) -> None:
    """Raise MonthNotOverError while a month's visits could still be told apart."""
    if month >= month_of(now):
        raise MonthNotOverError


def check_reopening(state: MonthState, reason: str) -> str:
    """Return the reason, without blanks around it.

    Raises:
        MonthNotClosedError: There is nothing to reopen.
        InvalidError: The reason says nothing.
    """
    if state is not MonthState.CLOSED:
        raise MonthNotClosedError
    if not reason.strip():
        text = Text("请写明为什么重新打开。", "Say why the month is reopened.")
        raise InvalidError([Problem("/reason", "missing", text)])
    return reason.strip()
