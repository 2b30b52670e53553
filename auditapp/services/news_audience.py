"""Who is told of an event, and with which facts.

A hall hears of its own actions once it may see them, of results by the release, of
appeals it lodged: what it could read on its pages at that moment, and nothing sooner
(docs/decisions/0015). Auditors are told by their phone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from auditapp.domain.action import HALL, ActionStep, Severity
from auditapp.domain.actor import Actor, Role
from auditapp.domain.notification import NewsKind
from auditapp.domain.review_turn import ReviewLevel
from auditapp.domain.visit import VisitState
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.people import actor_of
from auditapp.services.action_entries import TOLD_STEPS
from auditapp.store.actions import ActionRow
from auditapp.store.appeals import AppealRow
from auditapp.store.audits import AuditRow
from auditapp.store.months import MonthScoreRow
from auditapp.store.obstacles import ObstacleRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.people import PersonRow
from auditapp.store.pilots import PilotRow
from auditapp.store.standards import HallRequestRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow
from auditapp.store.work_cards import WorkCardRow

Name = dict[str, str]


@dataclass(frozen=True, slots=True)
class News:
    """What some people are told."""

    kind: NewsKind
    people: frozenset[UUID]
    facts: Mapping[str, Any]


class Audience:
    """The people who may be told, read once for many events."""

    def __init__(self, session: Session) -> None:
        self.session = session
        rows = session.scalars(
            select(PersonRow).where(
                PersonRow.is_active, PersonRow.role != Role.AUDITOR.value
            )
        )
        self.people: list[Actor] = [actor_of(row) for row in rows]
        self._items: Mapping[str, Any] | None = None
        self._managers: dict[str, set[UUID]] = defaultdict(set)
        for actor in self.people:
            if actor.role is Role.HALL_MANAGER and actor.hall_id:
                self._managers[actor.hall_id].add(actor.person_id)

    def news_of(self, event: EventRow) -> Iterable[News]:
        """Yield what is told of an event; nothing for most."""
        tell = _TELL.get(event.name)
        if tell is not None:
            yield from tell(self, event)

    def who(self, condition: Callable[[Actor], bool]) -> frozenset[UUID]:
        """Return the people that a condition holds of."""
        return frozenset(a.person_id for a in self.people if condition(a))

    def region_managers(self, region_id: str) -> frozenset[UUID]:
        """Return who manages a region."""
        return self.who(
            lambda a: a.role is Role.REGION_MANAGER and region_id in a.region_ids
        )

    def headquarters(self) -> frozenset[UUID]:
        """Return those at headquarters who decide."""
        return self.who(lambda a: a.acts_for_headquarters)

    def managers_of(self, hall_id: str) -> frozenset[UUID]:
        """Return who manages a hall."""
        return frozenset(self._managers.get(hall_id, ()))

    def department(self, department_id: str) -> frozenset[UUID]:
        """Return who works in a department."""
        return self.who(
            lambda a: a.role is Role.DEPARTMENT and a.department_id == department_id
        )

    def hall(self, hall_id: str) -> tuple[Name, str]:
        """Return a hall's name and its region."""
        row = self.session.execute(
            select(HallRow.name_zh, HallRow.name_en, CityRow.region_id)
            .join(CityRow, CityRow.city_id == HallRow.city_id)
            .where(HallRow.hall_id == hall_id)
        ).one()
        return _name(row.name_zh, row.name_en), row.region_id

    def item(self, item_id: str) -> Name:
        """Return an item's name, or its id where no checklist knows it."""
        if self._items is None:
            self._items = get_catalogue(self.session).names
        found = self._items.get(item_id)
        return _name(found.zh, found.en) if found else _name(item_id, item_id)


def _name(zh: str, en: str) -> Name:
    return {"zh": zh, "en": en}


def _action(audience: Audience, event: EventRow) -> Iterable[News]:
    action = audience.session.get(ActionRow, UUID(event.subject))
    if action is None:
        return
    hall, region = audience.hall(action.hall_id)
    owners = _owners(audience, action)
    step = event.name.partition(".")[2]
    item = _name(action.item["zh"], action.item["en"])
    facts = {"hall": hall, "item": item, "action": event.subject}
    match step:
        case "raised" | "failed_again":
            # the rest waits on the page: a visit may raise twenty
            is_urgent = action.severity == Severity.CRITICAL.value
            people = owners | audience.region_managers(region) if is_urgent else ()
            yield News(NewsKind.ACTION_GIVEN, frozenset(people), facts)
        case "handed_over":
            yield News(NewsKind.ACTION_GIVEN, owners, facts)
        case "proof":
            judges = audience.region_managers(region)
            yield News(NewsKind.ACTION_PROOF, judges, facts)
        case "pushed_back":
            yield News(NewsKind.ACTION_PUSHED_BACK, owners, facts)
        case "approved":
            yield News(NewsKind.ACTION_APPROVED, owners, facts)
        case _:
            above = (
                audience.region_managers(region)
                if event.details.get("level") == 1 and action.owner == HALL
                else audience.headquarters()
            )
            yield News(NewsKind.ACTION_LATE, owners | above, facts)


