"""Text-message feedback as the administrator sees it: what came, what went out."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _

from auditapp.domain.actor import Role
from auditapp.domain.month import local_date
from auditapp.extensions import reading
from auditapp.reads.feedback_counts import get_feedback_now, list_feedback_days
from auditapp.settings import Settings
from auditapp.web.security import requires

bp = Blueprint("feedback", __name__)

SHOWN = timedelta(days=14)


@bp.get("/feedback")
@requires(Role.ADMIN, Role.HEADQUARTERS)
def show() -> str:
    """Show two weeks of counts and what waits now."""
    today = local_date(datetime.now(UTC))
    with reading() as session:
        days = list_feedback_days(session, today - SHOWN)
        now = get_feedback_now(session)
    settings: Settings = current_app.config["SETTINGS"]
    return render_template(
        "feedback/index.html",
        days=days,
        now=now,
        tables=tables(),
        goes_to=goes_to(settings.sms_url),
        is_open=bool(settings.transactions_secret),
        link=settings.public_url,
    )


def goes_to(sms_url: str) -> str:
    """Say where text messages go, without what may be secret in an address."""
    if not sms_url:
        return ""
    parts = urlsplit(sms_url)
    return parts.path if parts.scheme == "file" else parts.hostname or ""


def tables() -> list[tuple[str, list[tuple[tuple[str, ...], str]]]]:
    """Return the tables of the page: heading, and columns of kinds with their names."""
    return [
        (
            _("Transactions reported"),
            [
                (("transaction.taken",), _("Taken in")),
                (("transaction.repeated",), _("Repeated")),
                (("transaction.refused",), _("Not taken")),
            ],
        ),
        (
            _("Invitations"),
            [
                (("invitation.planned",), _("Planned")),
                (("invitation.sent",), _("Sent out")),
                (("invitation.resting",), _("Asked lately")),
                (("invitation.stopped",), _("Stop list")),
                (("invitation.too_late",), _("Too late")),
                (("invitation.erased", "invitation.no_checklist"), _("Not possible")),
                (("invitation.failed",), _("Failed")),
            ],
        ),
        (
            _("Replies"),
            [
                (("reply.answer",), _("Answers by text")),
                (("reply.link",), _("Answers by link")),
                (("reply.words",), _("Words")),
                (("reply.call",), _("Call wanted")),
                (("reply.stop",), _("Stop")),
                (("reply.unreadable",), _("Not understood")),
                (("reply.repeated",), _("Repeated")),
                (("reply.late",), _("Late")),
                (("reply.unknown", "reply.hostile"), _("Strange")),
            ],
        ),
    ]
