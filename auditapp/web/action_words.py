"""What the pages about corrective actions say."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from auditapp.domain.action import (
    HALL,
    ActionState,
    ActionStep,
    Severity,
    may_judge,
    usual_task,
)
from auditapp.domain.actor import Actor
from auditapp.domain.month import local_date
from auditapp.reads.action_thread import Action, Entry
from auditapp.reads.actions import (
    AWAITS_CHECK,
    CRITICAL,
    LATE,
    NO_OWNER,
    OPEN,
    OVER,
    PROOF,
    WITH_OWNER,
    ActionLine,
)
from auditapp.web.frame import day, in_language
from auditapp.web.month_words import cause_name
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

A_MOMENT = timedelta(microseconds=1)


def list_names(actor: Actor) -> dict[str, str]:
    """Return the lists a person chooses between, and what each is called."""
    names = {
        OPEN: _("Not finished"),
        WITH_OWNER: _("The owner's turn"),
        LATE: _("Late"),
        CRITICAL: _("Critical findings"),
        PROOF: _("Proof to look at"),
        NO_OWNER: _("Without an owner"),
        AWAITS_CHECK: _("Waits for the next check"),
        OVER: _("Closed"),
    }
    if may_judge(actor):
        return names
    names |= {PROOF: _("Proof sent"), WITH_OWNER: _("Our turn")}
    return {which: name for which, name in names.items() if which != NO_OWNER}


def state_name(line: ActionLine) -> str:
    """Return how far an action has come."""
    names = {
        ActionState.OPEN: _("To do"),
        ActionState.PROOF_SENT: _("Proof sent"),
        ActionState.APPROVED: _("Waits for the next check"),
        ActionState.CLOSED: _("Closed: it passed"),
        ActionState.WITHDRAWN: _("Withdrawn"),
    }
    if line.is_late:
        return _("Late")
    return names[line.state]


def state_sign(line: ActionLine) -> str:
    """Return how an action's state is drawn."""
    if line.is_late:
        return "bad"
    signs = {
        ActionState.OPEN: "todo",
        ActionState.PROOF_SENT: "unsure",
        ActionState.APPROVED: "unsure",
        ActionState.CLOSED: "good",
        ActionState.WITHDRAWN: "na",
    }
    return signs[line.state]


def severity_name(severity: Severity) -> str:
    """Return what a severity is called."""
    names = {
        Severity.CRITICAL: _("Critical finding"),
        Severity.MAJOR: _("Major"),
        Severity.MINOR: _("Minor"),
    }
    return names[severity]


def severity_sign(severity: Severity) -> str:
    """Return how a severity is drawn."""
    return {Severity.CRITICAL: "bad", Severity.MAJOR: "warn"}.get(severity, "")


def owner_name(line: ActionLine) -> str:
    """Return who puts an action right."""
    if line.department is not None:
        return in_language(line.department)
    return _("The hall") if line.owner == HALL else _("Nobody yet")


def due_text(line: ActionLine) -> str:
    """Say until when; of a critical one first until when it is contained."""
    if line.state not in (ActionState.OPEN, ActionState.PROOF_SENT):
        return ""
    if line.due_at is None:
        return _("Given to the hall with the release") if line.owner == HALL else ""
    if line.contain_at and not line.contained_at:
        return _("contain by %(day)s", day=_last_day(line.contain_at))
    return _("by %(day)s", day=_last_day(line.due_at))


def level_name(line: ActionLine) -> str:
    """Return who has been told that an action is late; empty when nobody."""
    if line.level == 0:
        return ""
    if line.level == 1 and line.owner == HALL:
        return _("with the region")
    return _("with headquarters")


def recurrence_text(line: ActionLine) -> str:
    """Say how often the item has failed again; empty when never."""
    if not line.recurrences:
        return ""
    return ngettext("failed again once", "failed again %(num)s times", line.recurrences)


def task_text(action: Action) -> str:
    """Return what is asked: as somebody wrote it, else the usual words."""
    if action.task:
        return action.task
    return in_language(usual_task(action.item, action.line.cause))


def step_name(entry: Entry) -> str:
    """Return what a line of the thread says happened."""
    names = {
        ActionStep.RAISED: _("Found in a check"),
        ActionStep.FAILED_AGAIN: _("Failed again in a check"),
        ActionStep.PASSED: _("Passed a check"),
        ActionStep.WITHDRAWN: _("The finding fell"),
        ActionStep.HANDED_OVER: _("Handed over"),
        ActionStep.COMMENT: _("Comment"),
        ActionStep.CONTAINED: _("Contained"),
        ActionStep.PROOF: _("Proof"),
        ActionStep.PUSHED_BACK: _("Pushed back"),
        ActionStep.APPROVED: _("Proof approved"),
        ActionStep.ESCALATED: _("Late: one level up"),
        ActionStep.CLOSED: _("Closed: it passed"),
    }
    return names[entry.step]


def step_sign(entry: Entry) -> str:
    """Return how a line of the thread is drawn."""
    signs = {
        ActionStep.FAILED_AGAIN: "bad",
        ActionStep.ESCALATED: "bad",
        ActionStep.PUSHED_BACK: "warn",
        ActionStep.RAISED: "warn",
        ActionStep.PASSED: "good",
        ActionStep.APPROVED: "good",
        ActionStep.CLOSED: "good",
    }
    return signs.get(entry.step, "na")


def done(step: str) -> str:
    """Return what is said after a step."""
    said = {
        "contain": _("Noted. The cause is still to be removed."),
        "proof": _("Your proof is sent. The region looks at it."),
        "comment": _("Your comment is kept."),
        "approve": _("Approved. The next check of the item closes it."),
        "push_back": _("Given back with your words."),
        "hand_over": _("Handed over. The days start anew."),
    }
    return said[step]


def export_header() -> list[str]:
    """Return the heads of the exported list."""
    return [
        _("Hall"),
        _("Item"),
        _("Severity"),
        _("Cause"),
        _("Owner"),
        _("State"),
        _("Given"),
        _("Deadline"),
        _("Level"),
        _("Failed again"),
    ]


def export_rows(lines: Iterable[ActionLine]) -> Iterator[list[object]]:
    """Yield the exported list, a row for each action."""
    for line in lines:
        yield [
            line.hall_id,
            in_language(line.item),
            severity_name(line.severity),
            cause_name(line.cause),
            owner_name(line),
            state_name(line),
            local_date(line.given_at) if line.given_at else "",
            local_date(line.due_at) if line.due_at else "",
            line.level,
            line.recurrences,
        ]


def _last_day(until: datetime) -> str:
    return day(local_date(until - A_MOMENT))
