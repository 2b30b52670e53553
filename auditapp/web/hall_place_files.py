"""Tiers and traits of many halls by a file: taken along, looked at, taken in."""

from datetime import UTC, datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.month import later, month_of
from auditapp.domain.place_sheet import SheetRow, read_place_sheet
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.place_sheets import (
    LARGEST_FILE_BYTES,
    read_table,
    write_place_workbook,
)
from auditapp.reads.hall_sets import hall_names, region_names
from auditapp.reads.organisation import HallPlace, list_hall_places
from auditapp.services.checklists import MonthBegunError
from auditapp.services.hall_places import (
    Pair,
    PlaceChange,
    PlaceTarget,
    change_places,
    place_clashes,
    places_differing,
)
from auditapp.web.addresses import plain
from auditapp.web.errors import fault_of, status_of
from auditapp.web.frame import in_language, month_name
from auditapp.web.hall_places import MONTHS_AHEAD, known_words
from auditapp.web.import_payload import LostPayloadError, packed_json, unpacked_json
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _
from auditapp.web.uploads import uploaded

bp = Blueprint("hall_place_files", __name__, url_prefix="/halls/places")

MOST_ROWS = 20_000
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/halls.xlsx")
@requires(*READERS)
def export() -> Response:
    """Hand over every hall's tier and traits in a month, to be changed and brought."""
    month = chosen_month()
    with reading() as database:
        words = known_words(database)
        places = list_hall_places(database, month)
        names = hall_names(database, [place.hall_id for place in places])
        regions = region_names(database)
    titles = [_("Hall id"), _("Name"), _("Region"), _("Tier")]
    titles += [in_language(word.name) for word in words.traits.values()]
    yes, no = _("yes"), _("no")
    rows = [
        [
            place.hall_id,
            in_language(names[place.hall_id]),
            in_language(regions[place.region_id]),
            in_language(words.tiers[place.tier].name),
            *(yes if trait in place.traits else no for trait in words.traits),
        ]
        for place in places
    ]
    tiers = [in_language(word.name) for word in words.tiers.values()]
    lists = [[], [], [], tiers, *([[yes, no]] * len(words.traits))]
    response = Response(write_place_workbook(titles, rows, lists), content_type=XLSX)
    disposition = f'attachment; filename="halls-{month}.xlsx"'
    response.headers["Content-Disposition"] = disposition
    return response


@bp.get("/file")
@requires(*READERS)
def show() -> str:
    """Offer the table, and take one back."""
    return page()


@bp.post("/file")
@requires(Role.HEADQUARTERS)
def look() -> ResponseReturnValue:
    """Show what a table would change, and what is wrong with it."""
    try:
        rows = read_table(uploaded(LARGEST_FILE_BYTES, _TOO_LONG), MOST_ROWS + 1)
    except InvalidError as error:
        return page(error.problems), status_of(error)
    if len(rows) > MOST_ROWS:
        return page([Problem("/file", "too-long", _TOO_LONG)]), 422
    with reading() as database:
        words = known_words(database)
        halls = {place.hall_id for place in list_hall_places(database)}
        sheet = read_place_sheet(rows, words, halls)
    if sheet.problems or not sheet.rows:
        return page(sheet.problems or [Problem("/file", "empty", _NOTHING)]), 422
    return preview(_targets(sheet.rows), chosen_month())


@bp.post("/file/apply")
@requires(Role.HEADQUARTERS)
def apply() -> ResponseReturnValue:
    """Change the halls as the table that was looked at says."""
    try:
        targets = carried()
    except InvalidError as error:
        return page(error.problems), status_of(error)
    month = plain(request.form.get("month")) or ""
    reason = (request.form.get("reason") or "").strip()
    change = PlaceChange(targets, month, reason)
    try:
        with unit_of_work() as database:
            moved = change_places(
                database,
                current_actor(),
                change,
                known_words(database),
                now=datetime.now(UTC),
            )
    except (InvalidError, MonthBegunError) as error:
        return preview(targets, chosen_month(), fault_of(error), status_of(error))
    flash(
        ngettext(
            "%(num)s hall changes from %(month)s on.",
            "%(num)s halls change from %(month)s on.",
            len(moved),
            month=month_name(month),
        )
    )
    return redirect(url_for("hall_places.index", month=month), 303)


