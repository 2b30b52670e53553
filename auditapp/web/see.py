"""Analysis: regions and the country at a look, down to the halls behind every mark."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from auditapp.domain.contradiction import BY_KIND
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import month_of
from auditapp.extensions import reading
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.month_heads import OVERVIEW_READERS as READERS
from auditapp.reads.month_heads import get_month, list_recent_months
from auditapp.reads.policies import get_policy_in_force
from auditapp.reads.see import SeeFilter, get_seen
from auditapp.reads.see_halls import (
    SORTS,
    HallChoice,
    count_halls,
    list_halls,
    list_items,
    list_work,
    stream_halls,
)
from auditapp.reads.visits import list_regions
from auditapp.reads.words import find_words
from auditapp.web.addresses import plain
from auditapp.web.exports import csv_download
from auditapp.web.frame import in_language
from auditapp.web.month_overview_page import names_of
from auditapp.web.month_reports import scope_of
from auditapp.web.month_words import dimension_name, state_name, tag_name
from auditapp.web.security import current_actor, requires
from auditapp.web.see_lists import (
    alert_names,
    chart_table,
    hall_cells,
    hall_part,
    item_part,
)
from auditapp.web.see_page import PROFILES, owners_part, profiles_part, see_part
from auditapp.web.texts import text as _

bp = Blueprint("see", __name__, url_prefix="/see")

SPANS = (1, 3, 12)
LONGEST_NUMBER = 10
CHARTS = ("heat", "trend", "bands", "causes", "departments", *PROFILES)


@bp.get("")
@requires(*READERS)
def index() -> AnyResponse:
    """Go to the latest month."""
    with reading() as database:
        months = list_recent_months(database, current_actor(), 1)
    month = months[0].month if months else month_of(datetime.now(UTC))
    return redirect(url_for("see.show", month=month))


@bp.get("/<month>")
@requires(*READERS)
def show(month: str) -> str:
    """Show where, whose, and what is best and worst."""
    actor, wanted = current_actor(), wanted_from_request(month)
    with reading() as database:
        head = get_month(database, month)
        policy = get_policy_in_force(database, month).policy
        vocabulary = find_words(database)
        named = names_of(list_regions(database, actor), vocabulary)
        seen = get_seen(database, actor, wanted)
        work = list_work(database, actor, wanted, datetime.now(UTC))
    return render_template(
        "see/show.html",
        month=month,
        head=head,
        wanted=wanted,
        report_scope=scope_of(actor, wanted.region_id),
        query=query_of(wanted),
        state_name=state_name,
        dimension_name=dimension_name,
        halls=seen.halls,
        alerts=alert_names(seen.figures.get("alert", {})),
        profiles=profiles_part(seen.figures, vocabulary),
        owners=owners_part(seen, work, month),
        **named,
        **see_part(seen, named, wanted, policy),
    )


@bp.get("/<month>/<chart>.csv")
@requires(*READERS)
def export(month: str, chart: str) -> Response:
    """Answer with the numbers of one chart."""
    if chart not in CHARTS:
        raise NotFoundError
    actor, wanted = current_actor(), wanted_from_request(month)
    with reading() as database:
        get_month(database, month)
        policy = get_policy_in_force(database, month).policy
        vocabulary = find_words(database)
        named = names_of(list_regions(database, actor), vocabulary)
        seen = get_seen(database, actor, wanted)
        work = list_work(database, actor, wanted, datetime.now(UTC))
    parts = see_part(seen, named, wanted, policy)
    parts["profiles"] = profiles_part(seen.figures, vocabulary)
    parts["departments"] = owners_part(seen, work, month)
    header, rows = chart_table(chart, parts)
    return csv_download(f"{chart}-{month}", header, rows)


@bp.get("/<month>/halls")
@requires(*READERS)
def halls(month: str) -> str:
    """List the halls behind a mark, with what contradicts itself there."""
    actor, wanted = current_actor(), wanted_from_request(month)
    choice = choice_from_request()
    with reading() as database:
        head = get_month(database, month)
        vocabulary = find_words(database)
        named = names_of(list_regions(database, actor), vocabulary)
        lines, after = list_halls(database, actor, wanted, choice)
        total = count_halls(database, actor, wanted, choice)
        names = get_catalogue(database).names if choice.item else {}
    return render_template(
        "see/halls.html",
        month=month,
        head=head,
        wanted=wanted,
        choice=choice,
        item=in_language(names[choice.item]) if choice.item in names else choice.item,
        query={"month": month, **query_of(wanted), **choice_query(choice)},
        lines=[hall_part(line, named, vocabulary) for line in lines],
        after=f"{after[0]}~{after[1]}" if after else None,
        total=total,
        kinds=[(kind, in_language(each.says)) for kind, each in BY_KIND.items()],
        **named,
    )


@bp.get("/<month>/halls.csv")
@requires(*READERS)
def export_halls(month: str) -> Response:
    """Stream every hall of a choice."""
    wanted, choice = wanted_from_request(month), choice_from_request()
    with reading() as database:
        get_month(database, month)
    header = [
        _("Month"), _("Hall"), _("Name"), _("Region"), _("Tier"), _("Official"),
        _("Adjusted"), _("Range from"), _("Range to"), _("Staging"), "±",
        _("What contradicts itself"), _("Worst moment"), _("Weakest ability"),
    ]  # fmt: skip

    def rows() -> Iterator[list[object]]:
        actor = current_actor()
        with reading() as database:
            vocabulary = find_words(database)
            named = names_of(list_regions(database, actor), vocabulary)
            for line in stream_halls(database, actor, wanted, choice):
                yield [month, *hall_cells(hall_part(line, named, vocabulary))]

    return csv_download(f"halls-{month}", header, rows())


@bp.get("/<month>/items")
@requires(*READERS)
def items(month: str) -> str:
    """List the items behind a mark of a profile or behind a department's points."""
    actor, wanted = current_actor(), wanted_from_request(month)
    dimension = request.args.get("dimension", "")
    key = plain(request.args.get("key")) or ""
    if dimension not in (*PROFILES, "cause", "owner"):
        raise NotFoundError
    with reading() as database:
        get_month(database, month)
        vocabulary = find_words(database)
        named = names_of(list_regions(database, actor), vocabulary)
        lines = list_items(database, actor, wanted, dimension, key)
    return render_template(
        "see/items.html",
        month=month,
        wanted=wanted,
        query=query_of(wanted),
        heading=tag_name(dimension, key, vocabulary),
        kind=dimension_name(dimension),
        lines=[item_part(line) for line in lines],
        **named,
    )


