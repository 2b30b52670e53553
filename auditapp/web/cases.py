"""Ten cases: visits of one scenario side by side, the best chosen with a reason."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.cases import compare_cases, find_best
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.words import find_words
from auditapp.services.cases import LONGEST_WORDS, choose_best
from auditapp.web.errors import fault_of, status_of
from auditapp.web.security import current_actor, requires
from auditapp.web.standard_words import word_name
from auditapp.web.texts import text as _

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("")
@requires(Role.HEADQUARTERS, Role.ADMIN)
def index() -> str:
    """Compare the latest ten visits of a scenario."""
    return page(request.args.get("scenario", ""), request.args.get("tier", ""))


def page(scenario: str, tier: str, fault: Text | None = None) -> str:
    """Render the comparison; an unknown scenario shows the first."""
    actor = current_actor()
    with reading() as database:
        words = find_words(database)
        if words is None:
            return render_template("cases/index.html", words=None)
        scenario = (
            scenario if scenario in words.scenarios else next(iter(words.scenarios))
        )
        tier = tier if tier in words.tiers else ""
        cases = compare_cases(database, scenario, tier or None, list(words.events))
        best = find_best(database, scenario)
        names = get_catalogue(database).names
    return render_template(
        "cases/index.html",
        words=words,
        word_name=word_name,
        scenario=scenario,
        tier=tier,
        cases=cases,
        best=best,
        names=names,
        events=[e for e in words.events if any(e in case.times for case in cases)],
        fault=fault,
        written=request.form,
        longest=LONGEST_WORDS,
        may_choose=actor.acts_for_headquarters,
    )


@bp.post("/<uuid:visit_id>")
@requires(Role.HEADQUARTERS)
def choose(visit_id: UUID) -> ResponseReturnValue:
    """Hold one visit for the best of its scenario."""
    form = request.form
    try:
        with unit_of_work() as database:
            scenario = choose_best(
                database,
                current_actor(),
                visit_id,
                form.get("reason") or "",
                now=datetime.now(UTC),
            )
    except InvalidError as error:
        scenario, tier = form.get("scenario", ""), form.get("tier", "")
        return page(scenario, tier, fault_of(error)), status_of(error)
    flash(_("Chosen. The reason stands beside it."))
    return redirect(url_for(".index", scenario=scenario), 303)
