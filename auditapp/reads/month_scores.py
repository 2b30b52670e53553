"""Halls' months as lists: cut by a filter, ordered by band, in pages that link on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    case,
    cast,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, defer

from auditapp.domain.actor import Actor
from auditapp.domain.text import Text
from auditapp.reads.month_heads import scores_open_to
from auditapp.store.months import MonthScoreRow
from auditapp.store.organisation import CityRow, HallRow, RegionRow

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

PAGE = 50
SHOWN = 8  # of a list that has a page of its own
BATCH = 500
LAST_BAND = 1_000_000  # halls without a band come last


@dataclass(frozen=True, slots=True)
class MonthFilter:
    """Which halls of a month somebody looks at; None leaves a field open."""

    month: str
    region_id: str | None = None
    tier: str | None = None
    trait: str | None = None


@dataclass(frozen=True, slots=True)
class HallScore:
    """One hall's month as lists show it.

    Of ranked halls only: ``listed_milli`` is how far the hall moved on the month before
    when the country's list of real changes has it, ``is_worst_tenth`` whether it may be
    named so.
    """

    hall_id: str
    hall: Text
    region_id: str
    tier: str
    status: str
    weight_pct: int
    official_milli: int | None
    half_milli: int | None
    grade: str | None
    is_ranked: bool
    flags: tuple[str, ...]
    adjusted_milli: int | None
    low_milli: int | None
    high_milli: int | None
    band: int | None
    visits: int
    visit_milli: int | None
    inspection_milli: int | None
    callbacks: int
    callback_milli: int | None
    feedbacks: int
    feedback_milli: int | None
    gap_milli: int | None
    listed_milli: int | None = None
    is_worst_tenth: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the bands ended."""

    band: int
    adjusted_milli: int
    hall_id: str


def list_ranked(
    session: Session, actor: Actor, wanted: MonthFilter, after: Cursor | None = None
) -> tuple[list[HallScore], Cursor | None]:
    """Return one page of ranked halls, best band first, and the next page's key."""
    marked = _SCORES.add_columns(*_MARKS)
    statement = filtered(marked, actor, wanted).where(MonthScoreRow.is_ranked)
    if after:
        statement = statement.where(
            tuple_(_BAND, -_ADJUSTED, MonthScoreRow.hall_id)
            > (after.band, -after.adjusted_milli, after.hall_id)
        )
    rows = session.execute(_ordered(statement).limit(PAGE + 1)).all()
    lines = [_marked(row) for row in rows[:PAGE]]
    if len(rows) <= PAGE:
        return lines, None
    last = lines[-1]
    return lines, Cursor(last.band or LAST_BAND, last.adjusted_milli or 0, last.hall_id)


def list_not_ranked(
    session: Session,
    actor: Actor,
    wanted: MonthFilter,
    after: str | None = None,
    size: int = SHOWN,
) -> tuple[list[HallScore], str | None]:
    """Return halls that are not ranked, by id, and the next page's key."""
    statement = filtered(_SCORES, actor, wanted).where(
        MonthScoreRow.is_ranked.is_(False)
    )
    if after:
        statement = statement.where(MonthScoreRow.hall_id > after)
    rows = session.execute(
        statement.order_by(MonthScoreRow.hall_id).limit(size + 1)
    ).all()
    lines = [_score(row) for row in rows[:size]]
    return lines, lines[-1].hall_id if len(rows) > size else None


def stream_scores(
    session: Session, actor: Actor, wanted: MonthFilter
) -> Iterator[HallScore]:
    """Yield every hall of a month, ranked ones first, however many."""
    statement = _ordered(filtered(_SCORES, actor, wanted))
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        yield _score(row)


_BAND = func.coalesce(MonthScoreRow.band, LAST_BAND)
_ADJUSTED = func.coalesce(MonthScoreRow.adjusted_milli, 0)
_SCORES: AnySelect = select(MonthScoreRow, HallRow.name_zh, HallRow.name_en).options(
    defer(MonthScoreRow.state), defer(MonthScoreRow.details)
)

_LAST = MonthScoreRow.details["adjusted"]["change"]["last"]
_MARKS = (
    case(
        (_LAST["is_listed"].as_boolean().is_(True), _LAST["milli"].as_integer())
    ).label("listed_milli"),
    MonthScoreRow.details["is_worst_tenth"].as_boolean().label("is_worst_tenth"),
)


def _ordered(statement: AnySelect) -> AnySelect:
    return statement.order_by(_BAND, -_ADJUSTED, MonthScoreRow.hall_id)


def filtered(statement: AnySelect, actor: Actor, wanted: MonthFilter) -> AnySelect:
    """Cut a select about halls' months to a filter and to what a person may see."""
    cut = (
        statement.select_from(MonthScoreRow)
        .join(HallRow, HallRow.hall_id == MonthScoreRow.hall_id)
        .where(MonthScoreRow.month == wanted.month, scores_open_to(actor))
    )
    if wanted.region_id:
        cut = cut.where(MonthScoreRow.region_id == wanted.region_id)
    if wanted.tier:
        cut = cut.where(MonthScoreRow.tier == wanted.tier)
    if wanted.trait:
        cut = (
            cut.join(CityRow, CityRow.city_id == HallRow.city_id)
            .join(RegionRow, RegionRow.region_id == CityRow.region_id)
            .where(_has_trait(wanted.trait))
        )
    return cut


def _has_trait(trait: str) -> ColumnElement[bool]:
    """Hold for halls with a trait: the region's, corrected by city, then by hall."""

    def names(column: Any) -> ColumnElement[bool]:  # noqa: ANN401 (a list as JSON)
        return cast(column, String).contains(f'"{trait}"', autoescape=True)

    in_city = or_(
        names(CityRow.traits_add),
        names(RegionRow.traits) & ~names(CityRow.traits_remove),
    )
    return or_(names(HallRow.traits_add), in_city & ~names(HallRow.traits_remove))


def _marked(row: AnyRow) -> HallScore:
    return replace(
        _score(row),
        listed_milli=row.listed_milli,
        is_worst_tenth=bool(row.is_worst_tenth),
    )


def _score(row: AnyRow) -> HallScore:
    score = row.MonthScoreRow
    copied = {
        name: getattr(score, name)
        for name in HallScore.__slots__
        if name not in ("hall", "flags", "listed_milli", "is_worst_tenth")
    }
    hall = Text(row.name_zh, row.name_en)
    return HallScore(hall=hall, flags=tuple(score.flags), **copied)
