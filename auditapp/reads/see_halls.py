"""The halls and items behind a dashboard's marks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select, true
from sqlalchemy.orm import Session

from auditapp.domain.action import UNFINISHED
from auditapp.domain.actor import Actor, Role
from auditapp.domain.complaint import ComplaintState
from auditapp.domain.text import Text
from auditapp.reads.actions import is_late
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.see import SeeFilter, sums_of
from auditapp.store.actions import ActionRow
from auditapp.store.calls import ComplaintRow
from auditapp.store.organisation import CityRow, DepartmentRow, HallRow
from auditapp.store.profiles import HallProfileRow, ProfileSumRow

AnySelect = Select[*tuple[Any, ...]]
PAGE = 50
BATCH = 500
LOWEST = -1_000_000  # stands where a hall has no such figure
SORTS: Mapping[str, ColumnElement[int]] = {
    "score": func.coalesce(HallProfileRow.adjusted_milli, LOWEST),
    "staging": -func.coalesce(HallProfileRow.staging_milli, LOWEST),
    "alerts": -HallProfileRow.alert_count,
}


@dataclass(frozen=True, slots=True)
class HallChoice:
    """Which halls of a view are listed, and in which order."""

    sort: str = "score"
    alert: str | None = None  # a kind of contradiction, "any", or "begging"
    item: str | None = None  # halls that failed it
    band: int | None = None
    after: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class HallLine:
    """One hall of the list."""

    hall_id: str
    hall: Text
    region_id: str
    tier: str
    official_milli: int | None
    adjusted_milli: int | None
    low_milli: int | None
    high_milli: int | None
    staging_milli: int | None
    staging_half_milli: int | None
    alerts: Sequence[Mapping[str, Any]]
    is_begging: bool
    figures: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in the halls of a view: how well it was met, how many halls failed it."""

    item_id: str
    name: Text
    halls: int
    failed: int
    mean_milli: float


@dataclass(frozen=True, slots=True)
class OwnerWork:
    """What a department has to do now: actions and complaints that are open."""

    name: Text
    actions: int = 0
    late: int = 0
    complaints: int = 0