def _owners(audience: Audience, action: ActionRow) -> frozenset[UUID]:
    """Return who answers for an action, once they may know of it."""
    if action.owner == HALL:
        is_shown = action.shown_at is not None
        return audience.managers_of(action.hall_id) if is_shown else frozenset()
    return audience.department(action.owner)


def _appeal(audience: Audience, event: EventRow) -> Iterable[News]:
    appeal = audience.session.get(AppealRow, UUID(event.subject))
    if appeal is None:
        return
    hall, region = audience.hall(appeal.hall_id)
    item = audience.item(appeal.item_id)
    facts = {"hall": hall, "item": item, "appeal": event.subject}
    if event.name == "appeal.lodged":
        people = audience.region_managers(region) | audience.headquarters()
        yield News(NewsKind.APPEAL_LODGED, people, facts)
    else:
        people = audience.managers_of(appeal.hall_id)
        yield News(NewsKind.APPEAL_DECIDED, people, facts)


def _review(audience: Audience, event: EventRow) -> Iterable[News]:
    visit = audience.session.scalars(
        select(VisitRow)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .where(AuditRow.audit_id == UUID(event.subject))
    ).one_or_none()
    if visit is None:
        return
    hall, _region = audience.hall(visit.hall_id)
    managers = audience.region_managers(visit.region_id)
    facts = {"hall": hall, "audit": event.subject}
    if event.name == "audit.checked":
        yield News(NewsKind.REVIEW_WAITING, managers, facts)
        return
    is_second = event.details.get("level") == ReviewLevel.SECOND.value
    people = audience.headquarters() | (frozenset() if is_second else managers)
    yield News(NewsKind.REVIEW_LATE, people, facts)


def _released(audience: Audience, event: EventRow) -> Iterable[News]:
    halls = audience.session.scalars(
        select(VisitRow.hall_id).where(
            VisitRow.month == event.subject,
            VisitRow.state == VisitState.RELEASED.value,
        )
    )
    told = frozenset().union(*(audience.managers_of(hall) for hall in set(halls)))
    yield News(NewsKind.RESULTS_RELEASED, told, {"month": event.subject})


def _closed(audience: Audience, event: EventRow) -> Iterable[News]:
    scored = exists().where(
        MonthScoreRow.month == event.subject, MonthScoreRow.hall_id == HallRow.hall_id
    )
    for hall_id in audience.session.scalars(select(HallRow.hall_id).where(scored)):
        people = audience.managers_of(hall_id)
        facts = {"month": event.subject, "hall_id": hall_id}
        yield News(NewsKind.MONTH_CLOSED, people, facts)


def _obstacle(audience: Audience, event: EventRow) -> Iterable[News]:
    row = audience.session.get(ObstacleRow, UUID(event.subject))
    if row is not None and row.answered_at is not None:
        people = audience.who(lambda a: a.person_id == row.reported_by)
        facts = {"subject": row.subject, "obstacle": event.subject}
        yield News(NewsKind.OBSTACLE_ANSWERED, people, facts)


def _request(audience: Audience, event: EventRow) -> Iterable[News]:
    row = audience.session.get(HallRequestRow, UUID(event.subject))
    if row is not None:
        facts = {"item": audience.item(row.item_id)}
        people = audience.managers_of(row.hall_id)
        yield News(NewsKind.REQUEST_ANSWERED, people, facts)


def _card(audience: Audience, event: EventRow) -> Iterable[News]:
    card = audience.session.get(WorkCardRow, UUID(event.subject))
    if card is not None:
        people = audience.who(lambda a: a.role is Role.HALL_MANAGER)
        facts = {"title": card.title, "scenario": card.scenario}
        yield News(NewsKind.CARD_PUBLISHED, people, facts)


def _pilot(audience: Audience, event: EventRow) -> Iterable[News]:
    pilot = audience.session.get(PilotRow, UUID(event.subject))
    if pilot is not None:
        card = audience.session.get_one(WorkCardRow, pilot.card_id)
        halls = event.details.get("halls", ())
        people = frozenset().union(*(audience.managers_of(hall) for hall in halls))
        facts = {"title": card.title, "scenario": card.scenario}
        yield News(NewsKind.CARD_PUBLISHED, people, facts)


Tell = Callable[[Audience, EventRow], Iterable[News]]
_TELL: Mapping[str, Tell] = {
    **{f"action.{step.value}": _action for step in (*TOLD_STEPS, ActionStep.ESCALATED)},
    **{
        f"appeal.{what}": _appeal
        for what in ("lodged", "upheld", "overturned", "rejected")
    },
    "audit.checked": _review,
    "review.escalated": _review,
    "month.released": _released,
    "month.closed": _closed,
    **{f"obstacle.{what}": _obstacle for what in ("accepted", "explained", "declined")},
    "hall_request.answered": _request,
    "work_card.published": _card,
    "pilot.begun": _pilot,
}
TOLD = tuple(_TELL)
