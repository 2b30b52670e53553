"""A hall's objection to one item of a released audit, and who may decide it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from auditapp.domain.actor import Actor
from auditapp.domain.errors import ConflictError, ForbiddenError, InvalidError, Problem
from auditapp.domain.month import at_hall, local_date
from auditapp.domain.review_turn import may_decide
from auditapp.domain.text import Text
from auditapp.domain.working_days import IsWorking, after_working_days

APPEAL_DAYS = 5  # working days. Source: shared/domain/reference.md 7.4
LONGEST_WORDS = 1000


class AppealState(Enum):
    """How an appeal stands; all but OPEN are decisions, each with its reason."""

    OPEN = "open"
    UPHELD = "upheld"  # the result stands
    OVERTURNED = "overturned"  # another answer takes its place
    REJECTED = "rejected"  # nothing that could be decided


@dataclass(frozen=True, slots=True)
class AppealDecision:
    """What is decided and why; ``value`` only where the answer is overturned."""

    state: AppealState
    reason: str
    value: object = None


class TooLateError(ConflictError):
    """The days for an appeal are over."""

    code = "appeal-too-late"
    text = Text(
        "申诉期已过：发布后五个工作日内可以申诉。",
        "The time for an appeal is over: it is five working days from the release.",
    )


class AppealedError(ConflictError):
    """The hall has appealed this item already."""

    code = "appealed"
    text = Text(
        "这一项你们已经申诉过，一项只能申诉一次。",
        "Your hall has appealed this item already; each can be appealed once.",
    )


class DecidedError(ConflictError):
    """Somebody decided the appeal meanwhile."""

    code = "appeal-decided"
    text = Text("这份申诉已经有人裁定。", "Somebody has decided this appeal already.")


class OwnReviewError(ConflictError):
    """Who reviewed the audit does not decide an appeal against it."""

    code = "own-review"
    text = Text(
        "这份记录您审核过，申诉要由另一位同事裁定。",
        "You reviewed this audit; somebody else has to decide the appeal.",
    )


def appeal_until(released_at: datetime, is_working: IsWorking) -> datetime:
    """Return the end of the last day on which a released audit may be appealed."""
    last = after_working_days(local_date(released_at), APPEAL_DAYS, is_working)
    return at_hall(last + timedelta(days=1), 0)


def check_appeal(
    until: datetime, now: datetime, appealed: Collection[str], item_id: str
) -> None:
    """Raise the reason why a lost item cannot be appealed now."""
    if item_id in appealed:
        raise AppealedError
    if now >= until:
        raise TooLateError


def check_decider(actor: Actor, reviewers: Collection[UUID | None]) -> None:
    """Let only pass who reviews audits and had no hand in this one.

    Raises:
        ForbiddenError: The role decides nothing.
        OwnReviewError: This person accepted the audit or asked about its items.
    """
    if not may_decide(actor):
        raise ForbiddenError
    if actor.person_id in reviewers:
        raise OwnReviewError


def check_decision(decision: AppealDecision) -> None:
    """Raise InvalidError unless there is a decision with its reason and answer."""
    problems = []
    if decision.state is AppealState.OPEN:
        problems.append(Problem("/state", "missing", _NO_DECISION))
    if decision.state is AppealState.OVERTURNED and decision.value is None:
        problems.append(Problem("/value", "missing", _NO_VALUE))
    if not decision.reason.strip():
        problems.append(Problem("/reason", "missing", _NO_REASON))
    if problems:
        raise InvalidError(problems)


_NO_DECISION = Text("请选一种裁定。", "Choose a decision.")
_NO_VALUE = Text("改判要选好或填好正确的答案。", "Give the answer that is right.")
_NO_REASON = Text("请写明理由，营业厅会看到。", "Give the reason; the hall reads it.")