def list_halls(
    session: Session, actor: Actor, wanted: SeeFilter, choice: HallChoice
) -> tuple[list[HallLine], tuple[int, str] | None]:
    """Return one page of halls and the key of the next."""
    order = SORTS[choice.sort]
    statement = _halls(actor, wanted, choice).add_columns(order.label("order"))
    if choice.after:
        value, hall_id = choice.after
        statement = statement.where(
            (order > value) | ((order == value) & (HallProfileRow.hall_id > hall_id))
        )
    rows = session.execute(
        statement.order_by(order, HallProfileRow.hall_id).limit(PAGE + 1)
    ).all()
    lines = [_line(row) for row in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return lines, (last.order, last.HallProfileRow.hall_id) if last else None


def count_halls(
    session: Session, actor: Actor, wanted: SeeFilter, choice: HallChoice
) -> int:
    """Count the halls of a choice."""
    found = _halls(actor, wanted, choice).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def stream_halls(
    session: Session, actor: Actor, wanted: SeeFilter, choice: HallChoice
) -> Iterator[HallLine]:
    """Yield every hall of a choice, however many."""
    statement = _halls(actor, wanted, choice).order_by(
        SORTS[choice.sort], HallProfileRow.hall_id
    )
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        yield _line(row)


def list_items(
    session: Session, actor: Actor, wanted: SeeFilter, dimension: str, key: str
) -> list[ItemLine]:
    """Return the items with a tag in the view, those that most halls failed first.

    Items are not counted by trait.
    """
    statement = (
        select(
            ProfileSumRow.key,
            ProfileSumRow.dimension,
            func.sum(ProfileSumRow.halls).label("halls"),
            func.sum(ProfileSumRow.total_milli).label("total"),
        )
        .where(
            ProfileSumRow.month.in_(wanted.months),
            ProfileSumRow.trait == "",
            ProfileSumRow.dimension.in_(("item", "failed")),
            sums_of(actor, wanted),
        )
        .group_by(ProfileSumRow.key, ProfileSumRow.dimension)
    )
    if wanted.tier:
        statement = statement.where(ProfileSumRow.tier == wanted.tier)
    found: dict[str, dict[str, Any]] = {}
    for row in session.execute(statement):
        found.setdefault(row.key, {})[row.dimension] = row
    lines = []
    for items in get_catalogue(session).by_source.values():
        for item, facts in items.items():
            if (
                item in found
                and "item" in found[item]
                and facts.tags.get(dimension) == key
            ):
                asked, failed = found[item]["item"], found[item].get("failed")
                mean = float(asked.total) / asked.halls
                name = facts.name
                count = failed.halls if failed else 0
                lines.append(ItemLine(item, name, asked.halls, count, mean))
    return sorted(lines, key=lambda line: (-line.failed / line.halls, line.item_id))


def list_work(
    session: Session, actor: Actor, wanted: SeeFilter, now: datetime
) -> dict[str, OwnerWork]:
    """Return what each department has to do now in the regions of a view."""
    unfinished = [state.value for state in UNFINISHED]
    actions = {
        row.owner: row
        for row in session.execute(
            select(
                ActionRow.owner,
                func.count().label("open"),
                func.count().filter(is_late(now)).label("late"),
            )
            .where(
                ActionRow.state.in_(unfinished),
                _is_there(ActionRow.hall_id, actor, wanted),
            )
            .group_by(ActionRow.owner)
        )
    }
    complaints = {
        row.owner: row.open
        for row in session.execute(
            select(ComplaintRow.owner, func.count().label("open"))
            .where(
                ComplaintRow.state != ComplaintState.CLOSED.value,
                _is_there(ComplaintRow.hall_id, actor, wanted),
            )
            .group_by(ComplaintRow.owner)
        )
    }
    return {
        row.department_id: OwnerWork(
            Text(row.name_zh, row.name_en),
            actions[row.department_id].open if row.department_id in actions else 0,
            actions[row.department_id].late if row.department_id in actions else 0,
            complaints.get(row.department_id, 0),
        )
        for row in session.scalars(
            select(DepartmentRow).order_by(DepartmentRow.department_id)
        )
    }


def _is_there(
    hall: Any,  # noqa: ANN401
    actor: Actor,
    wanted: SeeFilter,
) -> ColumnElement[bool]:
    """Hold where a hall's id is of the regions of a view; the country asks nothing."""
    if wanted.region_id is None and actor.role is not Role.REGION_MANAGER:
        return true()
    halls = (
        select(HallRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(_regions(actor, CityRow.region_id))
    )
    if wanted.region_id:
        halls = halls.where(CityRow.region_id == wanted.region_id)
    within: ColumnElement[bool] = hall.in_(halls)
    return within


def _regions(actor: Actor, region: Any) -> ColumnElement[bool]:  # noqa: ANN401
    if actor.role is Role.REGION_MANAGER:
        within: ColumnElement[bool] = region.in_(sorted(actor.region_ids))
        return within
    return true()


def _halls(actor: Actor, wanted: SeeFilter, choice: HallChoice) -> AnySelect:
    statement: AnySelect = (
        select(HallProfileRow, HallRow.name_zh, HallRow.name_en)
        .join(HallRow, HallRow.hall_id == HallProfileRow.hall_id)
        .where(
            HallProfileRow.month == wanted.month,
            _regions(actor, HallProfileRow.region_id),
        )
    )
    for is_asked, condition in (
        (wanted.region_id, HallProfileRow.region_id == wanted.region_id),
        (wanted.tier, HallProfileRow.tier == wanted.tier),
        (wanted.trait, _names(HallProfileRow.traits, wanted.trait)),
        (choice.item, _has_failed(choice.item)),
        (choice.band, HallProfileRow.band == choice.band),
        (choice.alert, _contradicts(choice.alert)),
    ):
        if is_asked:
            statement = statement.where(condition)
    return statement


def _contradicts(kind: str | None) -> ColumnElement[bool]:
    if kind == "begging":
        return HallProfileRow.is_begging.is_(True)
    if kind == "any":
        return HallProfileRow.alert_count > 0
    return _names(HallProfileRow.alerts, kind)


def _has_failed(item: str | None) -> ColumnElement[bool]:
    value: ColumnElement[int] = HallProfileRow.figures["failed"][
        item or ""
    ].as_integer()
    return value.is_not(None)


def _names(column: Any, word: str | None) -> ColumnElement[bool]:  # noqa: ANN401
    """Hold where a list in JSON has a word."""
    return cast(column, String).contains(f'"{word}"', autoescape=True)


def _line(row: Any) -> HallLine:  # noqa: ANN401 (a plain row)
    profile = row.HallProfileRow
    copied = {
        name: getattr(profile, name) for name in HallLine.__slots__ if name != "hall"
    }
    return HallLine(hall=Text(row.name_zh, row.name_en), **copied)
