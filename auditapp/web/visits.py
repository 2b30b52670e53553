"""The list of visits: filter, sort, page, link, export."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import is_month
from auditapp.domain.visit import VisitState
from auditapp.extensions import reading
from auditapp.reads.visits import (
    SORTS,
    Cursor,
    VisitFilter,
    list_months,
    list_regions,
    list_visits,
    stream_visits,
)
from auditapp.reads.words import find_words
from auditapp.web.addresses import plain
from auditapp.web.exports import csv_download
from auditapp.web.frame import in_language, moment, tenths
from auditapp.web.security import current_actor, requires
from auditapp.web.visit_words import READERS, kind_name, state_name, state_sign

bp = Blueprint("visits", __name__)

SORTED_BY_NUMBER = frozenset({"score", "best"})


@bp.get("/visits")
@requires(*READERS)
def index() -> str:
    """List the visits that a person may see."""
    actor, wanted = current_actor(), wanted_from_request()
    with reading() as database:
        page = list_visits(database, actor, wanted, cursor_from_request(wanted))
        months = list_months(database, actor)
        regions = list_regions(database, actor)
        words = find_words(database)
    return render_template(
        "visits/index.html",
        page=page,
        wanted=wanted,
        months=months,
        regions=regions,
        states=list(VisitState),
        words=words,
        state_name=state_name,
        state_sign=state_sign,
        query=query_of(wanted),
        after=f"{page.after.value}~{page.after.visit_id}" if page.after else None,
        is_hall=actor.role is Role.HALL_MANAGER,
    )


@bp.get("/visits.csv")
@requires(*READERS)
def export() -> Response:
    """Stream the whole list as it is filtered and sorted."""
    header = [
        _("Month"),
        _("Hall"),
        _("Name"),
        _("Region"),
        _("Kind"),
        _("State"),
        _("Auditor"),
        _("Sent"),
        _("Score"),
        _("Answered %"),
    ]
    rows = csv_rows(current_actor(), wanted_from_request())
    return csv_download("visits", header, rows)


def csv_rows(actor: Actor, wanted: VisitFilter) -> Iterator[list[object]]:
    """Yield one row per visit, with a session of their own."""
    with reading() as database:
        for line in stream_visits(database, actor, wanted):
            yield [
                line.month,
                line.hall_id,
                in_language(line.hall),
                in_language(line.region),
                kind_name(line.kind),
                state_name(line.state),
                line.auditor_code,
                moment(line.sent_at) if line.sent_at else None,
                None if line.score_tenths is None else tenths(line.score_tenths),
                line.coverage_pct,
            ]


def wanted_from_request() -> VisitFilter:
    """Read the filter; what cannot be meant is left open."""
    month = request.args.get("month", "")
    states = {state.value: state for state in VisitState}
    sort = request.args.get("sort", "")
    return VisitFilter(
        month=month if is_month(month) else None,
        state=states.get(request.args.get("state", "")),
        region_id=plain(request.args.get("region")),
        hall_id=plain(request.args.get("hall")),
        sort=sort if sort in SORTS else "month",
    )


def cursor_from_request(wanted: VisitFilter) -> Cursor | None:
    """Read where the page before ended; a damaged link starts at the beginning."""
    value, _tilde, visit_id = request.args.get("after", "").partition("~")
    try:
        number = int(value) if wanted.sort in SORTED_BY_NUMBER else None
        return Cursor(plain(value) or "" if number is None else number, UUID(visit_id))
    except ValueError:
        return None


def query_of(wanted: VisitFilter) -> dict[str, str]:
    """Return the filter as it stands in addresses."""
    fields = {
        "month": wanted.month,
        "state": wanted.state.value if wanted.state else None,
        "region": wanted.region_id,
        "hall": wanted.hall_id,
        "sort": wanted.sort if wanted.sort != "month" else None,
    }
    return {key: value for key, value in fields.items() if value}
