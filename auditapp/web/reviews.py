"""Reviewing one audit: reading it, asking about items, accepting or returning it."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Regexp,
    ValidationError,
)

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError
from auditapp.domain.finding_cause import FindingCause
from auditapp.domain.month import HALL_TIME
from auditapp.domain.review_sheet import sheet_lines
from auditapp.domain.review_turn import REVIEWERS
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.actions import list_owners
from auditapp.reads.review_queue import find_place
from auditapp.reads.reviews import get_review
from auditapp.reads.usual import get_usual
from auditapp.services import reviews
from auditapp.services.finding_causes import confirm_causes
from auditapp.services.overrides import override_item
from auditapp.services.review_turns import pass_on
from auditapp.web.addresses import plain
from auditapp.web.errors import fault_of, status_of
from auditapp.web.frame import day
from auditapp.web.override_form import OverrideForm, read_value
from auditapp.web.review_entries import entries_of, next_open_cause
from auditapp.web.review_page import Look, review_page
from auditapp.web.security import current_actor, requires
from auditapp.web.usual_page import usual_of_item, usual_rows

bp = Blueprint("reviews", __name__, url_prefix="/audits/<uuid:audit_id>")

ASKERS = (*REVIEWERS, Role.AGENCY_SUPERVISOR)  # the agency, while it has its look
DAYS_TO_ANSWER = 3
LAST_MINUTE = time(23, 59, tzinfo=HALL_TIME)


class QuestionForm(FlaskForm):
    """What the auditor is asked about one item."""

    item = StringField(validators=[InputRequired(), Length(max=100)])
    question = TextAreaField(
        lazy_gettext("Ask the auditor"),
        [
            DataRequired(lazy_gettext("Write what the auditor should do or explain.")),
            Length(max=1000, message=lazy_gettext("At most 1000 characters, please.")),
            Regexp(r"^[^\x00]*$"),
        ],
    )


class DecisionForm(FlaskForm):
    """A decision about the version that was on the page."""

    revision = IntegerField(validators=[InputRequired()])


class ReturnForm(DecisionForm):
    """Until when the auditor is to answer."""

    due_on = DateField(
        lazy_gettext("Answer by"), [InputRequired(lazy_gettext("Choose a day."))]
    )

    def validate_due_on(self, field: DateField) -> None:
        """A deadline lies ahead, and not so far that the month is over."""
        today = datetime.now(HALL_TIME).date()
        latest = today + timedelta(days=60)
        if field.data is None or not today <= field.data <= latest:
            raise ValidationError(_("Choose a day from today on, within two months."))


@bp.get("")
@requires()
def show(audit_id: UUID) -> str:
    """Show one audit to those who may read it; to others it does not exist."""
    return page(audit_id)


def page(
    audit_id: UUID,
    question: QuestionForm | None = None,
    answer_by: ReturnForm | None = None,
    refused: Text | None = None,
    override: OverrideForm | None = None,
) -> str:
    """Render the page, with what was typed and found faulty."""
    actor, now = current_actor(), datetime.now(UTC)
    question = question or QuestionForm(formdata=None)
    answer_by = answer_by or ReturnForm(formdata=None)
    override = override or OverrideForm(formdata=None)
    with reading() as database:
        review = get_review(database, actor, audit_id)
        place = find_place(database, actor, audit_id, review.completed_at, now)
        owners = list_owners(database)
        usual = get_usual(database, actor, review)
    item_id = question.item.data or override.item.data or request.args.get("item")
    look = Look(actor, now, request.args.get("show", ""), item_id)
    parts = review_page(review, place, look)
    chosen = parts["chosen"]
    if question.question.data is None and chosen and chosen.note:
        question.question.data = chosen.note.question
    if answer_by.due_on.data is None:
        answer_by.due_on.data = default_due_on()
    return render_template(
        "reviews/show.html",
        question=question,
        answer_by=answer_by,
        override=override,
        refused=refused,
        owners=owners,
        usual_rows=usual_rows(review, usual),
        usual_of_item=usual_of_item(usual, chosen.line.item_id) if chosen else (),
        **parts,
    )


def default_due_on() -> date:
    """Return the deadline that is proposed."""
    return datetime.now(HALL_TIME).date() + timedelta(days=DAYS_TO_ANSWER)


@bp.post("/questions")
@requires(*ASKERS)
def note(audit_id: UUID) -> ResponseReturnValue:
    """Write a question beside an item; it is sent with the others."""
    form = QuestionForm()
    if not form.validate():
        return page(audit_id, question=form), 422
    with unit_of_work() as database:
        reviews.note_item(
            database,
            current_actor(),
            audit_id,
            form.item.data,
            form.question.data.strip(),
            datetime.now(UTC),
        )
    flash(_("Noted. It is sent when you return the audit."))
    return back(audit_id, form.item.data)


@bp.post("/questions/<item_id>/drop")
@requires(*ASKERS)
def drop(audit_id: UUID, item_id: str) -> ResponseReturnValue:
    """Remove a question that was not sent."""
    with unit_of_work() as database:
        reviews.drop_note(database, current_actor(), audit_id, item_id)
    flash(_("The question is gone."))
    return back(audit_id, item_id)


@bp.post("/return")
@requires(*ASKERS)
def send_back(audit_id: UUID) -> ResponseReturnValue:
    """Send every noted item back to the auditor."""
    form = ReturnForm()
    if not form.validate():
        return page(audit_id, answer_by=form), 422
    due_at = datetime.combine(form.due_on.data, LAST_MINUTE)
    actor, revision, now = current_actor(), form.revision.data, datetime.now(UTC)
    try:
        with unit_of_work() as database:
            count = reviews.return_audit(
                database, actor, audit_id, revision, due_at, now
            )
    except ConflictError as error:
        return page(audit_id, refused=error.text), status_of(error)
    flash(
        ngettext(
            "%(num)s item is returned, to be answered by %(due)s.",
            "%(num)s items are returned, to be answered by %(due)s.",
            count,
            due=day(due_at),
        )
    )
    return back(audit_id)


@bp.post("/accept")
@requires(*REVIEWERS)
def accept(audit_id: UUID) -> ResponseReturnValue:
    """Make the audit official, or say what stands against it."""
    return decide(audit_id, reviews.accept_audit, _("Accepted. It counts from now on."))


@bp.post("/pass-on")
@requires(Role.AGENCY_SUPERVISOR, Role.HEADQUARTERS)
def hand_on(audit_id: UUID) -> ResponseReturnValue:
    """Take the first look: the audit goes to its region."""
    return decide(audit_id, pass_on, _("Passed on. The region decides."))


@bp.post("/causes")
@requires(*REVIEWERS)
def confirm(audit_id: UUID) -> ResponseReturnValue:
    """Say whose doing a finding is, and go to the next that waits for it."""
    item_id = plain(request.form.get("item")) or ""
    cause, owner = request.form.get("cause", ""), plain(request.form.get("owner")) or ""
    actor = current_actor()
    try:
        with unit_of_work() as database:
            wanted = {item_id: FindingCause(cause, owner)}
            confirm_causes(database, actor, audit_id, wanted, datetime.now(UTC))
    except (InvalidError, ConflictError) as error:
        return page(audit_id, refused=fault_of(error)), status_of(error)
    with reading() as database:
        review = get_review(database, actor, audit_id)
    lines = sheet_lines(review.form, review.decided, review.score)
    following = next_open_cause(entries_of(review, lines), item_id)
    flash(_("The cause is kept."))
    return back(audit_id, following or item_id)


@bp.post("/reopen")
@requires(*REVIEWERS)
def reopen(audit_id: UUID) -> ResponseReturnValue:
    """Take the last decision back."""
    return decide(
        audit_id, reviews.reopen_audit, _("Taken back. The audit is in review again.")
    )


@bp.post("/overrides")
@requires(Role.HEADQUARTERS)
def override(audit_id: UUID) -> ResponseReturnValue:
    """Decide one answer of an accepted audit otherwise, with a reason."""
    form, actor = OverrideForm(), current_actor()
    if not form.validate():
        return page(audit_id, override=form), 422
    with reading() as database:
        review = get_review(database, actor, audit_id)
    item = next((i for i in review.form["items"] if i["id"] == form.item.data), None)
    if item is None:
        raise NotFoundError
    try:
        with unit_of_work() as database:
            override_item(
                database,
                actor,
                audit_id,
                item["id"],
                read_value(item, form.value.data),
                form.reason.data,
                datetime.now(UTC),
            )
    except (InvalidError, ConflictError) as error:
        told = error.problems[0].text if isinstance(error, InvalidError) else error.text
        return page(audit_id, override=form, refused=told), status_of(error)
    flash(_("Decided otherwise. A closed month counts it once it is reopened."))
    return back(audit_id, item["id"])


def decide(
    audit_id: UUID, decision: "reviews.Decision", said: str
) -> ResponseReturnValue:
    """Carry out a decision about the version on the page."""
    form = DecisionForm()
    if not form.validate():
        return page(audit_id), 422
    now = datetime.now(UTC)
    try:
        with unit_of_work() as database:
            decision(database, current_actor(), audit_id, form.revision.data, now)
    except (InvalidError, ConflictError) as error:
        return page(audit_id, refused=error.text), status_of(error)
    flash(said)
    following = request.form.get("following", type=UUID)
    return back(following or audit_id)


def back(audit_id: UUID, item_id: str | None = None) -> ResponseReturnValue:
    """Return to the audit, to the item where there is one."""
    address = url_for(
        "reviews.show",
        audit_id=audit_id,
        item=item_id,
        show=request.args.get("show"),
        _anchor="item" if item_id else None,
    )
    return redirect(address, 303)