def page(problems: Any = ()) -> str:  # noqa: ANN401  any sequence of problems
    """Render the offer, with what stands against the last file."""
    return render_template(
        "halls/places_file.html",
        problems=[(row_of(each), each.text) for each in problems],
        month=chosen_month(),
        months=coming_months(),
        may_write=current_actor().acts_for_headquarters,
    )


def preview(
    targets: list[PlaceTarget],
    month: str,
    refused: Text | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render what would change from a month on, and what hinders it."""
    with reading() as database:
        words = known_words(database)
        pairs = places_differing(database, targets, month)
        names = hall_names(database, [old.hall_id for old, _new in pairs[:SHOWN]])
    clashes = place_clashes(pairs, words)
    body = render_template(
        "halls/places_preview.html",
        lines=[pair_part(pair, names, words) for pair in pairs[:SHOWN]],
        total=len(pairs),
        same=len(targets) - len(pairs),
        clashes=[each.text for each in clashes],
        refused=refused,
        month=month,
        months=coming_months(),
        reason=request.form.get("reason", ""),
        payload=packed_json([what_differs(pair) for pair in pairs]),
    )
    return body, 422 if clashes else status


def what_differs(pair: Pair) -> tuple[str, str | None, dict[str, bool]]:
    """Return what changes at a hall and nothing else: what the preview carries."""
    old, new = pair
    come, gone = new.traits - old.traits, old.traits - new.traits
    traits = {**dict.fromkeys(sorted(come), True), **dict.fromkeys(sorted(gone), False)}
    return new.hall_id, new.tier if new.tier != old.tier else None, traits


def pair_part(pair: Pair, names: dict[str, Text], words: Vocabulary) -> dict[str, str]:
    """Return one hall's change in words."""
    old, new = pair
    come, gone = new.traits - old.traits, old.traits - new.traits
    return {
        "hall_id": new.hall_id,
        "name": in_language(names[new.hall_id]),
        "tier": ""
        if old.tier == new.tier
        else f"{_tier(old, words)} → {_tier(new, words)}",
        "come": _traits(come, words),
        "gone": _traits(gone, words),
    }


def carried() -> list[PlaceTarget]:
    """Return the table that the preview carries.

    Raises:
        LostPayloadError: It is something else.
    """
    try:
        return [
            PlaceTarget(
                str(hall_id),
                None if tier is None else str(tier),
                {str(trait): bool(has_it) for trait, has_it in traits.items()},
            )
            for hall_id, tier, traits in unpacked_json(request.form.get("payload", ""))
        ]
    except (ValueError, TypeError, AttributeError) as error:
        raise LostPayloadError from error


def coming_months() -> list[str]:
    """Return the months a change can begin in."""
    now_month = month_of(datetime.now(UTC))
    return [later(now_month, count) for count in range(1, MONTHS_AHEAD + 1)]


def chosen_month() -> str:
    """Return the month that is asked for, the next one unless it is yet to come."""
    asked, coming = plain(request.values.get("month")), coming_months()
    return asked if asked in coming else coming[0]


def row_of(problem: Problem) -> str:
    """Return the row that a problem names, "" for the whole file."""
    row = problem.pointer.removeprefix("/")
    return row if row.isdecimal() else ""


def _targets(rows: tuple[SheetRow, ...]) -> list[PlaceTarget]:
    return [PlaceTarget(row.hall_id, row.tier, row.traits) for row in rows]


def _tier(place: HallPlace, words: Vocabulary) -> str:
    return in_language(words.tiers[place.tier].name)


def _traits(traits: frozenset[str], words: Vocabulary) -> str:
    return _(", ").join(
        in_language(word.name) for key, word in words.traits.items() if key in traits
    )


_NOTHING = Text("表格里没有营业厅。", "There is no hall in the table.")
_TOO_LONG = Text(
    f"表格太大，请分成几份，每份不超过{MOST_ROWS}行。",
    f"The table is too large. Split it into files of at most {MOST_ROWS} rows.",
)
