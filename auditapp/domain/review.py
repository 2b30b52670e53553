"""What a reviewer may decide about an audit, and why not."""

from fractions import Fraction

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ConflictError, Problem
from auditapp.domain.scoring import AuditScore
from auditapp.domain.text import Text
from auditapp.domain.visit import COMPLETED, HALL_CLOSED, AuditState, VisitState

REVIEWERS = (Role.REGION_MANAGER, Role.HEADQUARTERS)


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


def may_decide(actor: Actor) -> bool:
    """Tell whether a person reviews audits at all."""
    return actor.role in REVIEWERS and not actor.is_read_only


def is_in_review(audit: AuditState, visit: VisitState) -> bool:
    """Tell whether a reviewer can decide now."""
    return audit is AuditState.COMPLETE and visit is VisitState.IN_REVIEW


def may_reopen(visit: VisitState) -> bool:
    """Tell whether the last decision can still be taken back."""
    return visit in (VisitState.ACCEPTED, VisitState.RETURNED)


def obstacles(
    score: AuditScore | None,
    min_coverage: int,
    noted_items: int,
    outcome: str = COMPLETED,
) -> list[Problem]:
    """Return what stands against accepting; none means that it can be accepted.

    Of a hall that was shut nothing can be answered: the policy says what that is worth.
    """
    found = []
    if noted_items:
        found.append(
            _problem(
                "items-noted",
                f"有{noted_items}项写了问题还没退回；退回它们，或者删掉问题。",
                f"Items with a question that were not returned: {noted_items}. "
                "Return them, or drop the questions.",
            )
        )
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
