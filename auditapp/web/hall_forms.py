"""What a phone would ask at one hall on a day like this, by a version or a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from auditapp.domain.applicability import Place
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.errors import NotFoundError
from auditapp.domain.form import build_form, item_requirement
from auditapp.domain.month import month_of
from auditapp.domain.vocabulary import Vocabulary
from auditapp.extensions import reading
from auditapp.reads.hall_sets import find_hall_named, hall_names
from auditapp.reads.organisation import get_hall_place, list_hall_places
from auditapp.reads.standards import get_version_asked
from auditapp.services.drafts import get_draft
from auditapp.services.standard_versions import CHECKLIST
from auditapp.web.addresses import plain
from auditapp.web.drafts import read_head
from auditapp.web.frame import in_language
from auditapp.web.security import requires
from auditapp.web.standards import READERS

bp = Blueprint("hall_forms", __name__, url_prefix="/standards")

OFFERED_HALLS = 300  # in the list of suggestions; any other can be typed


@dataclass(frozen=True, slots=True)
class Asked:
    """A hall, the month its place is taken of, and what holds on the day."""

    typed: str
    month: str
    scenario: str | None
    today: tuple[str, ...]


@bp.get("/<checklist_id>/form")
@requires(*READERS)
def of_version(checklist_id: str) -> str:
    """Show a hall's form by a published version, the one in force unless asked."""
    month = month_of(datetime.now(UTC))
    with reading() as database:
        standard, content = get_version_asked(
            database,
            plain(checklist_id) or "",
            month,
            plain(request.args.get("version")),
        )
        later = max(month, content.effective_month)
        facts = _facts(database, content.document, content.words, later)
    asked = content.version
    back = url_for("matrix.show", checklist_id=standard.subject, version=asked)
    return render_template(
        "standards/hall_form.html",
        **facts,
        draft=None,
        title=content.version,
        back=back,
        query={"version": asked},
    )


@bp.get("/drafts/<uuid:draft_id>/form")
@requires(*READERS)
def of_draft(draft_id: UUID) -> str:
    """Show a hall's form by a draft."""
    with reading() as database:
        draft = get_draft(database, draft_id)
        if draft.kind != CHECKLIST:
            raise NotFoundError
        words = Vocabulary.from_document(draft.vocabulary)
        facts = _facts(database, draft.document, words, draft.effective_month)
    return render_template(
        "standards/hall_form.html",
        **facts,
        **read_head(draft),
        title=draft.title,
        back=url_for("matrix.draft", draft_id=draft_id),
        query={},
    )


def _facts(
    database: Any,  # noqa: ANN401
    document: Mapping[str, Any],
    words: Vocabulary,
    month: str,
) -> dict[str, Any]:
    scenario = plain(request.args.get("scenario"))
    asked = Asked(
        typed=(request.args.get("hall") or "").strip(),
        month=month,
        scenario=scenario if scenario in words.scenarios else None,
        today=tuple(
            each for each in request.args.getlist("today") if each in words.today
        ),
    )
    places = list_hall_places(database, month)[:OFFERED_HALLS]
    hall_id = find_hall_named(database, asked.typed) if asked.typed else None
    names = hall_names(
        database,
        [*(place.hall_id for place in places), *([hall_id] if hall_id else [])],
    )
    form = None
    if hall_id:
        hall = get_hall_place(database, hall_id, month)
        place = Place(hall.tier, hall.traits, asked.scenario)
        form = build_form(read_checklist(document, words), words, hall_id, place)
    return {
        "asked": asked,
        "words": words,
        "name": names[hall_id] if hall_id else None,
        "is_unknown": bool(asked.typed) and not hall_id,
        "offered": [(p.hall_id, in_language(names[p.hall_id])) for p in places],
        "sections": _sections(form, asked.today) if form else [],
        "form": form,
        "word": lambda kind, key: in_language(kind[key].name) if key in kind else key,
    }


def _sections(form: Mapping[str, Any], today: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the form's sections with what is asked on such a day, and why."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for item in form["items"]:
        verdict = item_requirement(item, today)
        line = {"item": item, "requirement": verdict.requirement, "why": verdict.why}
        lines.setdefault(item["section"], []).append(line)
    for item in form["excluded"]:
        line = {"item": item, "requirement": "not_applicable", "why": item["why"]}
        lines.setdefault(item["section"], []).append(line)
    return [
        {"section": section, "lines": lines[section["id"]]}
        for section in form["sections"]
        if section["id"] in lines
    ]
