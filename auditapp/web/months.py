"""The months: their list, and the overview of one for regions and headquarters."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template, request

from auditapp.domain.actor import Actor, Role
from auditapp.domain.policy import Policy
from auditapp.domain.rounding import milli_to_tenths
from auditapp.extensions import reading
from auditapp.reads.month_board import get_overview, get_totals
from auditapp.reads.month_heads import OVERVIEW_READERS as READERS
from auditapp.reads.month_heads import MonthLine, get_month, list_months
from auditapp.reads.month_scores import (
    Cursor,
    MonthFilter,
    list_not_ranked,
    stream_scores,
)
from auditapp.reads.policies import get_policy_in_force
from auditapp.reads.visits import list_regions
from auditapp.reads.words import find_words
from auditapp.services.month_revisits import PLANNERS
from auditapp.web.addresses import plain
from auditapp.web.exports import csv_download
from auditapp.web.frame import in_language, tenths
from auditapp.web.month_flags import reason_text
from auditapp.web.month_overview_page import names_of, not_ranked_part, overview_part
from auditapp.web.month_reports import scope_of
from auditapp.web.month_words import state_name, status_name
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("months", __name__, url_prefix="/months")

NOT_RANKED_PAGE = 50


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List the months, the latest first."""
    actor = current_actor()
    with reading() as database:
        months = list_months(database, actor)
    return render_template(
        "months/index.html",
        months=[month_row(each) for each in months],
        state_name=state_name,
        can_close=actor.role is Role.HEADQUARTERS,
    )


def month_row(line: MonthLine) -> dict[str, Any]:
    """Return one month as its row says it."""
    return {
        "month": line.month,
        "state": line.state,
        "scored": line.scored,
        "halls": line.halls,
        "ranked": line.ranked,
        "mean": shown(line.mean_milli),
        "digest": line.digest,
        "number": line.number,
    }


@bp.get("/<month>")
@requires(*READERS)
def show(month: str) -> str:
    """Show one month: bands, heat map, who is not ranked, whom to visit again."""
    actor, wanted = current_actor(), wanted_from_request(month)
    with reading() as database:
        head = get_month(database, month)
        policy = get_policy_in_force(database, month).policy
        found = get_overview(database, actor, wanted, cursor_from_request())
        named = names_of(list_regions(database, actor), find_words(database))
    return render_template(
        "months/overview.html",
        month=month,
        state=head.state,
        previous=head.previous,
        following=head.following,
        state_name=state_name,
        wanted=wanted,
        query=query_of(wanted),
        can_close=actor.role is Role.HEADQUARTERS,
        can_plan=may_plan(actor),
        report_scope=scope_of(actor, wanted.region_id),
        **named,
        **overview_part(found, policy, named, wanted),
    )


@bp.get("/<month>/not-ranked")
@requires(*READERS)
def not_ranked(month: str) -> str:
    """List every hall that is not ranked, with its reason."""
    actor, wanted = current_actor(), wanted_from_request(month)
    with reading() as database:
        head = get_month(database, month)
        policy = get_policy_in_force(database, month).policy
        totals = get_totals(database, actor, wanted)
        lines, after = list_not_ranked(
            database, actor, wanted, plain(request.args.get("after")), NOT_RANKED_PAGE
        )
    return render_template(
        "months/not_ranked.html",
        month=month,
        state=head.state,
        lines=[not_ranked_part(line, policy) for line in lines],
        total=totals.halls - totals.ranked,
        after=after,
        query={"month": month, **query_of(wanted)},
    )


@bp.get("/<month>.csv")
@requires(*READERS)
def export(month: str) -> Response:
    """Stream every hall of the month as it is filtered, ranked ones first."""
    wanted = wanted_from_request(month)
    with reading() as database:
        get_month(database, month)
        policy = get_policy_in_force(database, month).policy
    header = [
        _("Month"), _("Hall"), _("Name"), _("Region"), _("Tier"), _("Sources"),
        _("Official"), "±", _("Grade"), _("Adjusted"), _("Range from"), _("Range to"),
        _("Band"), _("Why not ranked"), _("Mystery visits"), _("Visits' score"),
        _("Inspection's score"), _("Callbacks"), _("Callbacks' score"),
        _("Text feedback"), _("Feedback's score"), _("Visit minus customers"),
    ]  # fmt: skip
    return csv_download(
        f"month-{month}", header, csv_rows(current_actor(), wanted, policy)
    )


def csv_rows(
    actor: Actor, wanted: MonthFilter, policy: Policy
) -> Iterator[list[object]]:
    """Yield one row per hall, with a session of their own."""
    with reading() as database:
        named = names_of(list_regions(database, actor), find_words(database))
        regions, tiers = dict(named["regions"]), dict(named["tiers"])
        for line in stream_scores(database, actor, wanted):
            yield [
                wanted.month,
                line.hall_id,
                in_language(line.hall),
                regions.get(line.region_id, line.region_id),
                tiers.get(line.tier, line.tier),
                status_name(line.status),
                shown(line.official_milli),
                shown(line.half_milli),
                line.grade,
                shown(line.adjusted_milli),
                shown(line.low_milli),
                shown(line.high_milli),
                line.band,
                None if line.is_ranked else reason_text(line, policy),
                line.visits,
                shown(line.visit_milli),
                shown(line.inspection_milli),
                line.callbacks,
                shown(line.callback_milli),
                line.feedbacks,
                shown(line.feedback_milli),
                shown(line.gap_milli),
            ]


def shown(milli: int | None) -> str | None:
    """Return milli-points with one decimal, as files write them."""
    return None if milli is None else tenths(milli_to_tenths(milli)).replace("−", "-")


def may_plan(actor: Actor) -> bool:
    """Tell whether a person sends somebody to visit a hall again."""
    return actor.role in PLANNERS and not actor.is_read_only


def wanted_from_request(month: str) -> MonthFilter:
    """Read the filter; what cannot be meant is left open."""
    region, tier, trait = (
        plain(request.args.get(name)) for name in ("region", "tier", "trait")
    )
    return MonthFilter(month, region, tier, trait)


def cursor_from_request() -> Cursor | None:
    """Read where the page before ended; a damaged link starts at the beginning."""
    band, _tilde, rest = request.args.get("after", "").partition("~")
    milli, _tilde, hall_id = rest.partition("~")
    try:
        return Cursor(int(band), int(milli), plain(hall_id) or "")
    except ValueError:
        return None


def query_of(wanted: MonthFilter) -> dict[str, str]:
    """Return the filter as it stands in addresses."""
    fields = {"region": wanted.region_id, "tier": wanted.tier, "trait": wanted.trait}
    return {key: value for key, value in fields.items() if value}
