"""The standard: which version holds, which is coming, what is being written."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from auditapp.domain.actor import Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import later, month_of
from auditapp.domain.version_difference import version_difference
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.hall_requests import count_open
from auditapp.reads.hall_sets import get_hall_sets, region_names
from auditapp.reads.standards import (
    COMING,
    get_standard,
    get_version_content,
    list_standards,
)
from auditapp.services.draft_bases import restore_version
from auditapp.services.drafts import NewDraft, begin_draft
from auditapp.services.standard_versions import CHECKLIST
from auditapp.web import standard_words as words
from auditapp.web.addresses import plain
from auditapp.web.difference_page import halls_asked_otherwise
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("standards", __name__, url_prefix="/standards")

READERS = (Role.HEADQUARTERS, Role.ADMIN)
REVIEW_AFTER_MONTHS = 12  # Source: requirements C05, a yearly look at every standard


class StepForm(FlaskForm):
    """A button: nothing but the token."""


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List checklists and the policy: what holds, what comes, what is drafted."""
    month = month_of(datetime.now(UTC))
    with reading() as database:
        standards = list_standards(database, month)
        asking = count_open(database)
    return render_template(
        "standards/index.html",
        standards=standards,
        asking=asking,
        review_before=later(month, -REVIEW_AFTER_MONTHS),
        may_write=current_actor().acts_for_headquarters,
        say=words,
        coming=COMING,
    )


@bp.get("/<subject>")
@requires(*READERS)
def show(subject: str) -> str:
    """Show one checklist's or the policy's versions and drafts."""
    month = month_of(datetime.now(UTC))
    with reading() as database:
        standard = get_standard(database, plain(subject) or "", month)
    return render_template(
        "standards/show.html",
        standard=standard,
        may_write=current_actor().acts_for_headquarters,
        next_month=later(month, 1),
        months=[later(month, count) for count in range(1, 7)],
        say=words,
    )


@bp.post("/<subject>/drafts")
@requires(Role.HEADQUARTERS)
def begin(subject: str) -> ResponseReturnValue:
    """Begin a draft from the newest version, or bring a former one back."""
    actor, now = current_actor(), datetime.now(UTC)
    former = plain(request.form.get("restore"))
    with unit_of_work() as database:
        standard = get_standard(database, plain(subject) or "", month_of(now))
        wanted = NewDraft(
            standard.kind,
            standard.subject,
            title=(request.form.get("title") or "").strip(),
            effective_month=plain(request.form.get("month")),
        )
        if former:
            draft_id = restore_version(database, actor, wanted, former, now=now)
        else:
            draft_id = begin_draft(database, actor, wanted, now=now)
    flash(_("The draft is begun. Nothing changes until a second person approves it."))
    is_checklist = standard.kind == CHECKLIST
    endpoint = "matrix.draft" if is_checklist else "policy_drafts.show"
    return redirect(url_for(endpoint, draft_id=draft_id), 303)


@bp.get("/<subject>/difference")
@requires(*READERS)
def difference(subject: str) -> str:
    """Compare two published versions of a checklist."""
    month = month_of(datetime.now(UTC))
    with reading() as database:
        standard = get_standard(database, plain(subject) or "", month)
        if standard.kind != CHECKLIST or not standard.versions:
            raise NotFoundError
        newest = standard.versions[0].version
        one = plain(request.args.get("from")) or standard.versions[-1].version
        other = plain(request.args.get("to")) or newest
        before = get_version_content(database, standard.subject, one)
        after = get_version_content(database, standard.subject, other)
        sets, regions = get_hall_sets(database), region_names(database)
    tiers, traits = tuple(after.words.tiers), tuple(after.words.traits)
    found = version_difference(before.document, after.document, tiers, traits)
    return render_template(
        "standards/difference.html",
        standard=standard,
        before=before,
        after=after,
        difference=words.difference_parts(found, after.words),
        halls=halls_asked_otherwise(
            before.document, after.document, sets, regions, after.words
        ),
        say=words,
    )
