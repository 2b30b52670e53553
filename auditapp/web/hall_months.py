"""The page of a hall's month, its history, and where its figures come from."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.policy import SOURCES
from auditapp.domain.vocabulary import Vocabulary
from auditapp.extensions import reading
from auditapp.reads.drills import get_abilities
from auditapp.reads.hall_month import get_hall_month
from auditapp.reads.hall_month_parts import HallMonth
from auditapp.reads.hall_profile import HallProfile, get_hall_profile
from auditapp.reads.halls import HallPage, get_hall
from auditapp.reads.month_heads import READERS
from auditapp.reads.month_names import find_month_names
from auditapp.reads.month_pages import (
    find_latest_month,
    find_ledger_digest,
    list_past_months,
    list_peer_scores,
)
from auditapp.reads.month_responses import get_spread
from auditapp.reads.month_strengths import list_strengths
from auditapp.reads.words import find_words
from auditapp.services.month_revisits import PLANNERS
from auditapp.web.addresses import plain
from auditapp.web.drill_parts import drill_parts
from auditapp.web.exports import csv_download
from auditapp.web.month_flags import marked_document, notes_of
from auditapp.web.month_ledger import DIMENSIONS
from auditapp.web.month_lost import lost_parts
from auditapp.web.month_page import score_parts, trend_parts
from auditapp.web.month_sheet import sheet_parts
from auditapp.web.month_source import spread_parts, visits_parts
from auditapp.web.month_view import (
    HallView,
    about_text,
    closing_text,
    strength_parts,
)
from auditapp.web.month_words import dimension_name, peers_name, peers_text, source_name
from auditapp.web.security import current_actor, requires
from auditapp.web.see_page import profiles_part
from auditapp.web.standard_words import word_name
from auditapp.web.texts import text as _

bp = Blueprint("hall_months", __name__)

ADDRESS = "/halls/<hall_id>/months/<month>"
Parts = dict[str, Any]


@bp.get("/my-month")
@requires(Role.HALL_MANAGER)
def mine() -> ResponseReturnValue:
    """Lead a hall's manager to the latest closed month of the own hall."""
    actor = current_actor()
    with reading() as database:
        latest = find_latest_month(database, actor.hall_id or "", only_closed=True)
    if latest is None:
        return render_template("months/none_yet.html")
    return redirect(
        url_for("hall_months.show", hall_id=actor.hall_id, month=latest.month), 303
    )


@bp.get(ADDRESS)
@requires(*READERS)
def show(hall_id: str, month: str) -> str:
    """Show a hall's month: what it is, how sure, what it lost and to whom."""
    actor = current_actor()
    is_hall = actor.role is Role.HALL_MANAGER
    asked = request.args.get("by", "")
    dimension = asked if asked in DIMENSIONS else DIMENSIONS[0]
    with reading() as database:
        hall = get_hall(database, actor, plain(hall_id) or "")
        found = get_hall_month(database, actor, hall.hall_id, month)
        names = find_month_names(database, month, forms_of(found))
        peers = (
            list_peer_scores(database, found, found.peers.kind) if found.peers else []
        )
        past = list_past_months(database, hall.hall_id, month, only_closed=is_hall)
        strengths = list_strengths(database, hall.hall_id, month, names.sections_of)
        digest = find_ledger_digest(database, month, found.ledger_number)
        abilities = get_abilities(database, hall.hall_id, month)
        profile = get_hall_profile(database, hall.hall_id, month)
    view = HallView(found, names, may_open_audits=not is_hall)
    return render_template(
        "months/hall.html",
        **frame_parts(found, hall, view, digest),
        notes=list(
            notes_of(
                marked_document(found.document, found.policy),
                found.policy,
                is_closed=found.ledger_number is not None,
            )
        ),
        is_hall=is_hall,
        can_plan_revisit=may_plan_revisit(found),
        dimensions=[(key, dimension_name(key)) for key in DIMENSIONS],
        chosen_dimension=dimension,
        peers_text=peers_text(found, names.vocabulary),
        peers_name=peers_name(found, names.vocabulary),
        strengths=strength_parts(view, strengths),
        **score_parts(view, peers),
        **lost_parts(view, dimension),
        **trend_parts(view, past),
        **drill_parts(abilities),
        **profile_parts(profile, names.vocabulary),
        dimension_name=dimension_name,
    )


