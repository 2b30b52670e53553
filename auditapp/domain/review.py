"""What a reviewer may decide about an audit, and why not."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditapp.domain.actor import Actor
from auditapp.domain.errors import ConflictError, Problem
from auditapp.domain.finding_cause import unconfirmed
from auditapp.domain.review_turn import ReviewLevel, ReviewTurn
from auditapp.domain.scoring import AuditScore
from auditapp.domain.text import Text
from auditapp.domain.visit import COMPLETED, HALL_CLOSED, AuditState, VisitState


class NotInReviewError(ConflictError):
    """The audit is not, or no longer, before a reviewer."""

    code = "not-in-review"
    text = Text(
        "这份记录现在不在审核中，可能刚被别人处理过。",
        "This audit is not in review now; somebody else may just have dealt with it.",
    )


class NothingToReturnError(ConflictError):
    """A return needs at least one item with a question."""

    code = "nothing-to-return"
    text = Text(
        "还没有选要退回的项目。先在项目旁写下问题。",
        "No item is marked for return. Write a question beside an item first.",
    )


class RevisedMeanwhileError(ConflictError):
    """The auditor sent another revision while the page was open."""

    code = "revised-meanwhile"
    text = Text(
        "走访员刚发来新的一版。请看过再决定。",
        "The auditor has just sent a new version. Look at it before deciding.",
    )


def is_in_review(audit: AuditState, visit: VisitState) -> bool:
    """Tell whether a reviewer can decide now."""
    return audit is AuditState.COMPLETE and visit is VisitState.IN_REVIEW


def may_reopen(visit: VisitState) -> bool:
    """Tell whether the last decision can still be taken back."""
    return visit in (VisitState.ACCEPTED, VisitState.RETURNED)


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """What people have still to do about an audit before it can be accepted."""

    noted_items: int = 0
    unconfirmed: int = 0
    needs_first_look: bool = False
    is_own_look: bool = False  # whoever accepts it took the first look too


def open_points(
    score: AuditScore | None,
    form: Mapping[str, Any],
    *,
    noted: int,
    confirmed: Collection[str],
    turn: ReviewTurn | None,
    actor: Actor,
) -> OpenPoints:
    """Return what people have still to do before this person can accept an audit.

    Where a critical item failed the first look has to be taken, by somebody else. An
    audit from before there were turns needs none.
    """
    is_critical = bool(score and score.critical_failures)
    level, looked = (turn.level, turn.checked_by) if turn else (None, None)
    return OpenPoints(
        noted_items=noted,
        unconfirmed=len(unconfirmed(score, form, confirmed)) if score else 0,
        needs_first_look=is_critical and level is ReviewLevel.FIRST,
        is_own_look=is_critical and looked == actor.person_id,
    )


def obstacles(
    score: AuditScore | None,
    min_coverage: int,
    points: OpenPoints,
    outcome: str = COMPLETED,
) -> list[Problem]:
    """Return what stands against accepting; none means that it can be accepted.

    Of a hall that was shut nothing can be answered: the policy says what that is worth.
    """
    found = [*_of_points(points)]
    if score is None:
        found.append(
            _problem(
                "not-scored",
                "还没算出分，请稍等再刷新。",
                "It is not scored yet. Wait a little and reload.",
            )
        )
        return found
    if outcome == HALL_CLOSED:
        return found
    if score.coverage * 100 < min_coverage:
        found.append(_too_little(score.coverage, min_coverage))
    if score.critical_unanswered:
        number = len(score.critical_unanswered)
        found.append(
            _problem(
                "critical-unanswered",
                f"有{number}个重大项没有答案；请退回补答。",
                f"Critical items without an answer: {number}. Return them.",
            )
        )
    return found


def _of_points(points: OpenPoints) -> Iterator[Problem]:
    if points.noted_items:
        yield _problem(
            "items-noted",
            f"有{points.noted_items}项写了问题还没退回；退回它们，或者删掉问题。",
            f"Items with a question that were not returned: {points.noted_items}. "
            "Return them, or drop the questions.",
        )
    if points.unconfirmed:
        yield _problem(
            "causes-unconfirmed",
            f"有{points.unconfirmed}项失分（权重3以上或重大项）还没确认原因。",
            "Findings of weight 3 or more whose cause is not confirmed: "
            f"{points.unconfirmed}.",
        )
    if points.needs_first_look:
        yield _problem(
            "first-look",
            "有重大项不合格，要先由走访公司核对（逾期后可由总部核对），再由另一个人受理。",
            "A critical item failed: the agency looks first (headquarters once it is"
            " late), then somebody else accepts.",
        )
    if points.is_own_look:
        yield _problem(
            "own-look",
            "有重大项不合格，而且是您核对的；要由另一个人受理。",
            "A critical item failed and you took the first look; somebody else has to"
            " accept it.",
        )


def _too_little(coverage: Fraction, min_coverage: int) -> Problem:
    percent = int(coverage * 100)
    return _problem(
        "coverage",
        f"应答覆盖只有{percent}%，至少要{min_coverage}%；请退回补答。",
        f"Only {percent}% of the weight is answered, {min_coverage}% is the least. "
        "Return what is missing.",
    )


def _problem(code: str, zh: str, en: str) -> Problem:
    return Problem("", code, Text(zh, en))
