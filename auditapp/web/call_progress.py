"""How far the calls of a month have come, for headquarters; no customer is shown."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request

from auditapp.domain.actor import Role
from auditapp.domain.callback_sampling import QUOTA
from auditapp.domain.month import is_month, later, month_of
from auditapp.extensions import reading
from auditapp.reads.call_progress import (
    count_calls,
    list_business_answers,
    list_hall_calls,
)
from auditapp.reads.words import find_words
from auditapp.web.addresses import plain
from auditapp.web.security import requires

bp = Blueprint("call_progress", __name__)

MONTHS_SHOWN = 12


@bp.get("/callbacks")
@requires(Role.HEADQUARTERS, Role.ADMIN)
def show() -> str:
    """Show quota, calls and the share reached by hall, and answers by business."""
    this_month = month_of(datetime.now(UTC))
    asked = request.args.get("month", "")
    month = asked if is_month(asked) else this_month
    after = plain(request.args.get("after")) or ""
    with reading() as database:
        halls, has_more = list_hall_calls(database, month, after=after)
        total = count_calls(database, month)
        businesses = list_business_answers(database, month)
        words = find_words(database)
    return render_template(
        "calls/progress.html",
        month=month,
        months=[later(this_month, -back) for back in range(MONTHS_SHOWN)],
        halls=halls,
        next_after=halls[-1].hall_id if has_more else None,
        total=total,
        businesses=businesses,
        scenarios=words.scenarios if words else {},
        quota=QUOTA,
    )
