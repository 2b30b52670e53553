"""Whose doing a finding is: presumed by its item, confirmed or corrected by a reviewer.

Source: design/scoring.md section 3 (attribution is made from confirmed causes) and
issue 5, section 2.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditapp.domain.action import (
    CAUSES,
    HALL,
    NOBODY,
    Severity,
    check_owner,
    severity_of,
    usual_owner,
)
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.scoring import AuditScore, Line
from auditapp.domain.text import Text


@dataclass(frozen=True, slots=True)
class FindingCause:
    """Where a loss comes from, and who can put it right: the hall or a department."""

    cause: str
    owner: str


def findings(score: AuditScore) -> tuple[Line, ...]:
    """Return the lines that failed and count."""
    return tuple(line for line in score.lines if line.is_failed and line.is_counted)


def must_be_confirmed(line: Line, *, is_critical: bool) -> bool:
    """Tell whether a person has to look at a finding's cause before acceptance."""
    severity = severity_of(is_critical=is_critical, weight=line.weight)
    return severity is not Severity.MINOR


def unconfirmed(
    score: AuditScore, form: Mapping[str, Any], confirmed: Collection[str]
) -> list[str]:
    """Return the items whose cause nobody has confirmed and somebody must."""
    critical = {item["id"] for item in form["items"] if item.get("critical")}
    return [
        line.item_id
        for line in findings(score)
        if line.item_id not in confirmed
        and must_be_confirmed(line, is_critical=line.item_id in critical)
    ]


def presumed(line: Line, item: Mapping[str, Any]) -> FindingCause:
    """Return what the item says of a failure before a person looks at it."""
    cause = line.cause if line.cause in CAUSES else CAUSES[0]
    return FindingCause(cause, usual_owner(cause, item.get("owner")))


def with_causes(score: AuditScore, confirmed: Mapping[str, FindingCause]) -> AuditScore:
    """Return the score with what was confirmed of its findings; points stay."""
    if not confirmed:
        return score
    lines = tuple(
        replace(line, cause=found.cause, owner=found.owner)
        if line.is_failed and (found := confirmed.get(line.item_id))
        else line
        for line in score.lines
    )
    return replace(score, lines=lines)


def check_cause(wanted: FindingCause, departments: Collection[str]) -> None:
    """Say what is wrong with a cause that a reviewer names.

    Raises:
        InvalidError: There is no such cause or owner.
        SupportToHallError: A hall was to put right what only a department can.
    """
    problems = []
    if wanted.cause not in CAUSES:
        problems.append(Problem("/cause", "unknown-cause", _NO_CAUSE))
    if wanted.owner == NOBODY or wanted.owner not in {HALL, *departments}:
        problems.append(Problem("/owner", "unknown-owner", _NO_OWNER))
    if problems:
        raise InvalidError(problems)
    check_owner(wanted.cause, wanted.owner)


_NO_CAUSE = Text(
    "请选原因：一线、流程或管理支撑。",
    "Choose the cause: front line, process or support.",
)
_NO_OWNER = Text(
    "请选由谁整改：营业厅，或一个部门。",
    "Choose who puts it right: the hall, or a department.",
)
