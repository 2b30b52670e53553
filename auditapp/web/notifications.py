"""What a person was told, and how they want to be told."""

from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.errors import InvalidError
from auditapp.domain.month import local_date
from auditapp.domain.notification import (
    GROUP_NAMES,
    NewsKind,
    news_address,
)
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.notifications import NewsChoice, get_choice, list_news
from auditapp.services.notifications import choose_news, open_notification, read_all
from auditapp.web.errors import fault_of
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


@bp.get("")
@requires()
def index() -> str:
    """List what one was told, and offer the choices."""
    return page()


def page(chosen: NewsChoice | None = None, fault: Text | None = None) -> str:
    """Render the list, with choices as typed where something is wrong with them."""
    actor = current_actor()
    with reading() as database:
        told = list_news(database, actor)
        choice = chosen or get_choice(database, actor)
    return render_template(
        "notifications/index.html",
        days=[
            (day, list(lines))
            for day, lines in groupby(told, lambda each: local_date(each.created_at))
        ],
        has_unread=any(not each.is_read for each in told),
        choice=choice,
        groups=GROUP_NAMES,
        fault=fault,
        has_mail=current_app.extensions["mailer"] is not None,
    )


@bp.post("/<uuid:notification_id>")
@requires(even_read_only=True)
def follow(notification_id: UUID) -> ResponseReturnValue:
    """Lead to what a notification is about; it is read then."""
    with unit_of_work() as database:
        row = open_notification(
            database, current_actor(), notification_id, datetime.now(UTC)
        )
        address = news_address(NewsKind(row.kind), row.facts)
    return redirect(address, 303)


@bp.post("/read")
@requires(even_read_only=True)
def read() -> ResponseReturnValue:
    """Mark everything as read."""
    with unit_of_work() as database:
        read_all(database, current_actor(), datetime.now(UTC))
    return redirect(url_for("notifications.index"), 303)


@bp.post("/choices")
@requires(even_read_only=True)
def choose() -> ResponseReturnValue:
    """Keep where and of what one is told by e-mail."""
    email, groups = request.form.get("email", ""), request.form.getlist("groups")
    try:
        with unit_of_work() as database:
            choose_news(database, current_actor(), email, groups, datetime.now(UTC))
    except InvalidError as error:
        return page(NewsChoice(email, frozenset(groups)), fault_of(error)), 422
    flash(
        _("Kept. You can change it any time.")
        if groups
        else _("Kept: you get no e-mail.")
    )
    return redirect(url_for("notifications.index"), 303)