@bp.get(f"{ADDRESS}/profile.csv")
@requires(*READERS)
def profile(hall_id: str, month: str) -> Response:
    """Answer with a hall's profile beside like halls as a file."""
    actor = current_actor()
    with reading() as database:
        hall = get_hall(database, actor, plain(hall_id) or "")
        get_hall_month(database, actor, hall.hall_id, month)
        found = get_hall_profile(database, hall.hall_id, month)
        words = find_words(database)
    header = [
        _("What"),
        _("Points"),
        _("Range from"),
        _("Range to"),
        _("Peers"),
        _("Months"),
    ]
    parts = profile_parts(found, words)["profiles"]
    rows = [
        [row["name"], *(row[key] for key in ("mean", "low", "high", "peers", "halls"))]
        for each in parts.values()
        for row in each["rows"]
    ]
    return csv_download(f"{hall.hall_id}-{month}-profile", header, iter(rows))


def profile_parts(found: HallProfile | None, words: Vocabulary | None) -> Parts:
    """Return the drawings of a hall beside like halls, and who those are."""
    if found is None or words is None:
        return {"profiles": {}}
    tier = word_name(words.tiers, found.tier)
    trait = word_name(words.traits, found.trait) if found.trait else None
    return {
        "profiles": profiles_part(found.figures, words),
        "profile_months": found.months,
        "profile_peers": f"{tier}{_(', ')}{trait}" if trait else tier,
    }


def forms_of(found: HallMonth) -> list[str]:
    """Return the digests of the forms of the audits that a month took."""
    return [
        taken["form"]
        for source in found.document["sources"]
        for taken in source.get("taken", ())
    ]


def frame_parts(
    found: HallMonth, hall: HallPage, view: HallView, digest: str | None
) -> Parts:
    """Return what stands at the head and the foot of every page of a hall's month."""
    return {
        "hall": hall,
        "region_id": found.region_id,
        "month": found.month,
        "previous": found.previous_month,
        "following": found.next_month,
        "about": about_text(view, hall),
        "closing": closing_text(found),
        "digest": digest,
    }


def may_plan_revisit(found: HallMonth) -> bool:
    """Tell whether this person is to send somebody to the hall again."""
    actor = current_actor()
    task = found.revisit
    is_open = task is not None and task.visit_id is None and task.closed_at is None
    return is_open and actor.role in PLANNERS and not actor.is_read_only


@bp.get(f"{ADDRESS}/sheet")
@requires(*READERS)
def sheet(hall_id: str, month: str) -> str:
    """Show the ledger of a hall's month to be added up by hand, on paper too."""
    actor = current_actor()
    with reading() as database:
        hall = get_hall(database, actor, plain(hall_id) or "")
        found = get_hall_month(database, actor, hall.hall_id, month)
        names = find_month_names(database, month)
        digest = find_ledger_digest(database, month, found.ledger_number)
    view = HallView(found, names, may_open_audits=False)
    return render_template(
        "months/sheet.html",
        **frame_parts(found, hall, view, digest),
        **sheet_parts(view),
    )


@bp.get(f"{ADDRESS}/sources/<source>")
@requires(*READERS)
def source(hall_id: str, month: str, source: str) -> str:
    """Show what one source is made of: its visits, or how its answers are spread."""
    if source not in SOURCES:
        raise NotFoundError
    actor = current_actor()
    with reading() as database:
        hall = get_hall(database, actor, plain(hall_id) or "")
        found = get_hall_month(database, actor, hall.hall_id, month)
        names = find_month_names(database, month)
        spread = get_spread(database, hall.hall_id, month, source)
    is_hall = actor.role is Role.HALL_MANAGER
    view = HallView(found, names, may_open_audits=not is_hall)
    parts = (
        visits_parts(view, source)
        if source in ("mystery", "open_inspection")
        else spread_parts(view, source, spread)
    )
    return render_template(
        "months/source.html",
        **frame_parts(found, hall, view, None),
        name=source_name(source),
        **parts,
    )


@bp.get(f"{ADDRESS}/trend.csv")
@requires(*READERS)
def trend(hall_id: str, month: str) -> Response:
    """Answer with a hall's twelve months as a file."""
    actor = current_actor()
    with reading() as database:
        hall = get_hall(database, actor, plain(hall_id) or "")
        get_hall_month(database, actor, hall.hall_id, month)
        past = list_past_months(
            database,
            hall.hall_id,
            month,
            only_closed=actor.role is Role.HALL_MANAGER,
        )
    header = [
        _("Month"),
        _("Official"),
        _("Adjusted"),
        _("Range from"),
        _("Range to"),
        _("Peers' mean"),
    ]

    def rows() -> Iterator[list[object]]:
        for each in past:
            yield [
                each.month,
                *(
                    None if milli is None else milli / 1000
                    for milli in (
                        each.official_milli,
                        each.adjusted_milli,
                        each.low_milli,
                        each.high_milli,
                        each.peers_milli,
                    )
                ),
            ]

    return csv_download(f"{hall.hall_id}-{month}", header, rows())
