"""A draft of the month's policy: weights, minima, gaps and grades in one form."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.document_merge import Conflict, differences
from auditapp.domain.errors import ConflictError, NotFoundError, Problem
from auditapp.domain.policy import (
    ANCHORED,
    SHARE_OUT,
    SOURCES,
    ActionDays,
    ReviewDays,
)
from auditapp.domain.policy_rules import check_policy
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.services.drafts import (
    Draft,
    DraftConflictError,
    Save,
    get_draft,
    get_revision,
    save_draft,
)
from auditapp.services.standard_versions import POLICY
from auditapp.web.drafts import read_head
from auditapp.web.errors import status_of
from auditapp.web.month_words import source_name
from auditapp.web.security import current_actor, requires
from auditapp.web.standard_words import change_part
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _

bp = Blueprint(
    "policy_drafts", __name__, url_prefix="/standards/drafts/<uuid:draft_id>/policy"
)

Document = Mapping[str, Any]
LONGEST_REASON = 500
USUAL_DAYS = {"actions": asdict(ActionDays()), "review": asdict(ReviewDays())}


@dataclass(frozen=True, slots=True)
class PolicyField:
    """One number of a policy: where it stands and what it is called."""

    path: tuple[str, ...]
    label: str
    unit: str

    @property
    def name(self) -> str:
        """The field's name in the form."""
        return ".".join(self.path)


@bp.get("")
@requires(*READERS)
def show(draft_id: UUID) -> str:
    """Show the policy's numbers, to be changed while the draft is open."""
    return page(draft_id)


@bp.post("")
@requires(Role.HEADQUARTERS)
def save(draft_id: UUID) -> ResponseReturnValue:
    """Save the numbers; what breaks a rule is named and nothing is lost."""
    reason = (request.form.get("reason") or "").strip()[:LONGEST_REASON]
    written = request.form.get("revision", "")
    with reading() as database:
        held = _policy_draft(get_draft(database, draft_id))
        revision = int(written) if written.isdecimal() else held.revision
        start = held.document
        if revision != held.revision:
            start = get_revision(database, draft_id, revision)
    document = read_numbers(start, request.form)
    wanted = _wanted(start, document, revision, reason)
    problems = check_policy(document)
    if not reason:
        problems = [*problems, Problem("/reason", "no-reason", _NO_REASON)]
    if problems:
        return page(draft_id, document, problems), 422
    try:
        with unit_of_work() as database:
            save_draft(
                database,
                current_actor(),
                draft_id,
                wanted,
                now=datetime.now(UTC),
            )
    except DraftConflictError as error:
        told = Problem("", error.code, error.text)
        body = page(draft_id, document, [told], list(error.conflicts))
        return body, status_of(error)
    except ConflictError as error:
        told = Problem("", error.code, error.text)
        return page(draft_id, document, [told]), status_of(error)
    flash(_("Saved in the draft."))
    return redirect(url_for(".show", draft_id=draft_id), 303)


def page(
    draft_id: UUID,
    document: Document | None = None,
    problems: list[Problem] | None = None,
    conflicts: Iterable[Conflict] = (),
) -> str:
    """Render the form with what was typed, and both versions where they clash."""
    with reading() as database:
        held = _policy_draft(get_draft(database, draft_id))
    head = read_head(held)
    document = document or held.document
    return render_template(
        "standards/policy.html",
        **head,
        can_edit=head["may_write"] and head["is_open"],
        groups=groups_of(document),
        missing=document["missing"],
        missing_choices=[
            (SHARE_OUT, _("Its weight is shared out over the others")),
            (ANCHORED, _("It counts as the mean of its tier")),
        ],
        grades=document["grades"],
        value_of=lambda field: _value(document, field.path),
        problems=problems or [],
        conflicts=[_conflict_part(each) for each in conflicts],
        # what was typed belongs to the revision it was begun on
        revision=request.form.get("revision") or held.revision,
        reason=request.form.get("reason", ""),
    )


def groups_of(document: Document) -> list[tuple[str, list[PolicyField]]]:
    """Return the fields of the form, source by source and then the rules."""
    keys = {
        "weight": (_("Weight"), "%"),
        "max_weight": (_("At most"), "%"),
        "min_n": (_("Fewest that count"), ""),
        "usual_spread": (_("Usual spread"), _("points")),
        "valid_months": (_("Counts for"), _("months")),
    }
    groups = [
        (
            source_name(source),
            [
                PolicyField(("sources", source, key), label, unit)
                for key, (label, unit) in keys.items()
                if key in document["sources"][source]
            ],
        )
        for source in SOURCES
    ]
    rules = [
        PolicyField(("need_sources",), _("Sources needed for a grade"), ""),
        PolicyField(("need_weight",), _("Weight needed for a grade"), "%"),
        PolicyField(("rules", "revisit_if_gap"), _("Visit again from a gap of"), "±"),
        PolicyField(("rules", "begging_gap"), _("Ratings may be solicited from"), "±"),
        PolicyField(("rules", "closed_visit_score"), _("Score of a closed hall"), ""),
    ]
    days = {
        "contain": _("Contain a critical finding"),
        "cause": _("Remove its cause"),
        "major": _("Put a major one right"),
        "minor": _("Put a minor one right"),
    }
    actions = [
        PolicyField(("actions", key), label, _("days")) for key, label in days.items()
    ]
    review = [
        PolicyField(("review", "first"), _("First look, by the agency"), _("days")),
        PolicyField(("review", "second"), _("Decision, by the region"), _("days")),
    ]
    return [
        *groups,
        (_("When a hall is graded and ranked"), rules),
        (_("Corrective actions"), actions),
        (_("Review"), review),
    ]


def read_numbers(document: Document, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the document with the form's numbers; what is none stays text."""
    changed = deepcopy(dict(document))
    for _name, fields in groups_of(document):
        for field in fields:
            if field.name in form:
                _put(changed, field.path, _number(form[field.name]))
    if form.get("missing") in (SHARE_OUT, ANCHORED):
        changed["missing"] = form["missing"]
    for index, grade in enumerate(changed["grades"]):
        written = form.get(f"grade.{index}")
        if written is not None:
            grade["at_least"] = _number(written)
    return changed


def _wanted(start: Document, document: Document, revision: int, reason: str) -> Save:
    """Return what to save; a choice between two versions holds for all that differ."""
    keep = request.form.get("keep")
    places = [change.place for change in differences(start, document)]
    return Save(
        document,
        revision,
        reason,
        keep_mine=places if keep == "mine" else (),
        keep_theirs=places if keep == "theirs" else (),
    )


def _conflict_part(conflict: Conflict) -> dict[str, str]:
    part = change_part(conflict)
    return {"name": part["name"], "theirs": part["before"], "mine": part["after"]}


def _number(written: str) -> int | str:
    text = written.strip()
    return int(text) if text.isdecimal() else text


def _value(document: Document, path: tuple[str, ...]) -> object:
    value: Any = document
    for key in path:
        # an older policy has no days for these: the usual ones hold
        value = USUAL_DAYS[key] if key not in value else value[key]
    return value


def _put(document: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    place: Any = document
    for key in path[:-1]:
        place = place.setdefault(key, {})
    place[path[-1]] = value


def _policy_draft(draft: Draft) -> Draft:
    if draft.kind != POLICY:
        raise NotFoundError
    return draft


_NO_REASON = Text(
    "请写一句理由，以后的人会看到。",
    "Give a reason in a sentence; others will read it.",
)
