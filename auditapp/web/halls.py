"""The list of halls and the page of one hall."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from auditapp.domain.actor import Actor, Role
from auditapp.domain.applicability import Place
from auditapp.domain.form import build_form
from auditapp.domain.month import month_of
from auditapp.domain.vocabulary import Words
from auditapp.extensions import reading
from auditapp.reads.halls import HallFilter, get_hall, list_halls, stream_halls
from auditapp.reads.month_heads import READERS as MONTH_READERS
from auditapp.reads.month_pages import find_latest_month
from auditapp.reads.organisation import get_hall_place
from auditapp.reads.visits import VisitFilter, list_regions, list_visits
from auditapp.reads.words import find_words
from auditapp.services.checklists import get_version_in_force
from auditapp.web.addresses import plain
from auditapp.web.exports import csv_download
from auditapp.web.frame import HEADQUARTERS, in_language
from auditapp.web.security import current_actor, requires
from auditapp.web.visit_words import READERS, state_name, state_sign

bp = Blueprint("halls", __name__)


@bp.get("/halls")
@requires(*READERS)
def index() -> str:
    """List the halls that a person may see."""
    actor, wanted = current_actor(), wanted_from_request()
    with reading() as database:
        lines, total, after = list_halls(
            database, actor, wanted, plain(request.args.get("after"))
        )
        regions = list_regions(database, actor)
        words = find_words(database)
    fields = {"region": wanted.region_id, "tier": wanted.tier}
    return render_template(
        "halls/index.html",
        lines=lines,
        total=total,
        after=after,
        regions=regions,
        wanted=wanted,
        words=words,
        query={key: value for key, value in fields.items() if value},
        word=word,
        sees_standard=actor.role in HEADQUARTERS,
    )


@bp.get("/halls.csv")
@requires(*READERS)
def export() -> Response:
    """Stream the whole list of halls."""
    header = [
        _("Hall"),
        _("Name"),
        _("Region"),
        _("City"),
        _("Tier"),
        _("Traits"),
        _("Visits"),
        _("Last visit"),
    ]
    return csv_download(
        "halls", header, csv_rows(current_actor(), wanted_from_request())
    )


def csv_rows(actor: Actor, wanted: HallFilter) -> Iterator[list[object]]:
    """Yield one row per hall, with a session of their own."""
    with reading() as database:
        words = find_words(database)
        for line in stream_halls(database, actor, wanted):
            yield [
                line.hall_id,
                in_language(line.name),
                in_language(line.region),
                in_language(line.city),
                word(words.tiers if words else {}, line.tier),
                " ".join(word(words.traits if words else {}, t) for t in line.traits),
                line.visits,
                line.last_month,
            ]


@bp.get("/halls/<hall_id>")
@requires(*READERS)
def show(hall_id: str) -> str:
    """Show one hall: what it is, what holds there, how its visits went."""
    actor = current_actor()
    with reading() as database:
        hall = get_hall(database, actor, plain(hall_id) or "")
        page = list_visits(database, actor, VisitFilter(hall_id=hall.hall_id))
        words = find_words(database)
        latest = (
            find_latest_month(
                database, hall.hall_id, only_closed=actor.role is Role.HALL_MANAGER
            )
            if actor.role in MONTH_READERS
            else None
        )
    return render_template(
        "halls/show.html",
        hall=hall,
        page=page,
        words=words,
        word=word,
        latest_month=latest.month if latest else None,
        state_name=state_name,
        state_sign=state_sign,
        is_hall=actor.role is Role.HALL_MANAGER,
    )


@bp.get("/halls/<hall_id>/checklist")
@requires(*READERS)
def checklist(hall_id: str) -> str:
    """Show what the checklist in force asks here, each item with its reason."""
    actor = current_actor()
    with reading() as database:
        hall = get_hall(database, actor, plain(hall_id) or "")
        month = month_of(datetime.now(UTC))
        hall_place = get_hall_place(database, hall.hall_id, month)
        version = get_version_in_force(database, "mystery", month)
    asked = request.args.get("scenario", "")
    scenario = asked if asked in version.vocabulary.scenarios else None
    place = Place(hall_place.tier, hall_place.traits, scenario)
    form = build_form(version.checklist, version.vocabulary, hall.hall_id, place)
    return render_template(
        "halls/checklist.html",
        hall=hall,
        form=form,
        words=version.vocabulary,
        scenario=scenario,
        word=word,
        is_hall=actor.role is Role.HALL_MANAGER,
    )


def wanted_from_request() -> HallFilter:
    """Read the filter; what cannot be meant is left open."""
    return HallFilter(
        plain(request.args.get("region")), plain(request.args.get("tier"))
    )


def word(words: Words, key: str) -> str:
    """Return what something is called, its id when the vocabulary does not know it."""
    return in_language(words[key].name) if key in words else key
