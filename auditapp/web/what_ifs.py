"""What a draft would have done to past months: asked for, watched, read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.hall_sets import region_names
from auditapp.reads.what_ifs import (
    get_what_if,
    item_names,
    list_changed_halls,
    list_what_ifs,
    stream_halls,
)
from auditapp.reads.words import find_words
from auditapp.services.drafts import get_draft
from auditapp.services.standard_versions import version_document
from auditapp.services.what_ifs import (
    DONE,
    MOST_MONTHS,
    request_what_if,
    scored_months,
)
from auditapp.web.addresses import plain
from auditapp.web.drafts import read_head
from auditapp.web.errors import status_of
from auditapp.web.exports import csv_download
from auditapp.web.frame import in_language
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _
from auditapp.web.what_if_page import result_parts, score_text

bp = Blueprint("what_ifs", __name__, url_prefix="/standards")

REFRESH_SECONDS = 2


@bp.get("/drafts/<uuid:draft_id>/what-ifs")
@requires(*READERS)
def index(draft_id: UUID) -> str:
    """List a draft's replays, and offer another one."""
    return page(draft_id)


@bp.post("/drafts/<uuid:draft_id>/what-ifs")
@requires(Role.HEADQUARTERS)
def begin(draft_id: UUID) -> ResponseReturnValue:
    """Ask for past months to be replayed."""
    months = [plain(month) or "" for month in request.form.getlist("months")]
    try:
        with unit_of_work() as database:
            what_if_id = request_what_if(
                database, current_actor(), draft_id, months, now=datetime.now(UTC)
            )
    except InvalidError as error:
        return page(draft_id, error.problems[0].text, months), status_of(error)
    return redirect(url_for(".show", what_if_id=what_if_id), 303)


def page(
    draft_id: UUID, refused: Text | None = None, chosen: list[str] | None = None
) -> str:
    """Render the list, with what stood against the last wish."""
    with reading() as database:
        draft = get_draft(database, draft_id)
        lines = list_what_ifs(database, draft_id)
        months = scored_months(database, now=datetime.now(UTC))[: 2 * MOST_MONTHS]
    return render_template(
        "standards/what_ifs.html",
        **read_head(draft),
        lines=lines,
        months=months,
        chosen=chosen if chosen is not None else months[:3],
        refused=refused,
    )


@bp.get("/what-ifs/<uuid:what_if_id>")
@requires(*READERS)
def show(what_if_id: UUID) -> Response:
    """Show how far a replay is, or what came of it."""
    only_grades = request.args.get("show") == "grades"
    with reading() as database:
        found = get_what_if(database, what_if_id)
        draft = get_draft(database, found.draft_id)
        base = version_document(database, draft.kind, draft.subject, draft.based_on)
        halls, total = list_changed_halls(database, what_if_id, only_grades=only_grades)
        words, regions = find_words(database), region_names(database)
    is_done = found.state == DONE
    names = item_names([base, draft.document])
    parts = result_parts(found.summary, names, words, regions) if is_done else {}
    answer = make_response(
        render_template(
            "standards/what_if.html",
            **read_head(draft),
            found=found,
            is_done=is_done,
            halls=halls,
            total=total,
            only_grades=only_grades,
            score_text=score_text,
            words=words,
            **parts,
        )
    )
    if not is_done and not found.has_failed:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/what-ifs/<uuid:what_if_id>.csv")
@requires(*READERS)
def export(what_if_id: UUID) -> Response:
    """Stream every hall's month of a replay."""
    with reading() as database:
        get_what_if(database, what_if_id)
    header = [
        _("Month"),
        _("Hall"),
        _("Name"),
        _("Tier"),
        _("Before"),
        _("After"),
        _("Range of the score before"),
        _("Grade before"),
        _("Grade after"),
        _("Unknown items"),
    ]
    return csv_download("what-if", header, csv_rows(what_if_id))


def csv_rows(what_if_id: UUID) -> Iterator[list[Any]]:
    """Yield one row per hall and month, with a session of their own."""
    with reading() as database:
        for each in stream_halls(database, what_if_id):
            yield [
                each.month,
                each.hall_id,
                in_language(each.name),
                each.tier,
                score_text(each.before_milli),
                score_text(each.after_milli),
                score_text(each.half_milli),
                each.grade_before,
                each.grade_after,
                each.unknown_items,
            ]
