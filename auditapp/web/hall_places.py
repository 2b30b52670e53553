"""Tiers and traits of halls, changed for one or for many from a month on."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError
from auditapp.domain.month import later, month_of
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.hall_history import list_hall_history
from auditapp.reads.hall_sets import hall_names, region_names
from auditapp.reads.organisation import HallPlace, list_hall_places
from auditapp.reads.words import find_words
from auditapp.services.hall_places import PlaceChange, change_places
from auditapp.web.addresses import plain
from auditapp.web.errors import fault_of, status_of
from auditapp.web.frame import in_language, month_name
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import plural as ngettext

bp = Blueprint("hall_places", __name__, url_prefix="/halls/places")

MOST_SHOWN = 200  # halls of a filter; more are narrowed down first
MONTHS_AHEAD = 6


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List halls with what holds there in a month, to be chosen and changed."""
    return page()


@bp.post("")
@requires(Role.HEADQUARTERS)
def change() -> ResponseReturnValue:
    """Change the chosen halls."""
    now, form = datetime.now(UTC), request.form
    gone, come = form.getlist("remove"), form.getlist("add")
    wanted = PlaceChange.alike(
        form.getlist("halls"),
        {**dict.fromkeys(gone, False), **dict.fromkeys(come, True)},
        tier=plain(form.get("tier")),
        from_month=plain(form.get("month")) or "",
        reason=(form.get("reason") or "").strip(),
    )
    if not wanted.targets:
        return page(refused=_NO_HALL), 422
    try:
        with unit_of_work() as database:
            moved = change_places(
                database, current_actor(), wanted, known_words(database), now=now
            )
    except (InvalidError, ConflictError) as error:
        return page(refused=fault_of(error)), status_of(error)
    flash(
        ngettext(
            "%(num)s hall changes from %(month)s on.",
            "%(num)s halls change from %(month)s on.",
            len(moved),
            month=month_name(wanted.from_month),
        )
    )
    query: dict[str, Any] = {**_filter(), "month": wanted.from_month}
    return redirect(url_for(".index", **query), 303)


def page(refused: Text | None = None) -> str:
    """Render the list, with what was chosen and what stood against it."""
    now_month = month_of(datetime.now(UTC))
    ahead = [later(now_month, count) for count in range(1, MONTHS_AHEAD + 1)]
    asked = plain(request.values.get("month")) or ahead[0]
    month = asked if asked in (now_month, *ahead) else ahead[0]
    hall_id = plain(request.args.get("hall"))
    with reading() as database:
        words = known_words(database)
        found = [place for place in list_hall_places(database, month) if _passes(place)]
        shown = found[:MOST_SHOWN]
        names = hall_names(database, [place.hall_id for place in shown])
        regions = region_names(database)
        history = list_hall_history(database, hall_id) if hall_id else []
    return render_template(
        "halls/places.html",
        places=shown,
        total=len(found),
        names=names,
        regions=regions,
        words=words,
        month=month,
        months=[now_month, *ahead],
        ahead=ahead,
        wanted=_filter(),
        hall_id=hall_id,
        history=history,
        refused=refused,
        form=request.form,
        chosen=set(request.form.getlist("halls")) | ({hall_id} if hall_id else set()),
        may_write=current_actor().acts_for_headquarters,
        word=lambda kind, key: in_language(kind[key].name) if key in kind else key,
    )


def known_words(database: Any) -> Vocabulary:  # noqa: ANN401
    """Return the vocabulary in force.

    Raises:
        NotFoundError: No checklist was ever published.
    """
    words = find_words(database)
    if words is None:
        raise NotFoundError
    return words


def _filter() -> dict[str, str]:
    names = ("region", "where_tier", "trait", "hall")
    found = {name: plain(request.args.get(name)) for name in names}
    return {name: value for name, value in found.items() if value}


def _passes(place: HallPlace) -> bool:
    wanted = _filter()
    return (
        wanted.get("region", place.region_id) == place.region_id
        and wanted.get("where_tier", place.tier) == place.tier
        and ("trait" not in wanted or wanted["trait"] in place.traits)
        and wanted.get("hall", place.hall_id) == place.hall_id
    )


_NO_HALL = Text("请先勾选营业厅。", "Tick the halls to change first.")
