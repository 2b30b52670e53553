"""A rule or a system that stands in the way, who reports it and who answers."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    Problem,
)
from auditapp.domain.text import Text

LONGEST_WORDS = 1000
LONGEST_SUBJECT = 80
GROWN_BY = 3  # halls that join after an answer and open it again

STAFF = frozenset(
    {
        Role.REGION_MANAGER,
        Role.DEPARTMENT,
        Role.HALL_MANAGER,
        Role.INSPECTOR,
        Role.CALLBACK_AGENT,
    }
)
REPORTERS = STAFF | {Role.AUDITOR, Role.HEADQUARTERS}
READERS = REPORTERS | {Role.ADMIN}
OVERSEERS = frozenset({Role.HEADQUARTERS, Role.ADMIN})


class ObstacleKind(Enum):
    """What stands in the way."""

    RULE = "rule"
    SYSTEM = "system"


class ObstacleState(Enum):
    """How an obstacle stands; all but OPEN are answers."""

    OPEN = "open"
    ACCEPTED = "accepted"  # it is changed by a day
    EXPLAINED = "explained"  # why it is so, and what helps meanwhile
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class ObstacleReport:
    """What somebody reports; ``owner`` is a department, None when not known."""

    kind: ObstacleKind
    subject: str
    words: str
    cost: str
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class ObstacleAnswer:
    """What is answered; ``due_on`` only where the obstacle is to go."""

    state: ObstacleState
    words: str
    due_on: date | None = None


class AnsweredError(ConflictError):
    """Somebody answered it meanwhile."""

    code = "obstacle-answered"
    text = Text(
        "这条障碍已经有人答复。", "Somebody has answered this obstacle already."
    )


class VotedError(ConflictError):
    """The hall is counted already."""

    code = "obstacle-voted"
    text = Text("你们厅已经计入。", "Your hall is counted already.")


def check_answerer(actor: Actor, owner: str | None) -> None:
    """Let only the owning department and headquarters pass."""
    is_owner = actor.role is Role.DEPARTMENT and actor.department_id == owner
    if actor.is_read_only or not (is_owner or actor.role is Role.HEADQUARTERS):
        raise ForbiddenError


def check_report(report: ObstacleReport) -> None:
    """Raise InvalidError unless it says what, which one, and what it costs."""
    wanted = (
        ("/subject", report.subject, _NO_SUBJECT),
        ("/words", report.words, _NO_WORDS),
        ("/cost", report.cost, _NO_COST),
    )
    problems = [
        Problem(pointer, "missing", text)
        for pointer, value, text in wanted
        if not value.strip()
    ]
    if problems:
        raise InvalidError(problems)


def check_answer(answer: ObstacleAnswer, today: date) -> None:
    """Raise InvalidError unless there is an answer with reason and a day to come."""
    problems = []
    if answer.state is ObstacleState.OPEN:
        problems.append(Problem("/state", "missing", _NO_ANSWER))
    if not answer.words.strip():
        problems.append(Problem("/words", "missing", _NO_REASON))
    is_promise = answer.state is ObstacleState.ACCEPTED
    if is_promise and (answer.due_on is None or answer.due_on < today):
        problems.append(Problem("/due_on", "no-day", _NO_DAY))
    if problems:
        raise InvalidError(problems)


def opens_again(state: ObstacleState, halls: int, halls_answered: int) -> bool:
    """Tell whether an answer no longer holds: so many more halls say the same."""
    is_refused = state in (ObstacleState.EXPLAINED, ObstacleState.DECLINED)
    return is_refused and halls - halls_answered >= GROWN_BY


def is_overdue(state: ObstacleState, due_on: date | None, today: date) -> bool:
    """Tell whether the day on which an obstacle was to be gone is over."""
    return state is ObstacleState.ACCEPTED and due_on is not None and due_on < today


_NO_SUBJECT = Text("请写是哪条规定或哪个系统。", "Say which rule or which system.")
_NO_WORDS = Text("请写它怎样挡住服务。", "Say how it stands in the way.")
_NO_COST = Text(
    "请写客户和员工为它付出什么，例如每次多等几分钟。",
    "Say what it costs customers and staff, such as minutes each time.",
)
_NO_ANSWER = Text("请选一种答复。", "Choose an answer.")
_NO_REASON = Text(
    "请写几句，报告的人会看到。", "Write a few words; who reported reads it."
)
_NO_DAY = Text("请定一个还没过的日期。", "Give a day that is not over.")
