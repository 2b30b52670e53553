"""What the pages about appeals say."""

from datetime import date, datetime, timedelta
from typing import Any

from auditapp.domain.actor import Actor
from auditapp.domain.appeal import AppealState
from auditapp.domain.breakdown import item_ledger
from auditapp.domain.month import local_date
from auditapp.domain.review_turn import may_decide
from auditapp.domain.score_document import from_document
from auditapp.domain.scoring import AuditScore
from auditapp.reads.appeals import Appeal
from auditapp.web.frame import day
from auditapp.web.override_form import choices_of, may_be_overridden
from auditapp.web.texts import text as _

A_MOMENT = timedelta(microseconds=1)


def state_name(state: AppealState) -> str:
    """Return how an appeal stands, in words."""
    names = {
        AppealState.OPEN: _("Waiting for a decision"),
        AppealState.UPHELD: _("The result stands"),
        AppealState.OVERTURNED: _("Overturned"),
        AppealState.REJECTED: _("Not taken up"),
    }
    return names[state]


def state_sign(state: AppealState) -> str:
    """Return how an appeal's state is drawn, from the hall's side."""
    signs = {
        AppealState.OPEN: "unsure",
        AppealState.UPHELD: "",
        AppealState.OVERTURNED: "good",
        AppealState.REJECTED: "",
    }
    return signs[state]


def deadline_text(until: datetime, now: datetime) -> str:
    """Say the last day for an appeal; ``until`` is the midnight that ends it."""
    last: date = local_date(until - A_MOMENT)
    if now >= until:
        return _("The time for an appeal ended on %(day)s.", day=day(last))
    if last == local_date(now):
        return _("You can appeal until tonight.")
    return _(
        "You can appeal until the end of %(day)s: five working days from the release.",
        day=day(last),
    )


def appeal_parts(appeal: Appeal, actor: Actor) -> dict[str, Any]:
    """Return what the page of one appeal shows besides the appeal."""
    line, item = appeal.line_of_queue, appeal.line.item
    is_open = line.state is AppealState.OPEN
    return {
        "line": line,
        "state_name": state_name,
        "state_sign": state_sign,
        "can_decide": is_open and may_decide(actor) and not line.is_own,
        "is_own": is_open and may_decide(actor) and line.is_own,
        "can_overturn": may_be_overridden(item),
        "choices": choices_of(item),
        "states": AppealState,
        "before_tenths": _before_tenths(appeal),
        "after_tenths": _tenths(appeal.result.score),
    }


def _before_tenths(appeal: Appeal) -> int | None:
    before = appeal.score_before
    return _tenths(from_document(before)) if before else None


def _tenths(score: AuditScore | None) -> int | None:
    ledger = item_ledger(score) if score else None
    return ledger.score if ledger else None