def wanted_from_request(month: str) -> SeeFilter:
    """Read the filter; what cannot be meant is left open."""
    region, tier, trait = (
        plain(request.args.get(name)) for name in ("region", "tier", "trait")
    )
    span = request.args.get("span", 1, int)
    return SeeFilter(month, span if span in SPANS else 1, region, tier, trait)


def query_of(wanted: SeeFilter) -> dict[str, str]:
    """Return the filter as it stands in addresses."""
    fields = {
        "span": str(wanted.span) if wanted.span > 1 else None,
        "region": wanted.region_id,
        "tier": wanted.tier,
        "trait": wanted.trait,
    }
    return {key: value for key, value in fields.items() if value}


def choice_from_request() -> HallChoice:
    """Read which halls and in which order; a damaged link starts at the beginning."""
    sort = request.args.get("sort", "")
    value, _tilde, hall_id = request.args.get("after", "").partition("~")
    is_key = value.lstrip("-").isdecimal() and len(value) <= LONGEST_NUMBER
    return HallChoice(
        sort if sort in SORTS else "score",
        plain(request.args.get("alert")),
        plain(request.args.get("item")),
        request.args.get("band", None, int),
        (int(value), plain(hall_id) or "") if is_key else None,
    )


def choice_query(choice: HallChoice) -> dict[str, str]:
    """Return the choice as it stands in addresses."""
    fields = {
        "sort": choice.sort if choice.sort != "score" else None,
        "alert": choice.alert,
        "item": choice.item,
        "band": str(choice.band) if choice.band else None,
    }
    return {key: value for key, value in fields.items() if value}
