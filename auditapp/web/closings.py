"""Closing a month and reopening it; its ledgers and what a correction changed."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, NotFoundError
from auditapp.domain.month import first_day, later, month_of
from auditapp.domain.month_life import MonthState
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.ledgers import list_changed_halls, list_differences, list_ledgers
from auditapp.reads.month_closing import get_closing
from auditapp.reads.month_names import find_month_names
from auditapp.services.month_closing import request_closing
from auditapp.services.month_life import reopen_month
from auditapp.services.releases import release_month
from auditapp.web.addresses import plain
from auditapp.web.closing_page import (
    difference_part,
    obstacle_part,
    waiting_part,
)
from auditapp.web.errors import status_of
from auditapp.web.frame import month_name
from auditapp.web.month_words import state_name
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

bp = Blueprint("closings", __name__, url_prefix="/months/<month>")

READERS = (Role.HEADQUARTERS, Role.ADMIN)
HALLS_A_PAGE = 20


class ReopeningForm(FlaskForm):
    """Why a closed month is opened again."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [
            DataRequired(lazy_gettext("Say why the month is reopened.")),
            Length(max=500, message=lazy_gettext("At most 500 characters, please.")),
            Regexp(r"^[^\x00]*$"),
        ],
    )


@bp.get("/closing")
@requires(*READERS)
def show(month: str) -> str:
    """Show what is missing before closing, or the ledgers of a closed month."""
    return page(month)


def page(
    month: str, reopening: ReopeningForm | None = None, refused: Text | None = None
) -> str:
    """Render the page, with what was typed and what stood against it."""
    actor, now = current_actor(), datetime.now(UTC)
    with reading() as database:
        closing = get_closing(database, actor, month, now)
        ledgers = list_ledgers(database, actor, month)
    return render_template(
        "months/closing.html",
        month=month,
        state=closing.state.value,
        is_closed=closing.state is MonthState.CLOSED,
        state_name=state_name,
        missing=[obstacle_part(month, each) for each in closing.obstacles],
        waiting=waiting_part(closing),
        ledgers=ledgers,
        reopening=reopening or ReopeningForm(formdata=None),
        refused=refused,
        unreleased=closing.unreleased,
        can_close=actor.acts_for_headquarters,
        # None once it is over
        closes_on=first_day(later(month, 1)) if month >= month_of(now) else None,
    )


@bp.post("/close")
@requires(Role.HEADQUARTERS)
def close(month: str) -> ResponseReturnValue:
    """Ask for the month to be closed; the job's page shows how far it is."""
    try:
        with unit_of_work() as database:
            job_id = request_closing(
                database, current_actor(), month, datetime.now(UTC)
            )
    except ConflictError as error:
        return page(month, refused=error.text), status_of(error)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/release")
@requires(Role.HEADQUARTERS)
def release(month: str) -> ResponseReturnValue:
    """Show every accepted visit of the month to its hall."""
    actor = current_actor()
    try:
        with unit_of_work() as database:
            count = release_month(database, month, now=datetime.now(UTC), actor=actor)
    except ConflictError as error:
        return page(month, refused=error.text), status_of(error)
    flash(
        ngettext(
            "%(num)s result was released to its hall.",
            "%(num)s results were released to their halls.",
            count,
        )
    )
    return redirect(url_for("closings.show", month=month), 303)


@bp.post("/reopen")
@requires(Role.HEADQUARTERS)
def reopen(month: str) -> ResponseReturnValue:
    """Open a closed month again, with a reason."""
    form = ReopeningForm()
    if not form.validate():
        return page(month, reopening=form), 422
    try:
        with unit_of_work() as database:
            reopen_month(
                database,
                month,
                form.reason.data,
                now=datetime.now(UTC),
                actor=current_actor(),
            )
    except ConflictError as error:
        return page(month, reopening=form, refused=error.text), status_of(error)
    flash(_("%(month)s is open again.", month=month_name(month)))
    return redirect(url_for("closings.show", month=month), 303)


@bp.get("/ledgers/<int:number>")
@requires(*READERS)
def ledger(month: str, number: int) -> str:
    """Show one ledger and what it changed against the one before, line by line."""
    actor = current_actor()
    with reading() as database:
        ledgers = {each.number: each for each in list_ledgers(database, actor, month)}
        if number not in ledgers:
            raise NotFoundError
        halls = list_changed_halls(database, actor, month, number)
        halls = halls if number > 1 else []
        after = plain(request.args.get("after")) or ""
        asked = [hall for hall in halls if hall > after]
        found = list_differences(database, actor, month, number, asked[:HALLS_A_PAGE])
        names = find_month_names(database, month)
    return render_template(
        "months/ledger.html",
        month=month,
        ledger=ledgers[number],
        latest=max(ledgers),
        differences=[difference_part(each, names) for each in found],
        total=len(halls),
        more=asked[HALLS_A_PAGE - 1] if len(asked) > HALLS_A_PAGE else None,
    )
