"""What a person was told, and how they want to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.month import local_date
from auditapp.domain.news_way import CHAT_NAMES, WayKind, parse_subscription
from auditapp.domain.notification import (
    GROUP_NAMES,
    NewsKind,
    news_address,
)
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.vault import Vault
from auditapp.gateways.web_push import Pusher
from auditapp.reads.notifications import list_news, list_ways
from auditapp.services.news_ways import (
    add_browser,
    choose_email,
    choose_robot,
    forget_way,
)
from auditapp.services.notifications import open_notification, read_all
from auditapp.web.errors import fault_of
from auditapp.web.security import current_actor, public, requires
from auditapp.web.texts import text as _

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


@dataclass(frozen=True, slots=True)
class Refused:
    """A choice as it was typed, and what stands against it."""

    kind: WayKind
    typed: str
    groups: Collection[str]
    fault: Text


@bp.get("")
@requires()
def index() -> str:
    """List what one was told, and offer the choices."""
    return page()


def page(refused: Refused | None = None) -> str:
    """Render the list, with a choice as typed where something is wrong with it."""
    actor = current_actor()
    with reading() as database:
        told, ways = list_news(database, actor), list_ways(database, actor)
    pusher: Pusher | None = current_app.extensions["pusher"]
    return render_template(
        "notifications/index.html",
        days=[
            (day, list(lines))
            for day, lines in groupby(told, lambda each: local_date(each.created_at))
        ],
        has_unread=any(not each.is_read for each in told),
        email=next((each for each in ways if each.kind is WayKind.EMAIL), None),
        robot=next((each for each in ways if each.kind is WayKind.CHAT), None),
        browsers=[each for each in ways if each.kind is WayKind.PUSH],
        groups=GROUP_NAMES,
        chats=CHAT_NAMES,
        refused={
            kind.value: refused if refused and refused.kind is kind else None
            for kind in WayKind
        },
        has_mail=current_app.extensions["mailer"] is not None,
        push_key=pusher.public_key if pusher else None,
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
    return redirect(url_for(".index"), 303)


@bp.post("/email")
@requires(even_read_only=True)
def email() -> ResponseReturnValue:
    """Keep where and of what one is told by e-mail."""
    typed, groups = request.form.get("email", ""), request.form.getlist("groups")
    try:
        with unit_of_work() as database:
            choose_email(database, current_actor(), typed, groups)
    except InvalidError as error:
        refused = Refused(WayKind.EMAIL, typed, groups, fault_of(error))
        return page(refused), 422
    flash(_kept() if groups else _("Kept: you get no e-mail."))
    return redirect(url_for(".index"), 303)


@bp.post("/chat")
@requires(even_read_only=True)
def chat() -> ResponseReturnValue:
    """Keep of what one is told in a group of the company's chat."""
    typed, groups = request.form.get("robot", ""), request.form.getlist("groups")
    try:
        with unit_of_work() as database:
            actor, now = current_actor(), datetime.now(UTC)
            choose_robot(database, _vault(), actor, typed, groups, now=now)
    except InvalidError as error:
        refused = Refused(WayKind.CHAT, typed, groups, fault_of(error))
        return page(refused), 422
    if not groups:
        flash(_("Kept: nothing is said in the chat."))
    elif typed.strip():
        flash(
            _(
                "Kept. The robot says hello within a minute. If the group sees nothing,"
                " look at its keyword (Auditapp) and paste its address again."
            )
        )
    else:
        flash(_kept())
    return redirect(url_for(".index"), 303)


@bp.post("/browsers")
@requires(even_read_only=True)
def subscribe() -> ResponseReturnValue:
    """Tell one in this browser too; the page's script sends what the browser gave."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not isinstance(sent.get("groups"), list):
        raise InvalidError([Problem("/", "no-choice", _NOT_UNDERSTOOD)])
    subscription = parse_subscription(sent.get("subscription"))
    agent = request.user_agent.string
    with unit_of_work() as database:
        add_browser(
            database,
            _vault(),
            current_actor(),
            subscription,
            name=device_name(agent),
            groups=[str(group) for group in sent["groups"]],
        )
    flash(_kept())
    return Response(status=204)


@bp.post("/ways/<uuid:way_id>/forget")
@requires(even_read_only=True)
def forget(way_id: UUID) -> ResponseReturnValue:
    """Tell one no longer on one way."""
    with unit_of_work() as database:
        forget_way(database, current_actor(), way_id)
    flash(_("Removed. Nothing is sent there any more."))
    return redirect(url_for(".index"), 303)


@bp.get("/worker.js")
@public
def worker() -> Response:
    """Return what shows messages in the background; it knows nothing of anybody."""
    script = Path(str(current_app.static_folder), "push-worker.js").read_bytes()
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def device_name(agent: str) -> str:
    """Return a browser and a system as a person would call them."""
    return f"{_named(agent, _BROWSERS)}, {_named(agent, _SYSTEMS)}"


def _named(agent: str, names: dict[str, str]) -> str:
    return next((name for sign, name in names.items() if sign in agent), "?")


def _kept() -> str:
    return _("Kept. You can change it any time.")


def _vault() -> Vault:
    vault: Vault = current_app.extensions["address_vault"]
    return vault


# the first sign that is found counts: every browser names its forebears too
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "SamsungBrowser": "Samsung Internet",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}
_NOT_UNDERSTOOD = Text(
    "页面发来的内容不完整。请重新打开页面再试。",
    "What the page sent is not complete. Open the page again and try once more.",
)
