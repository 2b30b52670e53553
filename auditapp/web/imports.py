"""Bringing callbacks and feedback that a company has already, as CSV or Excel."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auditapp.domain.actor import Role
from auditapp.domain.customer_import import FIVE, TEN
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.import_faults import fault_name
from auditapp.domain.import_rows import ImportPlan
from auditapp.domain.text import Text
from auditapp.extensions import csrf, reading, unit_of_work
from auditapp.gateways.response_files import LARGEST_FILE_BYTES
from auditapp.gateways.storage import StorageMissingError
from auditapp.reads.imports import ImportPage, get_import, list_imports
from auditapp.services import imports
from auditapp.services.import_files import receive_file
from auditapp.web.bodies import RECEIVED_BYTES
from auditapp.web.frame import in_language
from auditapp.web.import_preview import Preview, make_preview
from auditapp.web.language import choose_language
from auditapp.web.security import current_actor, requires
from auditapp.web.wire import check_csrf, storage

bp = Blueprint("imports", __name__)

BRINGERS = (Role.HEADQUARTERS, Role.ADMIN)
REFRESH_SECONDS = 2
AROUND_THE_FILE_BYTES = 64 * 1024  # the form's other fields
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NO_FILE = Text("请选择一个文件。", "Choose a file.")
_TOO_LARGE = Text(
    f"文件超过{LARGEST_FILE_BYTES // 2**20}MB。请分成几个文件，每个都要有表头。",
    f"The file is larger than {LARGEST_FILE_BYTES // 2**20} MB. Cut it into several,"
    " each with the heading.",
)


@bp.get("/imports")
@requires(*BRINGERS)
def index() -> str:
    """List the files that were brought, with the form for another one."""
    return _index_page([])


@bp.post("/imports")
@csrf.exempt
@requires(*BRINGERS)
def bring() -> ResponseReturnValue:
    """Keep a file, tell what it is, and lead to its page."""
    try:
        new_id = _receive()
    except InvalidError as error:
        return _index_page(error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("imports.show", import_id=new_id), HTTPStatus.SEE_OTHER)


@bp.get("/imports/<uuid:import_id>")
@requires(*BRINGERS)
def show(import_id: UUID) -> Response:
    """Show what a file is taken for, how far it is, or what became of it."""
    actor = current_actor()
    with reading() as database:
        page = get_import(database, actor, import_id)
        preview = _preview(database, page)
    answer = make_response(
        render_template(
            "imports/show.html",
            page=page,
            line=page.line,
            preview=preview,
            source_name=source_name,
            state_name=state_name,
            state_sign=state_sign,
            faults=faults_of(page),
            may_write=not actor.is_read_only and page.line.is_own,
            scales=(TEN, FIVE),
        )
    )
    if page.line.state == imports.RUNNING:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.post("/imports/<uuid:import_id>/columns")
@requires(*BRINGERS)
def save_columns(import_id: UUID) -> ResponseReturnValue:
    """Keep what the columns mean and show the rows in this light."""
    _save_plan(import_id)
    address = url_for("imports.show", import_id=import_id, _anchor="rows")
    return redirect(address, HTTPStatus.SEE_OTHER)


@bp.post("/imports/<uuid:import_id>/start")
@requires(*BRINGERS)
def start(import_id: UUID) -> ResponseReturnValue:
    """Take the rows, in the background."""
    if "column" in request.form:
        _save_plan(import_id)
    language = choose_language()
    try:
        with unit_of_work() as session:
            imports.start_import(
                session, current_actor(), import_id, language, now=datetime.now(UTC)
            )
    except InvalidError:  # the page says what is missing
        return redirect(
            url_for("imports.show", import_id=import_id, _anchor="columns"),
            HTTPStatus.SEE_OTHER,
        )
    return redirect(url_for("imports.show", import_id=import_id), HTTPStatus.SEE_OTHER)


@bp.post("/imports/<uuid:import_id>/discard")
@requires(*BRINGERS)
def discard(import_id: UUID) -> ResponseReturnValue:
    """Delete a file that was not started."""
    with unit_of_work() as session:
        key = imports.discard_import(
            session, current_actor(), import_id, now=datetime.now(UTC)
        )
    storage().delete(key)
    flash(_("The file was deleted. Nothing of it was imported."))
    return redirect(url_for("imports.index"), HTTPStatus.SEE_OTHER)


@bp.get("/imports/<uuid:import_id>/faults")
@requires(*BRINGERS)
def faults(import_id: UUID) -> Response:
    """Hand over the rows to correct, in the kind of file that was brought."""
    with reading() as database:
        page = get_import(database, current_actor(), import_id)
    if page.faults_key is None:
        abort(HTTPStatus.NOT_FOUND)
    kind = page.faults_key.rpartition(".")[2]
    try:
        chunks = storage().chunks(page.faults_key)
    except StorageMissingError:
        abort(HTTPStatus.NOT_FOUND)
    response = Response(chunks, content_type=KINDS[kind])
    name = f"import-{page.line.requested_at:%Y%m%d}-to-correct.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def source_name(source: str) -> str:
    """Return what a source is called."""
    names: dict[str, str] = {
        "callback": _("Callbacks"),
        "sms": _("Text-message feedback"),
    }
    return names[source]


def state_name(state: str, error: str | None) -> str:
    """Return how far an import is, in words."""
    names: dict[str, str] = {
        imports.DISCARDED: _("Discarded"),
        "abandoned": _("Abandoned"),
        "uploaded": _("Not started"),
        "running": _("Under way"),
        "stuck": _("Stopped"),
        "done": _("Done"),
        "failed": _("Not done"),
    }
    return names[error or state]


def state_sign(state: str, bad: int) -> str:
    """Return the sign of a state."""
    if state == "done":
        return "warn" if bad else "good"
    return {"stuck": "bad", "failed": "na"}.get(state, "todo")


def faults_of(page: ImportPage) -> list[dict[str, Any]]:
    """Return the kinds of faults of a finished import, the most frequent first."""
    return named_faults(page.reading["heading"], page.reading.get("faults", {}))


def named_faults(
    heading: list[str], counts: dict[str, list[int]]
) -> list[dict[str, Any]]:
    """Return column, reason, count and first row of each kind of fault."""
    found = []
    for key, (count, first) in counts.items():
        column, _space, code = key.partition(" ")
        index = int(column) if column else None
        name = heading[index] if index is not None and index < len(heading) else ""
        reason = fault_name(code, choose_language())
        found.append({"column": name, "reason": reason, "count": count, "row": first})
    return sorted(found, key=lambda fault: -int(fault["count"]))


def _preview(database: Any, page: ImportPage) -> Preview | None:  # noqa: ANN401
    if page.line.state != imports.UPLOADED:
        return None
    with storage().local_copy(page.storage_key) as rows:
        return make_preview(database, page, rows, named_faults, now=datetime.now(UTC))


def _index_page(problems: list[Problem]) -> str:
    actor = current_actor()
    with reading() as database:
        lines = list_imports(database, actor)
    return render_template(
        "imports/index.html",
        lines=lines,
        problems=[in_language(problem.text) for problem in problems],
        sources=imports.SOURCES,
        chosen=request.form.get("source", imports.SOURCES[0]) if problems else "",
        source_name=source_name,
        state_name=state_name,
        state_sign=state_sign,
        may_write=not actor.is_read_only,
        largest_mb=LARGEST_FILE_BYTES // 2**20,
    )


def _receive() -> UUID:
    """Take the file in; its name is only shown, it is kept under one of ours."""
    limit = LARGEST_FILE_BYTES + AROUND_THE_FILE_BYTES
    if request.content_length is None:
        abort(HTTPStatus.LENGTH_REQUIRED)
    if request.content_length > limit:
        raise InvalidError([Problem("/file", "too-large", _TOO_LARGE)])
    request.max_content_length = limit
    check_csrf()
    upload, source = request.files.get("file"), request.form.get("source", "")
    if upload is None or not upload.filename or source not in imports.SOURCES:
        raise InvalidError([Problem("/file", "no-file", _NO_FILE)])
    now = datetime.now(UTC)
    with storage().incoming() as incoming, reading() as database:
        while piece := upload.stream.read(RECEIVED_BYTES):
            incoming.write(piece)
        new = receive_file(
            database, storage(), incoming, source, upload.filename, now=now
        )
    with unit_of_work() as session:
        imports.add_import(session, current_actor(), new, now=now)
    return new.import_id


def _save_plan(import_id: UUID) -> None:
    scale = FIVE if request.form.get("scale", type=int) == FIVE else TEN
    plan = ImportPlan(tuple(request.form.getlist("column")), scale)
    with unit_of_work() as session:
        imports.save_plan(
            session, current_actor(), import_id, plan, now=datetime.now(UTC)
        )
