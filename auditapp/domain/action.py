"""Putting a finding right: who owns it, until when, and what closes it.

Source: shared/domain/reference.md 2.6. A finding is an item that failed in a hall. Its
action lives as long as the hall: closed when the same item passes a later check,
opened again by itself when it fails again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ConflictError, ForbiddenError, InvalidError, Problem
from auditapp.domain.policy import ActionDays
from auditapp.domain.review_turn import may_decide
from auditapp.domain.text import Text

HALL = "hall"  # the owner of what the hall itself puts right
NOBODY = ""  # the region has to say whose it is
SUPPORT = "support"  # the cause that no hall can put right
CAUSES = ("front_line", "process", SUPPORT)
LONGEST_WORDS = 1000
MAJOR_WEIGHT = 3  # from this weight a finding is major. Source: issue 5, section 2
ESCALATE_AGAIN = timedelta(days=7)  # late that long: one level more
HIGHEST_LEVEL = 2  # 0 the owner, 1 the region (departments: headquarters), 2 above it


class Severity(Enum):
    """How much depends on a finding."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class ActionState(Enum):
    """How far a corrective action has come."""

    OPEN = "open"  # the owner has it
    PROOF_SENT = "proof_sent"  # somebody has to look at the proof
    APPROVED = "approved"  # done; the next check of the item shows whether it holds
    CLOSED = "closed"  # the item passed
    WITHDRAWN = "withdrawn"  # the finding fell: appealed, or decided otherwise


class ActionStep(Enum):
    """What one line of an action's history says."""

    RAISED = "raised"
    FAILED_AGAIN = "failed_again"
    PASSED = "passed"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    COMMENT = "comment"
    CONTAINED = "contained"
    PROOF = "proof"
    PUSHED_BACK = "pushed_back"
    APPROVED = "approved"
    ESCALATED = "escalated"
    CLOSED = "closed"


UNFINISHED = frozenset({ActionState.OPEN, ActionState.PROOF_SENT, ActionState.APPROVED})


@dataclass(frozen=True, slots=True)
class ActionDeadlines:
    """Until when a critical finding is contained, and until when one is put right."""

    contain_at: datetime | None
    due_at: datetime


class SupportToHallError(ConflictError):
    """A hall was to put right what only a department can."""

    code = "support-to-hall"
    text = Text(
        "这一项的原因是管理支撑，营业厅自己改不了，只能交给责任部门。"
        "如果原因判断有误，请先更正原因。",
        "The cause is support: no hall can put that right, so it goes to the"
        " department. If the cause is wrong, correct the cause first.",
    )


class NotYoursError(ConflictError):
    """The action stands at a point where this is not to be done."""

    code = "action-moved-on"
    text = Text(
        "这项整改刚刚有了变化，请刷新后再操作。",
        "The action has moved on meanwhile. Reload the page and look again.",
    )


def severity_of(*, is_critical: bool, weight: int) -> Severity:
    """Return how much depends on an item."""
    if is_critical:
        return Severity.CRITICAL
    return Severity.MAJOR if weight >= MAJOR_WEIGHT else Severity.MINOR


def deadlines(
    severity: Severity, given_at: datetime, days: ActionDays
) -> ActionDeadlines:
    """Return the deadlines of an action given now; days are calendar days."""
    if severity is Severity.CRITICAL:
        contain = given_at + timedelta(days=days.contain)
        return ActionDeadlines(contain, given_at + timedelta(days=days.cause))
    late = days.major if severity is Severity.MAJOR else days.minor
    return ActionDeadlines(None, given_at + timedelta(days=late))


def check_owner(cause: str, owner: str) -> None:
    """Raise SupportToHallError where a hall would own what it cannot put right."""
    if cause == SUPPORT and owner == HALL:
        raise SupportToHallError


def usual_owner(cause: str, owner: str | None) -> str:
    """Return who gets an action before a person looks at it."""
    if owner is None or (cause == SUPPORT and owner == HALL):
        return NOBODY
    return owner


def is_owner(actor: Actor, owner: str, hall_id: str) -> bool:
    """Tell whether a person answers for an action."""
    if actor.is_read_only:
        return False
    if owner == HALL:
        return actor.role is Role.HALL_MANAGER and actor.hall_id == hall_id
    return actor.role is Role.DEPARTMENT and actor.department_id == owner


def may_judge(actor: Actor) -> bool:
    """Tell whether a person approves proof, pushes it back and hands actions over."""
    return may_decide(actor)


def require_owner(actor: Actor, owner: str, hall_id: str) -> None:
    """Raise ForbiddenError unless the person answers for the action."""
    if not is_owner(actor, owner, hall_id):
        raise ForbiddenError


def require_judge(actor: Actor) -> None:
    """Raise ForbiddenError unless the person judges proof."""
    if not may_judge(actor):
        raise ForbiddenError


def check_words(words: str, missing: Text) -> str:
    """Return what was written, cut to length.

    Raises:
        InvalidError: Nothing was.
    """
    written = words.strip()[:LONGEST_WORDS]
    if not written:
        raise InvalidError([Problem("/words", "no-words", missing)])
    return written


def usual_task(item: Mapping[str, str], cause: str) -> Text:
    """Return what an action asks for before anybody writes it better."""
    task = _TASKS[cause if cause in _TASKS else SUPPORT]
    return Text(task.zh.format(item["zh"]), task.en.format(item["en"]))


_TASKS = {
    "front_line": Text(
        "请做到：{}。先恢复，再写明为什么会漏、以后由谁在什么时候检查。",
        "Put this right: {}. Restore it first; then say why it was missed, and who"
        " checks it when from now on.",
    ),
    "process": Text(
        "流程或制度让这一条做不到：{}。请写明卡在哪一步、怎么改、什么时候改好。",
        "A process or rule stands in the way of this: {}. Say at which step, what"
        " is changed and by when.",
    ),
    SUPPORT: Text(
        "这一条要靠部门支撑：{}。请为这个厅解决，并写明别的厅是否也有。",
        "This needs the department's support: {}. Solve it for this hall, and say"
        " whether other halls have it too.",
    ),
}
